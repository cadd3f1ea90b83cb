"""UMAP as a reducer: frames of the layout while it forms, with settings that may change between them.

McInnes, Healy, Melville, "UMAP: uniform manifold approximation and projection for dimension reduction", 2018.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..expectations import searched
from ..reducer import Frame, Points
from ..steered import SteeredReducer
from ..tsne.affinities import MOST_PAIRS, Neighbors
from ..tsne.search import search, searched_space
from ..tsne.start import placed_by_neighbors
from .descent import Descent, Edges, Engine, Forces
from .graph import curve, fuzzy_graph, supervised
from .learn import INSTALL, LearnDescent, installed
from .parameters import PARAMETERS
from .start import in_a_box, principal, spectral

__all__ = ["UMAP"]

_FRAME = 0.1  # seconds from frame to frame
_MANY = 10_000  # points from which fewer epochs are enough


class UMAP(SteeredReducer):
    """Points (m, d) → (m, 2 or 3). Frames come about every 0.1 s, the first before neighbours are looked for.

    Parameters: see `UMAP.parameters`; `labels` are (m,) int32, -1 unknown. All points are laid out, and neighbours are
    exact. `start`: an (m, dims) layout to go on from, NaN rows for points that were not there; it keeps its size.
    `engine` "auto" is this module's own; "umap-learn" hands the epochs to that package. The same seed gives the
    same layout. `values` of a frame: "learning rate".
    `details`: "engine", "neighbors", "edges", "a" and "b" of the curve in the layout.
    """

    method = "umap"
    title = "UMAP"
    parameters = PARAMETERS

    def __init__(self, points: Points, **settings: Any) -> None:
        super().__init__(points, **settings)
        m, start, labels = len(self._points), self._start, self._settings["labels"]
        if start is not None and (start.ndim != 2 or start.shape[0] != m or start.shape[1] < self._dims):
            raise ValueError(f"the layout to start from is {start.shape}, want ({m}, {self._dims})")
        if isinstance(labels, np.ndarray) and labels.shape != (m,):
            raise ValueError(f"a label for each of {m:,} points is wanted, got {labels.shape}")
        _check_curve(self._settings)
        if self._settings["engine"] == "umap-learn" and not installed():
            raise ImportError(f"umap-learn is not installed: {INSTALL}, or choose the engine “auto”")
        self._epochs = self._settings["epochs"]
        if self._epochs == "auto":
            self._epochs = 500 if m <= _MANY else 200

    def change(self, **parameters: Any) -> None:
        _check_curve({**self._settings, **parameters})
        super().change(**parameters)

    def __iter__(self) -> Iterator[Frame]:
        m = len(self._points)
        if not m:
            yield Frame(np.zeros((0, self._dims), np.float32), 0, self._epochs, "done", last=True)
            return
        layout = in_a_box(principal(self._points, self._dims), self._seed)
        yield self._frame(layout, 0, "neighbours", last=m < 3)
        if m < 3:
            return
        found = yield from self._searched(layout)
        if found is None:
            yield self._frame(layout, 0, "stopped", last=True)
            return
        yield self._frame(layout, 0, "graph of neighbours")
        graph = self._graph(found)
        yield from self._descend(self._engine(graph, self._beginning(graph, layout, found)))

    def _descend(self, engine: Engine) -> Iterator[Frame]:
        done = 0
        while not self._stopped and done < self._epochs:
            until = time.perf_counter() + _FRAME
            forces = self._forces(done)
            while done < self._epochs and not self._stopped:
                forces.rate = self._settings["learning_rate"] * (1.0 - max(done - 1, 0) / self._epochs)
                done += engine.advance(done, forces)
                if time.perf_counter() > until:
                    break
            last = self._stopped or done >= self._epochs
            yield self._frame(engine.layout.copy(), done, "optimising", {"learning rate": forces.rate}, last=last)
            if last:
                return
        yield self._frame(engine.layout.copy(), done, "stopped", last=True)

    def _forces(self, done: int) -> Forces:
        a, b = curve(self._settings["min_dist"], self._settings["spread"])
        self.details |= {"a": a, "b": b}
        return Forces(a, b, self._settings["repulsion"], self._settings["learning_rate"])

    def _searched(self, layout: NDArray[np.float32]) -> Generator[Frame, None, Neighbors | None]:
        """The nearest others of each point at true distances, telling how far it is; None after `stop`."""
        m, wanted, metric = len(self._points), self._settings["neighbors"], self._settings["metric"]
        if wanted > m:
            self.notes.append(f"{wanted:,} neighbours were asked for and there are {m:,} points: all of them count.")
        held = max(2, MOST_PAIRS // max(1, m))
        if held < min(wanted, m):
            self.notes.append(f"{wanted:,} neighbours of {m:,} points are too many for memory: {held:,} were used.")
        # As everywhere a point is the first of its own neighbours.
        k, components = min(wanted, m, held) - 1, self._settings["components"]
        space, told = searched_space(self._points, metric, None if components == "auto" else components)
        if told:
            self.notes.append(told)
        began = shown = time.perf_counter()
        # Of rows of length 1 the cosine distance is half the squared one.
        for at, found in search(space, k, "euclidean" if metric == "cosine" else metric):
            if self._stopped:
                return None
            if found is not None:
                distances = found.squared / 2 if metric == "cosine" else np.sqrt(found.squared)
                return Neighbors(found.rows, distances.astype(np.float32))
            if time.perf_counter() - shown > _FRAME:
                yield self._frame(layout, 0, searched(at, m, time.perf_counter() - began))
                shown = time.perf_counter()
        return None

    def _graph(self, found: Neighbors) -> Any:
        graph, labels = fuzzy_graph(found.rows, found.squared), self._settings["labels"]
        if isinstance(labels, np.ndarray):
            graph = supervised(graph, labels, self._settings["labels_weight"] / 100)
        self.details |= {"neighbors": found.rows.shape[1] + 1, "edges": int(graph.nnz)}
        return graph

    def _beginning(self, graph: Any, layout: NDArray[np.float32], found: Neighbors) -> NDArray[np.float32]:
        """The layout before the first epoch."""
        if self._start is not None and np.isfinite(self._start).any():
            begun = np.array(self._start[:, : self._dims], np.float32)
            unplaced = np.asarray(~np.isfinite(begun).all(axis=1))
            begun[unplaced] = begun[~unplaced].mean(axis=0)
            return np.ascontiguousarray(placed_by_neighbors(begun, unplaced, found))
        how = self._settings["initialisation"]
        if how == "random":
            return np.random.default_rng([self._seed, 1]).uniform(0, 10, layout.shape).astype(np.float32)
        if how == "spectral":
            smooth = spectral(graph, self._dims, self._seed)
            if smooth is not None:
                return in_a_box(smooth, self._seed)
            self.notes.append("The graph of neighbours falls into parts: the start is that of PCA, not spectral.")
        return np.array(layout)

    def _engine(self, graph: Any, layout: NDArray[np.float32]) -> Engine:
        edges, negatives = Edges(graph, self._epochs), self._settings["negatives"]
        engine: Engine = Descent(layout, edges, negatives, self._seed)
        if self._settings["engine"] == "umap-learn":
            engine = LearnDescent(layout, edges, negatives, self._seed, self._epochs)
        self.details["engine"] = engine.name
        self.notes += engine.notes
        return engine

    def _frame(
        self,
        layout: NDArray[np.float32],
        done: int,
        stage: str,
        values: dict[str, float] | None = None,
        *,
        last: bool = False,
    ) -> Frame:
        return Frame(layout, done, self._epochs, stage, values or {}, last)


def _check_curve(settings: dict[str, Any]) -> None:
    if settings["min_dist"] > settings["spread"]:
        raise ValueError(
            f"the least distance ({settings['min_dist']:g}) is above the spread ({settings['spread']:g}): "
            "choose a smaller one or a larger spread"
        )
