"""What to do next: each recommendation with its evidence, what can be won, and where to look."""

from __future__ import annotations

import math

from ..trace import Trace
from .advice import Recommendation
from .device_advice import DEVICE_ADVICE
from .host_advice import HOST_ADVICE
from .study import Study

__all__ = ["can_advise", "recommendations"]


def can_advise(study: Study) -> bool:
    """Whether there is a complete step with times: without one nothing is recommended, whatever is wrong."""
    return not study.trace.timeless and study.step_time > 0


def recommendations(of: Trace | Study) -> list[Recommendation]:
    """What costs most first; last what nobody can put a figure on. Gains do not add up: some share their time.

    None of a file without times: what is wide in it need not take long.
    """
    study = Study.of(of)
    if not can_advise(study):
        return []
    found = [each for advice in (*HOST_ADVICE, *DEVICE_ADVICE) for each in advice(study)]
    return sorted(found, key=lambda each: (math.isnan(each.gain), -each.gain if not math.isnan(each.gain) else 0))
