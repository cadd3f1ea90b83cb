"""What the routes of TensorBoard's plugins have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, Response, request

from ..context import get_log
from ..json_answers import json_answer
from ..queries import Refused
from ..tensorboard.scalars import cleansed_rows, csv_text, find_rows
from .parameters import parameter

if TYPE_CHECKING:
    from google.protobuf.message import Message

__all__ = ["message_answer", "plugin_route", "sample_number", "scalars_answer"]

View = TypeVar("View", bound=Callable[..., Response])


def plugin_route(routes: Blueprint, path: str) -> Callable[[View], View]:
    """Answers at /data/plugin/<path>, to GET and POST, with and without a slash at the end, as TensorBoard does."""
    return routes.route(f"/data/plugin/{path}", methods=["GET", "POST"], strict_slashes=False)


def sample_number() -> int:
    """The parameter `sample`: which of the values that were logged together, from 0. Raises Refused."""
    text = request.args.get("sample", "0")
    try:
        return int(text)
    except ValueError:
        raise Refused(f"sample: expected a whole number, got {text[:80]!r}") from None


def scalars_answer() -> Response:
    """[[wall time, step, value], …] of the parameters `run` and `tag`, or with `format=csv` the same as CSV."""
    rows = find_rows(get_log(), parameter("run"), parameter("tag"))
    if request.args.get("format") == "csv":
        return Response(csv_text(rows), content_type="text/csv; charset=utf-8")
    return json_answer(cleansed_rows(rows))


def message_answer(message: Message) -> Response:
    """A message as JSON, in TensorBoard's layout."""
    from ..tensorboard.messages import message_text

    return Response(message_text(message), content_type="application/json")
