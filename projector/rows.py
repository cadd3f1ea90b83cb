"""Parameters that name metadata, turned into what reducers take: codes, numbers and places of the rows they see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .embedding import Column, Embedding
from .reducer import Parameter

__all__ = ["IGNORED", "column_codes", "resolve_columns"]

_RESOLVED = ("column", "values", "labels")
IGNORED = "_ignored"  # `labels_ignored` is the category of column `labels` that counts as unknown


def resolve_columns(
    known: Sequence[Parameter], parameters: Mapping[str, Any], embedding: Embedding, rows: NDArray[np.int64]
) -> dict[str, Any]:
    """What a reducer takes of the (m,) `rows` it sees; None for a parameter of these kinds that is empty.

    "column": a name becomes (m,) int32 codes, −1 for an empty cell and for the category in `<name>_ignored`.
    "values": a name becomes (m,) float64 cells. "labels": rows of the embedding, or a pattern (`axes.rows_matching`),
    become positions in `rows`; rows that are not finite are left out.
    Raises ValueError for a column that the metadata does not have and a row that is not there.
    """
    kinds = {parameter.name: parameter.kind for parameter in known}
    taken = {name: value for name, value in parameters.items() if name.removesuffix(IGNORED) == name}
    for name, value in taken.items():
        kind = kinds.get(name)
        if kind in _RESOLVED and isinstance(value, (str, list, tuple)) and not len(value):
            taken[name] = None
        elif kind == "column" and isinstance(value, str):
            taken[name] = column_codes(embedding, value, str(parameters.get(name + IGNORED) or ""))[rows]
        elif kind == "values" and isinstance(value, str):
            taken[name] = _numbers(embedding, value)[rows]
        elif kind == "labels" and value is not None:
            taken[name] = _positions(embedding, value, rows)
    return taken


def column_codes(embedding: Embedding, name: str, ignored: str = "") -> NDArray[np.int32]:
    """(n,) place of each row's category, −1 for empty cells and the ignored one. Raises ValueError."""
    names, codes = _column(embedding, name).categories
    unknown = [place for place, text in enumerate(names) if text in ("", "nan", ignored)]
    return np.where(np.isin(codes, unknown), -1, codes).astype(np.int32)


def _column(embedding: Embedding, name: str) -> Column:
    if name not in embedding.columns:
        there = ", ".join(embedding.columns) or "none"
        raise ValueError(f"the metadata of {embedding.name} has no column {name!r}: it has {there}")
    return embedding.columns[name]


def _numbers(embedding: Embedding, name: str) -> NDArray[np.float64]:
    cells = _column(embedding, name).cells
    if cells.dtype.kind != "f":
        raise ValueError(f"column {name!r} of {embedding.name} holds text, and numbers are needed")
    return cells


def _positions(embedding: Embedding, value: Any, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    if isinstance(value, str):
        from .matching import rows_matching

        value = rows_matching(embedding, value)
    n = len(embedding)
    wanted = np.asarray(value, np.int64).reshape(-1)
    if wanted.size and (wanted.min() < 0 or wanted.max() >= n):
        raise ValueError(f"there is no row {int(wanted[(wanted < 0) | (wanted >= n)][0])}: rows are 0 to {n - 1}")
    place = np.full(n, -1, np.int64)
    place[rows] = np.arange(len(rows))
    found = place[wanted]
    return found[found >= 0]
