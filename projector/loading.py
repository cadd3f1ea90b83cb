"""One way to open an embedding, wherever it is."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from .assembling import Extras, assemble
from .catalog import embeddings_in_folder, find_embeddings
from .embedding import Embedding
from .found import FoundEmbedding
from .reading.naming import as_points
from .reading.points_file import Wanted, read_points
from .reading.table import Table

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["load_embedding"]

_LISTED = 8  # names in a sentence


def load_embedding(
    source: str | os.PathLike[str] | LogDir | Any,
    *,
    run: str | None = None,
    name: str | None = None,
    step: int | None = None,
    columns: Collection[str] | None = None,
    shape: Sequence[int] | None = None,
    metadata: Any = None,
    sprite: Any = None,
    sprite_size: Sequence[int] | int | None = None,
    coordinates: Any = None,
    cache: bool | Path = True,
) -> Embedding:
    """Open an embedding: points, metadata, thumbnails, and what is wrong with them in `notes`.

    source: one of
        a file: .tsv, .csv, .txt (also .gz), .npy, .npz, .parquet, .safetensors, or raw float32 with `shape`;
        a folder with projector_config.pbtxt, where `name` and `step` pick one;
        a log (`open_logdir`), where `run`, `name` and `step` do;
        an array or tensor (n, dimensions).
    run, name, step: as `find_embeddings` lists them; without a step the newest is taken. Of a file with several arrays
        `name` picks one.
    columns: names of the columns that are dimensions; by default all columns of numbers that are not called label, id,
        class and the like. The other columns become metadata.
    shape: (n, dimensions) of raw float32.
    metadata: path of a table, {name: n cells}, a data frame, n rows of cells or n labels.
    sprite: path of a picture with all thumbnails, `sprite_size` (width, height) pixels each, or an array
        (n, height, width[, channels]).
    coordinates: a layout (n, 2 or 3) that is known already: path, array, or the names of columns of the file.
    cache: keep large tables of text as arrays, so that they open at once the next time: in the user's cache folder, or
    in the folder given.

    Large arrays in .npy, .npz, .safetensors and raw files are mapped, not read. Rows that cannot be read are NaN and
    told in `notes`; the other ones are there. Files that run code when they are opened (pickles, .pt) are refused.

    Raises ValueError, with the file, the row and the remedy, where there are no points to show; OSError.
    """
    extras = Extras(metadata, sprite, sprite_size, coordinates)
    if _is_log(source):
        return _with(_chosen(find_embeddings(source), "the log", run, name, step).open(cache=cache), extras)
    if not isinstance(source, (str, os.PathLike)):
        points, notes = as_points("the array", _array(source))
        return assemble(name or "points", Table(points, notes=tuple(notes)), extras)
    path = Path(os.path.expanduser(os.fspath(source)))
    if path.is_dir():
        return _with(_chosen(_in_folder(path), str(path), run, name, step).open(cache=cache), extras)
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file or folder")
    if path.name == "projector_config.pbtxt":
        return _with(_chosen(_in_folder(path.parent), str(path), run, name, step).open(cache=cache), extras)
    return assemble(path.stem, read_points(path, Wanted(name, columns, shape, cache)), extras, path)


def _is_log(source: object) -> TypeGuard[LogDir]:
    return hasattr(source, "runs") and hasattr(source, "storage")


def _array(source: object) -> Any:

    from ..logger.values import array

    if isinstance(source, np.ndarray):  # a map stays one
        return source
    if isinstance(source, (list, tuple)):
        _check_lengths(source)
    return np.asarray(array("load_embedding", source, what="a path, a log, or an array (points, dimensions)"))


def _check_lengths(rows: Sequence[Any]) -> None:
    lengths = [len(row) if hasattr(row, "__len__") else 0 for row in rows]
    odd = next((place for place, length in enumerate(lengths) if length != lengths[0]), None)
    if odd is not None:
        raise ValueError(
            f"load_embedding: row {odd} has {lengths[odd]} numbers, row 0 has {lengths[0]}; all points need as many. "
            "Fill in float('nan') where a number is missing: such rows are told and the others shown"
        )


def _with(found: Embedding, extras: Extras) -> Embedding:
    """What was handed over goes before what was found."""
    if extras == Extras():
        return found
    table = Table(found.points, (), found.columns, found.notes)
    added = assemble(found.name, table, extras)
    return replace(added, sprite=added.sprite or found.sprite)


def _in_folder(folder: Path) -> list[FoundEmbedding]:
    """Of the folder itself, else of all folders below it."""
    found = embeddings_in_folder(folder)
    if found:
        return found
    for path in sorted(folder.rglob("projector_config.pbtxt")):
        found += embeddings_in_folder(path.parent, path.parent.relative_to(folder).as_posix())
    return found


def _chosen(
    found: Sequence[FoundEmbedding], where: str, run: str | None, name: str | None, step: int | None
) -> FoundEmbedding:
    """Raises ValueError where none or several fit."""
    if not found:
        raise ValueError(
            f"{where} has no embeddings: there is no projector_config.pbtxt; "
            "writer.add_embedding(points, metadata) logs one"
        )
    fitting = [one for one in found if run is None or one.run == run]
    fitting = [one for one in fitting if name is None or name.removesuffix(":0") in (one.name, one.tag)]
    if step is not None:
        fitting = [one for one in fitting if one.step == step]
    tags = {(one.run, one.tag): one for one in fitting}
    if len(tags) == 1:
        return max(fitting, key=lambda one: one.step)
    several = bool(fitting)
    listed = ", ".join(f"{one.name!r} of run {one.run!r}" for one in (fitting or found)[:_LISTED])
    more = " …" if len(fitting or found) > _LISTED else ""
    if several:
        raise ValueError(f"{where} has several embeddings: run= and name= pick one of {listed}{more}")
    asked = ", ".join(
        f"{key}={value!r}" for key, value in (("run", run), ("name", name), ("step", step)) if value is not None
    )
    raise ValueError(f"{where} has no embedding with {asked}; there are {listed}{more}")
