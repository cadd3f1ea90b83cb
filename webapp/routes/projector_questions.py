"""How faithful a layout is, and which clusters it has."""

from __future__ import annotations

from flask import Response

from ..context import get_log, get_site
from ..json_answers import json_answer
from .patient import binary, patient_routes
from .projector_parameters import body, in_query, layout_in_query

__all__ = ["routes"]

routes = patient_routes("projector_questions")


@routes.post("/api/projector/quality")
def quality() -> Response:
    """`{job, step?, components?, k, sample}` → `{trustworthiness, recall, k, sample, points, notes}`"""
    from ..projector.asking import answer, quality_asked

    facts = answer(get_site().projector, get_log, "quality", body(), quality_asked).facts
    told = ("trustworthiness", "recall", "k", "sample", "points", "metric", "notes")
    return json_answer({key: facts[key] for key in told})


@routes.get("/api/projector/faithfulness")
def faithfulness() -> Response:
    """`job=`, `step=`, `components=`, `k=` → an arrays frame: `{mean, k}` and `recall` of each point (NaN: none)."""
    from ..projector.answers import arrays_frame
    from ..projector.asking import answer, faithfulness_asked

    fields = {**layout_in_query(), "k": in_query("k", 10)}
    found = answer(get_site().projector, get_log, "faithfulness", fields, faithfulness_asked)
    told = ("mean", "k", "measured", "metric", "notes")
    return binary(arrays_frame({key: found.facts[key] for key in told}, found.arrays))


@routes.post("/api/projector/clusters")
def clusters() -> Response:
    """`{job, least?, rows?, columns?}` → an arrays frame: `{clusters: [{label, terms, size, x, y}]}`, `labels`."""
    from ..projector.answers import arrays_frame
    from ..projector.asking import answer, clusters_asked

    found = answer(get_site().projector, get_log, "clusters", body(), clusters_asked)
    return binary(arrays_frame({key: found.facts[key] for key in ("clusters", "notes")}, found.arrays))
