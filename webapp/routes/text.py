"""Texts: search through all of them, the beginnings of many, Markdown of notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from ...logger.errors import LogError
from ..context import get_log, get_site
from ..json_answers import json_answer
from ..queries import Refused, as_object, names_list, one_of, parse_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...logger.reader.series import BlobSeries
    from ..media.text_search import Place, Series

__all__ = ["routes"]

routes = Blueprint("text", __name__)

_MOST_BEGINNINGS = 500
_BEGINNING = 240  # characters
_MOST_RUNS = 20_000
_COUNTED = 60  # series whose values are counted in each answer: these are remembered


@routes.post("/api/text/search")
def search_texts() -> Response:
    """`{query, mode, runs, tags?, from?}` → `{hits, searched, of, unreadable, next}`.

    `mode` is "literal" (case does not matter), "case" or "regex"; `tags` null: all. An answer takes a part of a second:
    where it holds not all, `next` is what the next request gives as `from`. `searched` counts the values of this
    answer, `of` those of the whole search (null where counting them would take long).
    """
    from ..media.text_search import Finder, search

    fields = as_object(parse_json(request.get_data(cache=False)))
    query = fields.get("query")
    if not isinstance(query, str):
        raise Refused("query: expected a string")
    finder = Finder(query, one_of(fields.get("mode", "literal"), ("literal", "case", "regex"), "mode"))
    plan = _plan(names_list(fields.get("runs"), "runs"), fields.get("tags"))
    found = search(plan, finder, _place(fields.get("from")))
    place = found.next
    return json_answer(
        {
            "hits": found.hits,
            "searched": found.searched,
            "of": _count(plan),
            "unreadable": found.unreadable,
            "next": None if place is None else [place.series, place.value],
        }
    )


def _count(plan: list[Series]) -> int | None:
    if len(plan) > _COUNTED:
        return None
    return sum(len(series.open() or ()) for series in plan)


def _plan(runs: list[str], tags: Any) -> list[Series]:
    """The series that are searched. Runs and tags that are not there (any more) are left out."""
    from ..media.series_lookup import tags_of
    from ..media.text_search import Series

    if len(runs) > _MOST_RUNS:
        raise Refused(f"runs: {len(runs):,} asked for, at most {_MOST_RUNS:,} are searched at once", 413)
    wanted = None if tags is None else set(names_list(tags, "tags"))
    log, lookup = get_log(), get_site().series

    def opener(run: str, tag: str) -> Callable[[], BlobSeries | None]:
        def find() -> BlobSeries | None:
            try:
                return lookup.find(log, run, "text", tag)
            except LogError:  # gone meanwhile
                return None

        return find

    found = [(run, tag) for run in dict.fromkeys(runs) for tag in tags_of(log, run, "text")]
    return [Series(run, tag, opener(run, tag)) for run, tag in found if wanted is None or tag in wanted]


def _place(value: Any) -> Place:
    from ..media.text_search import Place

    if value is None:
        return Place()
    if not isinstance(value, list) or len(value) != 2 or not all(type(part) is int and part >= 0 for part in value):
        raise Refused("from: expected what `next` of the answer before was")
    return Place(*value)


@routes.post("/api/text/beginnings")
def beginnings() -> Response:
    """`{run, tag, ids}` → `{texts: [text | null]}`: the first characters of each value, null for an unreadable one."""
    from ..media.series_lookup import value_index
    from ..media.text_search import readable_texts

    fields = as_object(parse_json(request.get_data(cache=False)))
    run, tag = fields.get("run"), fields.get("tag")
    if not isinstance(run, str) or not isinstance(tag, str):
        raise Refused("expected run and tag as strings")
    ids = names_list(fields.get("ids"), "ids")
    if len(ids) > _MOST_BEGINNINGS:
        raise Refused(f"ids: {len(ids):,} asked for, at most {_MOST_BEGINNINGS} are answered at once", 413)
    series = get_site().series.find(get_log(), run, "text", tag)
    indices = [value_index(series, name) for name in ids]
    found = {index: _beginning(texts) for index, texts in readable_texts(series, indices)}
    return json_answer({"texts": [found.get(index) for index in indices]})


def _beginning(texts: list[str]) -> str:
    return " · ".join(text[:_BEGINNING] for text in texts[:8])[:_BEGINNING]


@routes.post("/api/markdown")
def markdown() -> Response:
    """`{text}` → `{html}`: safe HTML of a note or a description."""
    from ..media.markdown import markdown_html

    text = as_object(parse_json(request.get_data(cache=False))).get("text")
    if not isinstance(text, str):
        raise Refused("text: expected a string")
    return json_answer({"html": markdown_html(text)})
