"""How requests name a graph: one in the log, one opened by hand, or the difference of two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..queries import Refused, as_object, parse_json

__all__ = ["Difference", "FileGraph", "LogGraph", "Name", "graph_name", "name_as_json", "name_in_query"]


@dataclass(frozen=True, slots=True)
class LogGraph:
    """A value of a tag of a run: `id` is "<step>-<checksum>" as in /api/blobs; None for the newest."""

    run: str
    tag: str | None = None  # None: the graph of the run that says most
    id: str | None = None


@dataclass(frozen=True, slots=True)
class FileGraph:
    """A file that somebody opened in the page, by the checksum of its content."""

    file: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of the first in the second."""

    a: LogGraph | FileGraph
    b: LogGraph | FileGraph


Name: TypeAlias = LogGraph | FileGraph | Difference
_FORMS = '{"run", "tag", "id"}, {"file"} or {"a": …, "b": …}'


def graph_name(value: Any, where: str = "g") -> Name:
    """The name in a JSON body. Raises Refused."""
    fields = as_object(value, where)
    if "a" in fields or "b" in fields:
        return Difference(_single(fields.get("a"), f"{where}.a"), _single(fields.get("b"), f"{where}.b"))
    return _single(fields, where)


def name_in_query(one: Callable[[str], str | None]) -> Name:
    """The name in the parameters `run=&tag=&id=`, `file=`, or `a=&b=` with a JSON name in each. Raises Refused."""
    a, b = one("a"), one("b")
    if a is not None or b is not None:
        return Difference(*(_single(parse_json((text or "null").encode()), key) for key, text in (("a", a), ("b", b))))
    return _single({key: text for key in ("run", "tag", "id", "file") if (text := one(key)) is not None}, "the query")


def name_as_json(name: Name) -> dict[str, Any]:
    """As `graph_name` reads it."""
    if isinstance(name, Difference):
        return {"a": name_as_json(name.a), "b": name_as_json(name.b)}
    if isinstance(name, FileGraph):
        return {"file": name.file}
    return {"run": name.run, "tag": name.tag, "id": name.id}


def _single(value: Any, where: str) -> LogGraph | FileGraph:
    fields = as_object(value, where)
    for key in ("run", "tag", "id", "file"):
        if not isinstance(fields.get(key), str | None):
            raise Refused(f"{where}.{key}: expected a string")
    if fields.get("file") is not None:
        return FileGraph(fields["file"])
    if fields.get("run") is None:
        raise Refused(f"{where}: expected the name of a graph, {_FORMS}")
    return LogGraph(fields["run"], fields.get("tag"), fields.get("id"))
