"""An embedding as a worker gets it: files in the folder of its job, or the file that is mapped here already."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..embedding import Column, Embedding

__all__ = ["load_embedding_input", "store_embedding_input"]

_POINTS, _COLUMNS, _COORDINATES = "points.npy", "columns.npz", "coordinates.npy"


def store_embedding_input(
    embedding: Embedding, folder: Path, may_map: bool, with_metadata: bool = False, prefix: str = "input-"
) -> dict[str, Any]:
    """What `load_embedding_input` needs to know. `may_map`: workers may map the file that is mapped here.

    prefix: of the names of the files; "input-…", see mailbox.py.
    """
    mapped = _mapped_file(embedding.points) if may_map else None
    if mapped is None:
        np.save(folder / f"{prefix}{_POINTS}", embedding.points, allow_pickle=False)
    if with_metadata:
        _store_columns(embedding.columns, folder / f"{prefix}{_COLUMNS}")
        if embedding.coordinates is not None:
            np.save(folder / f"{prefix}{_COORDINATES}", embedding.coordinates, allow_pickle=False)
    return {
        "name": embedding.name,
        "source": embedding.source,
        "fingerprint": embedding.fingerprint,
        "mapped": mapped,
        "prefix": prefix,
    }


def load_embedding_input(stored: dict[str, Any], folder: Path) -> Embedding:
    """The embedding, its points mapped. Raises ValueError where its file changed meanwhile, OSError."""
    prefix = stored["prefix"]
    coordinates = folder / f"{prefix}{_COORDINATES}"
    return Embedding(
        name=stored["name"],
        points=_map_file(stored["mapped"]) if stored["mapped"] else np.load(folder / f"{prefix}{_POINTS}", "r"),
        columns=_load_columns(folder / f"{prefix}{_COLUMNS}"),
        coordinates=np.load(coordinates) if coordinates.exists() else None,
        fingerprint=stored["fingerprint"],
        source=stored["source"],
    )


def _mapped_file(points: NDArray[Any]) -> dict[str, Any] | None:
    """Where in which file the points are; None where they are in no file, or not row after row."""
    root = points
    while isinstance(root.base, np.memmap):
        root = root.base
    in_rows = points.flags.c_contiguous and points.dtype.kind == "f"
    if not isinstance(root, np.memmap) or not root.filename or not in_rows:
        return None
    begin = points.__array_interface__["data"][0] - root.__array_interface__["data"][0]
    path = os.path.abspath(root.filename)
    return {
        "path": path,
        "at": root.offset + begin,
        "dtype": points.dtype.str,
        "shape": list(points.shape),
        "stamp": _stamp(path),
    }


def _map_file(mapped: dict[str, Any]) -> NDArray[Any]:
    if _stamp(mapped["path"]) != mapped["stamp"]:
        raise ValueError(f"{mapped['path']} changed after it was opened; open it again")
    return np.memmap(mapped["path"], mapped["dtype"], "r", mapped["at"], tuple(mapped["shape"]))


def _stamp(path: str) -> list[int]:
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns]


def _store_columns(columns: Mapping[str, Column], path: Path) -> None:
    """Numbers as they are; texts as the place of each in the list of those there are."""
    arrays: dict[str, Any] = {}
    texts: dict[str, list[str] | None] = {}
    for place, (name, column) in enumerate(columns.items()):
        if column.cells.dtype.kind == "f":
            arrays[f"column-{place}"] = column.cells
            texts[name] = None
        else:
            texts[name], arrays[f"column-{place}"] = column.categories
    arrays["names"] = np.frombuffer(json.dumps(texts).encode(), np.uint8)
    np.savez(path, **arrays)


def _load_columns(path: Path) -> dict[str, Column]:
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as stored:
        texts = json.loads(stored["names"].tobytes())
        found = {}
        for place, (name, distinct) in enumerate(texts.items()):
            cells = stored[f"column-{place}"]
            found[name] = Column(name, cells if distinct is None else np.array([*distinct, ""], object)[cells])
    return found
