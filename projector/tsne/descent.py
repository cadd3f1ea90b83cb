"""Gradient descent with momentum and gains, compiled; forces between all pairs exact or on a grid."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled import kernels
from .engine import Step
from .grid import GridRepulsion
from .threads import in_ranges

__all__ = ["Descent"]

_EXACT_UP_TO = 1_500  # points of a layout in two dimensions whose pairs are all visited: as fast as a grid


class Descent:
    """An `Engine`: exact pairs in three dimensions and for few points, else a grid."""

    name = "stepscope"

    def __init__(self, layout: NDArray[np.float32], affinities: Any) -> None:
        m, dims = layout.shape
        self.layout = np.ascontiguousarray(layout, np.float32)
        self._spare, self._slope = np.empty_like(self.layout), np.empty_like(self.layout)
        self._update, self._gains = np.zeros_like(self.layout), np.ones_like(self.layout)
        self._grid = GridRepulsion() if dims == 2 and m > _EXACT_UP_TO else None
        self._move = getattr(kernels(), f"move{dims}")
        self._spread_out = getattr(kernels(), f"spread_out{dims}")
        self._push = getattr(kernels(), f"push{dims}")
        self.attract(affinities)

    @property
    def notes(self) -> list[str]:
        """What the user should know of this layout."""
        if self._grid is None or not self._grid.coarse:
            return []
        return ["The layout grew so wide that repulsion was computed on a coarser grid: try a lower learning rate."]

    def attract(self, affinities: Any) -> None:
        self._pairs = (
            np.ascontiguousarray(affinities.indptr, np.int64),
            np.ascontiguousarray(affinities.indices, np.int32),
            np.ascontiguousarray(affinities.data, np.float32),
        )
        p = affinities.data[affinities.data > 0].astype(np.float64)
        self._p_log_p = float((p * np.log(p)).sum())

    def advance(self, count: int, step: Step, tell: bool) -> float | None:
        kl = None
        for number in range(count):
            z = self._repulsion()
            if tell and number == count - 1:
                kl = self._divergence(z)
            self._iterate(step, 0.5 / z)
        return kl

    def _repulsion(self) -> float:
        if self._grid is not None:
            return self._grid(self.layout, self._slope)
        m = len(self.layout)
        planes, slope = np.ascontiguousarray(self.layout.T).reshape(-1), self._slope.reshape(-1)
        return float(sum(in_ranges(m, lambda begin, end: self._push(begin, end, m, planes, slope)))) - m

    def _iterate(self, step: Step, repulsion: float) -> None:
        settings = (step.exaggeration, repulsion, step.learning_rate, step.momentum)
        arrays = (self._slope, self.layout, self._spare, self._update, self._gains)
        flat = [array.reshape(-1) for array in arrays]
        in_ranges(len(self.layout), lambda begin, end: self._move(begin, end, *settings, *self._pairs, *flat))
        self.layout, self._spare = self._spare, self.layout
        self.layout -= self.layout.mean(axis=0, dtype=np.float64).astype(np.float32)

    def _divergence(self, z: float) -> float:
        """KL(P ‖ Q) = Σ p log p + Σ p log(1 + d²) + log Z."""
        flat = self.layout.reshape(-1)
        pairs = in_ranges(len(self.layout), lambda begin, end: self._spread_out(begin, end, *self._pairs, flat))
        return self._p_log_p + float(sum(pairs)) + math.log(z)
