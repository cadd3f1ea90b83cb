"""Scalar series, as few bytes as a chart can show."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..context import get_log, get_site
from ..json_answers import json_answer
from ..queries import Refused, ScalarsQuery, parse_json, scalars_query

__all__ = ["routes"]

routes = Blueprint("scalars", __name__)


@routes.post("/api/scalars")
def scalars() -> Response:
    """Many tags of many runs in one binary answer (see wire.py)."""
    from ..series_answers import reduce_query  # numpy and the compiled kernels: start-up does not wait for them
    from ..wire import encode

    query = scalars_query(parse_json(request.get_data(cache=False)))
    log = get_log()
    version = get_site().source.version
    reduced = reduce_query(log, query)
    if not reduced:
        _check_known(query)
    parts = encode(version, reduced)
    answer = Response(parts, content_type="application/octet-stream")
    answer.content_length = sum(len(part) for part in parts)
    return answer


@routes.post("/api/statistics")
def statistics() -> Response:
    """The body of /api/scalars → `{version, rows}`: what each series comes to within the range, on all its points."""
    from ..range_rows import statistics_rows

    query = scalars_query(parse_json(request.get_data(cache=False)))
    version = get_site().source.version
    return json_answer({"version": version, "rows": statistics_rows(get_log(), query)})


def _check_known(query: ScalarsQuery) -> None:
    """An empty answer to names that do not exist is an error; a run without the tag is not. Raises Refused (404).

    While the log is being read nobody knows what there will be.
    """
    log = get_log()
    if not log.status().ready:
        return
    runs = set(log.runs)
    for wanted in query.series:
        unknown = [run for run in wanted.runs if run not in runs]
        if unknown and len(unknown) == len(wanted.runs):
            raise Refused(f"there is no run {unknown[0][:200]!r}", 404)
        if (
            wanted.runs
            and not wanted.is_formula
            and not any(wanted.tag in log.tags(run).get("scalars", ()) for run in runs)
        ):
            raise Refused(f"no run has scalars under the tag {wanted.tag[:200]!r}", 404)
