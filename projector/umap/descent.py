"""The layout while it moves, epoch by epoch."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .compiled import kernels

__all__ = ["Descent", "Edges", "Engine", "Forces"]


class Forces:
    """What may change between two epochs."""

    def __init__(self, a: float, b: float, repulsion: float, rate: float) -> None:
        self.a, self.b, self.repulsion, self.rate = a, b, repulsion, rate
        self.powers = _powers(b)


class Edges:
    """The edges of a graph that come up at least once in so many epochs, and how often each does.

    heads, tails: (e,) int32. period: (e,) float32 epochs from turn to turn, 1 for the surest.
    """

    def __init__(self, graph: Any, epochs: int) -> None:
        edges = graph.tocoo()
        surest = float(edges.data.max(initial=0.0))
        kept = edges.data >= surest / epochs if surest > 0 else np.zeros(edges.nnz, bool)
        self.heads = np.ascontiguousarray(edges.row[kept], np.int32)
        self.tails = np.ascontiguousarray(edges.col[kept], np.int32)
        self.period = np.float32(surest) / edges.data[kept].astype(np.float32)


class Engine(Protocol):
    """Moves a layout. layout: (m, dims) float32, changed in place. notes: what people should know about it."""

    name: str
    layout: NDArray[np.float32]

    @property
    def notes(self) -> tuple[str, ...]: ...

    def advance(self, number: int, forces: Forces) -> int:
        """Epoch `number`, counted from 0, or more from it on; how many were done."""


class Descent:
    """Stochastic gradient descent on one core, the same for the same seed."""

    name = "stepscope"
    notes = ()

    def __init__(self, layout: NDArray[np.float32], edges: Edges, negatives: int, seed: int) -> None:
        self.layout, self._edges, self._negatives, self._seed = layout, edges, negatives, seed
        self._due = edges.period.astype(np.float64)
        self._drawn = np.zeros(len(edges.period))

    def advance(self, number: int, forces: Forces) -> int:
        """Epoch `number`, counted from 0: 1."""
        edges = self._edges
        kernels().epoch(
            number + 1,
            self.layout.shape[1],
            edges.heads,
            edges.tails,
            edges.period,
            self._due,
            self._drawn,
            self._negatives,
            forces.a,
            forces.b,
            forces.powers,
            forces.repulsion,
            forces.rate,
            self._seed,
            self.layout.reshape(-1),
        )
        return 1


@lru_cache(4)
def _powers(b: float) -> NDArray[np.float32]:
    """x^b of the numbers x whose float32 ends in 17 zero bits, ascending from 0 to infinity."""
    x = (np.arange((255 << 6) + 1, dtype=np.int32) << 17).view(np.float32)
    largest = float(np.finfo(np.float32).max)
    powers = np.minimum(x[:-1].astype(np.float64) ** b, largest)
    return np.append(powers, [largest, largest]).astype(np.float32)
