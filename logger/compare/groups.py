"""Which runs belong together: by a pattern in their names, by folder, by hyperparameters, by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .patterns import Pattern, PatternTooSlow

__all__ = ["BY", "Group", "GroupingError", "group_runs"]

Value = bool | float | int | str
BY = ("regex", "prefix", "hparams", "hand")
_JOIN, _ABSENT = " · ", "–"
_LONGEST_PATTERN = 1_000
_NAMED_AS_IN_JAVASCRIPT = re.compile(r"\(\?<(?=[A-Za-z_])")


class GroupingError(ValueError):
    """A grouping that cannot be done; start and end are the characters of the pattern that are wrong, if one is."""

    def __init__(self, message: str, start: int = 0, end: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


@dataclass(frozen=True)
class Group:
    """Runs that belong together, and what they share: values of hyperparameters or of named capture groups."""

    name: str
    runs: list[str]
    values: dict[str, Value]


Key = tuple[tuple[str, Value | None], ...]  # (name or "", value) of each part of a group's name


def group_runs(
    by: Mapping[str, Any],
    runs: Sequence[str],
    hparams: Mapping[str, Mapping[str, Value]] | None = None,
) -> list[Group]:
    """The groups of `runs`, in the order of the runs; what matches nothing comes last, as "other".

    by   {"kind": "regex", "pattern": text}   runs with the same captures: "resnet · 0.1", or "lr=0.1" from a named one
                                              (?P<lr>…); the whole match where nothing is captured. re.search.
         {"kind": "prefix", "depth": n}       runs with the same first n folders of their names; -n: all but the last n
         {"kind": "hparams", "keys": [name]}  runs with the same values, in their order
         {"kind": "hand", "groups": {name: [run]}}   as given; runs that are not in `runs` are left out
    hparams   run → its hyperparameters
    Raises GroupingError.
    """
    kind = by.get("kind")
    if kind == "hand":
        return _by_hand(by.get("groups"), runs)
    if kind == "regex":
        key = _by_pattern(by.get("pattern"), runs)
    elif kind == "prefix":
        key = _by_prefix(by.get("depth"))
    elif kind == "hparams":
        key = _by_hparams(by.get("keys"), hparams or {})
    else:
        raise GroupingError(f"groups: kind is one of {', '.join(BY)}, got {kind!r}")
    found: dict[Key | None, list[str]] = {}
    for run in runs:
        found.setdefault(key(run), []).append(run)
    other = found.pop(None, [])
    named = [(parts, members) for parts, members in found.items() if parts is not None]
    if kind == "hparams":
        named.sort(key=lambda entry: [_order(value) for _, value in entry[0]])
    groups = [Group(_title(parts), members, _shared(parts)) for parts, members in named]
    return _with_other(groups, other)


def _by_pattern(pattern: Any, runs: Sequence[str]) -> Callable[[str], Key | None]:
    if not isinstance(pattern, str) or len(pattern) > _LONGEST_PATTERN:
        raise GroupingError(f"groups: pattern is a text of at most {_LONGEST_PATTERN:,} characters")
    try:
        compiled = Pattern(_NAMED_AS_IN_JAVASCRIPT.sub("(?P<", pattern))
        found = dict(zip(runs, compiled.searches(runs), strict=True))
    except re.error as error:
        at = min(error.pos or 0, max(len(pattern) - 1, 0))
        raise GroupingError(f"the pattern is no regular expression: {error}", at, at + 1) from None
    except PatternTooSlow as error:
        raise GroupingError(str(error), 0, len(pattern)) from None
    numbers = range(1, compiled.groups + 1)

    def key(run: str) -> Key | None:
        match = found[run]
        if match is None:
            return None
        if not compiled.groups:
            return (("", match[0]),)
        return tuple((compiled.names.get(number, ""), match[number]) for number in numbers)

    return key


def _by_prefix(depth: Any) -> Callable[[str], Key | None]:
    if isinstance(depth, bool) or not isinstance(depth, int) or depth == 0:
        raise GroupingError("groups: depth is a whole number of folders: 1, 2 … from the left, -1, -2 … from the right")

    def key(run: str) -> Key | None:
        parts = run.split("/")
        shared = parts[:depth]
        return (("", "/".join(shared)),) if shared else None

    return key


def _by_hparams(keys: Any, hparams: Mapping[str, Mapping[str, Value]]) -> Callable[[str], Key | None]:
    if not isinstance(keys, list) or not keys or not all(isinstance(name, str) for name in keys):
        raise GroupingError("groups: keys is a list of names of hyperparameters")

    def key(run: str) -> Key | None:
        values = hparams.get(run, {})
        if not any(name in values for name in keys):
            return None
        return tuple((name, _distinct(values.get(name))) for name in keys)

    return key


def _by_hand(groups: Any, runs: Sequence[str]) -> list[Group]:
    if not isinstance(groups, Mapping) or not all(isinstance(members, list) for members in groups.values()):
        raise GroupingError("groups: groups is an object, name → list of runs")
    there = set(runs)
    made = [Group(str(name), [run for run in members if run in there], {}) for name, members in groups.items()]
    taken = {run for group in made for run in group.runs}
    return _with_other(made, [run for run in runs if run not in taken])


def _with_other(groups: list[Group], other: list[str]) -> list[Group]:
    if not other:
        return groups
    name = "other"
    while any(group.name == name for group in groups):
        name += " runs"
    return [*groups, Group(name, other, {})]


def _distinct(value: Value | None) -> Value | None:
    """True and 1 are equal to Python, not to a reader; 1 and 1.0 are to both. As text, a truth is neither."""
    return _text(value) if isinstance(value, bool) else value


def _order(value: Value | None) -> tuple[int, float, str]:
    """Numbers by size, then texts, then what is missing."""
    if value is None:
        return 2, 0.0, ""
    if isinstance(value, str):
        return 1, 0.0, value
    return 0, float(value), ""


def _title(parts: Key) -> str:
    return _JOIN.join(f"{name}={_text(value)}" if name else _text(value) for name, value in parts)


def _shared(parts: Key) -> dict[str, Value]:
    return {name: value for name, value in parts if name and value is not None}


def _text(value: Value | None) -> str:
    if value is None:
        return _ABSENT
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)
