"""What may be where in the user state (user_state_format.py says what there is)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .user_state_format import LONGEST_NAME, MOST_ITEMS, shown

__all__ = ["Problem", "problems", "touched"]

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_LONGEST_NOTE = 100_000  # bytes
_LONGEST_TEXT = 10_000  # characters
_MOST_TAGS = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a document."""

    path: tuple[str, ...]
    sentence: str


def problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Everything in the document that does not mean what its key says."""
    for key, check in _SECTIONS.items():
        value = document.get(key)
        if value is not None:
            yield from check(value, (key,))


def touched(document: Mapping[str, Any], paths: Collection[tuple[str, ...]]) -> dict[str, Any]:
    """The part of a document that changes at these paths can have made wrong."""
    part: dict[str, Any] = {}
    for section, *rest in paths:
        value = document.get(section)
        if not rest or not isinstance(value, dict) or len(value) > MOST_ITEMS.get(section, len(value)):
            part[section] = value
        elif part.get(section) is not value and rest[0] in value:
            part.setdefault(section, {})[rest[0]] = value[rest[0]]
    return part


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
        yield from _not_an_object(view, (*path, name))
    yield from _not_an_object(value, path)


def _baseline(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        yield _problem(path, "expected the name of a run, or null")


def _columns(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    yield from _not_an_object(value, path)


def _alerts(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    for name, rule in _object(value):
        yield from _not_an_object(rule, (*path, name))
    yield from _too_many(value, path)
    yield from _not_an_object(value, path)


def _annotations(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    for name, entry in _object(value):
        if not _is_annotation(entry):
            yield _problem((*path, name), 'expected {"text", "step", "wall_time"?, "run"?}')
    yield from _too_many(value, path)
    yield from _not_an_object(value, path)


def _bookmarks(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    for name, mark in _object(value):
        if not _has_texts(mark, ("address",), ("selection", "isolated")):
            yield _problem((*path, name), 'expected {"address", "selection"?, "isolated"?}, each a text')
    yield from _not_an_object(value, path)


def _selections(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    for embedding, kept in _object(value):
        for name, entry in _object(kept):
            if not _has_texts(entry, ("rows",)) or not _is_number(entry.get("points")):
                yield _problem((*path, embedding, name), 'expected {"rows": text, "points": number}')
        yield from _not_an_object(kept, (*path, embedding))
    yield from _not_an_object(value, path)


def _has_texts(value: Any, needed: tuple[str, ...], allowed: tuple[str, ...] = ()) -> bool:
    if not isinstance(value, dict) or not all(key in value for key in needed):
        return False
    return all(isinstance(value[key], str) for key in (*needed, *allowed) if value.get(key) is not None)


def _too_many(value: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    most = MOST_ITEMS[path[0]]
    if isinstance(value, dict) and len(value) > most:
        yield _problem(path, f"there are {len(value):,} of them, at most {most:,} are kept")


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
    return Problem(path, f"{shown(path)}: {sentence}")


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
    "bookmarks": _bookmarks,
    "selections": _selections,
}
