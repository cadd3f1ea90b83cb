"""Runs that belong together."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..context import get_log
from ..json_answers import json_answer
from ..numbers import cleansed
from ..queries import as_object, names_list, parse_json

__all__ = ["routes"]

routes = Blueprint("groups", __name__)


@routes.post("/api/groups")
def groups() -> Response:
    """`{by, runs?}` → `{groups: [{name, runs, values?}]}`; a mistake in `by` as `error`, with its place."""
    from ...logger.compare.comparison import compare
    from ...logger.compare.groups import GroupingError, group_runs

    body = as_object(parse_json(request.get_data(cache=False)))
    by = as_object(body.get("by"), "by")
    snapshot = compare(get_log())
    runs = names_list(body["runs"], "runs") if body.get("runs") is not None else snapshot.rows
    there = set(snapshot.rows)
    try:
        found = group_runs(by, [run for run in runs if run in there], snapshot.hparams)
    except GroupingError as error:
        return json_answer({"groups": [], "error": {"message": error.message, "start": error.start, "end": error.end}})
    return json_answer(
        {
            "groups": [
                {"name": group.name, "runs": group.runs, **({"values": _plain(group.values)} if group.values else {})}
                for group in found
            ]
        }
    )


def _plain(values: dict[str, bool | float | int | str]) -> dict[str, bool | float | int | str]:
    return {name: cleansed(value) if isinstance(value, float) else value for name, value in values.items()}
