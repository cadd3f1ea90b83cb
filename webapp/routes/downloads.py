"""Every point of one series, for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from ..attachments import attachment
from ..context import get_log
from ..numbers import csv_number, json_number
from ..queries import SEGMENT_CHOICES, one_of
from .parameters import parameter

if TYPE_CHECKING:
    from ...logger.reader import Scalars

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
