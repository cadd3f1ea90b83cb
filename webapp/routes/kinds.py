"""Which run has values of which kind under which tags: all kinds but scalars and those with pages of their own."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, request

from ..context import get_log, get_site
from ..json_answers import json_answer

__all__ = ["routes"]

routes = Blueprint("kinds", __name__)


@routes.get("/api/kinds")
def kinds() -> Response:
    """`{tags, sets, runs, parts, animated}`, with an ETag: while no tag comes or goes, the answer is 304.

    Each of `sets` is {kind: [places in `tags`]}, shared by all runs that have the same. `runs` are the rows of
    /api/runs as [name, place in `sets`], `parts` the runs that are lines of their own, `animated` the places of image
    tags whose pictures move.
    """
    from ..media.catalog import kinds_catalog

    answer = json_answer(kinds_catalog(get_log(), get_site().moving))
    answer.set_etag(hashlib.blake2b(answer.get_data(), digest_size=12).hexdigest())
    answer.headers["Cache-Control"] = "no-cache"
    conditional: Any = answer.make_conditional(request)
    return conditional  # type: ignore[no-any-return]
