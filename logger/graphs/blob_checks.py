"""What bytes from a log must be before a graph is made of them: of bearable size, with columns that fit together."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from itertools import chain
from typing import Any

from .bounded_json import parse_json

__all__ = ["MARK", "check", "unpack"]

MARK = b"stepscope graph 1\n"  # the form and its version
_MOST_BYTES = 128 << 20  # unpacked: a million operations
_MOST_ROWS = 5_000_000  # nodes, edges, groups or parameters
_INT32 = 1 << 31


def unpack(data: bytes) -> dict[str, Any]:
    """The JSON object behind the mark. Raises ValueError."""
    if not data.startswith(MARK):
        raise ValueError(f"the graph does not begin with {MARK!r}; a newer version may have written it")
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(data[len(MARK) :], _MOST_BYTES)
    except zlib.error as error:
        raise ValueError(f"the compressed graph is damaged: {error}") from error
    if not reader.eof:
        what = f"unpacks to more than {_MOST_BYTES >> 20} MiB" if reader.unconsumed_tail else "ends too early"
        raise ValueError(f"the compressed graph of {len(data)} bytes {what}")
    content = parse_json(text)
    if not isinstance(content, dict):
        raise ValueError(f"a graph is stored as an object, got {type(content).__name__}")
    return content


def check(content: dict[str, Any]) -> None:
    """Raises ValueError unless every field is there and every place that one names exists."""
    for name in ("title", "format", "level"):
        _want(isinstance(content.get(name), str), f"{name!r} is no text")
    for name, kind in (("notes", str), ("strings", str), ("attributes", dict), ("specs", list), ("outputs", list)):
        _want(_only(content.get(name), kind), f"{name!r} is missing or holds something else")
    _add_later_columns(content)
    tables = {name: _table(content, name) for name in _COLUMNS}
    rows = {name: len(table["name"] if "name" in table else table["target"]) for name, table in tables.items()}
    rows |= {name: len(content[name]) for name in ("strings", "attributes", "specs", "outputs")}
    _want(all(_is_spec(spec, rows["strings"]) for spec in content["specs"]), "one of 'specs' is no tensor")
    _want(_places(chain.from_iterable(content["outputs"]), rows["specs"]), "'outputs' names a tensor that is not there")
    for name, table in tables.items():
        for column, holds in _COLUMNS[name].items():
            _want(_fits(table[column], holds, rows), f"column {column!r} of {name!r} holds something else")
    groups = tables["groups"]["parent"]
    _want(groups[:1] == [-1], "the first group is not the root")
    _want(all(0 <= parent < place for place, parent in enumerate(groups[1:], start=1)), "a group is before its parent")


# What each column holds: texts, numbers or None, lists of places in a table, or places: the table's name, or from..to.
_COLUMNS: dict[str, dict[str, str | range]] = {
    "groups": {
        "name": "text",
        "parent": range(-1, _INT32),
        "type": "strings",
        "module": "strings or -1",
        "call": range(_INT32),
        "source": "strings",
        "attributes": "attributes",
    },
    "nodes": {
        "name": "text",
        "op": "strings",
        "group": "groups",
        "role": range(5),
        "outputs": "outputs",
        "parameters": "lists of parameters",
        "attributes": "attributes",
        "device": "strings",
        "source": "strings",
        "flops": "numbers",
        "time": "numbers",
        "memory": "numbers",
    },
    "edges": {name: range(-_INT32, _INT32) for name in ("target", "back", "output", "input", "control")},
    "parameters": {
        "name": "text",
        "spec": "specs",
        "kind": range(3),
        "trainable": range(2),
        "tied": "lists of strings",
    },
}


def _add_later_columns(content: dict[str, Any]) -> None:
    """What graphs that were written earlier do not have."""
    parameters = content.get("parameters")
    if isinstance(parameters, dict) and isinstance(parameters.get("name"), list):
        parameters.setdefault("tied", [[] for _ in parameters["name"]])


def _fits(column: list[Any], holds: str | range, rows: dict[str, int]) -> bool:
    if isinstance(holds, range):
        return _places(column, holds.stop, holds.start)
    if holds == "text":
        return _only(column, str)
    if holds == "numbers":
        return _only(column, int, float, type(None))
    if holds.startswith("lists of "):
        return _only(column, list) and _places(chain.from_iterable(column), rows[holds.removeprefix("lists of ")])
    table = holds.removesuffix(" or -1")
    return _places(column, rows[table], 0 if table == holds else -1)


def _want(fits: bool, otherwise: str) -> None:
    if not fits:
        raise ValueError(f"the stored graph is damaged: {otherwise}")


def _table(content: dict[str, Any], name: str) -> dict[str, list[Any]]:
    """The columns of this name, all there and equally long."""
    table: Any = content.get(name)
    _want(isinstance(table, dict), f"{name!r} is missing")
    columns: list[Any] = [table.get(column) for column in _COLUMNS[name]]
    _want(all(isinstance(column, list) for column in columns), f"a column of {name!r} is missing")
    _want(len(set(map(len, columns))) == 1, f"the columns of {name!r} are not equally long")
    return {**table}


def _only(values: Any, *kinds: type) -> bool:
    return isinstance(values, list) and len(values) <= _MOST_ROWS and set(map(type, values)) <= {*kinds}


def _places(values: Iterable[Any], stop: int, start: int = 0) -> bool:
    found = list(values)
    return _only(found, int) and (not found or (min(found) >= start and max(found) < stop))


def _is_spec(value: list[Any], strings: int) -> bool:
    if len(value) != 3:
        return False
    dtype, shape, device = value
    known = shape is None or _only(shape, int, str, type(None))
    return known and _places([dtype, device], strings)
