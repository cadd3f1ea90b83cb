"""The runs and the scalar tags each of them has."""

from __future__ import annotations

from flask import Blueprint, Response

from ..context import get_log, get_site
from ..json_answers import json_answer
from ..numbers import finite

__all__ = ["routes"]

routes = Blueprint("runs", __name__)


@routes.get("/api/runs")
def runs() -> Response:
    """Every row in natural order, with the tags of the runs that are joined to it (see logger/compare/joins.py).

    Rows with equal tags share one entry of `tag_sets`: 10,000 tags are listed once.
    """
    from ...logger.compare.comparison import compare

    log = get_log()
    version = get_site().source.version
    rows = compare(log)
    tag_index: dict[str, int] = {}
    set_index: dict[tuple[str, ...], int] = {}
    entries = []
    for run in rows.rows:
        try:
            info, tags = log.run_info(run), rows.scalars_of(run)
        except KeyError:  # deleted meanwhile
            continue
        for tag in tags:
            tag_index.setdefault(tag, len(tag_index))
        entries.append(
            {
                "name": run,
                "tags": set_index.setdefault(tags, len(set_index)),
                "start": finite(info.first_wall_time),
                "last": finite(info.last_wall_time),
                "last_step": info.last_step,
                "points": info.scalar_points,
                "damaged": info.damaged_files,
            }
        )
    sets = [[tag_index[tag] for tag in tags] for tags in set_index]
    return json_answer({"version": version, "tags": list(tag_index), "tag_sets": sets, "runs": entries})
