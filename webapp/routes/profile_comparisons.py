"""Many ranks, two profiles beside each other, and the critical path."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request

from ..context import get_site
from ..json_answers import json_answer
from ..profile.comparisons import difference, difference_of_ranks, path, ranks
from ..queries import Refused
from .parameters import parameter
from .patient import patient_routes
from .profile_parameters import asked_of_query, whole_number

__all__ = ["routes"]

routes = patient_routes("profile_comparisons")


@routes.get("/api/profile/ranks")
def all_ranks() -> Response:
    """`p=` → `{notes, tables: {overlap, rank_steps, stragglers, collectives, collective_sizes, clock_offsets}}`."""
    return json_answer(ranks(asked_of_query()))


@routes.get("/api/profile/path")
def critical_path() -> Response:
    """`p=`, `rank=`, `from=`, `to=` → `{start, end, total, nodes, categories, names, steps}`, or `{problem}`."""
    return json_answer(path(asked_of_query()))


@routes.get("/api/profile/diff")
def diff() -> Response:
    """`p=`, `rank=`, `other=`, `other_rank=` → `{steps, notes, tables: {steps, operators, kernels, modules, memory}}`.

    The other one is the one before. `ranks=all` in the place of both ranks: all that both have, with a table `ranks`.
    """
    asked = asked_of_query()
    opened = get_site().profiles.find(parameter("other"))
    if not opened.has_trace:
        raise Refused(f"{opened.found.name} is a {opened.kind_text}: it has no steps to compare", 422)
    other = replace(asked, opened=opened, rank=whole_number("other_rank"), window=None)
    return json_answer(difference_of_ranks(asked, other) if _all_ranks() else difference(asked, other))


def _all_ranks() -> bool:
    chosen = request.args.get("ranks")
    if chosen not in (None, "all"):
        raise Refused(f"ranks: expected all, got {chosen[:80]!r}")
    return chosen == "all"
