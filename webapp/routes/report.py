"""The current view as one HTML file."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..attachments import attachment
from ..context import get_log, get_site
from ..queries import Refused, as_object, names_list, parse_json
from ..view_format import check_view

__all__ = ["routes"]

routes = Blueprint("report", __name__)


@routes.post("/api/report")
def report() -> Response:
    """{"view": view, "runs": [names], "title"?} → the file, as a download."""
    from ..report import make_report  # the readers of columns and series

    body = as_object(parse_json(request.get_data(cache=False)))
    view, runs = as_object(body.get("view"), "view"), names_list(body.get("runs"), "runs")
    for sentence in check_view(view):
        raise Refused(f"view: {sentence}")
    site, log = get_site(), get_log()
    known = set(log.runs)
    shown = [run for run in runs if run in known]
    if runs and not shown:
        raise Refused(f"none of the {len(runs):,} runs is in the log", 404)
    title = str(body.get("title") or view.get("title") or "report")
    page = make_report(
        log, site.assets, {**view, "title": title}, shown, site.state.read().document, site.settings.logdir_text,
        site.alerts.list.alerts,
    )  # fmt: skip
    headers = {
        "Content-Disposition": attachment(f"{title}.html"),
        "Content-Security-Policy": "sandbox",  # opened from the server it gets none of the server's rights
    }
    return Response(page, content_type="text/html; charset=utf-8", headers=headers)
