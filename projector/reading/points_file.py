"""A file of points, whatever its format. Files that run code when they are opened are refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..embedding import Column
from ..metadata import columns_of
from .array_files import read_npy, read_npz, read_raw
from .hdf5 import Hdf5
from .kept_tables import text_table
from .naming import as_points, chosen
from .parquet import read_parquet
from .safetensors import SafeTensors
from .table import Table, beside
from .tensor_bundle import TensorBundle

__all__ = ["FORMATS", "Wanted", "read_points"]

FORMATS = (
    ".tsv, .csv, .txt (also .gz), .npy, .npz, .parquet, .safetensors, raw float32 with its shape (.bytes, .bin, .raw), "
    "weights of Keras (.h5), checkpoints of TensorFlow (.index)"
)
_PICKLES = frozenset((".pt", ".pth", ".pkl", ".pickle", ".joblib", ".ckpt", ".bin"))
_TEXT = frozenset((".tsv", ".csv", ".txt", ".tab", ".vec"))
_RAW = frozenset((".bytes", ".bin", ".raw", ".f32"))
_PICKLE = (
    "{name} is a pickle, which runs code when it is opened, so it never is. Save the numbers where it was made: "
    'numpy.save("points.npy", tensor.detach().cpu().numpy()) or safetensors.torch.save_file'
)
_KERAS = (
    "{name} is an archive with a whole model in it; its numbers are in model.weights.h5: unzip {name} "
    "model.weights.h5 takes it out, and that can be opened"
)
_LISTED = 6  # names in a sentence


@dataclass(frozen=True)
class Wanted:
    """What to take of a file: an array by name, columns that are dimensions, the shape of raw numbers."""

    name: str | None = None
    columns: Collection[str] | None = None
    shape: Sequence[int] | None = None
    cache: bool | Path = True


def read_points(path: Path, wanted: Wanted) -> Table:
    """Raises ValueError with a sentence that names the file and the remedy, OSError."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    suffix = suffixes[-1] if suffixes else ""
    if suffix == ".gz" and len(suffixes) > 1:
        suffix = suffixes[-2]
    if suffix in _PICKLES and (wanted.shape is None or suffix not in _RAW) and _is_pickle(path):
        raise ValueError(_PICKLE.format(name=path.name))
    if suffix == ".keras":
        raise ValueError(_KERAS.format(name=path.name))
    if suffix in _RAW:
        return _checked(path.name, read_raw(path, wanted.shape or ()))
    read = _READERS.get(suffix)
    if read is None:
        raise ValueError(f"{path.name}: files that can be read are {FORMATS}")
    try:
        return read(path, wanted)
    except MemoryError:
        raise ValueError(
            f"{path.name} does not fit into memory; large .npy, .safetensors and raw files are mapped, not read"
        ) from None


def _is_pickle(path: Path) -> bool:
    """By its beginning: torch writes archives, everybody else the mark of the second protocol or a later one."""
    with path.open("rb") as file:
        head = file.read(4)
    return head.startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"PK\x03\x04")) or (
        path.suffix.lower() not in _RAW
    )


def _text(path: Path, wanted: Wanted) -> Table:
    return text_table(path, False, wanted.columns, wanted.cache)


def _npy(path: Path, wanted: Wanted) -> Table:
    array = read_npy(path)
    if array.dtype.names:
        return _fields(path.name, array, wanted.columns)
    return _checked(path.name, array)


def _fields(where: str, array: NDArray[Any], dimensions: Collection[str] | None) -> Table:
    """A structured array: numbers side by side, the rest metadata."""
    names = list(array.dtype.names or ())
    numeric = [name for name in names if array[name].ndim == 1 and array[name].dtype.kind in "fiub"]
    kept, notes = beside(where, numeric, dimensions)
    if not kept:
        raise ValueError(f"{where} has no fields of numbers; it has {', '.join(names)}")
    points = np.stack([array[name].astype(np.float32) for name in kept], axis=1)
    columns = _metadata({name: array[name] for name in names if name not in kept}, len(array))
    return Table(points, kept, columns, tuple(notes))


def _npz(path: Path, wanted: Wanted) -> Table:
    arrays, left_out = read_npz(path)
    shapes = {name: array.shape for name, array in arrays.items()}
    told = _left_out(
        path,
        map(repr, left_out),
        "Python objects, which run code when they are opened; saved as numbers or texts they are read",
    )
    return _one_of(path, wanted, shapes, arrays.__getitem__, told)


def _safetensors(path: Path, wanted: Wanted) -> Table:
    tensors = SafeTensors(path)
    told = _left_out(path, tensors.left_out(), "that form is not read; save tensor.float()")
    return _one_of(path, wanted, tensors.shapes(), tensors.read, told)


def _hdf5(path: Path, wanted: Wanted) -> Table:
    arrays = Hdf5(path)
    shapes = {name: found.shape for name, found in arrays.datasets.items()}
    remedy = "arrays in chunks or compressed are not read; h5repack -l CONTI -f NONE IN OUT writes them in one piece"
    return _one_of(path, wanted, shapes, arrays.read, _left_out(path, map(repr, arrays.left_out), remedy))


def _checkpoint(path: Path, wanted: Wanted) -> Table:
    variables = TensorBundle(path.with_suffix(""))
    return _one_of(path, wanted, variables.shapes(), variables.read)


def _one_of(
    path: Path,
    wanted: Wanted,
    shapes: Mapping[str, tuple[int, ...]],
    read: Callable[[str], NDArray[Any]],
    left_out: str = "",
) -> Table:
    """The points, and as metadata the lists with a cell for every point. `left_out`: a sentence about the others."""
    try:
        name, notes = chosen(path.name, shapes, wanted.name)
    except ValueError as error:
        raise ValueError(f"{error}. {left_out}" if left_out else f"{error}") from None
    notes += [left_out] if left_out else []
    points, more = as_points(f"{name!r} of {path.name}", read(name))
    lists = {other: read(other) for other, shape in shapes.items() if shape == (len(points),)}
    return Table(points, (), _metadata(lists, len(points)), (*notes, *more), name)


def _left_out(path: Path, names: Iterable[str], why: str) -> str:
    """The sentence about arrays that were left out, or ""."""
    listed = list(names)
    if not listed:
        return ""
    more = " …" if len(listed) > _LISTED else ""
    were = "was" if len(listed) == 1 else "were"
    return f"{path.name}: {', '.join(listed[:_LISTED])}{more} {were} left out: {why}."


def _parquet(path: Path, wanted: Wanted) -> Table:
    return read_parquet(path, wanted.columns if wanted.name is None else (wanted.name,))


def _metadata(arrays: Mapping[str, NDArray[Any]], points: int) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for name, array in arrays.items():
        if array.ndim == 1 and array.dtype.kind in "fiubUS":
            cells = np.char.decode(array, "utf-8", "replace") if array.dtype.kind == "S" else array
            columns |= columns_of({name: cells}, points)
    return columns


def _checked(where: str, array: NDArray[Any]) -> Table:
    points, notes = as_points(where, array)
    return Table(points, notes=tuple(notes))


_READERS: dict[str, Callable[[Path, Wanted], Table]] = {
    **dict.fromkeys(_TEXT, _text),
    ".npy": _npy,
    ".npz": _npz,
    ".parquet": _parquet,
    ".pq": _parquet,
    ".safetensors": _safetensors,
    ".h5": _hdf5,
    ".hdf5": _hdf5,
    ".index": _checkpoint,
}
