"""`project`: an embedding and the name of a method → coordinates of all its rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .embedding import Embedding
from .methods import METHODS, availability, check_parameters
from .preprocessing import blocks
from .preprocessing import preprocess as preprocessed
from .reducer import Frame, Points, Reducer
from .rows import IGNORED, resolve_columns

__all__ = ["Prepared", "Projection", "prepare", "project", "spread"]

_FORMAT = 1  # of the computation: part of every fingerprint
_LARGEST = 1e15  # squares of larger numbers, summed over dimensions, do not fit into float32


@dataclass(frozen=True)
class Projection:
    """A finished layout. coordinates: (n, dims) float32, NaN for rows of the embedding that are not finite."""

    coordinates: NDArray[np.float32]
    method: str
    parameters: Mapping[str, Any]
    preprocess: tuple[str, ...]
    seed: int
    notes: tuple[str, ...]
    details: Mapping[str, Any]  # of the reducer: explained variance, KL by iteration, engine
    fingerprint: str  # equal for equal content, method and settings; "" where the embedding has none


@dataclass(frozen=True)
class Prepared:
    """A reducer with the rows it sees. Iterate `reducer`; `spread` its coordinates; `change` what is live."""

    reducer: Reducer
    rows: NDArray[np.int64]  # (m,) rows of the embedding that are finite
    parameters: Mapping[str, Any]  # complete
    preprocess: tuple[str, ...]
    embedding: Embedding
    notes: tuple[str, ...] = ()
    _changed: dict[str, Any] = field(default_factory=dict)

    def change(self, **parameters: Any) -> None:
        """As `Reducer.change`, with names of columns. Raises ValueError for what is not live or out of range."""
        wanted = check_parameters(self.reducer.method, {**self.parameters, **self._changed, **parameters})
        resolved = resolve_columns(self.reducer.parameters, wanted, self.embedding, self.rows)
        names = {name.removesuffix(IGNORED) for name in parameters}
        self.reducer.change(**{name: resolved[name] for name in resolved if name in names})
        self._changed.update(parameters)


def project(
    embedding: Embedding,
    method: str = "pca",
    *,
    dims: int = 2,
    preprocess: Sequence[str] | str | None = None,
    seed: int = 0,
    on_frame: Callable[[Frame], object] | None = None,
    executor: Executor | None = None,
    **parameters: Any,
) -> Projection:
    """Lay out all points (n, d) of an embedding in `dims` dimensions.

    method: "pca", "tsne", …: a key of `METHODS`; its class tells the parameters, the units of the result and the paper.
    PCA is in the units of the points, layouts of t-SNE and UMAP have none.
    preprocess: of "centre", "l2", "standardise", in their order; None is the method's own choice, () none.
    on_frame gets every frame, coordinates of all rows; it is called where the computation runs.
    executor: where it runs; here without one. `on_frame` must be picklable for an executor of processes.
    Raises ValueError for parameters that the method or the points do not allow, ImportError with the command to
    type where the method's engine is not installed.
    """
    task = (embedding, method, dims, preprocess, seed, parameters, on_frame)
    return _run(*task) if executor is None else executor.submit(_run, *task).result()


def prepare(
    embedding: Embedding,
    method: str,
    *,
    dims: int = 2,
    preprocess: Sequence[str] | str | None = None,
    seed: int = 0,
    parameters: Mapping[str, Any] | None = None,
    start: NDArray[np.float32] | None = None,
) -> Prepared:
    """All that comes before the first frame: checks, finite rows, preprocessing, columns. Raises as `project` does.

    start: (n, ≥ dims) layout to begin from, for methods that can (`Reducer.starts`); NaN rows have no place yet.
    """
    complete = check_parameters(method, parameters or {})
    available, install = availability(method)
    if not available:
        raise ImportError(f"{METHODS[method].title} needs a package that is not installed: {install}")
    wanted = (preprocess,) if isinstance(preprocess, str) else preprocess
    how = tuple(METHODS[method].preprocess if wanted is None else wanted)
    rows = np.flatnonzero(embedding.finite)
    points, notes = _held(embedding.points if len(rows) == len(embedding) else embedding.points[rows])
    notes += embedding.about_rows()
    resolved = resolve_columns(METHODS[method].parameters, complete, embedding, rows)
    if start is not None and METHODS[method].starts:
        resolved["start"] = start[rows]
    if method == "given" and embedding.coordinates is not None:
        resolved["coordinates"] = embedding.coordinates[rows]
    exact = METHODS[method].exact and not how and points.dtype == np.float64
    points = points if exact else preprocessed(points, how)
    reducer = METHODS[method](points, dims=dims, seed=seed, **resolved)
    return Prepared(reducer, rows, complete, how, embedding, tuple(notes))


def spread(coordinates: NDArray[np.float32], rows: NDArray[np.int64], n: int) -> NDArray[np.float32]:
    """(m, dims) of the given rows → (n, dims) with NaN in all others."""
    if len(rows) == n:
        return coordinates
    every = np.full((n, coordinates.shape[1]), np.nan, np.float32)
    every[rows] = coordinates
    return every


def _run(
    embedding: Embedding,
    method: str,
    dims: int,
    preprocess: Sequence[str] | None,
    seed: int,
    parameters: Mapping[str, Any],
    on_frame: Callable[[Frame], object] | None,
) -> Projection:
    ready = prepare(embedding, method, dims=dims, preprocess=preprocess, seed=seed, parameters=parameters)
    coordinates = np.zeros((0, dims), np.float32)
    for frame in ready.reducer:
        coordinates = spread(frame.coordinates, ready.rows, len(embedding))
        if on_frame is not None:
            on_frame(replace(frame, coordinates=coordinates))
    if "components" not in parameters:
        coordinates = coordinates[:, :dims]
    return Projection(
        coordinates=coordinates,
        method=method,
        parameters=ready.parameters,
        preprocess=ready.preprocess,
        seed=seed,
        notes=(*ready.notes, *ready.reducer.notes),
        details=ready.reducer.details,
        fingerprint=fingerprint(embedding, method, dims, ready.preprocess, seed, ready.parameters),
    )


def fingerprint(
    embedding: Embedding,
    method: str,
    dims: int,
    preprocess: Sequence[str],
    seed: int,
    parameters: Mapping[str, Any],
) -> str:
    """Names a result: content of the embedding and all settings. "" where the embedding has no fingerprint."""
    if not embedding.fingerprint:
        return ""
    settings = {name: _digest(value) for name, value in sorted(parameters.items())}
    told = [_FORMAT, embedding.fingerprint, method, dims, list(preprocess), seed, settings]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:32]


def _digest(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return f"{value.dtype.str}{value.shape}{hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()}"


def _held(points: Points) -> tuple[Points, list[str]]:
    """Points whose squares can be held, and what was done for it."""
    parts = (block for _, block in blocks(points, points.dtype.type))
    largest = max((max(float(block.max()), -float(block.min())) for block in parts if block.size), default=0.0)
    if largest <= _LARGEST:
        return points, []
    by = 2.0 ** np.ceil(np.log2(largest))
    return np.asarray(points, np.float64) / by, [
        f"The largest number is {largest:.3g}, whose square cannot be held: all were divided by {by:.3g} first."
    ]
