"""What clients send, checked once, at the edge, into types that cannot be wrong."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, get_args

from ..logger.compare.choices import CENTRES, SMOOTHING_KINDS, SPREADS, Centre, Smoothing, Spread
from ..logger.strict_json import parse_strictly

__all__ = [
    "GroupsQuery", "Refused", "ScalarsQuery", "SeriesQuery", "View", "as_object", "groups_query", "names_list",
    "one_of", "parse_json", "range_query", "scalars_query", "series_queries", "tags_at_once", "x_axis",
]  # fmt: skip

Axis = Literal["step", "relative", "wall"]
Segments = Literal["latest", "all", "separate"]
AXIS_NAMES: tuple[Axis, ...] = get_args(Axis)
SEGMENT_CHOICES: tuple[Segments, ...] = get_args(Segments)
MOST_TAGS = 64
MOST_SERIES = 20_000
MOST_PIXELS = 8_192
MOST_TEXT = 4_000  # characters of a formula


Word = TypeVar("Word", bound=str)


class Refused(Exception):
    """A request that is not answered; the text is the sentence the client gets, `status` its 4xx or 5xx.

    `span`: the characters of a formula that are wrong.
    """

    def __init__(self, sentence: str, status: int = 400, span: tuple[int, int] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.span = span


@dataclass(frozen=True, slots=True)
class View:
    """How a chart looks at its series."""

    axis: Axis
    log_x: bool
    range: tuple[float, float] | None  # in units of the axis: steps, seconds since the run's start, epoch seconds
    pixels: int  # width of the chart
    smoothing: Smoothing | None  # of series that do not say otherwise
    segments: Segments
    x_tag: str | None = None  # the scalar whose value is x instead of the axis; range is in its units then
    derivative: bool = False  # of series that do not say otherwise


@dataclass(frozen=True, slots=True)
class SeriesQuery:
    """One tag, or one formula over tags, of several runs; what the client has of them already."""

    tag: str  # or the text of the formula
    runs: tuple[str, ...]
    known: tuple[int, ...]  # per run: points the client has; () for none
    epochs: tuple[int, ...]  # per run: the epoch they came from
    is_formula: bool = False
    smoothing: Smoothing | None = None
    derivative: bool = False


@dataclass(frozen=True, slots=True)
class GroupsQuery:
    """Groups of runs, each drawn as one line with a band."""

    center: Centre
    band: Spread
    members: tuple[tuple[str, tuple[str, ...]], ...]  # name and runs of each

    def all_runs(self) -> tuple[str, ...]:
        """Every run of any group, once."""
        return tuple(dict.fromkeys(run for _, runs in self.members for run in runs))


@dataclass(frozen=True, slots=True)
class ScalarsQuery:
    """The body of POST /api/scalars."""

    view: View
    series: tuple[SeriesQuery, ...]
    groups: GroupsQuery | None = None


def parse_json(body: bytes) -> Any:
    """The JSON value in `body`. Raises Refused, for NaN and the infinities as well."""
    try:
        return parse_strictly(body, "the body")
    except ValueError as error:
        raise Refused(str(error)) from None


def scalars_query(body: Any) -> ScalarsQuery:
    """Check the parsed body of POST /api/scalars. Raises Refused.

    Groups, like formulas, are of the latest points: a run has one value at a step.
    """
    fields = as_object(body)
    view, groups = _view(fields), groups_query(fields.get("groups"))
    if groups is not None:
        view = replace(view, segments="latest")
    return ScalarsQuery(view, series_queries(fields, view, groups), groups)


def series_queries(body: dict[str, Any], view: View, groups: GroupsQuery | None) -> tuple[SeriesQuery, ...]:
    """The list `series` of a body; with groups, each of them is of the groups' runs. Raises Refused."""
    series = body.get("series")
    if not isinstance(series, list):
        raise Refused(f"series: expected a list, got {_kind(series)}")
    if len(series) > MOST_TAGS:
        raise Refused(f"series: {len(series):,} tags asked for, at most {MOST_TAGS} are answered at once")
    runs = groups.all_runs() if groups is not None else None
    parsed = tuple(_series(entry, f"series[{i}]", view, runs) for i, entry in enumerate(series))
    total = sum(len(entry.runs) for entry in parsed)
    if total > MOST_SERIES:
        raise Refused(f"series: {total:,} series asked for, at most {MOST_SERIES:,} are answered at once", 413)
    return parsed


def groups_query(value: Any) -> GroupsQuery | None:
    """`{center, band, members: [{name, runs}]}`; None for null. Raises Refused."""
    if value is None:
        return None
    fields = as_object(value, "groups")
    members = fields.get("members")
    if not isinstance(members, list):
        raise Refused(f"groups.members: expected a list, got {_kind(members)}")
    parsed = []
    for i, member in enumerate(members):
        where = f"groups.members[{i}]"
        name = as_object(member, where).get("name")
        if not isinstance(name, str):
            raise Refused(f"{where}.name: expected a string, got {_kind(name)}")
        parsed.append((name, tuple(dict.fromkeys(names_list(member.get("runs"), f"{where}.runs")))))
    return GroupsQuery(
        center=one_of(fields.get("center", "mean"), CENTRES, "groups.center"),
        band=one_of(fields.get("band", "std"), SPREADS, "groups.band"),
        members=tuple(parsed),
    )


def as_object(value: Any, name: str = "the body") -> dict[str, Any]:
    """`value` if it is a JSON object. Raises Refused."""
    if not isinstance(value, dict):
        raise Refused(f"{name}: expected an object, got {_kind(value)}")
    return value


def as_list(value: Any, name: str) -> list[Any]:
    """`value` if it is a JSON list. Raises Refused."""
    if not isinstance(value, list):
        raise Refused(f"{name}: expected a list, got {_kind(value)}")
    return value


def names_list(value: Any, name: str) -> list[str]:
    """`value` if it is a list of strings. Raises Refused."""
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise Refused(f"{name}: expected a list of strings, got {_kind(value)}")
    return value


def x_axis(value: Any) -> tuple[Axis, str | None]:
    """The x of a body: an axis, or {"tag": name of a scalar} (whose axis is "step" where one is needed)."""
    if isinstance(value, dict):
        tag = value.get("tag")
        if not isinstance(tag, str):
            raise Refused(f"x.tag: expected a string, got {_kind(tag)}")
        return "step", tag
    return one_of(value, AXIS_NAMES, "x"), None


def tags_at_once(runs: int) -> int:
    """How many tags of so many runs one query may hold: who wants more asks several times."""
    return max(1, min(MOST_TAGS, MOST_SERIES // max(1, runs)))


def one_of(value: Any, allowed: tuple[Word, ...], name: str) -> Word:
    """`value` if it is one of the allowed words. Raises Refused."""
    for word in allowed:
        if value == word:
            return word
    raise Refused(f"{name}: expected one of {', '.join(allowed)}, got {_show(value)}")


def _view(body: dict[str, Any]) -> View:
    pixels = body.get("pixels", 600)
    if not _is_int(pixels) or not 1 <= pixels <= MOST_PIXELS:
        raise Refused(f"pixels: expected a whole number from 1 to {MOST_PIXELS}, got {_show(pixels)}")
    axis, x_tag = x_axis(body.get("x", "step"))
    return View(
        axis=axis,
        log_x=_truth(body.get("log_x", False), "log_x"),
        range=range_query(body.get("range")),
        pixels=pixels,
        smoothing=_smoothing(body.get("smoothing", 0.0), "smoothing"),
        segments=one_of(body.get("segments", "latest"), SEGMENT_CHOICES, "segments"),
        x_tag=x_tag,
        derivative=_truth(body.get("derivative", False), "derivative"),
    )


def _smoothing(value: Any, name: str) -> Smoothing | None:
    """A number is the weight of the exponential average; None where nothing would be smoothed."""
    kind, amount = (value.get("kind"), value.get("amount")) if isinstance(value, dict) else ("ema", value)
    word = one_of(kind, SMOOTHING_KINDS, f"{name}.kind")
    number = _number(amount, f"{name}.amount" if isinstance(value, dict) else name)
    try:
        smoothing = Smoothing(word, number)
    except ValueError as error:
        raise Refused(str(error)) from None
    return None if smoothing.is_none else smoothing


def _truth(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise Refused(f"{name}: expected true or false, got {_show(value)}")
    return value


def range_query(value: Any) -> tuple[float, float] | None:
    """`[low, high]`; None for null. Raises Refused."""
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise Refused(f"range: expected [low, high], got {_show(value)}")
    low, high = _number(value[0], "range[0]"), _number(value[1], "range[1]")
    if low > high:
        raise Refused(f"range: the low end {low:g} lies above the high end {high:g}")
    return low, high


def _series(entry: Any, where: str, view: View, group_runs: tuple[str, ...] | None) -> SeriesQuery:
    fields = as_object(entry, where)
    is_formula = "tag" not in fields and "formula" in fields
    tag = fields.get("formula" if is_formula else "tag")
    if not isinstance(tag, str):
        raise Refused(f"{where}.{'formula' if is_formula else 'tag'}: expected a string, got {_kind(tag)}")
    if is_formula and len(tag) > MOST_TEXT:
        raise Refused(f"{where}.formula: at most {MOST_TEXT:,} characters, got {len(tag):,}")
    if group_runs is None:
        runs = tuple(names_list(fields.get("runs"), f"{where}.runs"))
        known, epochs = _counts(fields, "from", len(runs), where), _counts(fields, "epoch", len(runs), where)
    else:  # bands change everywhere when one run grows: there are no tails
        runs, known, epochs = group_runs, (), ()
    if bool(known) != bool(epochs):
        raise Refused(f"{where}: from and epoch belong together")
    return SeriesQuery(
        tag, runs, known, epochs, is_formula,
        smoothing=_smoothing(fields["smoothing"], f"{where}.smoothing") if "smoothing" in fields else view.smoothing,
        derivative=_truth(fields.get("derivative", view.derivative), f"{where}.derivative"),
    )  # fmt: skip


def _counts(entry: dict[str, Any], key: str, length: int, where: str) -> tuple[int, ...]:
    value = entry.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) != length:
        raise Refused(
            f"{where}.{key}: expected a list with one number for each of the {length} runs, got {_show(value)}"
        )
    if not all(_is_int(number) and 0 <= number < 2**63 for number in value):
        raise Refused(f"{where}.{key}: expected whole numbers of at least 0")
    return tuple(value)


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"{name}: expected a number, got {_show(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise Refused(f"{name}: expected a finite number, got {_show(value)}")
    return number


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _kind(value: Any) -> str:
    """What a JSON value is, in the words of JSON."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(value), "nothing")


def _show(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else text[:77] + "..."
