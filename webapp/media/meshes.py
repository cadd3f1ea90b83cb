"""Meshes and point clouds as a page draws them: checked, reduced where there is too much, in one binary answer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..packed import Packing
from .forms import Answer, Asked, form
from .mesh_look import look_of
from .mesh_parts import RawMesh, read_mesh
from .mesh_reduce import cell_codes, fewer_faces, spread_order

__all__ = ["scene"]

Array = NDArray[Any]

_POINTS, _MOST_POINTS = 1 << 18, 1 << 22  # sent unless more are asked for; sent at most
_FARTHEST = 1e150  # of a coordinate: what is beyond cannot be subtracted
_FACES, _MOST_FACES = 1 << 18, 1 << 22


@form("meshes", "scene", cache=True)
def scene(asked: Asked) -> Answer:
    """The binary envelope of one mesh of the batch (`sample`); `points` and `faces` limit what is sent.

    Arrays: position (n, 3) f4 in the cube −1 … 1: a point is there at center + scale · position; color (n, 3) u1 and
    face (m, 3) u4 where there are any. Points without faces come in an order whose every beginning covers the whole.
    Header: points, points_of, faces, faces_of (sent, logged), dropped_points, dropped_faces, low and high (bounds),
    center, scale, batches, look (see look_of), how (points or faces were left out) and notes.
    Raises ValueError, Refused (see read_mesh).
    """
    mesh = read_mesh(asked)
    most_points = asked.whole("points", _POINTS, 1, _MOST_POINTS)
    most_faces = asked.whole("faces", _FACES, 1, _MOST_FACES)
    header: dict[str, Any] = {
        "points_of": len(mesh.vertices),
        "faces_of": 0 if mesh.faces is None else len(mesh.faces),
        "batches": mesh.batches,
        "look": look_of(mesh.config),
        "how": "",
    }
    vertices, colors, faces = _checked(mesh, header)
    low, high = (vertices.min(0), vertices.max(0)) if len(vertices) else (np.zeros(3), np.zeros(3))
    center, scale = (low + high) / 2, float((high - low).max()) / 2 or 1.0
    unit = (vertices - center) / scale
    if faces is None:
        unit, colors = _spread(unit, colors, most_points, header)
    elif len(faces) > most_faces:
        unit, colors, faces, cells = fewer_faces(unit, colors, faces, cell_codes(unit), most_faces)
        header["how"] = f"vertices merged on a grid of {cells} cells a side"
    header |= {
        "points": len(unit), "faces": 0 if faces is None else len(faces), "low": low.tolist(), "high": high.tolist(),
        "center": center.tolist(), "scale": scale, "notes": mesh.notes,
    }  # fmt: skip
    return _packed(header, unit, colors, faces)


def _packed(header: dict[str, Any], unit: Array, colors: Array | None, faces: Array | None) -> Answer:
    packing = Packing()
    arrays = {"position": packing.add(unit.astype(np.float32))}
    if colors is not None:
        arrays["color"] = packing.add(colors.round().clip(0, 255).astype(np.uint8))
    if faces is not None:
        arrays["face"] = packing.add(faces.astype(np.uint32))
    return Answer(packing.frame({**header, "arrays": arrays}), "application/octet-stream")


def _spread(unit: Array, colors: Array | None, most: int, header: dict[str, Any]) -> tuple[Array, Array | None]:
    kept = spread_order(cell_codes(unit), most)
    if len(kept) < len(unit):
        header["how"] = "first those that cover all of space"
    return unit[kept], None if colors is None else colors[kept]


# --- what can be drawn ------------------------------------------------------------------------------------------------


def _checked(mesh: RawMesh, header: dict[str, Any]) -> tuple[Array, Array | None, Array | None]:
    """(vertices, colours, faces) without what cannot be drawn, which the header counts."""
    faces = None if mesh.faces is None or not len(mesh.faces) else _triangles(mesh.faces)
    colors, by_face = _colors(mesh, faces)
    vertices = mesh.vertices.astype(np.float64)
    finite: Array = np.asarray((np.abs(vertices) < _FARTHEST).all(axis=1))  # false for NaN
    header["dropped_points"] = int(len(finite) - finite.sum())
    header["dropped_faces"] = 0
    if faces is None:
        return vertices[finite], None if colors is None else colors[finite], None
    inside: Array = np.asarray(((faces >= 0) & (faces < len(vertices))).all(axis=1))  # false for NaN
    whole = np.where(inside[:, None], faces, 0).astype(np.int64)
    good = inside & np.asarray(finite[whole].all(axis=1)) if len(finite) else np.zeros(len(faces), bool)
    header["dropped_faces"] = int(len(good) - good.sum())
    if by_face and colors is not None:  # every corner gets the colour of its face
        corners = vertices[whole[good]].reshape(-1, 3)
        return corners, colors[good].repeat(3, axis=0), np.arange(len(corners)).reshape(-1, 3)
    corners = whole[good]
    used = np.zeros(len(vertices), bool)
    used[corners] = True
    number = np.cumsum(used) - 1  # of each vertex among those used
    return vertices[used], None if colors is None else colors[used], number[corners]


def _triangles(faces: Array) -> Array:
    """Faces of four corners as two of three, beside each other."""
    return faces if faces.shape[1] == 3 else faces[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)


def _colors(mesh: RawMesh, faces: Array | None) -> tuple[Array | None, bool]:
    """(0 … 255, whether there is one a face instead of one a vertex); None, with a note, where they fit neither."""
    if mesh.colors is None or not len(mesh.colors):
        return None, False
    colors = np.nan_to_num(mesh.colors[:, :3].astype(np.float64), nan=128.0)
    if mesh.colors.dtype.kind == "f" and colors.max() <= 1 and colors.min() >= 0 and (colors % 1 > 0).any():
        colors = colors * 255  # from 0 to 1, as many libraries count
    if len(colors) == len(mesh.vertices):
        return colors, False
    if faces is not None and len(colors) == len(mesh.faces if mesh.faces is not None else ()):
        return colors.repeat(len(faces) // len(colors), axis=0), True
    mesh.notes.append(f"{len(colors):,} colours are neither one a vertex nor one a face: not used")
    return None, False
