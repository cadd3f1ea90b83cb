"""A column of the run table by groups: their centre and spread, as the bands of curves compute them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..logger.compare.bands import band
from ..logger.compare.column_values import Numbers
from ..logger.compare.columns import ColumnReader
from ..logger.compare.comparison import compare
from ..logger.compare.expressions import ExpressionError
from .numbers import cleansed
from .queries import GroupsQuery, Refused

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["group_values"]


def group_values(
    log: LogDir, people: Mapping[str, Any], column: str, groups: GroupsQuery
) -> list[dict[str, str | float | int | None]]:
    """One row a group that has values: name, value, low, high, count.

    people   run → what people added ("runs" of the user state)

    Raises Refused where the column is none, or holds words.
    """
    reader = ColumnReader(compare(log), people)
    try:
        _, found = reader.column(column)
    except ExpressionError as error:
        raise Refused(error.message, span=(error.start, error.end)) from None
    if not isinstance(found, Numbers):
        raise Refused(f"{column} holds words; bars show numbers")
    values = dict(zip(reader.snapshot.rows, found.values.tolist(), strict=True))
    rows: list[dict[str, str | float | int | None]] = []
    for name, runs in groups.members:
        series = [([0], [values[run]]) for run in runs if values.get(run, float("nan")) == values.get(run)]
        if not series:
            continue
        at = band(series, groups.center, groups.band)
        ends = {"value": at.center, "low": at.low, "high": at.high}
        rows.append({"name": name, "count": len(series), **{key: cleansed(float(end[0])) for key, end in ends.items()}})
    return rows
