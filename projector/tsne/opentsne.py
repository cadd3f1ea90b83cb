"""openTSNE's iterations: Barnes-Hut or interpolation on a grid (Poličar, Stražar & Zupan, 2024)."""

from __future__ import annotations

import importlib.util
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from .engine import Step
from .threads import cores

__all__ = ["OpenTSNE", "installed"]

_GRID_FROM = 10_000  # points


def installed() -> bool:
    """Whether openTSNE can be imported."""
    return importlib.util.find_spec("openTSNE") is not None


class OpenTSNE:
    """An `Engine`."""

    name = "openTSNE"
    notes: ClassVar[list[str]] = []

    def __init__(self, layout: NDArray[np.float32], affinities: Any, seed: int) -> None:
        import openTSNE

        m, dims = layout.shape
        self._wrap = openTSNE.affinity.PrecomputedAffinities
        self.layout = openTSNE.TSNEEmbedding(
            layout.astype(np.float64),
            self._wrap(affinities.astype(np.float64), normalize=False),
            negative_gradient_method="fft" if dims < 3 and m >= _GRID_FROM else "bh",
            n_jobs=cores(),
            random_state=seed,
        )

    def attract(self, affinities: Any) -> None:
        self.layout.affinities = self._wrap(affinities.astype(np.float64), normalize=False)

    def advance(self, count: int, step: Step, tell: bool) -> float | None:
        self.layout.optimize(
            count,
            inplace=True,
            exaggeration=step.exaggeration,
            learning_rate=step.learning_rate,
            momentum=step.momentum,
        )
        return float(self.layout.kl_divergence) if tell else None
