"""The timeline of a profile: its rows, tiles of them, one slice, searches, and figures of a range."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Response

from ..json_answers import json_answer
from ..profile.asking import Asked
from ..queries import Refused
from .parameters import parameter
from .patient import binary, patient_routes
from .profile_parameters import asked_of_query, whole_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["routes"]

routes = patient_routes("profile_timeline")

_MOST_PARTS = 64  # ranks, and levels of each
_RANK = re.compile(r"(\d{1,9}):(-?\d{1,18})")


@routes.get("/api/profile/timeline")
def timeline() -> Response:
    """`p=`, `rank=` → `{end, bands: [{key, kind, group, title, lanes, count}], curves, steps, kinds, cells, …}`."""
    from ..profile.timeline import info

    return json_answer(info(asked_of_query()))


@routes.get("/api/profile/timeline/tiles")
def tiles() -> Response:
    """`p=`, `ask=RANK:LEVEL:FIRST:LAST:BANDS:CURVES;…` → an arrays frame of all parts: bands and curves as `0-4,7`.

    Tile i of a level lies between i and i + 1 times `cells` × 2^level ns, LAST is not among them. Columns of part 0 are
    `0.counts` (records of each lane in each tile, the tiles of a lane together), and of records `0.from` and `0.to`
    (cells from the tile's start; below 0: it began before), `0.count` (slices in it), `0.total` (ns), `0.row` (the
    longest), `0.name` (its place in the part's names), `0.kind` (in kinds). Curves: `0.least`, `0.most`, `0.last`.
    """
    asked = asked_of_query()
    parts = parameter("ask").split(";")
    if len(parts) > _MOST_PARTS:
        raise Refused(f"ask: at most {_MOST_PARTS} parts at a time, got {len(parts)}")
    return _frame([_part(asked, text) for text in parts])


@routes.get("/api/profile/timeline/overview")
def overview() -> Response:
    """`p=`, `rank=` → all rows over all of the time, as `tiles` gives them, from coarse levels to finer ones."""
    from ..profile.timeline import timeline_of
    from ..profile.timeline_tiles import overview_parts

    asked = asked_of_query()
    rank, of = asked.opened.file(asked.rank).rank, timeline_of(asked)
    parts = replace(asked, more={}).answer("the overview", lambda: overview_parts(of.timeline, of.curves))
    return _frame([({**header, "rank": rank}, columns) for header, columns in parts])


def _frame(parts: list[tuple[dict[str, Any], dict[str, NDArray[Any]]]]) -> Response:
    from ..projector.answers import arrays_frame

    arrays = {
        f"{number}.{name}": column for number, (_, columns) in enumerate(parts) for name, column in columns.items()
    }
    return binary(arrays_frame({"parts": [header for header, _ in parts]}, arrays))


def _part(asked: Asked, text: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    from ..profile.timeline import bands_named, timeline_of
    from ..profile.timeline_tiles import curves_part, tiles_part

    fields = text.split(":")
    if len(fields) != 6 or not all(field.isdecimal() and len(field) < 19 for field in fields[:4]):
        raise Refused(f"ask: expected RANK:LEVEL:FIRST:LAST:BANDS:CURVES, got {text[:80]!r}")
    rank, level, first, last = map(int, fields[:4])
    of = timeline_of(replace(asked, rank=rank))
    bands = list(bands_named(fields[4], len(of.timeline.bands)))
    curves = list(bands_named(fields[5], len(of.curves)))
    header, columns = tiles_part(of.timeline, level, first, last, bands)
    curve_header, curve_columns = curves_part(of.curves, level, first, last, curves)
    return {**curve_header, **header, "rank": rank}, {**columns, **curve_columns}


@routes.get("/api/profile/timeline/slice")
def one_slice() -> Response:
    """`p=`, `rank=`, `row=` → all that is known of a slice: arguments, the stack, its launch, what it launched."""
    from ...profiler.timeline import details
    from ..profile.timeline import joined_of, place, timeline_of

    asked = asked_of_query()
    of, row = timeline_of(asked), whole_number("row")
    try:
        told = details(joined_of(asked), -1 if row is None else row)
    except IndexError as problem:
        raise Refused(f"row: {problem}", 404) from problem
    for name in ("stack", "python"):
        told[name] = [place(of.timeline, each) for each in told[name]]
    told["links"] = [{**place(of.timeline, link.row), "link": link.kind} for link in told["links"]]
    return json_answer({**told, **place(of.timeline, told["row"])})


@routes.get("/api/profile/timeline/beside")
def beside() -> Response:
    """`p=`, `rank=`, `row=`, `by=` → the slice that many places further in its lane, `{}` at the end."""
    import numpy as np

    from ..profile.timeline import place, timeline_of

    asked = asked_of_query()
    of, row, by = timeline_of(asked).timeline, whole_number("row"), whole_number("by") or 1
    if row is None or not 0 <= row < len(of.lane):
        raise Refused(f"row: there are {len(of.lane):,} slices, counted from 0, got {row}", 404)
    lane = int(of.lane[row])
    low, high = (int(each) for each in of.rows.lane_from[lane : lane + 2])
    at = low + int(np.searchsorted(of.rows.order[low:high], row)) + by
    return json_answer(place(of, int(of.rows.order[at])) if low <= at < high else {})


@routes.get("/api/profile/timeline/search")
def search() -> Response:
    """`p=`, `q=`, `mode=`, `ranks=`, `index=` or `near=` (ns) → `{total, index, match, bins, names, ranks, problem?}`.

    One match with its rank, where all are, and the `{rank, total}` of each rank. mode: "words", or "regex".
    ranks: `0:0,1:-250`, each with the ns that are added to its times; without them the one of `rank=`. index counts
    from 0 in order of time. near: the first match that begins then or later. bins: how many begin in each of equal
    parts of the trace, [] where nothing is found. names: of all matches; null where they are too many, and where
    `index=` asks for one. problem: why it cannot be searched for. `from=` and `to=` keep to a range of each rank's own
    clock.
    """
    from ..profile.timeline_search import answer_search

    asked = asked_of_query()
    mode = asked.more.get("mode", "words")
    if mode not in ("words", "regex"):
        raise Refused(f"mode: expected words or regex, got {mode[:80]!r}")
    shifts = _shifts(asked.more["ranks"]) if "ranks" in asked.more else {asked.opened.file(asked.rank).rank: 0}
    query, index, near = parameter("q"), whole_number("index"), whole_number("near")
    return json_answer(answer_search(asked, shifts, query, mode == "regex", index, near))


def _shifts(text: str) -> dict[int, int]:
    """Ranks, and what is added to their times, of `0:0,1:-250`. Raises Refused."""
    parts = [_RANK.fullmatch(part) for part in text.split(",")]
    if not all(parts) or len(parts) > _MOST_PARTS:
        raise Refused(f"ranks: expected up to {_MOST_PARTS} of RANK:NS, such as 0:0,1:-250, got {text[:80]!r}")
    return {int(found[1]): int(found[2]) for found in parts if found}


@routes.get("/api/profile/timeline/range")
def a_range() -> Response:
    """`p=`, `rank=`, `from=`, `to=`, `bands=` → `{table, devices}`: slices by name, the split of the devices' time."""
    from ...profiler.timeline import range_devices, range_table
    from ..profile.timeline import bands_named, joined_of, timeline_of

    asked = asked_of_query()
    if asked.window is None:
        raise Refused("from, to: expected the range as two times in ns")
    of, joined, window = timeline_of(asked).timeline, joined_of(asked), asked.window
    bands = bands_named(parameter("bands"), len(of.bands)) if "bands" in asked.more else None
    table, devices = asked.answer(
        "the range", lambda: (range_table(of, joined.nested, *window, bands), range_devices(of, *window))
    )
    told = {name: getattr(devices, name) for name in devices.__dataclass_fields__}
    return json_answer({"table": table.to_json(), "devices": told})


@routes.get("/api/profile/timeline/path")
def path() -> Response:
    """`p=`, `rank=`, `from=`, `to=` → the critical path of the window: `total` (ns), `remarks`, and columns.

    Pieces in order of time: `begin`, `duration` (ns), and `lane`, counted over all lanes of all rows (arrays frame).
    """
    from ..profile.timeline import critical_pieces
    from ..projector.answers import arrays_frame

    return binary(arrays_frame(*critical_pieces(asked_of_query())))
