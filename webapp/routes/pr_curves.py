"""Precision-recall and ROC curves of many runs and steps in one answer."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ...logger.errors import LogError
from ..context import get_log, get_site
from ..queries import parse_json

__all__ = ["routes"]

routes = Blueprint("pr_curves", __name__)


@routes.post("/api/curves")
def curves() -> Response:
    """`{kind, tag, series: [{run, ids?}], areas_only?}` → the curves and their areas (see media/curve_frames.py).

    `ids` are names of values as POST /api/blobs gives steps and checksums; without them it is the last value.
    """
    from ..media.curve_frames import curves_query, encode_curves

    query = curves_query(parse_json(request.get_data(cache=False)))
    log, site = get_log(), get_site()
    version = site.source.version
    found = []
    for wanted in query.series:
        try:
            found.append((wanted, site.series.find(log, wanted.run, query.kind, query.tag)))
        except LogError:  # the run has none, or is gone
            continue
    body = encode_curves(version, found, query.areas_only)
    return Response(body, content_type="application/octet-stream")
