"""The counts of buckets in few bytes: most are small whole numbers, and much like that of the bucket before."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .bucket_edges import exact

__all__ = ["Coding", "coded_counts", "varints"]

Coding = Literal["varint", "difference", "number"]

_VARINT_BYTES = 5  # at most: 32 bits


def coded_counts(counts: NDArray[np.float64]) -> tuple[Coding, NDArray[Any]]:
    """How the counts are coded, and the code, uint8 or numbers: they come back bit for bit.

    varint      whole numbers below 2³², see `varints`
    difference  likewise, each as its difference d to the count before it, the first to 0, as 2 d or, below 0, -2 d - 1
    number      as they are, in the narrowest type that holds every one
    """
    whole = np.isfinite(counts) & (counts >= 0) & (counts < 2**32) & (counts == np.floor(counts))
    if not whole.all():
        return "number", exact(counts)
    numbers = counts.astype(np.int64)
    plain = varints(numbers)
    if (numbers >= 2**31).any():  # a browser's whole numbers have 32 bits, with the sign
        return "varint", plain
    steps = np.diff(numbers, prepend=0)
    differences = varints(steps << 1 ^ steps >> 63)
    return ("difference", differences) if len(differences) < len(plain) else ("varint", plain)


def varints(numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Numbers from 0 to 2³²-1, seven bits a byte, the lowest first; the eighth bit says that more follow."""
    lengths = np.ones(len(numbers), np.int64)
    for more in range(1, _VARINT_BYTES):
        lengths += (numbers >> (7 * more)) > 0
    ends = np.cumsum(lengths)
    coded = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    at = ends - lengths
    for place in range(_VARINT_BYTES):
        some = lengths > place
        follows = (lengths[some] > place + 1).astype(np.int64) << 7
        coded[at[some] + place] = numbers[some] >> (7 * place) & 127 | follows
    return coded
