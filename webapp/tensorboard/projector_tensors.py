"""Points of an embedding from their file: lines of numbers with tabs between them, or float32 without a header."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..queries import Refused

__all__ = ["first_lines", "read_tensor", "tensor_shape"]

_LARGEST = 1 << 30  # bytes of a file

Points = npt.NDArray[np.float32]


def read_tensor(path: Path, shape: Sequence[int]) -> Points:
    """(points, dimensions). `shape` is needed for bytes without lines. Raises Refused."""
    status = path.stat()
    if status.st_size > _LARGEST:
        raise Refused(f"{path.name} has {status.st_size:,} bytes, at most {_LARGEST:,} are read", 413)
    return _read(path, (status.st_ino, status.st_size, status.st_mtime_ns), tuple(shape))


def tensor_shape(path: Path) -> tuple[int, int]:
    """(points, dimensions) of a file of lines. Raises Refused."""
    points, dimensions = read_tensor(path, ()).shape
    return points, dimensions


def first_lines(path: Path, rows: int | None) -> str:
    """The text of a table: `rows` lines behind its header, which only tables of several columns have."""
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.readline()
        if rows is None:
            return head + file.read()
        more = rows if "\t" in head else rows - 1
        return head + "".join(line for line, _ in zip(file, range(more), strict=False))


@lru_cache(maxsize=1)
def _read(path: Path, stamp: tuple[int, ...], shape: tuple[int, ...]) -> Points:
    """`stamp` tells one content of the file from the next."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _from_bytes(path, data, shape)
    if not text.strip():
        return np.zeros((0, 0), np.float32)
    try:
        points = np.loadtxt(io.StringIO(text), np.float64, comments=None, delimiter="\t", ndmin=2)
    except ValueError as error:
        raise Refused(f"{path.name} holds no table of numbers: {error}") from None
    return points.astype(np.float32)


def _from_bytes(path: Path, data: bytes, shape: tuple[int, ...]) -> Points:
    if len(shape) != 2 or len(data) != 4 * shape[0] * shape[1]:
        raise Refused(f"{path.name} has {len(data):,} bytes, which do not fit float32 of the shape {list(shape)}")
    return np.frombuffer(data, "<f4").reshape(shape)
