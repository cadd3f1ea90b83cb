"""Tables of text that were read once are kept as arrays, by default in the user's cache folder, and mapped then."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from ...logger.cache_folder import cache_folder
from ...logger.safe_files import delete_left_overs
from ..embedding import Column
from .table import Table
from .text_table import read_text_table

__all__ = ["stamp_of", "text_table"]

_FORMAT = 3
_FOLDER = "embeddings"
_WORTH_KEEPING = 1 << 20  # bytes of text; less is read faster than it is looked up
_MOST = 8 << 30  # bytes of the folder; what was not used for longest goes


def stamp_of(path: Path) -> str:
    """Tells one content of a file from the next without reading it."""
    status = path.stat()
    return f"{os.path.realpath(path)} {status.st_ino} {status.st_size} {status.st_mtime_ns}"


def text_table(path: Path, plain: bool, dimensions: Collection[str] | None, keep: bool | Path) -> Table:
    """As `read_text_table`. keep: whether it is kept, or the folder for what is kept."""
    if keep is False or path.stat().st_size < _WORTH_KEEPING:
        return read_text_table(path, plain=plain, dimensions=dimensions)
    asked = [_FORMAT, stamp_of(path), plain, None if dimensions is None else sorted(dimensions)]
    name = hashlib.blake2b(json.dumps(asked).encode(), digest_size=16).hexdigest()
    folder = cache_folder(_FOLDER) if keep is True else keep / _FOLDER
    with contextlib.suppress(OSError, ValueError, KeyError, EOFError):  # also cut off, by the end of the machine
        return _kept(folder / name)
    table = read_text_table(path, plain=plain, dimensions=dimensions)
    with contextlib.suppress(OSError):  # a full disk, a folder that may not be written
        _keep(folder / name, table)
        _forget_old(folder)
    return table


def _kept(place: Path) -> Table:
    rest = json.loads(place.with_suffix(".json").read_text("utf-8"))
    points = np.load(place.with_suffix(".npy"), mmap_mode="r", allow_pickle=False)
    os.utime(place.with_suffix(".npy"))
    columns = {name: Column(name, _cells(cells, kind)) for name, kind, cells in rest["columns"]}
    return Table(points, rest["names"], columns, tuple(rest["notes"]))


def _cells(cells: list[Any], kind: str) -> Any:
    if kind == "f":
        return np.array(cells, np.float64)
    texts = np.empty(len(cells), object)
    texts[:] = cells
    return texts


def _keep(place: Path, table: Table) -> None:
    """Whole or not at all: other processes may be doing the same."""
    place.parent.mkdir(parents=True, exist_ok=True)
    columns = [(name, column.cells.dtype.kind, column.cells.tolist()) for name, column in table.columns.items()]
    rest = {"names": list(table.names), "columns": columns, "notes": table.notes}
    draft = place.with_suffix(f".{os.getpid()}.tmp")
    try:
        with draft.open("wb") as file:
            np.save(file, table.points)
        os.replace(draft, place.with_suffix(".npy"))
        draft.write_text(json.dumps(rest), "utf-8")
        os.replace(draft, place.with_suffix(".json"))
    finally:
        draft.unlink(missing_ok=True)


def _forget_old(folder: Path) -> None:
    delete_left_overs(folder.glob("*.tmp"))
    entries = [(entry.stat().st_mtime, entry.stat().st_size, entry) for entry in folder.glob("*.npy")]
    room = _MOST
    for _, size, entry in sorted(entries, reverse=True):
        room -= size
        if room < 0:
            entry.with_suffix(".json").unlink(missing_ok=True)
            entry.unlink(missing_ok=True)
