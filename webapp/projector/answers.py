"""What is known of an open embedding, as it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from ..numbers import finite
from ..packed import Packing
from ..queries import Refused
from .naming import name_as_json

if TYPE_CHECKING:
    from ...projector.embedding import Column
    from .opened import OpenedEmbedding

__all__ = ["arrays_frame", "column_frame", "find_column", "info", "rows_as_json"]

_NEXT = "__next__"  # the column whose cells are the rows that follow: lines are drawn between them


def info(opened: OpenedEmbedding) -> dict[str, Any]:
    """As GET /api/projector/info says. `complete`: all numbers were looked at; `finite` is null before."""
    embedding = opened.embedding
    atlas = opened.atlas
    return {
        "name": embedding.name,
        "points": len(embedding),
        "dimensions": embedding.dimensions,
        "dtype": embedding.points.dtype.name,
        "complete": opened.has_looked,
        "finite": int(embedding.finite.sum()) if opened.has_looked else None,
        "notes": list(opened.remarks),
        "columns": opened.columns,
        "sprite": None if atlas is None else _with_addresses(atlas.as_json(), opened),
        "coordinates": embedding.coordinates is not None,
        "expected": _expected(len(embedding), embedding.dimensions),
        "next": _NEXT if _NEXT in embedding.columns else None,
    }


def _expected(points: int, dimensions: int) -> dict[str, dict[str, str]]:
    """`{method: {dims: what takes long}}`, of those that do."""
    from ...projector.expectations import expectation

    told = {
        method: {str(dims): expectation(method, points, dimensions, dims) for dims in (2, 3)}
        for method in ("tsne", "umap")
    }
    return {method: by_dims for method, by_dims in told.items() if any(by_dims.values())}


def _with_addresses(sprite: dict[str, Any], opened: OpenedEmbedding) -> dict[str, Any]:
    for number, page in enumerate(sprite["pages"]):
        page["url"] = f"api/projector/sprite?{urlencode({**name_as_json(opened.name), 'page': number})}"
    return sprite


def arrays_frame(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> bytes:
    """`{…header, arrays: {name: {at, dtype, n}}}` and the arrays; all numbers of one are counted in n."""
    packing = Packing()
    places = {name: {**packing.add(array), "n": int(array.size)} for name, array in arrays.items()}
    return packing.frame({**header, "arrays": places})


def column_frame(opened: OpenedEmbedding, name: str) -> bytes:
    """`values` of numbers, `codes` into `names` of texts; whole numbers that name classes have both. Raises Refused."""
    column = find_column(opened, name)
    header: dict[str, Any] = {"name": name, "kind": column.kind}
    arrays: dict[str, NDArray[Any]] = {}
    if column.cells.dtype.kind == "f":
        arrays["values"] = _small_floats(column.cells)
    if column.kind != "number":
        header["names"], codes = column.categories
        arrays["codes"] = _small_codes(codes, len(header["names"]))
    return arrays_frame(header, arrays)


def find_column(opened: OpenedEmbedding, name: str) -> Column:
    """Raises Refused (404)."""
    found = opened.embedding.columns.get(name)
    if found is None:
        listed = ", ".join([*opened.embedding.columns][:20]) or "none"
        raise Refused(f"{opened.embedding.name} has no column {name[:100]!r}; there are: {listed}", 404)
    return found


def rows_as_json(opened: OpenedEmbedding, rows: Sequence[int]) -> dict[str, Any]:
    """`{rows: [{row, cells}]}`; missing numbers are null."""
    columns = opened.embedding.columns.values()
    return {"rows": [{"row": row, "cells": {column.name: _cell(column, row) for column in columns}} for row in rows]}


def _cell(column: Column, row: int) -> str | float | None:
    cell = column.cells[row]
    return finite(float(cell)) if column.cells.dtype.kind == "f" else str(cell)


def _small_floats(values: NDArray[np.float64]) -> NDArray[Any]:
    """As float32 where that holds the same numbers."""
    with np.errstate(over="ignore"):
        small = values.astype(np.float32)
    return small if np.array_equal(small, values, equal_nan=True) else values


def _small_codes(codes: NDArray[Any], count: int) -> NDArray[Any]:
    """Whole numbers below `count` in as few bytes as hold them."""
    return codes.astype(np.uint8 if count <= 1 << 8 else np.uint16 if count <= 1 << 16 else np.uint32)
