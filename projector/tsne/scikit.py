"""scikit-learn's gradient: Barnes-Hut (van der Maaten, 2014), one iteration at a time.

scikit-learn tells nothing while it iterates, so the function it calls in each iteration is called here. It is private:
where it is not there any more the layout comes at once, when scikit-learn is done.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .engine import Step
from .threads import cores

__all__ = ["ScikitLearn"]


class ScikitLearn:
    """An `Engine`. fit: start → layout, by scikit-learn alone."""

    name = "scikit-learn"

    def __init__(
        self, layout: NDArray[np.float32], affinities: Any, fit: Callable[[NDArray[np.float32]], NDArray[np.float32]]
    ) -> None:
        self.layout = np.ascontiguousarray(layout, np.float32)
        self._gradient, self._fit, self._fitted = _private_gradient(), fit, False
        self._update, self._gains = np.zeros_like(self.layout), np.ones_like(self.layout)
        self._affinities = affinities

    @property
    def notes(self) -> list[str]:
        """What the user should know of this layout."""
        if self._gradient is not None:
            return []
        return ["This scikit-learn cannot be followed while it iterates: its layout came at once, with its schedule."]

    def attract(self, affinities: Any) -> None:
        self._affinities = affinities

    def advance(self, count: int, step: Step, tell: bool) -> float | None:
        if self._gradient is None:
            self.layout[:] = self.layout if self._fitted else self._fit(self.layout)
            self._fitted = True
            return None
        pulled, error = self._affinities * np.float32(step.exaggeration), math.nan
        (m, dims), layout = self.layout.shape, self.layout
        for number in range(count):
            error, gradient = self._gradient(
                layout.ravel(), pulled, 1, m, dims, compute_error=tell and number == count - 1, num_threads=cores()
            )
            gradient = gradient.reshape(m, dims) / 4
            same = gradient * self._update > 0
            self._gains = np.where(same, self._gains * 0.8 + 0.01, self._gains + 0.2).astype(np.float32)
            change = step.momentum * self._update - step.learning_rate * self._gains * gradient
            self._update = change.astype(np.float32)
            layout += self._update
            layout -= layout.mean(axis=0)
        return error / step.exaggeration - math.log(step.exaggeration) if tell else None


def _private_gradient() -> Callable[..., tuple[float, NDArray[Any]]] | None:
    try:
        from sklearn.manifold._t_sne import _kl_divergence_bh
    except ImportError:
        return None
    gradient: Callable[..., tuple[float, NDArray[Any]]] = _kl_divergence_bh
    return gradient
