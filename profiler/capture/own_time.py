"""How long capturing held up the training: no step's time, so StepTimer leaves it out."""

from __future__ import annotations

__all__ = ["OWN_TIME"]


class _OwnTime:
    """ns: what a Profiler took in its `step()` so far, of this process."""

    ns = 0


OWN_TIME = _OwnTime()
