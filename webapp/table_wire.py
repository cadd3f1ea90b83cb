"""The run table as one binary answer: the envelope of wire.py, an array per column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..logger.compare.column_values import Column, Texts
from .packed import Packing

__all__ = ["ColumnAnswer", "encode_table"]

_MISSING = np.iinfo(np.int64).min  # in columns of i8, which have no NaN

# What heads a column in the answer, and the column; None where it could not be understood.
ColumnAnswer = tuple[dict[str, Any], Column | None]


def encode_table(version: int, rows: Sequence[str], total: int, columns: Sequence[ColumnAnswer]) -> bytes:
    """The answer to POST /api/table: these rows of `total`."""
    packing = Packing()
    heads: list[dict[str, Any]] = []
    for head, column in columns:
        if column is not None:
            strings = {"strings": column.strings} if isinstance(column, Texts) else {}
            head = {**head, **strings, "array": packing.add(_array(column))}
        heads.append(head)
    return packing.frame({"version": version, "runs": list(rows), "rows_total": total, "columns": heads})


def _array(column: Column) -> npt.NDArray[Any]:
    """The values as they are sent, little-endian."""
    if isinstance(column, Texts):
        return column.codes.astype("<i4")
    if column.whole is not None:  # i8, as steps are in the frames of curves
        return np.where(column.missing, _MISSING, column.whole).astype("<i8")
    return column.values.astype("<f8")
