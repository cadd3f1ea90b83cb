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

    `parts` are runs of a row that are lines of their own, `row` being the index of the row. Runs with equal tags share
    one entry of `tag_sets`: 10,000 tags are listed once.
    """
    from ...logger.compare.comparison import compare

    log = get_log()
    version = get_site().source.version
    snapshot = compare(log)
    tag_index: dict[str, int] = {}
    set_index: dict[tuple[str, ...], int] = {}

    def number(tags: tuple[str, ...]) -> int:
        for tag in tags:
            tag_index.setdefault(tag, len(tag_index))
        return set_index.setdefault(tags, len(set_index))

    entries, parts = [], []
    for place, run in enumerate(snapshot.rows):
        info = snapshot.whole(run).info
        entries.append(
            {
                "name": run,
                "tags": number(snapshot.lines_of(run)),
                "start": finite(info.first_wall_time),
                "last": finite(info.last_wall_time),
                "last_step": info.last_step,
                "points": info.scalar_points,
                "damaged": info.damaged_files,
            }
        )
        for name, part in snapshot.joins.parts.get(run, {}).items():
            parts.append({"name": part, "row": place, "part": name, "tags": number(snapshot.lines_of(part))})
    sets = [[tag_index[tag] for tag in tags] for tags in set_index]
    listed = {"version": version, "tags": list(tag_index), "tag_sets": sets, "runs": entries}
    return json_answer({**listed, "parts": parts})
