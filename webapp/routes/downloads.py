"""Points for other programs: of one series, of what is shown, of everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from ..attachments import attachment
from ..context import get_log
from ..numbers import csv_number, json_number
from ..queries import (
    SEGMENT_CHOICES,
    ScalarsQuery,
    as_object,
    groups_query,
    names_list,
    one_of,
    parse_json,
    scalars_query,
    tags_at_once,
)
from .parameters import parameter

if TYPE_CHECKING:
    from ...logger.reader import Scalars
    from ..tidy import Tidy

__all__ = ["routes"]

routes = Blueprint("downloads", __name__)

_AT_ONCE = 20_000  # points formatted between two writes to the socket
_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@routes.get("/api/download")
def download() -> Response:
    """GET /api/download?run=&tag=&format=csv|json&segments=latest|all|separate"""
    run, tag = parameter("run"), parameter("tag")
    kind = one_of(request.args.get("format", "csv"), tuple(_TYPES), "format")
    segments = one_of(request.args.get("segments", "all"), SEGMENT_CHOICES, "segments")
    series = get_log().scalars(run, tag)
    if segments == "latest":
        series = series.latest()
    rows = _csv(series, segments == "separate") if kind == "csv" else _json(run, tag, series)
    headers = {"Content-Disposition": attachment(f"{run} {tag}.{kind}")}
    return Response(rows, content_type=_TYPES[kind], headers=headers)


@routes.get("/api/export")
def export_all() -> Response:
    """GET /api/export?format=csv|json|parquet[&run=…][&tag=…][&segments=all|latest]: every scalar, or those named."""
    from ..tidy import FORMATS, all_points  # numpy

    kind = one_of(request.args.get("format", "csv"), tuple(FORMATS), "format")
    segments = one_of(request.args.get("segments", "all"), ("all", "latest"), "segments")
    log = get_log()
    runs, tags = request.args.getlist("run") or log.runs, request.args.getlist("tag")
    for run in runs:
        log.run_info(run)  # raises for one that is not there
    return _table(kind, all_points(log, runs, frozenset(tags) if tags else None, segments == "latest"))


@routes.post("/api/export")
def export_shown() -> Response:
    """The body of POST /api/scalars with "format": what a chart shows, before it is reduced to the chart's width."""
    from ..tidy import FORMATS, shown_points

    body = as_object(parse_json(request.get_data(cache=False)))
    kind = one_of(body.get("format", "csv"), tuple(FORMATS), "format")
    return _table(kind, shown_points(get_log(), _whole_query(body)))


def _whole_query(body: dict[str, Any]) -> ScalarsQuery:
    """A table may have more tags than a chart's answer: they are checked as many at a time as that takes."""
    series = body.get("series")
    if not isinstance(series, list) or not series:
        return scalars_query(body)
    groups = groups_query(body.get("groups"))
    grouped = len(groups.all_runs()) if groups is not None else 0
    runs = max(grouped, *(len(names_list(as_object(one, "series").get("runs", []), "series.runs")) for one in series))
    at_once = tags_at_once(runs)
    parts = [scalars_query({**body, "series": series[i : i + at_once]}) for i in range(0, len(series), at_once)]
    return replace(parts[0], series=tuple(wanted for part in parts for wanted in part.series))


def _table(kind: str, table: Tidy) -> Response:
    from ..tidy import FORMATS

    content_type, write = FORMATS[kind]
    headers = {"Content-Disposition": attachment(f"scalars.{kind}")}
    return Response(write(table), content_type=content_type, headers=headers)


def _csv(series: Scalars, with_segment: bool) -> Iterator[str]:
    yield "Wall time,Step,Value,Segment\r\n" if with_segment else "Wall time,Step,Value\r\n"
    for part in _parts(len(series)):
        columns = [series.wall_time[part].tolist(), series.step[part].tolist(), series.value[part].tolist()]
        if with_segment:
            columns.append(series.segment[part].tolist())
        yield "".join(",".join(map(csv_number, row)) + "\r\n" for row in zip(*columns, strict=True))


def _json(run: str, tag: str, series: Scalars) -> Iterator[str]:
    yield f'{{"run":{json.dumps(run)},"tag":{json.dumps(tag)}'
    for name in ("step", "wall_time", "value", "segment"):
        column = getattr(series, name)
        yield f',"{name}":['
        for part in _parts(len(series)):
            yield ("," if part.start else "") + ",".join(map(json_number, column[part].tolist()))
        yield "]"
    yield "}\n"


def _parts(length: int) -> Iterator[slice]:
    return (slice(begin, min(begin + _AT_ONCE, length)) for begin in range(0, length, _AT_ONCE))
