"""What boxes are coloured by → their colours and the legend, in the palette of a theme, as the page has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .theme import Theme

__all__ = ["LegendEntry", "Tints", "tints"]

_WIDE = 200  # times the least: from here on colours go by the logarithm
_STEPS = 7  # of a ramp in the legend
_COUNTS = (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")
_BYTES = (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B")
_SECONDS = (1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")
_UNITS = {"bytes": (_BYTES, ""), "B": (_BYTES, ""), "s": (_SECONDS, ""), "seconds": (_SECONDS, "")}


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A colour, or several along a ramp, and what it means."""

    label: str
    colors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tints:
    """The colour of each id that has one. `heat`: they stand for numbers."""

    of: Mapping[str, str] = field(default_factory=dict)
    legend: tuple[LegendEntry, ...] = ()
    heat: bool = False


def tints(theme: Theme, by: str, ids: Sequence[str], answer: Mapping[str, Any]) -> Tints:
    """`answer`: what box_values answers for these ids."""
    if answer["kind"] == "number":
        return _along(theme, ids, answer["values"], answer["unit"])
    colors = {entry["value"]: _slot(theme, by, entry["value"], slot) for slot, entry in enumerate(answer["legend"])}
    legend = (LegendEntry(f"{one['label']} ({one['count']:,})", (colors[one["value"]],)) for one in answer["legend"])
    named = zip(ids, answer["values"], strict=True)
    return Tints({name: colors[value] for name, value in named if value and value in colors}, tuple(legend))


def _slot(theme: Theme, by: str, value: str, slot: int) -> str:
    if not value:  # all others
        return theme.ink.strong_line
    return theme.status.get(value, theme.ink.strong_line) if by == "status" else theme.slots[slot % len(theme.slots)]


def _along(theme: Theme, ids: Sequence[str], values: Sequence[float | None], unit: str) -> Tints:
    told = {name: value for name, value in zip(ids, values, strict=True) if value is not None}
    if not told:
        return Tints()
    share, ends, logarithmic = _scale([*told.values()])
    stops = tuple(theme.along(step / (_STEPS - 1)) for step in range(_STEPS))
    label = " … ".join(_written(end, unit) for end in ends) + (" (logarithmic)" if logarithmic else "")
    return Tints(
        {name: theme.along(share(value)) for name, value in told.items()}, (LegendEntry(label, stops),), heat=True
    )


def _scale(values: Sequence[float]) -> tuple[Callable[[float], float], tuple[float, float], bool]:
    """(share of a value, the ends, logarithmic): nothing at all is as the least there is where values are far apart."""
    least, greatest = min(values), max(values)
    above = min((value for value in values if value > 0), default=math.inf)
    logarithmic = least >= 0 and greatest > _WIDE * above
    floor = above if logarithmic else least

    def place(value: float) -> float:
        return math.log(max(value, floor)) if logarithmic else value

    span = place(greatest) - place(floor)
    return (lambda value: (place(value) - place(floor)) / span if span > 0 else 1.0), (floor, greatest), logarithmic


def _written(value: float, unit: str) -> str:
    """With its unit, in little room: "1.81 G", "4.2 ms"."""
    scales, own = _UNITS.get(unit, (_COUNTS, unit))
    size, prefix = next(((size, prefix) for size, prefix in scales if abs(value) >= size), scales[-1])
    return " ".join(filter(None, (f"{value / size:.4g}", prefix, own)))
