"""The epochs of umap-learn, one at a time where its version lets them be called so.

Its public function runs all epochs at once and calls back never; the compiled function for one epoch is not public, so
another version may lack it or take other arguments. Then all epochs run in one piece, and a note says so.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .descent import Edges, Forces

__all__ = ["INSTALL", "LearnDescent", "installed"]

INSTALL = "pip install umap-learn"
_BEFORE_0_6 = ("head_embedding", "densmap_flag", "dens_mu_tot")  # some arguments of the function for one epoch


def installed() -> bool:
    """Whether umap-learn can be imported; it is not, as that takes seconds."""
    return find_spec("umap") is not None


class LearnDescent:
    """As `Descent`, by umap-learn: its random numbers, one core, the same for the same seed."""

    name = "umap-learn"

    def __init__(self, layout: NDArray[np.float32], edges: Edges, negatives: int, seed: int, epochs: int) -> None:
        import umap.layouts

        self.layout, self._edges, self._negatives, self._epochs = layout, edges, negatives, epochs
        self._whole = umap.layouts.optimize_layout_euclidean
        self._single = _single_epoch(umap.layouts)
        self._random = np.random.RandomState(seed).randint(-(2**31) + 1, 2**31 - 1, 3).astype(np.int64)
        self._period = edges.period.astype(np.float64)
        self._due, self._period_drawn = self._period.copy(), self._period / negatives
        self._drawn = self._period_drawn.copy()
        # As umap-learn seeds each point: by the bits of where it begins.
        begins = layout[:, 0].astype(np.float64).view(np.int64)
        self._states = self._random + begins[:, None]

    @property
    def notes(self) -> tuple[str, ...]:
        """What people should know about this engine."""
        return ("This version of umap-learn runs all epochs at once: no frames in between.",) * (self._single is None)

    def advance(self, number: int, forces: Forces) -> int:
        """Epoch `number`, or all; how many were done."""
        if self._single is None:
            self._run_whole(forces)
            return self._epochs - number
        nothing, m = np.zeros(1, np.float32), len(self.layout)
        self._single(
            self.layout,
            self.layout,
            self._edges.heads,
            self._edges.tails,
            m,
            self._period,
            forces.a,
            forces.b,
            self._states,
            forces.repulsion,
            self.layout.shape[1],
            True,
            forces.rate,
            self._period_drawn,
            self._drawn,
            self._due,
            number,
            *(False, nothing, nothing, 0, 0, 0, 0, nothing, nothing, 0),  # densMAP, which is not asked for
        )
        return 1

    def _run_whole(self, forces: Forces) -> None:
        self._whole(
            self.layout,
            self.layout,
            self._edges.heads,
            self._edges.tails,
            self._epochs,
            len(self.layout),
            self._period,
            forces.a,
            forces.b,
            self._random,
            forces.repulsion,
            forces.rate,
            self._negatives,
            move_other=True,
        )


def _single_epoch(layouts: Any) -> Any:
    """The compiled function for one epoch on one core, or None where it is not as it is known."""
    function = getattr(layouts, "_nb_optimize_layout_euclidean_single_epoch", None)
    names = getattr(getattr(function, "py_func", None), "__code__", None)
    known = names is not None and names.co_argcount == 27 and set(_BEFORE_0_6) <= set(names.co_varnames)
    return function if known else None
