"""Which engine does the iterations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .descent import Descent
from .engine import Engine
from .opentsne import OpenTSNE, installed
from .scikit import ScikitLearn

__all__ = ["ENGINES", "check_engine", "make_engine"]

ENGINES = ("auto", "stepscope", "openTSNE", "scikit-learn")


def check_engine(name: str) -> None:
    """Raises ValueError for an engine that is not installed."""
    if name == "openTSNE" and not installed():
        raise ValueError("openTSNE is not installed: type `pip install openTSNE`, or leave the engine at “auto”")


def make_engine(
    name: str,
    layout: NDArray[np.float32],
    affinities: Any,
    seed: int,
    fit: Callable[[NDArray[np.float32]], NDArray[np.float32]],
) -> Engine:
    """An engine by name; "auto" is the fastest, which is ours. fit: start → layout by scikit-learn alone."""
    if name == "openTSNE":
        return OpenTSNE(layout, affinities, seed)
    if name == "scikit-learn":
        return ScikitLearn(layout, affinities, fit)
    return Descent(layout, affinities)
