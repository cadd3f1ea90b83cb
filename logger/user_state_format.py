"""The user state as a JSON document: what may be in it, and how it is changed.

    {"stepscope_state": 1,
     "runs":        {run: {"name", "color": "#rrggbb", "tags": [text], "note": Markdown, "hidden": bool}},
     "groups":      {name: [runs]},
     "baseline":    run or null,
     "views":       {name: view},
     "alerts":      [rule],
     "columns":     {…},
     "annotations": [{"text", "step", "wall_time"?, "run"?}]}

Every key but the first may be absent; unknown keys are kept as they are.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["EMPTY", "BadChange", "Change", "Problem", "applied", "changes_from_json", "parse_document", "problems"]

VERSION = 1
EMPTY: dict[str, Any] = {
    "stepscope_state": VERSION,
    "runs": {},
    "groups": {},
    "baseline": None,
    "views": {},
    "alerts": [],
    "columns": {},
    "annotations": [],
}
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_LONGEST_NAME = 4_000  # characters of a run, a group, a view
_LONGEST_NOTE = 100_000  # bytes
_LONGEST_TEXT = 10_000  # characters
_MOST_CHANGES = 20_000  # in one request: all runs of a large log get a colour at once
_DEEPEST_PATH = 8
_DEEPEST_VALUE = 40
_MOST_TAGS = 100


class BadChange(ValueError):
    """A change that the document cannot take; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Change:
    """Put `value` at `path`, keys from the outside in; None takes away what is there."""

    path: tuple[str, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a document."""

    path: tuple[str, ...]
    sentence: str


def changes_from_json(body: Any) -> list[Change]:
    """The changes in `{"changes": [{"path": ["runs", "a", "color"], "value": "#123456"}, …]}`. Raises BadChange."""
    listed = body.get("changes") if isinstance(body, dict) else None
    if not isinstance(listed, list):
        raise BadChange('expected {"changes": [{"path": [...], "value": ...}, ...]}')
    if len(listed) > _MOST_CHANGES:
        raise BadChange(f"{len(listed):,} changes at once, at most {_MOST_CHANGES:,} are taken")
    return [_change(entry, f"changes[{i}]") for i, entry in enumerate(listed)]


def _change(entry: Any, where: str) -> Change:
    if not isinstance(entry, dict) or entry.keys() != {"path", "value"}:
        raise BadChange(f'{where}: expected {{"path": [...], "value": ...}}')
    path = entry["path"]
    if not isinstance(path, list) or not 1 <= len(path) <= _DEEPEST_PATH:
        raise BadChange(f"{where}.path: expected a list of 1 to {_DEEPEST_PATH} keys")
    if not all(isinstance(key, str) and 0 < len(key) <= _LONGEST_NAME for key in path):
        raise BadChange(f"{where}.path: expected texts of 1 to {_LONGEST_NAME:,} characters")
    if path[0] == "stepscope_state":
        raise BadChange(f"{where}.path: the version of the format cannot be changed")
    if _depth(entry["value"]) > _DEEPEST_VALUE:
        raise BadChange(f"{where}.value: nested more than {_DEEPEST_VALUE} deep")
    return Change(tuple(path), entry["value"])


def _depth(value: Any) -> int:
    """Lists and objects inside each other; without recursion, as a hostile value would exhaust it."""
    depth, level = 0, [value]
    while level := [inner for inner in level if isinstance(inner, dict | list)]:
        depth += 1
        level = [item for inner in level for item in (inner.values() if isinstance(inner, dict) else inner)]
    return depth


def parse_document(data: bytes) -> dict[str, Any]:
    """The document in a file. Raises ValueError with a sentence."""

    def no_constant(name: str) -> None:
        raise ValueError(f"it holds {name}, which is not JSON")

    try:
        document = json.loads(data, parse_constant=no_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(document, dict) or "stepscope_state" not in document:
        raise ValueError('it is not a JSON object with the key "stepscope_state"')
    return document


def applied(document: dict[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    """A copy with the changes made; objects that become empty below a section go too. Raises BadChange."""
    result = copy.deepcopy(document)
    for change in changes:
        _apply(result, change)
    return result


def _apply(document: dict[str, Any], change: Change) -> None:
    *outer, last = change.path
    parents = [document]
    for key in outer:
        inner = parents[-1].get(key)
        if inner is None:
            if change.value is None:
                return
            inner = parents[-1][key] = {}
        if not isinstance(inner, dict):
            raise BadChange(f"{_shown(change.path)}: {key[:80]!r} is not an object")
        parents.append(inner)
    if change.value is not None:
        parents[-1][last] = copy.deepcopy(change.value)
        return
    parents[-1].pop(last, None)
    for i in range(len(outer) - 1, 0, -1):  # the sections themselves stay
        if not parents[i + 1]:
            del parents[i][outer[i]]


# --- what may be where ---


def problems(document: dict[str, Any]) -> Iterator[Problem]:
    """Everything in the document that does not mean what its key says."""
    for key, check in _SECTIONS.items():
        value = document.get(key)
        if value is not None:
            yield from check(value, (key,))


def _runs(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    for run, entry in _object(value):
        if not isinstance(entry, dict):
            yield _problem((*path, run), "expected an object")
            continue
        for key, field in entry.items():
            if key in _RUN_FIELDS and field is not None and (sentence := _RUN_FIELDS[key](field)):
                yield _problem((*path, run, key), sentence)
    yield from _not_an_object(value, path)


def _groups(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    for name, members in _object(value):
        if not isinstance(members, list) or not all(isinstance(run, str) for run in members):
            yield _problem((*path, name), "expected a list of runs")
    yield from _not_an_object(value, path)


def _views(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    for name, view in _object(value):
        if not isinstance(view, dict):
            yield _problem((*path, name), "expected an object")
    yield from _not_an_object(value, path)


def _baseline(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        yield _problem(path, "expected the name of a run, or null")


def _columns(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    yield from _not_an_object(value, path)


def _alerts(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    if not isinstance(value, list) or not all(isinstance(rule, dict) for rule in value) or len(value) > 1_000:
        yield _problem(path, "expected a list of at most 1,000 rules, each an object")


def _annotations(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    if not isinstance(value, list) or not all(map(_is_annotation, value)) or len(value) > 10_000:
        yield _problem(path, 'expected a list of at most 10,000 of {"text", "step", "wall_time"?, "run"?}')


def _is_annotation(entry: Any) -> bool:
    if not isinstance(entry, dict) or _text(entry.get("text"), _LONGEST_TEXT) or not _is_number(entry.get("step")):
        return False
    wall_time, run = entry.get("wall_time"), entry.get("run")
    return (wall_time is None or _is_number(wall_time)) and (run is None or isinstance(run, str))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any, longest: int) -> str:
    """What is wrong with a text; "" when nothing is."""
    if not isinstance(value, str):
        return "expected a text"
    return f"the text has {len(value):,} characters, at most {longest:,} are kept" if len(value) > longest else ""


def _color(value: Any) -> str:
    return "" if isinstance(value, str) and _COLOR.fullmatch(value) else "expected a colour like #1f77b4"


def _note(value: Any) -> str:
    if not isinstance(value, str):
        return "expected a text"
    size = len(value.encode("utf-8", "surrogatepass"))
    return f"the note has {size:,} bytes, at most {_LONGEST_NOTE:,} are kept" if size > _LONGEST_NOTE else ""


def _tags(value: Any) -> str:
    if not isinstance(value, list) or len(value) > _MOST_TAGS or any(_text(tag, 200) for tag in value):
        return f"expected a list of at most {_MOST_TAGS} texts of at most 200 characters"
    return ""


def _hidden(value: Any) -> str:
    return "" if isinstance(value, bool) else "expected true or false"


def _object(value: Any) -> Iterator[tuple[str, Any]]:
    yield from value.items() if isinstance(value, dict) else ()


def _not_an_object(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield _problem(path, "expected an object")


def _problem(path: tuple[str, ...], sentence: str) -> Problem:
    return Problem(path, f"{_shown(path)}: {sentence}")


def _shown(path: Sequence[str]) -> str:
    return ".".join(key if len(key) <= 80 else f"{key[:77]}..." for key in path)


_RUN_FIELDS: dict[str, Callable[[Any], str]] = {
    "name": lambda value: _text(value, 1_000),
    "color": _color,
    "tags": _tags,
    "note": _note,
    "hidden": _hidden,
}
_SECTIONS: dict[str, Callable[[Any, tuple[str, ...]], Iterator[Problem]]] = {
    "runs": _runs,
    "groups": _groups,
    "baseline": _baseline,
    "views": _views,
    "alerts": _alerts,
    "columns": _columns,
    "annotations": _annotations,
}
