"""A view and the data its charts draw, in one block of bytes.

    u32 LE length H | JSON, padded with spaces to 4 + H = 8 k | frames, each at a multiple of 8 bytes, by lanes

By lanes: first the first byte of every four bytes, then the second …; numbers compress better so (a sixth of the file).
The frames are those of POST /api/scalars (wire.py) and POST /api/table, so that the page's own modules read them. The
JSON says which chart each belongs to ("at" from the end of the JSON).
"""

from __future__ import annotations

import json
import re
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..logger.compare.comparison import compare
from ..logger.compare.patterns import Pattern, PatternTooSlow
from .assets import package_version
from .queries import Refused, as_object, groups_query, scalars_query, tags_at_once
from .report_texts import rendered_texts
from .view_format import chart_problems

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["ReportQuestion", "TooMuch", "report_data", "whole_log_view"]

_SAID = ("name", "color", "note", "tags")
_MOST_BYTES = 200_000_000  # of frames
COLUMNS = 4_000  # a chart is reduced to so many columns of lowest and highest value: enough to zoom in


class TooMuch(Exception):
    """More points than a file should hold: fewer columns are, or fewer charts."""


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """What a report is to show.

    view     as view_format.read_view gives it
    runs     names of the rows to draw, in their order
    people   run → what people added ("runs" of the user state)
    by_hand  name → runs, for views grouped by hand ("groups" of the user state)
    source   where the log is, as the user typed it
    events   as report_events.report_events gives them
    """

    view: dict[str, Any]
    runs: Sequence[str]
    people: dict[str, Any]
    by_hand: dict[str, Any]
    source: str
    events: Sequence[dict[str, Any]] = ()
    columns: int = COLUMNS


def whole_log_view(tags: Sequence[str], title: str) -> dict[str, Any]:
    """A view of every scalar, a section for each first part of the names."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for tag in tags:
        chart = {"type": "line", "title": tag, "series": [{"tag": tag}]}
        sections.setdefault(tag.split("/")[0] if "/" in tag else "", []).append(chart)
    listed = [{"title": name, "charts": charts} for name, charts in sections.items()]
    return {"stepscope_view": 1, "title": title, "settings": {"smoothing": 0.6, "robust": True}, "sections": listed}


def report_data(log: LogDir, question: ReportQuestion) -> bytes:
    """Everything the page of a report needs. Charts that cannot be answered carry a sentence. Raises TooMuch."""
    frames: list[bytes] = []
    position = 0
    charts: list[dict[str, Any]] = []
    for section in question.view["sections"]:
        for chart in section.get("charts", ()):
            entry: dict[str, Any] = {"frames": []}
            try:
                for frame, kind in _frames(log, chart, question, entry):
                    entry["frames"].append({"at": position, "length": len(frame), "kind": kind})
                    frames.append(_by_lanes(frame + b"\0" * (-len(frame) % 8)))
                    position += len(frames[-1])
                    if position > _MOST_BYTES:
                        raise TooMuch
            except Refused as error:
                entry["error"] = str(error)
            charts.append(entry)
    head = json.dumps(_head(log, question, charts), allow_nan=False).encode()
    head += b" " * (-(len(head) + 4) % 8)
    return b"".join([struct.pack("<I", len(head)), head, *frames])


def _by_lanes(frame: bytes) -> bytes:
    return b"".join(frame[lane::4] for lane in range(4))


def _head(log: LogDir, question: ReportQuestion, charts: list[dict[str, Any]]) -> dict[str, Any]:
    snapshot = compare(log)
    starts = {row: snapshot.whole(row).info.first_wall_time for row in snapshot.rows}
    people = {
        run: {key: said[key] for key in _SAID if key in said}
        for run in question.runs
        if (said := question.people.get(run)) is not None
    }
    return {
        "view": question.view,
        "charts": charts,
        "runs": list(question.runs),
        "people": people,
        "rendered": rendered_texts(question.view, people),
        "events": list(question.events),
        # Colours of runs depend on all there are, so that a run looks as it does in the dashboard.
        "all_runs": [[run, start if start == start else None] for run, start in starts.items()],
        "tags": snapshot.scalars,
        "source": question.source,
        "made": time.time(),
        "columns": question.columns,
        "stepscope": package_version(),
    }


def _frames(log: LogDir, chart: Any, question: ReportQuestion, entry: dict[str, Any]) -> Iterator[tuple[bytes, str]]:
    for sentence in chart_problems(chart):
        raise Refused(sentence)
    kind = chart["type"]
    if kind == "line":
        yield from ((frame, "series") for frame in _series_frames(log, chart, question, entry))
    elif kind in ("scatter", "bar"):
        from .report_table import table_frame

        grouping = _grouping(chart, question)
        if kind == "bar" and grouping:
            _bars(log, chart, grouping, question, entry)
        yield table_frame(log, chart, question.people), "table"


def _series_frames(
    log: LogDir, chart: dict[str, Any], question: ReportQuestion, entry: dict[str, Any]
) -> Iterator[bytes]:
    """Answers of POST /api/scalars to the questions that the page would ask for this chart."""
    from .series_answers import reduce_query  # numpy and the compiled kernels
    from .wire import encode

    settings = question.view.get("settings") or {}
    body: dict[str, Any] = {
        "x": chart.get("x", settings.get("x", "step")),
        "log_x": bool(chart.get("log_x")),
        "pixels": question.columns,
        "smoothing": chart.get("smoothing", settings.get("smoothing", 0)),
    }
    runs = list(question.runs)
    if grouping := _grouping(chart, question):
        body["groups"] = _groups(log, grouping, question, entry)
    named = _series_named(chart, compare(log).scalars)
    at_once = tags_at_once(len(runs))
    for begin in range(0, len(named), at_once):
        part = [{**series, "runs": runs} for series in named[begin : begin + at_once]]
        yield b"".join(encode(log.version, reduce_query(log, scalars_query({**body, "series": part}))))


def _series_named(chart: dict[str, Any], tags: Sequence[str]) -> list[dict[str, Any]]:
    """Tags and formulas of a line chart: regular expressions match from the beginning of a tag."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for series in chart.get("series", ()):
        if "tag_regex" in series:
            wanted = [("tag", tag) for tag in _matching(series["tag_regex"], tags)]
        else:
            wanted = [(key, series[key]) for key in ("tag", "formula") if key in series][:1]
        own = {key: series[key] for key in ("smoothing", "derivative") if key in series}
        for key, name in wanted:
            found.setdefault((key, name), {key: name, **own})
    for margin in chart.get("margins", ()):
        for name in (margin.get(key) for key in ("value", "lower", "upper")):
            found.setdefault(("tag", str(name)), {"tag": name})
    return list(found.values())


def _matching(pattern: str, tags: Sequence[str]) -> list[str]:
    """The tags that begin with a match; patterns come from logs, too, and must not take for ever. Raises Refused."""
    try:
        found = Pattern(pattern).searches(tags)
    except (re.error, PatternTooSlow) as error:
        raise Refused(f"tag_regex {pattern[:80]!r}: {error}") from None
    return [tag for tag, match in zip(tags, found, strict=True) if match is not None and match.start() == 0]


def _bars(
    log: LogDir, chart: dict[str, Any], grouping: dict[str, Any], question: ReportQuestion, entry: dict[str, Any]
) -> None:
    """A bar for each group instead of each run."""
    from .group_bars import group_values

    groups = groups_query(_groups(log, grouping, question, entry))
    assert groups is not None
    entry["bars"] = group_values(log, question.people, str(chart.get("column", "")), groups)


def _grouping(chart: dict[str, Any], question: ReportQuestion) -> dict[str, Any] | None:
    """The chart's own, else the view's; null where runs are shown as they are."""
    settings = question.view.get("settings") or {}
    found: dict[str, Any] | None = chart["grouping"] if "grouping" in chart else settings.get("grouping")
    return found


def _groups(log: LogDir, grouping: dict[str, Any], question: ReportQuestion, entry: dict[str, Any]) -> dict[str, Any]:
    """The `groups` of a request, for {"by", "center", "band"} of a view; the entry tells which there are."""
    from ..logger.compare.groups import GroupingError, group_runs

    by = as_object(as_object(grouping, "grouping").get("by", {}), "grouping.by")
    if by.get("kind") == "hand":
        by = {**by, "groups": question.by_hand}
    try:
        found = group_runs(by, list(question.runs), compare(log).hparams)
    except GroupingError as error:
        raise Refused(f"the grouping: {error.message}") from None
    members = [{"name": group.name, "runs": group.runs} for group in found]
    how = {"center": grouping.get("center", "mean"), "band": grouping.get("band", "std")}
    entry["groups"], entry["band"] = [member["name"] for member in members], how
    return {**how, "members": members}
