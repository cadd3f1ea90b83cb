"""The embedding that a request asks about, and answers that may take a while."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import request

from ..context import get_log, get_site
from ..projector.naming import embedding_name
from ..queries import Refused, as_object, parse_json
from .parameters import parameter

if TYPE_CHECKING:
    from ..projector.opened import OpenedEmbedding

__all__ = [
    "body", "in_query", "layout_in_query", "numbers_in_query", "opened_of", "opened_of_query",
]  # fmt: skip


def body() -> dict[str, Any]:
    """The JSON object that was sent. Raises Refused."""
    return as_object(parse_json(request.get_data(cache=False)))


def opened_of(fields: Mapping[str, Any]) -> OpenedEmbedding:
    """The embedding that a body names. Raises Refused, Waiting."""
    return get_site().projector.open(embedding_name(fields), get_log)


def opened_of_query() -> OpenedEmbedding:
    """The embedding of `run=&name=` or `file=`. Raises Refused, Waiting."""
    given = {key: parameter(key) for key in ("run", "name", "file") if key in request.args}
    return get_site().projector.open(embedding_name(given, "the query"), get_log)


def layout_in_query() -> dict[str, Any]:
    """`job=`, `step=` and `components=0,1` as a body has them. Raises Refused."""
    fields: dict[str, Any] = {"job": parameter("job")}
    if "step" in request.args:
        fields["step"] = in_query("step")
    if "components" in request.args:
        fields["components"] = numbers_in_query("components")
    return fields


def numbers_in_query(name: str) -> list[int]:
    """Whole numbers with commas between them. Raises Refused."""
    listed = parameter(name).split(",")
    if not all(text.isascii() and text.isdecimal() and len(text) < 12 for text in listed):
        raise Refused(f"{name}: expected whole numbers with commas between them, got {parameter(name)[:80]!r}")
    return [int(text) for text in listed]


def in_query(name: str, default: int | None = None) -> int:
    """A parameter that counts something. Raises Refused."""
    text = request.args.get(name)
    if text is None and default is not None:
        return default
    if text is None or not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise Refused(f"{name}: expected a whole number, got {(text or 'none')[:80]!r}")
    return int(text)
