"""What engines share: affinities and a layout in, iterations on request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Engine", "Step"]


@dataclass(frozen=True)
class Step:
    """The settings of one stretch of iterations."""

    exaggeration: float
    learning_rate: float
    momentum: float = 0.8


class Engine(Protocol):
    """One way of doing iterations; the layout keeps its momentum from one stretch to the next."""

    name: str
    layout: NDArray[np.floating[Any]]  # (m, dims), changed in place

    @property
    def notes(self) -> list[str]:
        """What the user should know of this layout."""
        ...

    def attract(self, affinities: Any) -> None:
        """From now on with these joint probabilities: sparse, symmetric, sum 1."""

    def advance(self, count: int, step: Step, tell: bool) -> float | None:
        """`count` iterations; the Kullback-Leibler divergence before the last of them where `tell`."""
        ...
