"""Bars of groups."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..context import get_log, get_site
from ..json_answers import json_answer
from ..queries import Refused, as_object, groups_query, parse_json

__all__ = ["routes"]

routes = Blueprint("bars", __name__)


@routes.post("/api/bars")
def bars() -> Response:
    """`{column, groups: {center, band, members}}` → `{rows: [{name, value, low, high, count}]}`.

    Runs without a value do not count; a group without any is left out.
    """
    from ..group_bars import group_values  # numpy and the columns

    body = as_object(parse_json(request.get_data(cache=False)))
    column, groups = body.get("column"), groups_query(body.get("groups"))
    if not isinstance(column, str) or not column.strip():
        raise Refused("column names a column of the run table")
    if groups is None:
        raise Refused("groups holds the groups of runs: {center, band, members}")
    people = get_site().state.read().document["runs"]
    return json_answer({"rows": group_values(get_log(), people, column, groups)})
