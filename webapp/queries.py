"""What clients send, checked once, at the edge, into types that cannot be wrong."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

__all__ = ["Refused", "ScalarsQuery", "SeriesQuery", "View", "one_of", "parse_json", "scalars_query"]

Axis = Literal["step", "relative", "wall"]
Segments = Literal["latest", "all", "separate"]
AXIS_NAMES: tuple[Axis, ...] = get_args(Axis)
SEGMENT_CHOICES: tuple[Segments, ...] = get_args(Segments)
MOST_TAGS = 64
MOST_SERIES = 20_000
MOST_PIXELS = 8_192
STRONGEST_SMOOTHING = 0.9999


Word = TypeVar("Word", bound=str)


class Refused(Exception):
    """A request that is not answered; the text is the sentence the client gets, `status` its 4xx or 5xx."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class View:
    """How a chart looks at its series."""

    axis: Axis
    log_x: bool
    range: tuple[float, float] | None  # in units of the axis: steps, seconds since the run's start, epoch seconds
    pixels: int  # width of the chart
    smoothing: float  # 0: none
    segments: Segments


@dataclass(frozen=True, slots=True)
class SeriesQuery:
    """One tag of several runs; what the client has of them already."""

    tag: str
    runs: tuple[str, ...]
    known: tuple[int, ...]  # per run: points the client has; () for none
    epochs: tuple[int, ...]  # per run: the epoch they came from


@dataclass(frozen=True, slots=True)
class ScalarsQuery:
    """The body of POST /api/scalars."""

    view: View
    series: tuple[SeriesQuery, ...]


def parse_json(body: bytes) -> Any:
    """The JSON value in `body`; NaN and Infinity are refused as JSON refuses them."""

    def no_constant(name: str) -> None:
        raise Refused(f"the body holds {name}, which is not JSON")

    try:
        return json.loads(body, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(f"the body is not JSON: {error}") from None


def scalars_query(body: Any) -> ScalarsQuery:
    """Check the parsed body of POST /api/scalars. Raises Refused."""
    if not isinstance(body, dict):
        raise Refused(f"the body: expected an object, got {_kind(body)}")
    series = body.get("series")
    if not isinstance(series, list):
        raise Refused(f"series: expected a list, got {_kind(series)}")
    if len(series) > MOST_TAGS:
        raise Refused(f"series: {len(series):,} tags asked for, at most {MOST_TAGS} are answered at once")
    parsed = tuple(_series(entry, f"series[{i}]") for i, entry in enumerate(series))
    total = sum(len(entry.runs) for entry in parsed)
    if total > MOST_SERIES:
        raise Refused(f"series: {total:,} series asked for, at most {MOST_SERIES:,} are answered at once", 413)
    return ScalarsQuery(_view(body), parsed)


def one_of(value: Any, allowed: tuple[Word, ...], name: str) -> Word:
    """`value` if it is one of the allowed words. Raises Refused."""
    for word in allowed:
        if value == word:
            return word
    raise Refused(f"{name}: expected one of {', '.join(allowed)}, got {_show(value)}")


def _view(body: dict[str, Any]) -> View:
    smoothing = _number(body.get("smoothing", 0.0), "smoothing")
    if not 0.0 <= smoothing <= STRONGEST_SMOOTHING:
        raise Refused(f"smoothing: expected a number from 0 to {STRONGEST_SMOOTHING}, got {smoothing:g}")
    pixels = body.get("pixels", 600)
    if not _is_int(pixels) or not 1 <= pixels <= MOST_PIXELS:
        raise Refused(f"pixels: expected a whole number from 1 to {MOST_PIXELS}, got {_show(pixels)}")
    log_x = body.get("log_x", False)
    if not isinstance(log_x, bool):
        raise Refused(f"log_x: expected true or false, got {_show(log_x)}")
    return View(
        axis=one_of(body.get("x", "step"), AXIS_NAMES, "x"),
        log_x=log_x,
        range=_range(body.get("range")),
        pixels=pixels,
        smoothing=smoothing,
        segments=one_of(body.get("segments", "latest"), SEGMENT_CHOICES, "segments"),
    )


def _range(value: Any) -> tuple[float, float] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise Refused(f"range: expected [low, high], got {_show(value)}")
    low, high = _number(value[0], "range[0]"), _number(value[1], "range[1]")
    if low > high:
        raise Refused(f"range: the low end {low:g} lies above the high end {high:g}")
    return low, high


def _series(entry: Any, where: str) -> SeriesQuery:
    if not isinstance(entry, dict):
        raise Refused(f"{where}: expected an object, got {_kind(entry)}")
    tag, runs = entry.get("tag"), entry.get("runs")
    if not isinstance(tag, str):
        raise Refused(f"{where}.tag: expected a string, got {_kind(tag)}")
    if not isinstance(runs, list) or not all(isinstance(run, str) for run in runs):
        raise Refused(f"{where}.runs: expected a list of strings, got {_kind(runs)}")
    known, epochs = _counts(entry, "from", len(runs), where), _counts(entry, "epoch", len(runs), where)
    if bool(known) != bool(epochs):
        raise Refused(f"{where}: from and epoch belong together")
    return SeriesQuery(tag, tuple(runs), known, epochs)


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
