"""The course of a loss over the iterations, thinned out as it grows."""

from __future__ import annotations

import math

from ..reducer import Frame

__all__ = ["Curve"]

_MOST = 1_000  # points; then every other one goes
_LOSS = "kl"


class Curve:
    """points: [[iterations done, loss], …] of the frames that tell a loss."""

    def __init__(self) -> None:
        self.points: list[list[float]] = []
        self._every = 1
        self._seen = 0

    def add(self, frame: Frame) -> None:
        """Note the loss of a frame; what comes closer than the points left is passed over, the last one is not."""
        loss = frame.values.get(_LOSS)
        if loss is None or not math.isfinite(loss):
            return
        if frame.last or self._seen % self._every == 0:
            self.points.append([frame.done, float(loss)])
        self._seen += 1
        if len(self.points) > _MOST:
            self.points = self.points[::2]
            self._every *= 2
