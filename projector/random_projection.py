"""Points on directions drawn at random: distances are kept in the mean, and nothing is learned from the data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .pca import Axes, projected
from .reducer import Frame, Points, Reducer

__all__ = ["RandomProjection"]

_OWN = 1984  # the year of the lemma: sets the directions apart from other draws with the same seed


class RandomProjection(Reducer):
    """One frame: points × a Gaussian matrix of variance 1 / dims.

    Squared distances are in the mean those of the data: Johnson and Lindenstrauss, "Extensions of Lipschitz mappings
    into a Hilbert space", 1984; Dasgupta and Gupta, "An elementary proof", 2003. Coordinates are in the units of the
    points. `details`: "components" (dims, d) float32, the directions.
    """

    method = "random"
    title = "Random projection"

    def __init__(self, points: Points, *, dims: int = 2, seed: int = 0) -> None:
        if dims < 1:
            raise ValueError(f"a random projection needs at least one dimension, got dims={dims}")
        self._points, self._dims, self._seed = points, dims, seed
        self.notes: list[str] = []
        self.details: dict[str, Any] = {}

    def __iter__(self) -> Iterator[Frame]:
        width = self._points.shape[1]
        # Data drawn with the same seed would otherwise lie along the directions.
        rng = np.random.default_rng([self._seed, _OWN])
        directions = rng.standard_normal((self._dims, width)) / np.sqrt(self._dims)
        self.details = {"components": directions.astype(np.float32)}
        yield Frame(projected(self._points, Axes(np.zeros(width), directions, np.zeros(0), 0.0)), 1, 1, last=True)
