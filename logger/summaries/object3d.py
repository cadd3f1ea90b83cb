"""Point clouds, meshes and boxes → the parts of a mesh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ..values import described

Array = npt.NDArray[Any]

# Colours of classes that stay apart for colour-blind eyes (Okabe and Ito, 2008); the last is for none.
_CLASS_COLORS = np.array(
    [
        (0, 114, 178), (230, 159, 0), (0, 158, 115), (204, 121, 167), (86, 180, 233), (213, 94, 0), (240, 228, 66),
        (150, 150, 150),
    ],
    np.float32,
)  # fmt: skip
_THICKNESS = 0.006  # of a box's edges, as a share of its diagonal

# The corners of a box: bit 2 of the number is x, bit 1 is y, bit 0 is z.
_CORNERS = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)], np.float32)
_EDGES = [(i, i | bit) for bit in (4, 2, 1) for i in range(8) if not i & bit]
# Two triangles for each side of a box, seen from outside.
_TRIANGLES = np.array(
    [
        (0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1), (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4),
        (1, 5, 7), (1, 7, 3),
    ],
    np.int64,
)  # fmt: skip


def given_parts(call: str, given: Any, colors: Any, faces: Any) -> tuple[Any, Any, Any]:
    """(points, colours, faces) of an array, of a dict of these, or of an object that has them as attributes."""
    if hasattr(given, "shape") or isinstance(given, (list, tuple)):
        return given, colors, faces

    def read(name: str) -> Any:
        return given.get(name) if isinstance(given, Mapping) else getattr(given, name, None)

    points = _first(read("vertices"), read("points"))
    if points is None:
        raise TypeError(f"{call}: expected points (n, 3), vertices with faces, or boxes, got {described(given)}")
    return points, _first(colors, read("colors")), _first(faces, read("faces"), read("triangles"))


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def check_parts(call: str, points: Any, colors: Any, faces: Any) -> None:
    """Raises ValueError unless points are (n, 3), (n, 4) or (n, 6) and the other two fit; TypeError for other types."""
    shape = tuple(points.shape)
    if len(shape) != 2 or shape[1] not in ((3,) if colors is not None else (3, 4, 6)) or not shape[0]:
        wanted = "(n, 3): x, y, z; (n, 4): and a class; or (n, 6): and red, green, blue (without colors)"
        raise ValueError(f"{call}: expected points of shape {wanted}; got {shape}")
    if colors is not None and tuple(colors.shape) != (shape[0], 3):
        raise ValueError(f"{call}: expected colors of shape ({shape[0]}, 3), one for each point, got {colors.shape}")
    if faces is not None and (len(faces.shape) != 2 or faces.shape[1] != 3):
        raise ValueError(f"{call}: expected faces of shape (m, 3), got {tuple(faces.shape)}")
    for taken in (points, colors, faces):
        _check_numbers(call, taken)
    if isinstance(faces, np.ndarray) and faces.size and not 0 <= faces.min() <= faces.max() < shape[0]:
        raise ValueError(f"{call}: expected faces as indices of {shape[0]} points, got {faces.min()} to {faces.max()}")


def check_boxes(call: str, boxes: Any) -> None:
    """Raises ValueError unless the shape is (k, 6), (k, 7) or (k, 8, 3)."""
    shape = tuple(boxes.shape)
    if not shape or not shape[0] or shape[1:] not in ((6,), (7,), (8, 3)):
        wanted = "(k, 6): least and largest x, y, z; (k, 7): and a class; or (k, 8, 3): corners"
        raise ValueError(f"{call}: expected boxes of shape {wanted}; got {shape}")
    _check_numbers(call, boxes)


def _check_numbers(call: str, taken: Any) -> None:
    if isinstance(taken, np.ndarray) and taken.dtype.kind not in "fiub":
        raise TypeError(f"{call}: expected real numbers, got an array of type {taken.dtype}")


def points_parts(points: Any, colors: Any, faces: Any) -> dict[str, Array]:
    """VERTEX, and COLOR and FACE where there are any, as `mesh_summary` takes them: (1, n, 3)."""
    table = np.asarray(points)
    parts = {"VERTEX": table[None, :, :3]}
    if colors is None and table.shape[1] > 3:
        colors = class_colors(table[:, 3]) if table.shape[1] == 4 else table[:, 3:]
    if colors is not None:
        parts["COLOR"] = _from_0_to_255(np.asarray(colors))[None]
    if faces is not None:
        parts["FACE"] = np.asarray(faces)[None]
    return parts


def _from_0_to_255(colors: Array) -> Array:
    """Floats from 0 to 1 scaled; everything else is taken as it is."""
    small = colors.dtype.kind == "f" and colors.size and float(np.nanmax(colors)) <= 1
    scaled: Array = colors * np.float32(255) if small else colors
    return np.nan_to_num(scaled.astype(np.float32)).clip(0, 255)


def class_colors(classes: Array) -> Array:
    """(n, 3): a colour for each class number, grey for negative ones and NaN."""
    numbers = np.nan_to_num(classes.astype(np.float64), nan=-1.0)
    colored = len(_CLASS_COLORS) - 1
    chosen: Array = _CLASS_COLORS[np.where(numbers < 0, colored, numbers % colored).astype(np.int64)]
    return chosen


def boxes_parts(boxes: Any) -> dict[str, Array]:
    """The edges of boxes as thin bars: a mesh shows them in every viewer, and what they enclose stays in sight."""
    table = np.asarray(boxes).astype(np.float32)
    if table.ndim == 3:
        corners, classes = table, np.zeros(len(table), np.float32)
    else:
        low, high = table[:, None, :3], table[:, None, 3:6]
        corners = low + _CORNERS * (high - low)
        classes = table[:, 6] if table.shape[1] == 7 else np.zeros(len(table), np.float32)
    bars = _bars(corners)  # (boxes, 12, 8, 3)
    first = 8 * np.arange(bars.shape[0] * bars.shape[1])
    faces = (first[:, None, None] + _TRIANGLES).reshape(-1, 3)
    colors = np.repeat(class_colors(classes), bars.shape[1] * 8, axis=0)
    return {"VERTEX": bars.reshape(1, -1, 3), "COLOR": colors[None], "FACE": faces[None]}


def _bars(corners: Array) -> Array:
    """(boxes, 8, 3) → (boxes, 12, 8, 3): the corners of a bar along each edge, its sides along the other edges."""
    directions = np.stack([corners[:, bit] - corners[:, 0] for bit in (4, 2, 1)], axis=1)  # (boxes, 3, 3)
    width = _THICKNESS * np.linalg.norm(corners[:, 7] - corners[:, 0], axis=1)
    lengths = np.maximum(np.linalg.norm(directions, axis=2, keepdims=True), 1e-30)
    half = directions / lengths * width[:, None, None] / 2
    around = (2 * _CORNERS - 1) @ half  # (boxes, 8, 3)
    bars = []
    for start, end in _EDGES:
        axis = (4, 2, 1).index(end - start)
        along = _CORNERS[:, axis, None]
        bars.append(corners[:, start, None] * (1 - along) + corners[:, end, None] * along + around)
    return np.stack(bars, axis=1)
