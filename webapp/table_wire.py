"""The run table as one binary answer: the envelope of wire.py, an array per column."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..logger.compare.column_values import Column, Texts
from .wire import MAGIC

__all__ = ["ColumnAnswer", "encode_table"]

_MISSING = np.iinfo(np.int64).min  # in columns of i8, which have no NaN

# What heads a column in the answer, and the column; None where it could not be understood.
ColumnAnswer = tuple[dict[str, Any], Column | None]


def encode_table(
    version: int, rows: Sequence[str], total: int, columns: Sequence[ColumnAnswer], chosen: npt.NDArray[np.intp] | None
) -> bytes:
    """The answer to POST /api/table. `chosen`: indices of the rows that are sent, None for all."""
    heads: list[dict[str, Any]] = []
    bodies: list[bytes] = []
    at = 0
    for head, column in columns:
        if column is not None:
            column = column if chosen is None else column.take(chosen)
            strings = {}
            if isinstance(column, Texts):
                used, codes = np.unique(column.codes, return_inverse=True) if chosen is not None else (None, None)
                if used is not None and codes is not None:
                    lacking = int(used[:1].tolist() == [-1])
                    strings = {"strings": [column.strings[code] for code in used[lacking:].tolist()]}
                    array = (codes - lacking).astype("<i4")
                else:
                    strings, array = {"strings": column.strings}, column.codes.astype("<i4")
            elif column.whole is not None:  # i8, as steps are in the frames of curves
                array = np.where(column.missing, _MISSING, column.whole).astype("<i8")
            else:
                array = column.values.astype("<f8")
            head = {**head, **strings, "array": {"at": at, "dtype": array.dtype.str[1:]}}
            body = array.tobytes()
            bodies.append(body + b"\0" * (-len(body) % 8))
            at += len(bodies[-1])
        heads.append(head)
    names = list(rows) if chosen is None else [rows[row] for row in chosen.tolist()]
    content = {"version": version, "runs": names, "rows_total": total, "columns": heads}
    header = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    header += b" " * (-len(header) % 8)
    return b"".join([MAGIC, struct.pack("<I", len(header)), header, *bodies])
