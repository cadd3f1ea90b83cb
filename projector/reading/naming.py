"""Which array of several holds the points, and how arrays of any shape are read as points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from .table import numbers_of

__all__ = ["as_points", "chosen"]

_LIKELY = frozenset(("embedding", "embeddings", "points", "vectors", "features", "emb", "x", "data", "arr_0"))
_LISTED = 12  # names in a sentence

Shape = tuple[int, ...]


def chosen(where: str, shapes: Mapping[str, Shape], wanted: str | None) -> tuple[str, list[str]]:
    """The array to take of those in the file `where`, and a note where others could have been meant.

    Raises ValueError where the one that is wanted is not there, or none has two axes.
    """
    if wanted is not None:
        if wanted not in shapes:
            raise ValueError(f"{where} has no array {wanted!r}; it has {_listed(shapes)}")
        return wanted, []
    filled = {name: shape for name, shape in shapes.items() if len(shape) > 1 and min(shape) > 0}
    fitting = {name: shape for name, shape in filled.items() if len(shape) == 2} or filled
    if not fitting:
        raise ValueError(f"{where} has no array of the shape (points, dimensions); it has {_listed(shapes)}")
    likely = [name for name in fitting if _LIKELY & set(name.lower().split("."))]
    name = max(likely or fitting, key=lambda one: math.prod(fitting[one]))
    others = {other: shape for other, shape in fitting.items() if other != name}
    if not others:
        return name, []
    return name, [f"{where}: {name!r} was read as the points. It also has {_listed(others)}; name=… takes another."]


def _listed(shapes: Mapping[str, Shape]) -> str:
    texts = [f"{name!r} ({' × '.join(map(str, shape)) or 'a number'})" for name, shape in shapes.items()]
    return ", ".join(texts[:_LISTED]) + (" …" if len(texts) > _LISTED else "") if texts else "none that can be read"


def as_points(where: str, array: NDArray[Any]) -> tuple[NDArray[Any], list[str]]:
    """(points, dimensions) of floats, not copied where they are, and a note where axes were put together.

    Raises ValueError where the array holds no points.
    """
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{where} holds {array.dtype}, want numbers; points.astype('float32') makes them")
    if array.ndim < 2:
        raise ValueError(
            f"{where} has the shape {array.shape}, want (points, dimensions); reshape(-1, 1) makes each number a point"
        )
    if 0 in array.shape:
        raise ValueError(f"{where} holds no points: its shape is {array.shape}")
    if array.ndim == 2:
        return numbers_of(array), []
    flat = array.reshape(len(array), -1)
    shape = " × ".join(map(str, array.shape))
    return numbers_of(flat), [f"{where}: {shape} was read as {flat.shape[0]:,} points of {flat.shape[1]:,} numbers."]
