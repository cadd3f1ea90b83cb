"""The columns of the run table that a scatter or bar chart of a report draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..logger.compare.columns import ColumnReader
from ..logger.compare.comparison import compare
from ..logger.compare.expressions import ExpressionError
from .queries import Refused
from .table_wire import ColumnAnswer, encode_table

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["table_frame"]

_KEYS = ("x_column", "y_column", "color_column", "column")


def table_frame(log: LogDir, chart: Mapping[str, Any], people: Mapping[str, Any]) -> bytes:
    """The answer of POST /api/table with the chart's columns. Raises Refused where one cannot be understood."""
    snapshot = compare(log)
    reader = ColumnReader(snapshot, people)
    columns: list[ColumnAnswer] = []
    for name in dict.fromkeys(str(chart[key]) for key in _KEYS if chart.get(key)):
        try:
            info, column = reader.column(name)
        except ExpressionError as error:
            raise Refused(f"the column {name!r}: {error}") from None
        columns.append(({"name": name, "title": info.title, "kind": info.kind}, column))
    return encode_table(log.version, snapshot.rows, len(snapshot.rows), columns)
