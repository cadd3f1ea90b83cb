"""A column of the run table by groups: their centre and spread, as the bands of curves compute them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from ..context import get_log, get_site
from ..json_answers import json_answer
from ..numbers import cleansed
from ..queries import Refused, as_object, groups_query, parse_json

if TYPE_CHECKING:
    from ..queries import GroupsQuery

__all__ = ["routes"]

routes = Blueprint("bars", __name__)


@routes.post("/api/bars")
def bars() -> Response:
    """`{column, groups: {center, band, members}}` → `{rows: [{name, value, low, high, count}]}`.

    Runs without a value do not count; a group without any is left out.
    """
    body = as_object(parse_json(request.get_data(cache=False)))
    column, groups = body.get("column"), groups_query(body.get("groups"))
    if not isinstance(column, str) or not column.strip():
        raise Refused("column names a column of the run table")
    if groups is None:
        raise Refused("groups holds the groups of runs: {center, band, members}")
    return json_answer({"rows": group_values(column, groups)})


def group_values(column: str, groups: GroupsQuery) -> list[dict[str, str | float | int | None]]:
    """One row a group that has values. Raises Refused where the column is none, or holds words."""
    from ...logger.compare.bands import band
    from ...logger.compare.column_values import Numbers
    from ...logger.compare.columns import ColumnReader
    from ...logger.compare.comparison import compare
    from ...logger.compare.expressions import ExpressionError

    reader = ColumnReader(compare(get_log()), get_site().state.read().document["runs"])
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
