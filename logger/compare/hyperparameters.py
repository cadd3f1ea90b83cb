"""The hyperparameters of every row: one union of keys, with the types that were meant."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..reader.discovery import natural_key
from .joins import Joins
from .sessions import HParam, SessionFacts

__all__ = ["HParam", "HParamInfo", "describe", "hyperparameters"]

_VALUES_LISTED = 50
_EXACT = 2.0**53  # whole floats below it are whole numbers


@dataclass(frozen=True)
class HParamInfo:
    """One hyperparameter over all rows."""

    name: str
    kind: str  # "number", "bool", "text", "mixed"
    distinct: int  # different values
    differs: bool  # whether rows differ in it, one that lacks it included
    missing: int  # rows without it
    values: tuple[HParam, ...]  # the first 50 of them, in order


def hyperparameters(joins: Joins, facts: Mapping[str, SessionFacts]) -> dict[str, dict[str, HParam]]:
    """row → name → value, with the values of joined runs; rows without any have an empty dict.

    torch writes True as 1.0. A number is a boolean where an experiment anywhere says so, or another run wrote a real
    one, and all its values are 0 or 1; it is an integer where all values of that name are whole.
    """
    merged: dict[str, dict[str, HParam]] = {}
    for row in joins.rows:
        values: dict[str, HParam] = {}
        for run in (*reversed(joins.members.get(row, ())), row):  # the latest session, then the run itself, win
            if run in facts:
                values.update(facts[run].values)
        merged[row] = values
    declared = frozenset().union(*(fact.bools for fact in facts.values())) if facts else frozenset()
    for name in {name for values in merged.values() for name in values}:
        _settle(name, merged.values(), name in declared)
    return merged


def _settle(name: str, rows: Iterable[dict[str, HParam]], declared: bool) -> None:
    """Give the values of one name their type, in place."""
    having = [values for values in rows if name in values]
    column = [values[name] for values in having]
    types = set(map(type, column))
    numbers = {value for value in column if not isinstance(value, str)} if str in types else set(column)
    if not numbers:
        return
    if (declared or bool in types) and numbers <= {0, 1}:
        convert: type[bool] | type[int] = bool
    elif all(math.isfinite(value) and float(value).is_integer() and abs(value) < _EXACT for value in numbers):  # type: ignore[arg-type]
        convert = int
    else:
        return
    for values, value in zip(having, column, strict=True):
        if not isinstance(value, str):
            values[name] = convert(value)


def describe(rows: Mapping[str, Mapping[str, HParam]]) -> list[HParamInfo]:
    """Every name that any row has, in natural order."""
    found: dict[str, list[HParam]] = {}
    for values in rows.values():
        for name, value in values.items():
            found.setdefault(name, []).append(value)
    return [_describe(name, found[name], len(rows)) for name in sorted(found, key=natural_key)]


def _describe(name: str, values: list[HParam], rows: int) -> HParamInfo:
    unlike = {
        (kind_of(value), str(value)): value for _, value in dict.fromkeys(zip(map(type, values), values, strict=True))
    }
    kinds = {kind for kind, _ in unlike}
    ordered = sorted(unlike.values(), key=_order)
    return HParamInfo(
        name=name,
        kind=kinds.pop() if len(kinds) == 1 else "mixed",
        distinct=len(unlike),
        differs=len(unlike) > 1 or len(values) < rows,
        missing=rows - len(values),
        values=tuple(ordered[:_VALUES_LISTED]),
    )


def kind_of(value: HParam) -> str:
    """ "bool", "number" or "text"."""
    return "bool" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"


def _order(value: HParam) -> tuple[int, float, tuple[object, ...]]:
    if isinstance(value, str):
        return 1, 0.0, natural_key(value)
    return 0, (math.inf if math.isnan(value) else float(value)), ()
