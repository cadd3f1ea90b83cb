"""The same points laid out by several programs, each in a fresh process."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .measure import Row, in_fresh_process

__all__ = ["Measured", "measured", "row"]

Measured = list[dict[str, float] | None]  # by program; None: not run


def measured(layouts: Sequence[str | None], points: NDArray[np.float32], *settings: int) -> Measured:
    """What layout_process.py tells of each layout, ours first; what a machine compiles once is compiled before."""
    with tempfile.TemporaryDirectory() as folder:
        path, few = Path(folder, "points.npy"), Path(folder, "few.npy")
        np.save(path, points)
        np.save(few, points[:300])
        in_fresh_process("benchmarks.layout_process", layouts[0], few, *(10 for _ in settings))
        return [
            in_fresh_process("benchmarks.layout_process", name, path, *settings) if name else None for name in layouts
        ]


def row(figures: Measured, what: str, key: str, unit: str = "s", **bars: float) -> Row:
    """One figure of all programs. "1 − recall" and the like are what is missing to 1: less is better."""
    missing = key.startswith("1 − ")
    values = [told and told.get(key.removeprefix("1 − ")) for told in figures]
    ours, *theirs = [1 - value if missing and value is not None else value for value in values]
    assert ours is not None
    return Row(what, ours, theirs, unit=unit, **bars)
