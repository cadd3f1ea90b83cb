"""One embedding at many steps: each layout begins where the last one ended, and is turned onto it.

for layout in project_sequence([(step, embedding), …], "tsne", match="word"):
    layout.step, layout.coordinates, layout.drift
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .embedding import Embedding
from .procrustes import best_motion
from .projecting import Prepared, prepare, spread
from .reducer import Frame
from .same_rows import Places

__all__ = ["SequenceLayout", "StepFrame", "StepLayout", "project_sequence", "trajectories"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class StepLayout:
    """The finished layout of one step.

    coordinates: (n, dims) float32, aligned to the step before. rows: (n,) int64, the place of each row among all points
    that any step has had so far; equal places are the same point. drift: (n,) float32, how far each point moved in the
    layout since the step before; moved: the same in the data (Euclidean, in units of the points). NaN for points that
    were not there, and everywhere at the first step.
    disparity: what alignment left of the step before, as a share of its size squared: 0 is the same layout, above 1 one
    that grew; NaN at the first step.
    """

    step: int
    coordinates: Floats
    rows: Rows
    drift: Floats
    moved: Floats
    disparity: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepFrame:
    """A frame of the step that is being laid out, already aligned; `layout` once it is the step's last."""

    step: int
    frame: Frame
    rows: Rows
    layout: StepLayout | None = None

    @property
    def drift(self) -> Floats | None:
        """As in `layout`; None before it is there."""
        return self.layout.drift if self.layout else None


class _Step:
    """One step beside the one before it."""

    def __init__(self, step: int, embedding: Embedding, rows: Rows, before: _Step | None, dims: int) -> None:
        self.step, self.embedding, self.rows, self.dims = step, embedding, rows, dims
        self.coordinates: Floats = np.zeros((0, dims), np.float32)
        self._before = before
        self._place = np.full(len(rows), -1)  # row of the step before, −1 for new points
        if before is not None:
            places = np.full(max(int(rows.max(initial=-1)), int(before.rows.max(initial=-1))) + 1, -1)
            places[before.rows] = np.arange(len(before.rows))
            self._place = places[rows]
        self.start = self._earlier(before.coordinates if before is not None else None)

    def _earlier(self, coordinates: Floats | None) -> Floats | None:
        """(n, dims) where each point was; None without a step before, or without a point in common."""
        known = self._place >= 0
        if coordinates is None or not known.any():
            return None
        found = np.full((len(self.rows), self.dims), np.nan, np.float32)
        found[known] = coordinates[self._place[known]]
        return found if np.isfinite(found).any() else None

    def aligned(self, coordinates: Floats, scale: bool) -> tuple[Floats, float]:
        """(coordinates turned onto the step before, disparity)."""
        flat = coordinates[:, : self.dims]
        if self.start is None or not np.isfinite(self.start + flat).any():
            return flat, float("nan")
        motion = best_motion(self.start, flat, scale=scale)
        return motion.apply(flat), motion.disparity

    def finished(self, coordinates: Floats, disparity: float, notes: Iterable[str]) -> StepLayout:
        self.coordinates = coordinates
        drift = np.full(len(self.rows), np.nan, np.float32)
        if self.start is not None:
            drift = np.linalg.norm(coordinates - self.start, axis=1).astype(np.float32)
        layout = StepLayout(self.step, coordinates, self.rows, drift, self._moved(), disparity, tuple(notes))
        self._before = None  # steps are not kept alive by those after them
        return layout

    def _moved(self) -> Floats:
        moved = np.full(len(self.rows), np.nan, np.float32)
        if self._before is None or self._before.embedding.dimensions != self.embedding.dimensions:
            return moved
        known = np.flatnonzero(self._place >= 0)
        for part in np.array_split(known, max(1, len(known) // 50_000)):
            now = self.embedding.points[part].astype(np.float64)
            with np.errstate(invalid="ignore"):  # rows with infinity are NaN here
                moved[part] = np.linalg.norm(now - self._before.embedding.points[self._place[part]], axis=1)
        return moved


class SequenceLayout:
    """Frames of all steps, one step after another; steered as a reducer is.

    steps: (step, embedding) in their order. match: the column that says which rows are the same point, None for their
    position; points may come and go. scale: sizes may change in alignment. The other settings are those of `project`.
    Methods that can begin from a layout do so from the step before (`Reducer.starts`); all are turned, mirrored and
    moved onto it (`best_motion`).
    """

    def __init__(
        self,
        steps: Iterable[tuple[int, Embedding]],
        method: str = "pca",
        *,
        dims: int = 2,
        preprocess: Sequence[str] | None = None,
        seed: int = 0,
        match: str | None = None,
        scale: bool = False,
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        self._steps, self._method, self._match, self._scale = steps, method, match, scale
        self._dims, self._preprocess, self._seed = dims, preprocess, seed
        self._parameters = dict(parameters or {})
        self._running: Prepared | None = None
        self._stopped = False

    def change(self, **parameters: Any) -> None:
        """New values for live parameters, from the next frame on and in all steps that follow. Raises ValueError."""
        if self._running is not None:
            self._running.change(**parameters)
        self._parameters.update(parameters)

    def stop(self) -> None:
        """End the step in progress, and begin no other."""
        self._stopped = True
        if self._running is not None:
            self._running.reducer.stop()

    def __iter__(self) -> Iterator[StepFrame]:
        for at in _steps(self._steps, self._match, self._dims):
            if self._stopped:
                return
            ready = prepare(
                at.embedding,
                self._method,
                dims=self._dims,
                preprocess=self._preprocess,
                seed=self._seed,
                parameters=self._parameters,
                start=at.start,
            )
            self._running = ready
            for frame in ready.reducer:
                whole = spread(frame.coordinates, ready.rows, len(at.embedding))
                coordinates, disparity = at.aligned(whole, self._scale)
                notes = (*ready.notes, *ready.reducer.notes)
                layout = at.finished(coordinates, disparity, notes) if frame.last else None
                yield StepFrame(at.step, replace(frame, coordinates=coordinates), at.rows, layout)


def project_sequence(
    embeddings: Iterable[Embedding | tuple[int, Embedding]],
    method: str = "pca",
    *,
    dims: int = 2,
    preprocess: Sequence[str] | None = None,
    seed: int = 0,
    match: str | None = None,
    scale: bool = False,
    executor: Executor | None = None,
    **parameters: Any,
) -> Iterator[StepLayout]:
    """The layout of each step when it is finished; see `SequenceLayout`.

    embeddings: (step, embedding), or embeddings alone, which are counted from 0. executor: where each step is computed;
    they still come one after the other, as each begins where the last one ended. Raises as `project` does.
    """
    numbered = (each if isinstance(each, tuple) else (number, each) for number, each in enumerate(embeddings))
    settings: dict[str, Any] = {"dims": dims, "preprocess": preprocess, "seed": seed}
    for at in _steps(numbered, match, dims):
        work = (at.embedding, method, at.start, settings, parameters)
        laid_out, notes = _projected(*work) if executor is None else executor.submit(_projected, *work).result()
        coordinates, disparity = at.aligned(laid_out, scale)
        yield at.finished(coordinates, disparity, notes)


def trajectories(layouts: Sequence[StepLayout]) -> Floats:
    """(points, steps, dims) float32: the path of every point that any step had; NaN where it was not there."""
    if not layouts:
        return np.zeros((0, 0, 2), np.float32)
    count = max(int(layout.rows.max(initial=-1)) + 1 for layout in layouts)
    paths = np.full((count, len(layouts), layouts[0].coordinates.shape[1]), np.nan, np.float32)
    for number, layout in enumerate(layouts):
        paths[layout.rows, number] = layout.coordinates
    return paths


def _steps(steps: Iterable[tuple[int, Embedding]], match: str | None, dims: int) -> Iterator[_Step]:
    places, before = Places(match), None
    for step, embedding in steps:
        before = _Step(step, embedding, places.of(embedding), before, dims)
        yield before


def _projected(
    embedding: Embedding,
    method: str,
    start: Floats | None,
    settings: Mapping[str, Any],
    parameters: Mapping[str, Any],
) -> tuple[Floats, tuple[str, ...]]:
    """(coordinates of all rows, notes)."""
    ready = prepare(embedding, method, **settings, parameters=parameters, start=start)
    last = deque(ready.reducer, maxlen=1).pop()
    return spread(last.coordinates, ready.rows, len(embedding)), (*ready.notes, *ready.reducer.notes)
