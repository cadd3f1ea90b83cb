"""Conditions such as `idle > 20%`: read from text, judged on every trace of a report."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Condition", "Figure", "Verdict", "judge", "read_condition"]

Kind = Literal["time", "share", "bytes", "count", "change"]

_TIMES = {"ns": 1.0, "us": 1e3, "µs": 1e3, "ms": 1e6, "s": 1e9}
_BYTES = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
_FORM = re.compile(
    r"\s*(?P<name>[A-Za-z_][\w.:-]*)\s*(?P<compare>>=|<=|==|!=|>|<)\s*(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    r"\s*(?P<unit>%|[A-Za-zµμ]*)\s*"
)
_TAKES: dict[Kind, str] = {
    "time": "a time (us, ms, s) or a share (%)",
    "share": "a share (%)",
    "bytes": "bytes (B, kB, MB, GB, MiB, GiB) or a share of the device's (%)",
    "count": "a number without a unit",
    "change": "a change in %, or in time (us, ms, s)",
}


@dataclass(frozen=True)
class Figure:
    """What a condition is about.

    value  ns, bytes, a count, or a share 0 … 1; None where a trace has no such figure
    share  of a time: of the whole, 0 … 1; of a change: relative to what was before
    why    there is no value, or no share: the end of a sentence
    """

    kind: Kind
    value: float | None
    share: float | None = None
    why: str = ""


@dataclass(frozen=True)
class Condition:
    """`limit` in `unit`. of_change: the limit has a sign, `step > +5%`, compared with what changed since another."""

    text: str
    name: str
    compare: str
    limit: float
    unit: str
    of_change: bool = False

    def limit_for(self, kind: Kind) -> tuple[float, bool]:
        """The limit in the figure's own unit, and whether it is a share. Raises ValueError for another kind's unit."""
        if self.unit == "%" and (kind != "count" or self.of_change):
            return self.limit / 100, True
        if self.unit in _TIMES and kind in ("time", "change"):
            return self.limit * _TIMES[self.unit], False
        if self.unit in _BYTES and kind == "bytes":
            return self.limit * _BYTES[self.unit], False
        if not self.unit and (kind in ("count", "share") or self.limit == 0):
            return self.limit, kind == "share"
        raise ValueError(f"{self.text!r}: {self.name} is compared with {_TAKES[kind]}, got {self.unit or 'no unit'}")


@dataclass(frozen=True)
class Verdict:
    """What became of a condition.

    judged  everything that it was asked of has such a figure
    where   a sentence for each trace that broke it, or that it could not be judged on
    """

    condition: str
    broken: bool
    judged: bool
    where: list[str]


def read_condition(text: str) -> Condition:
    """`NAME > NUMBER UNIT`. Raises ValueError with a sentence."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r}: expected a figure, a comparison and a limit, 'idle > 20%' or 'step > 150ms'")
    unit = found["unit"].replace("μ", "µ")
    if unit not in ("", "%", *_TIMES, *_BYTES):
        raise ValueError(f"{text!r}: there is no unit {unit!r}; there are %, {', '.join([*_TIMES, *_BYTES])}")
    name, number = found["name"].replace("-", "_"), found["number"]
    of_change = number[0] in "+-" and not name.startswith("change.")
    return Condition(text.strip(), name, found["compare"], float(number), unit, of_change)


def judge(condition: Condition, figures: Sequence[tuple[str, Mapping[str, Figure]]]) -> Verdict:
    """The condition on the figures of each place. Raises ValueError for a name that nothing has, and for a wrong unit.

    figures: (what the place is called, its figures)
    """
    known = {name: figure.kind for _, of_place in figures for name, figure in of_place.items()}
    if figures and condition.name not in known:
        raise ValueError(f"{condition.text!r}: there is no figure {condition.name!r}; there are {', '.join(known)}")
    broken, lacking = [], [] if figures else ["cannot be judged: there is no trace"]
    for place, of_place in figures:
        figure = of_place.get(condition.name)
        if figure is None:
            continue
        value, as_share = _value(condition, figure)
        if value is None:
            lacking.append(f"{place}: {condition.name} cannot be judged: {figure.why or 'there is no such figure'}")
        elif _COMPARE[condition.compare](value, condition.limit_for(figure.kind)[0]):
            did = "changed by" if condition.of_change else "is"
            broken.append(f"{place}: {condition.name} {did} {_text(value, figure.kind, as_share)}")
    return Verdict(condition.text, bool(broken), not lacking, [*broken, *lacking])


def _value(condition: Condition, figure: Figure) -> tuple[float | None, bool]:
    """What is compared with the limit, and whether it is a share. Raises ValueError for a wrong unit."""
    _, as_share = condition.limit_for(figure.kind)
    if as_share and figure.kind == "time" and figure.share is None and figure.value is not None and not figure.why:
        raise ValueError(f"{condition.text!r}: {condition.name} is compared with a time (us, ms, s): it is no share")
    return (figure.share if as_share and figure.kind != "share" else figure.value), as_share


def _text(value: float, kind: Kind, as_share: bool) -> str:
    from ..analysis.wording import percent, time_text

    if as_share:
        return percent(value)
    if kind in ("time", "change"):
        return time_text(value)
    return f"{value:,.0f} bytes" if kind == "bytes" else f"{value:,.10g}"
