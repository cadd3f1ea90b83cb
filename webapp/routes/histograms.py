"""Histograms of many runs and steps in one answer."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ...logger.errors import LogError
from ..compression import frame_answer
from ..context import get_log, get_site
from ..queries import parse_json

__all__ = ["routes"]

routes = Blueprint("histograms", __name__)

_KIND = "histograms"


@routes.post("/api/histograms")
def histograms() -> Response:
    """`{tag, runs, x?, steps?, range?, at?, known?, parts?}` → the stored buckets (see media/histogram_frames.py).

    x       "step" (the default), "relative" or "wall": along it at most `steps` values of each run are chosen evenly
    range   [low, high] of x: the values inside, and the next one on either side
    at      {run: value}: that value alone, with all that is known of it, by its name as in GET /api/blob/… or by
            [index, n, check]: its place among the run's values, and n and check of POST /api/blobs
    known   {run: [n, check] of an earlier answer to the same question}: where these values still are the run's first
            ones, only the histograms chosen behind them are sent
    segments "all" (the default) or "latest": without the values that a restart superseded
    parts   a list of "buckets" (the default) and "percentiles"
    """
    from ..media.histogram_frames import encode_histograms, histograms_query
    from ..series_answers import first_wall_times

    query = histograms_query(parse_json(request.get_data(cache=False)))
    log, site = get_log(), get_site()
    version = site.source.version
    starts = first_wall_times(log, query.runs)
    found = []
    for run in query.runs:
        try:
            series = site.series.find(log, run, _KIND, query.tag)
        except LogError:  # the run has none, or is gone
            continue
        is_named = isinstance(query.at.get(run), str)
        shown = series.latest() if query.segments == "latest" and not is_named else series
        found.append((run, shown, starts.get(run, 0.0)))
    return frame_answer(encode_histograms(version, query, found))
