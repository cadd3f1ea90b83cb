"""How requests name an embedding: one of the log, all steps of a tag, or one opened by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from ..queries import Refused

__all__ = ["AllSteps", "FileEmbedding", "LoggedEmbedding", "Name", "all_steps", "embedding_name", "name_as_json"]


@dataclass(frozen=True, slots=True)
class LoggedEmbedding:
    """As projector_config.pbtxt calls it: "layer:00010"."""

    run: str
    name: str


@dataclass(frozen=True, slots=True)
class FileEmbedding:
    """A file that somebody opened in the page, by the checksum of its content."""

    file: str


@dataclass(frozen=True, slots=True)
class AllSteps:
    """Everything that a run logged under one tag."""

    run: str
    tag: str


Name: TypeAlias = LoggedEmbedding | FileEmbedding


def embedding_name(fields: Mapping[str, Any], where: str = "the body") -> Name:
    """The name among the fields of a body or the parameters of a query. Raises Refused."""
    if "file" in fields:
        return FileEmbedding(_text(fields, "file"))
    if "run" in fields and "name" in fields:
        return LoggedEmbedding(_text(fields, "run"), _text(fields, "name"))
    raise Refused(f"{where}: expected the name of an embedding, as run and name, or as file")


def all_steps(fields: Mapping[str, Any]) -> AllSteps | None:
    """The tag whose steps are all meant; None where one embedding is. Raises Refused."""
    if "steps" not in fields:
        return None
    if fields["steps"] != "all":
        raise Refused('steps: expected "all"')
    return AllSteps(_text(fields, "run"), _text(fields, "tag"))


def name_as_json(name: Name | AllSteps) -> dict[str, str]:
    """As `embedding_name` and `all_steps` read it."""
    return {**asdict(name), **({"steps": "all"} if isinstance(name, AllSteps) else {})}


def _text(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str):
        raise Refused(f"{key}: expected a string")
    return value
