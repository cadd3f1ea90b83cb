"""Values that are no scalars: where they are on the axes, and each of them in the form that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from ...logger.errors import BlobUnavailable, CorruptRecord, LogError
from ..compression import frame_answer
from ..context import get_log, get_site
from ..queries import Refused, as_list, as_object, names_list, one_of, parse_json
from .parameters import parameter

if TYPE_CHECKING:
    from ..media.forms import Answer, Asked

__all__ = ["routes"]

routes = Blueprint("blobs", __name__)

_MOST_RUNS = 20_000
_NOT_ARGUMENTS = {"run", "kind", "tag", "id", "sample"}
_FOR_EVER = "private, max-age=31536000, immutable"  # the name of a value holds the checksum of its bytes


@routes.post("/api/blobs")
def blobs() -> Response:
    """Steps, wall times, checksums and lengths of all values of one tag of many runs (see media/columns.py).

    With `"asked": [{"kind", "tag", "runs", "known"?, "names"?}, ...]` those of many tags. `known` is {run: [how many
    values the page has, their `check`]}: where these are still the first ones only the others are sent; with
    `"names": false` they come without the checksum of each. With `"segments": "latest"` without those that a restart
    superseded.
    """
    from ..media.columns import AskedSeries, encode_columns
    from ..media.series_lookup import BLOB_SEGMENTS

    query = as_object(parse_json(request.get_data(cache=False)))
    asked = [_tag_query(entry) for entry in as_list(query.get("asked", [query]), "asked")]
    segments = one_of(query.get("segments", "all"), BLOB_SEGMENTS, "segments")
    count = sum(len(each.runs) for each in asked)
    if count > _MOST_RUNS:
        raise Refused(f"runs: {count:,} asked for, at most {_MOST_RUNS:,} are answered at once", 413)
    log, site = get_log(), get_site()
    version = site.source.version
    found = []
    for place, each in enumerate(asked):
        for run in dict.fromkeys(each.runs):
            try:
                series = site.series.find(log, run, each.kind, each.tag)
                shown = series.latest() if segments == "latest" else series
                found.append(AskedSeries(place, run, shown, each.known.get(run, ()), each.names))
            except LogError:  # the run has none, or is gone
                continue
    return frame_answer(encode_columns(version, found))


class _TagQuery(NamedTuple):
    """One tag that is asked for."""

    kind: str
    tag: str
    runs: list[str]
    known: dict[str, list[int]]
    names: bool


def _tag_query(value: Any) -> _TagQuery:
    """Check what is asked of one tag. Raises Refused."""
    from ..media.columns import known_pairs

    query = as_object(value, "what is asked")
    kind, tag = query.get("kind"), query.get("tag")
    if not isinstance(kind, str) or not isinstance(tag, str):
        raise Refused("expected kind and tag as strings")
    runs, known = names_list(query.get("runs"), "runs"), known_pairs(query.get("known", {}))
    return _TagQuery(kind, tag, runs, known, query.get("names", True) is not False)


@routes.get("/api/blob/<name>")
def blob(name: str) -> Response:
    """GET /api/blob/<form>?run=&kind=&tag=&id=&sample=, and what the form takes."""
    from ..media.forms import Asked, find_form
    from ..media.series_lookup import value_index

    site, log, run, kind, identity = get_site(), get_log(), parameter("run"), parameter("kind"), parameter("id")
    series = site.series.find(log, run, kind, parameter("tag"))
    found = find_form(kind, name)
    sample = request.args.get("sample", "0")
    if not sample.isdecimal() or len(sample) > 9:
        raise Refused(f"sample: expected a whole number, got {sample[:80]!r}")
    args = {key: text for key, text in request.args.items() if key not in _NOT_ARGUMENTS}
    index = value_index(series, identity)
    asked = Asked(run, series, index, int(sample), args, lambda tag: site.series.find(log, run, kind, tag))
    if found.cache:
        key = (run, kind, series.tag, identity, name, asked.sample, *sorted(args.items()))
        answer = site.answers.get(key, lambda: _made(found.make, asked))
    else:
        answer = _made(found.make, asked)
    headers = {"Cache-Control": _FOR_EVER, **answer.headers}
    response = Response(answer.body, content_type=answer.content_type, headers=headers)
    try:  # parts of sounds and videos: a player jumps without reading what is between
        response.make_conditional(request.environ, accept_ranges=True, complete_length=len(answer.body))
    except RequestedRangeNotSatisfiable:
        raise Refused(f"the value has {len(answer.body):,} bytes, none of those asked for", 416) from None
    return response


def _made(make: Callable[[Asked], Answer], asked: Asked) -> Answer:
    """Raises Refused where the value cannot be had in this form; the sentence says why."""
    where = f"{asked.kind} {asked.tag!r} of run {asked.run!r} at step {asked.step}"
    try:
        return make(asked)
    except BlobUnavailable as error:
        raise Refused(str(error), 410) from error
    except (ValueError, CorruptRecord) as error:
        raise Refused(f"{where}: {error}", 422) from error
