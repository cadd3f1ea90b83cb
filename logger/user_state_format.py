"""The user state as a JSON document: what may be in it, and how it is changed.

    {"stepscope_state": 1,
     "runs":        {run: {"name", "color": "#rrggbb", "tags": [text], "note": Markdown, "hidden": bool}},
     "groups":      {name: [runs]},
     "baseline":    run or null,
     "views":       {name: view},
     "alerts":      {id: rule}, or null for the rules that come with the dashboard,
     "columns":     {…},
     "annotations": {id: {"text", "step", "wall_time"?, "run"?}},
     "bookmarks":   {name: {"address": of the page, "selection"?, "isolated"?}} of embeddings,
     "selections":  {embedding: {name: {"rows": text, "points": how many the embedding had}}}}

Every key but the first may be absent; unknown keys are kept as they are. Everything that people edit one by one has a
key of its own, so that two edits at a time meet only where they are about the same thing. Alerts and annotations may
also be lists, as a hand writes them: they are given keys when they are read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "EMPTY", "LONGEST_NAME", "MOST_ITEMS", "VERSION", "BadChange", "Change", "Overtaken", "applied",
    "changes_from_json", "itemised", "shown", "value_at",
]  # fmt: skip

VERSION = 1
EMPTY: dict[str, Any] = {
    "stepscope_state": VERSION,
    "runs": {},
    "groups": {},
    "baseline": None,
    "views": {},
    "alerts": None,
    "columns": {},
    "annotations": {},
    "bookmarks": {},
    "selections": {},
}
LONGEST_NAME = 4_000  # characters of a run, a group, a view
_MOST_CHANGES = 20_000  # in one request: all runs of a large log get a colour at once
_DEEPEST_PATH = 8
_DEEPEST_VALUE = 40
MOST_ITEMS = {"alerts": 1_000, "annotations": 10_000}
_ANYTHING = object()


class BadChange(ValueError):
    """A change that the document cannot take; the text says which and why."""


class Overtaken(BadChange):
    """Somebody else changed meanwhile what a change was made for."""


@dataclass(frozen=True, slots=True)
class Change:
    """Put `value` at `path`, keys from the outside in; None takes away what is there.

    was   what must be there (None: nothing) for the change to be made; unless it is told, whatever is there
    """

    path: tuple[str, ...]
    value: Any
    was: Any = _ANYTHING


def changes_from_json(body: Any) -> list[Change]:
    """The changes in `{"changes": [{"path": ["runs", "a", "color"], "value": "#123456", "was"?}, …]}`.

    Raises BadChange.
    """
    listed = body.get("changes") if isinstance(body, dict) else None
    if not isinstance(listed, list):
        raise BadChange('expected {"changes": [{"path": [...], "value": ...}, ...]}')
    if len(listed) > _MOST_CHANGES:
        raise BadChange(f"{len(listed):,} changes at once, at most {_MOST_CHANGES:,} are taken")
    return [_change(entry, f"changes[{i}]") for i, entry in enumerate(listed)]


def _change(entry: Any, where: str) -> Change:
    if not isinstance(entry, dict) or entry.keys() - {"was"} != {"path", "value"}:
        raise BadChange(f'{where}: expected {{"path": [...], "value": ...}}, and "was" where it matters')
    path = entry["path"]
    if not isinstance(path, list) or not 1 <= len(path) <= _DEEPEST_PATH:
        raise BadChange(f"{where}.path: expected a list of 1 to {_DEEPEST_PATH} keys")
    if not all(isinstance(key, str) and 0 < len(key) <= LONGEST_NAME for key in path):
        raise BadChange(f"{where}.path: expected texts of 1 to {LONGEST_NAME:,} characters")
    if path[0] == "stepscope_state":
        raise BadChange(f"{where}.path: the version of the format cannot be changed")
    if _depth(entry["value"]) > _DEEPEST_VALUE:
        raise BadChange(f"{where}.value: nested more than {_DEEPEST_VALUE} deep")
    return Change(tuple(path), entry["value"], entry.get("was", _ANYTHING))


def _depth(value: Any) -> int:
    """Lists and objects inside each other; without recursion, as a hostile value would exhaust it."""
    depth, level = 0, [value]
    while level := [inner for inner in level if isinstance(inner, dict | list)]:
        depth += 1
        level = [item for inner in level for item in (inner.values() if isinstance(inner, dict) else inner)]
    return depth


def applied(
    document: dict[str, Any], changes: Sequence[Change], seeds: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """A copy with the changes made, sharing what they do not touch; objects that become empty below a section go too.

    seeds   section → what an absent one stands for, which a change of a part of it is made to

    Raises BadChange, Overtaken.
    """
    result = dict(document)
    copies: dict[int, dict[str, Any]] = {}
    for change in changes:
        section = change.path[0]
        if len(change.path) > 1 and result.get(section) is None and section in (seeds or {}):
            result[section] = dict((seeds or {})[section])
        if change.was is not _ANYTHING and value_at(result, change.path) != change.was:
            raise Overtaken(f"{shown(change.path)}: somebody else has changed it meanwhile")
        _apply(result, change, copies)
        result[section] = itemised(section, result.get(section))
    return result


def value_at(document: Any, path: Sequence[str]) -> Any:
    """What is at a path; None where nothing is."""
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def _apply(result: dict[str, Any], change: Change, copies: dict[int, dict[str, Any]]) -> None:
    """Objects on the way are copied, once: nobody else may see them change.

    copies   those that were made so far, by their id
    """
    *outer, last = change.path
    parents = [result]
    for key in outer:
        inner = parents[-1].get(key)
        if inner is None and change.value is None:
            return
        if not isinstance(inner, dict | None):
            raise BadChange(f"{shown(change.path)}: {key[:80]!r} is not an object")
        copy = copies.get(id(inner))
        if copy is None:
            copy = dict(inner or {})
            copies[id(copy)] = copy
        parents.append(copy)
    if change.value is not None:
        parents[-1][last] = change.value
    else:
        parents[-1].pop(last, None)
    for depth in range(len(outer) - 1, -1, -1):
        key, inner = outer[depth], parents[depth + 1]
        if inner or depth == 0:  # the sections themselves stay
            parents[depth][key] = inner
        else:
            parents[depth].pop(key, None)


def itemised(section: str, value: Any) -> Any:
    """A list of alerts or annotations as an object; the same list always gets the same keys."""
    if section not in MOST_ITEMS or not isinstance(value, list):
        return value
    found: dict[str, Any] = {}
    for number, entry in enumerate(value):
        key = _key_of(section, number, entry)
        while key in found:
            key += "-"
        found[key] = {name: part for name, part in entry.items() if name != "id"} if isinstance(entry, dict) else entry
    return found


def _key_of(section: str, number: int, entry: Any) -> str:
    if isinstance(entry, dict) and isinstance(entry.get("id"), str) and 0 < len(entry["id"]) <= LONGEST_NAME:
        return str(entry["id"])
    if section == "alerts":
        return f"rule-{number + 1}"
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()[:12]


def shown(path: Sequence[str]) -> str:
    return ".".join(key if len(key) <= 80 else f"{key[:77]}..." for key in path)
