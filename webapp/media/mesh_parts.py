"""The parts of a mesh brought together: vertices, faces and colours are tags of their own in the log.

Writers call them `name_VERTEX`, `name_FACE`, `name_COLOR`, some `name_1`, `name_2`, `name_3`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.errors import BlobUnavailable, TagNotFound
from ...logger.reader.series import BlobSeries
from ..queries import Refused
from .forms import Asked

__all__ = ["RawMesh", "read_mesh"]

Array = NDArray[Any]

_TAG = re.compile(r"(?s)(.*)_(?:(VERTEX|FACE|COLOR)|([123]))")
_WORDS, _NUMBERS = {"face": "FACE", "color": "COLOR"}, {"face": "2", "color": "3"}


@dataclass
class RawMesh:
    """One mesh of a batch, as it was logged."""

    vertices: Array  # (n, 3)
    faces: Array | None  # (m, 3) or (m, 4), of any number type
    colors: Array | None  # (n or m, 3 or 4), of any number type
    batches: int  # meshes that were logged together
    config: dict[str, Any]  # what the log says of camera and material: anything
    notes: list[str] = field(default_factory=list)  # what was left out, and why


def read_mesh(asked: Asked) -> RawMesh:
    """The mesh whose vertices were asked for, with the faces and colours of the same step.

    Raises Refused for a sample that is none, ValueError where there are no vertices.
    """
    value = asked.value()
    if value.part not in ("vertex", ""):
        what = {"face": "faces", "color": "colours"}[value.part]
        raise ValueError(f"holds {what} of the mesh {value.name!r}, whose vertices were never logged")
    vertices = _rows(value.data, (3,))
    if vertices is None:
        raise ValueError(f"vertices have the shape (batch, n, 3), got {value.data.shape}")
    if asked.sample >= len(vertices):
        raise Refused(f"there is no mesh {asked.sample}: {len(vertices)} were logged together", 404)
    mesh = RawMesh(vertices[asked.sample], None, None, len(vertices), value.config)
    mesh.faces = _other_part(asked, mesh, "face", (3, 4))
    mesh.colors = _other_part(asked, mesh, "color", (3, 4))
    return mesh


def _other_part(asked: Asked, mesh: RawMesh, part: str, widths: tuple[int, ...]) -> Array | None:
    """The rows of another part at the step of the vertices; None, with a note where there should be some."""
    name = _TAG.fullmatch(asked.tag)
    if name is None:
        return None
    try:
        series = asked.other(f"{name[1]}_{(_WORDS if name[2] else _NUMBERS)[part]}")
    except TagNotFound:
        return None
    index = _at_step(series, asked.step, asked.wall_time)
    if index is None:
        return None
    try:
        data = series[index].data
    except (ValueError, BlobUnavailable) as error:
        mesh.notes.append(f"{part}s cannot be read: {error}")
        return None
    rows = _rows(data, widths)
    if rows is None or len(rows) not in (1, mesh.batches):
        mesh.notes.append(f"{part}s of shape {data.shape} do not fit {mesh.batches} × {len(mesh.vertices):,} vertices")
        return None
    found: Array = rows[min(asked.sample, len(rows) - 1)]
    return found


def _rows(data: Array, widths: tuple[int, ...]) -> Array | None:
    """As (batch, n, width); None for any other shape, and for what are no numbers."""
    table = data[None] if data.ndim == 2 else data
    fits = table.ndim == 3 and table.shape[2] in widths and table.dtype.kind in "fiub"
    return table if fits else None


def _at_step(series: BlobSeries, step: int, wall_time: float) -> int | None:
    """The value of this step; of several, after a restart, the one logged nearest in time."""
    found = np.flatnonzero(series.step == step)
    if not len(found):
        return None
    return int(found[np.argmin(np.abs(series.wall_time[found] - wall_time))])
