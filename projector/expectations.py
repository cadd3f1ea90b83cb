"""How long layouts of many points take, told before somebody waits for one.

Neighbours are exact, which takes time as the square of the points; so does each iteration of t-SNE in 3-D.
"""

from __future__ import annotations

import os

from .tsne.search import AFFORDABLE, KEPT

__all__ = ["expectation", "searched", "spoken"]

# Seconds of one core of an AMD EPYC server; others differ by a factor of two or so.
_PAIR, _PAIR_DIMENSION = 6e-9, 45e-12  # of looking at a pair of points, and more for each of their dimensions
_PAIR_3D = 0.35e-9  # of a pair in an iteration of t-SNE in 3-D
_ITERATIONS = 1_000
_WORTH_TELLING = 120.0  # s
_STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def expectation(method: str, points: int, dimensions: int, dims: int) -> str:
    """A sentence about what takes minutes or more with the usual settings on this machine; "" where nothing does."""
    if method not in ("tsne", "umap"):
        return ""
    cores = os.cpu_count() or 1
    looked_at = min(KEPT, dimensions) if float(points) * points * dimensions > AFFORDABLE else dimensions
    search = points**2 * (_PAIR + _PAIR_DIMENSION * looked_at) / cores
    descent = points**2 * _PAIR_3D * _ITERATIONS / cores if method == "tsne" and dims == 3 else 0.0
    told = []
    if search > _WORTH_TELLING:
        told.append(
            f"All neighbours of {points:,} points are looked for first, exactly: {spoken(search)} or so "
            f"on {_on(cores)}."
        )
    if descent > _WORTH_TELLING:
        told.append(
            f"In 3-D every iteration looks at all pairs of points: {spoken(descent)} or so for {_ITERATIONS:,} of "
            f"them; 2-D takes a small part of that."
        )
    return " ".join(told)


def searched(done: int, points: int, seconds: float) -> str:
    """The stage of a search that took so many seconds for the first `done` points."""
    left = seconds / done * (points - done)
    rest = f", {spoken(left)} to go" if left > _WORTH_TELLING else ""
    return f"neighbours of {done:,} of {points:,}{rest}"


def spoken(seconds: float) -> str:
    """ "3 hours": in whole units of a size that people say."""
    for size, unit in _STEPS:
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {unit}s"
    return "a minute"


def _on(cores: int) -> str:
    return "one core" if cores == 1 else f"{cores} cores"
