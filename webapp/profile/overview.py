"""The overview of a rank, as the page takes it."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .asking import Asked
from .time_tables import study_of

if TYPE_CHECKING:
    from ...profiler.analysis.advice import Recommendation

__all__ = ["overview_as_json"]


def overview_as_json(asked: Asked) -> dict[str, Any]:
    """The body of GET /api/profile/overview. Raises Refused, Waiting."""
    from ...profiler.analysis.overview import overview

    study = study_of(asked)
    found = overview(study)
    return {
        "gpu": asdict(found.gpu) if found.gpu else None,
        "span": list(study.span),
        "step_time": study.step_time,
        "marked": study.steps.marked,
        "steps": found.steps.to_json(),
        "mean": found.mean.to_json(),
        "idle": found.idle.to_json(),
        "gpus": found.gpus.to_json(),
        "longest": found.longest.to_json(),
        "counts": found.counts,
        "attributed_share": found.health.attributed.share if found.gpu else None,
        "findings": [asdict(each) for each in found.findings],
        "recommendations": [_advice_as_json(each) for each in found.recommendations],
    }


def _advice_as_json(each: Recommendation) -> dict[str, Any]:
    told = asdict(each)
    for name in ("gain", "share"):
        told[name] = None if math.isnan(told[name]) else told[name]
    return told
