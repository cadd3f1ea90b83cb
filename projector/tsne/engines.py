"""Which engine does the iterations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .descent import Descent
from .engine import Engine
from .opentsne import OpenTSNE

__all__ = ["make_engine"]


def make_engine(name: str, layout: NDArray[np.float32], affinities: Any, seed: int) -> Engine:
    """An engine by name; "auto" is the fastest."""
    if name == "openTSNE":
        return OpenTSNE(layout, affinities, seed)
    return Descent(layout, affinities)
