"""Sets of rows as text, as the page writes them (static/lib/row-set-text.js) and bookmarks keep them.

"2,0-9,5"   gaps between stretches of rows in base 36: row 2, rows 3 to 12, row 18
"~BAE="     one bit a row in base64, the lowest bit first
"""

from __future__ import annotations

import base64
import binascii

import numpy as np
from numpy.typing import NDArray

__all__ = ["decode_rows"]

_BITS = "~"
_LONGEST = 12  # digits of a gap or a length


def decode_rows(text: str, points: int) -> NDArray[np.int64]:
    """The rows, ascending. Raises ValueError where the text is something else, or a row is not below `points`."""
    rows = _of_bits(text[1:]) if text.startswith(_BITS) else _of_stretches(text, points)
    if len(rows) and rows[-1] >= points:
        raise ValueError(f"there is no row {rows[-1]:,}, rows are 0 to {points - 1:,}")
    return rows


def _of_bits(text: str) -> NDArray[np.int64]:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("expected a bit a row in base64 behind ~") from None
    return np.flatnonzero(np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little"))


def _of_stretches(text: str, points: int) -> NDArray[np.int64]:
    mask, following = np.zeros(points, bool), 0
    for part in text.split(",") if text else ():
        gap, _, more = part.partition("-")
        first = following + _number(gap)
        following = first + 1 + (_number(more) if "-" in part else 0)
        if following > points:
            raise ValueError(f"there is no row {following - 1:,}, rows are 0 to {points - 1:,}")
        mask[first:following] = True
    return np.flatnonzero(mask)


def _number(text: str) -> int:
    if not (0 < len(text) <= _LONGEST and text.isascii() and text.isalnum()):
        raise ValueError(f'expected stretches of rows such as "2,0-9", got {text[:40]!r}')
    return int(text, 36)
