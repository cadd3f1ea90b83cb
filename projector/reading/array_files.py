"""NumPy's files and raw numbers; see stored_numbers.py for what is mapped and what is read."""

from __future__ import annotations

import math
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from .stored_numbers import stored_numbers

__all__ = ["read_npy", "read_npz", "read_raw", "widened"]

_MOST_UNPACKED = 8 << 30  # bytes of a compressed array: a small file may hold as many as it likes
_LOCAL_HEADER = struct.Struct("<26xHH")  # of a file in a zip archive: lengths of its name and of what else it says
_OBJECTS = (
    "{name} holds Python objects, which are pickles: they run code when they are opened, so they never are. "
    'Save numbers: numpy.save("points.npy", points.astype("float32"))'
)


def read_npy(path: Path) -> NDArray[Any]:
    """Raises ValueError where it holds no plain array."""
    with path.open("rb") as file:
        if file.read(6) != b"\x93NUMPY":
            raise ValueError(f"{path.name} is no array of NumPy's; write it again with numpy.save")
        file.seek(0)
        try:
            shape, fortran, dtype = _npy_header(file)
            if dtype.hasobject:
                raise ValueError("Python objects")
            return _numbers(path, dtype, shape, file.tell(), fortran)
        except (ValueError, EOFError) as error:
            raise ValueError(_said(path.name, error)) from None


def read_npz(path: Path) -> tuple[dict[str, NDArray[Any]], list[str]]:
    """(the arrays by name, names of those that were left out); those of `numpy.savez` may be mapped.

    Arrays of Python objects are left out: they are pickles. Raises ValueError where there is no other, or it is no
    archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
            arrays = {info.filename[:-4]: _member(path, archive, info) for info in members}
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise ValueError(_said(path.name, error)) from None
    found = {name: array for name, array in arrays.items() if array is not None}
    if not found:
        raise ValueError(_OBJECTS.format(name=path.name) if arrays else f"{path.name} holds no arrays")
    return found, [name for name, array in arrays.items() if array is None]


def _member(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[Any] | None:
    with archive.open(info) as file:
        shape, fortran, dtype = _npy_header(file)
        before = file.tell()
        if dtype.hasobject:
            return None
        told = before + math.prod(shape) * dtype.itemsize
        if told != info.file_size:
            raise ValueError(f"{info.filename} has {info.file_size:,} bytes, its header says {told:,}")
        if info.compress_type != zipfile.ZIP_STORED:
            if info.file_size > _MOST_UNPACKED:
                raise ValueError(
                    f"{info.filename} takes {info.file_size:,} bytes of memory; uncompressed it takes none"
                )
            file.seek(0)
            return npy_format.read_array(file, allow_pickle=False)
    with path.open("rb") as raw:
        raw.seek(info.header_offset)
        name, extra = _LOCAL_HEADER.unpack(raw.read(_LOCAL_HEADER.size))
    offset = info.header_offset + _LOCAL_HEADER.size + name + extra + before
    return _numbers(path, dtype, shape, offset, fortran)


def read_raw(path: Path, shape: Sequence[int], dtype: Any = "<f4") -> NDArray[Any]:
    """Numbers without a header, row by row. Raises ValueError where the file has not as many bytes as that takes."""
    size = path.stat().st_size
    if len(shape) != 2 or min(shape) < 1:
        raise ValueError(
            f"{path.name} is read as raw float32, which needs its shape: got {list(shape)}, want (points, dimensions); "
            f"its {size:,} bytes hold {size // 4:,} numbers"
        )
    wanted = shape[0] * shape[1] * np.dtype(dtype).itemsize
    if size != wanted:
        fitting = f"; {size // 4 // shape[1]:,} points of {shape[1]:,} would fit" if size % (4 * shape[1]) == 0 else ""
        raise ValueError(
            f"{path.name} has {size:,} bytes, but float32 of the shape {shape[0]:,} × {shape[1]:,} takes {wanted:,}"
            f"{fitting}; correct the shape (tensor_shape in a configuration)"
        )
    return _numbers(path, np.dtype(dtype), tuple(shape), 0)


def widened(numbers: NDArray[np.uint16]) -> NDArray[np.float32]:
    """The bits of bfloat16, which numpy does not have, as float32: they are its upper half."""
    wide = np.empty(numbers.shape, np.uint32)
    np.left_shift(numbers, 16, out=wide, dtype=np.uint32)
    return wide.view(np.float32)


def _npy_header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """(shape, whether column by column, dtype); the file stands at the numbers then."""
    version = npy_format.read_magic(file)
    read = npy_format.read_array_header_1_0 if version == (1, 0) else npy_format.read_array_header_2_0
    header: tuple[tuple[int, ...], bool, np.dtype[Any]] = read(file)
    return header


def _numbers(path: Path, dtype: Any, shape: tuple[int, ...], offset: int, fortran: bool = False) -> NDArray[Any]:
    return np.zeros(shape, dtype) if 0 in shape else stored_numbers(path, dtype, offset, shape, "F" if fortran else "C")


def _said(name: str, error: Exception) -> str:
    text = str(error)
    if "allow_pickle" in text or "Python objects" in text:
        return _OBJECTS.format(name=name)
    return f"{name} cannot be read as an array ({text}); write it again with numpy.save"
