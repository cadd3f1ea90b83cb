"""Points, metadata, thumbnails and a layout that came with them, put together. What does not fit is told, not fatal."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .embedding import Column, Embedding, Sprite
from .metadata import columns_of, read_metadata
from .reading.kept_tables import stamp_of
from .reading.points_file import Wanted, read_points
from .reading.table import Table
from .sprites import sprite_of_images, sprite_of_picture

__all__ = ["Extras", "assemble", "fingerprint_of", "read_coordinates"]

_HASHED = 64 << 20  # bytes of points that are read to name them; of larger files the name and time are taken


@dataclass(frozen=True)
class Extras:
    """What comes beside the points: paths, or values as a program has them."""

    metadata: Any = None
    sprite: Any = None
    sprite_size: Sequence[int] | int | None = None
    coordinates: Any = None


def assemble(name: str, table: Table, extras: Extras, source: Path | None = None) -> Embedding:
    """`source`: the file that the points are from. Raises ValueError where something handed over does not fit."""
    points, layout = table.points, None
    notes = list(table.notes)
    if _are_names(extras.coordinates):
        points, layout = _split(table, extras.coordinates)
    elif extras.coordinates is not None:
        layout = read_coordinates(extras.coordinates, len(points))
    more, said = _metadata(extras.metadata, len(points))
    notes += said
    sprite, said = _sprite(extras, len(points))
    notes += said
    columns = {**table.columns, **more}
    fingerprint = fingerprint_of(points, source, columns, table.part)
    return Embedding(name, points, columns, sprite, layout, fingerprint, tuple(notes), source.name if source else "")


def fingerprint_of(points: NDArray[Any], source: Path | None, columns: dict[str, Column], part: str = "") -> str:
    """Equal for equal points and metadata; of large files equal for the same file, unchanged."""
    digest = hashlib.blake2b(f"{points.shape} {points.dtype.str}".encode(), digest_size=16)
    if source is not None and points.nbytes > _HASHED:
        digest.update(f"{stamp_of(source)} {part}".encode())
    else:
        step = max(1, _HASHED // max(1, points[:1].nbytes))
        for start in range(0, len(points), step):
            digest.update(np.ascontiguousarray(points[start : start + step]).data)
    for name, column in columns.items():
        digest.update(f"\0{name}\0".encode())
        cells = column.cells.data if column.cells.dtype.kind == "f" else "\0".join(column.cells.tolist()).encode()
        digest.update(cells)
    return digest.hexdigest()


def _metadata(given: Any, points: int) -> tuple[dict[str, Column], list[str]]:
    if given is None:
        return {}, []
    if isinstance(given, (str, Path)):
        if not Path(given).is_file():
            raise ValueError(
                f"metadata: there is no file {given}; name a table with a line for each of {points:,} points"
            )
        return read_metadata(Path(given), points)
    return columns_of(given, points), []


def _sprite(extras: Extras, points: int) -> tuple[Sprite | None, list[str]]:
    if extras.sprite is None:
        return None, []
    if isinstance(extras.sprite, (str, Path)):
        return sprite_of_picture(Path(extras.sprite), extras.sprite_size, points)
    return sprite_of_images(extras.sprite, points), []


def _are_names(given: Any) -> bool:
    return isinstance(given, (list, tuple)) and bool(given) and all(isinstance(name, str) for name in given)


def _split(table: Table, names: Collection[str]) -> tuple[NDArray[Any], NDArray[np.float32]]:
    """The columns of these names are a layout, the other ones the points. Raises ValueError."""
    places = {name: place for place, name in enumerate(table.names)}
    missing = [name for name in names if name not in places]
    if missing or len(names) not in (2, 3):
        there = ", ".join(map(repr, list(places)[:20])) or "none with a name"
        raise ValueError(f"coordinates: want 2 or 3 columns of numbers, got {list(names)}; there are {there}")
    layout = np.ascontiguousarray(table.points[:, [places[name] for name in names]], np.float32)
    others = [place for name, place in places.items() if name not in names]
    return (np.ascontiguousarray(table.points[:, others]) if others else layout), layout


def read_coordinates(given: Any, points: int) -> NDArray[np.float32]:
    """(points, 2 or 3) from a file or an array. Raises ValueError."""
    where = str(given) if isinstance(given, (str, Path)) else "coordinates"
    read = read_points(Path(given), Wanted()).points if isinstance(given, (str, Path)) else np.asarray(given)
    if read.ndim != 2 or len(read) != points or read.shape[1] not in (2, 3):
        raise ValueError(f"{where}: got the shape {read.shape}, want ({points}, 2) or ({points}, 3)")
    return np.ascontiguousarray(read, np.float32)
