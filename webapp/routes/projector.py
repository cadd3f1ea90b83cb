"""Embeddings: which there are, what is known of their points, who is near whom."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from ..context import get_log, get_site
from ..json_answers import json_answer
from ..projector.fields import row_numbers, whole
from ..queries import Refused, names_list, one_of, parse_json
from .parameters import parameter
from .patient import binary, patient_routes
from .projector_parameters import body, opened_of, opened_of_query

__all__ = ["routes"]

routes = patient_routes("projector")

_MOST_ROWS = 1_000
_MOST_NEIGHBORS = 10_000


@routes.get("/api/projector")
def embeddings() -> Response:
    """`{embeddings, files, methods, metrics}`: what there is to look at and what can be done with it."""
    from ..projector.listing import embeddings_as_json, methods_as_json
    from ..projector.nearest import METRICS

    store = get_site().projector
    found = embeddings_as_json(store.listing.found(get_log()))
    files = store.files()
    if found or files:
        store.expect()
    methods = methods_as_json()
    return json_answer({"embeddings": found, "files": files, "methods": methods, "metrics": list(METRICS)})


@routes.get("/api/projector/info")
def info() -> Response:
    """`{name, points, dimensions, dtype, complete, finite, notes, columns, sprite, coordinates, next}`"""
    from ..projector.answers import info

    return json_answer(info(opened_of_query()))


@routes.get("/api/projector/column")
def column() -> Response:
    """`column=` → an arrays frame: `values` of numbers, `codes` into `names` of texts."""
    from ..projector.answers import column_frame

    return binary(column_frame(opened_of_query(), parameter("column")))


@routes.get("/api/projector/rows")
def rows() -> Response:
    """`rows=1,5,9` → `{rows: [{row, cells}]}`, at most 1,000."""
    from ..projector.answers import rows_as_json

    opened = opened_of_query()
    listed = parameter("rows").split(",")
    if len(listed) > _MOST_ROWS:
        raise Refused(f"rows: {len(listed):,} asked for, at most {_MOST_ROWS:,} are answered at once", 413)
    numbers = [int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else -1 for text in listed]
    return json_answer(rows_as_json(opened, row_numbers(numbers, len(opened.embedding)).tolist()))


@routes.get("/api/projector/search")
def search() -> Response:
    """`q=`, `regex=1`, `columns=` a JSON list of names → an arrays frame: `{total, columns}` and all `rows`."""
    from ..projector.searching import search_frame

    regex = one_of(request.args.get("regex", "0"), ("0", "1"), "regex") == "1"
    asked = request.args.get("columns")
    columns = None if asked is None else names_list(parse_json(asked.encode("utf-8", "replace")), "columns")
    return binary(search_frame(opened_of_query(), parameter("q"), regex, columns))


@routes.post("/api/projector/neighbors")
def neighbors() -> Response:
    """`{embedding…, rows, k, metric, within?, job?, step?, components?}` → an arrays frame, see nearest.py."""
    from ..projector.layouts import find_layout
    from ..projector.nearest import METRICS, neighbors_frame

    fields: dict[str, Any] = body()
    opened = opened_of(fields)
    points = len(opened.embedding)
    k = whole(fields, "k", 100, 1, _MOST_NEIGHBORS)
    metric = one_of(fields.get("metric", "cosine"), METRICS, "metric")
    within = row_numbers(fields["within"], points, "within") if fields.get("within") is not None else None
    layout = find_layout(get_site().projector.jobs, fields, points).coordinates if fields.get("job") else None
    return binary(neighbors_frame(opened, row_numbers(fields.get("rows"), points), k, metric, within, layout))
