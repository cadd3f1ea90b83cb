"""t-SNE as a reducer: frames of the layout while it descends, with settings that may change between them.

van der Maaten & Hinton, "Visualizing data using t-SNE", JMLR 2008; learning rate and early exaggeration as in Belkina
et al., "Automated optimized parameters for t-SNE", Nature Communications 2019; start as in Kobak & Berens, "The art of
using t-SNE for single-cell transcriptomics", 2019.
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
from .affinities import Neighbors, joint, neighbors_needed, supervised, usable_perplexity
from .engine import Engine, Step
from .engines import check_engine, make_engine
from .parameters import PARAMETERS
from .search import search, searched_space
from .start import initial_layout, placed_by_neighbors

__all__ = ["TSNE"]

_FRAME = 0.1  # seconds from frame to frame
_KL_EVERY, _KL_SELDOM = 10, 50  # iterations; of few and of many points, where it takes as long as an iteration
_MANY = 20_000
_MOST_AT_ONCE = 10  # iterations a frame


class TSNE(SteeredReducer):
    """Points (m, d) → (m, 2 or 3). Frames come about every 0.1 s, the first before neighbours are looked for.

    Parameters: see `TSNE.parameters`; `labels` are (m,) int32, −1 unknown. `start`: an (m, dims) layout to go on from,
    NaN rows for points that were not there; it keeps its size and there is no early exaggeration.
    `engine` "auto" is the fastest that is there. The same seed gives the same layout on one machine.
    `values` of a frame: "kl" (nats; of P without exaggeration), "learning rate", "exaggeration".
    `details`: "engine", "perplexity", "neighbors", "kl" [(iterations, kl)].
    """

    method = "tsne"
    title = "t-SNE"
    parameters = PARAMETERS

    def __init__(self, points: Points, **settings: Any) -> None:
        super().__init__(points, **settings)
        check_engine(self._settings["engine"])
        self._rng = np.random.default_rng(self._seed)
        if self._start is not None:
            self._settings["early_iterations"] = 0
        self._changed: set[str] = set()
        self._kl_every = _KL_EVERY if len(self._points) <= _MANY else _KL_SELDOM
        self._neighbors: Neighbors | None = None
        self._values: dict[str, float] = {}
        self.details["kl"] = []

    def change(self, **parameters: Any) -> None:
        super().change(**parameters)
        self._changed |= parameters.keys()

    def __iter__(self) -> Iterator[Frame]:
        settings, m = self._settings, len(self._points)
        self._look_at_points()
        how = settings["initialisation"] if self._start is None else self._start
        layout, unplaced = initial_layout(self._space, how, self._dims, self._rng)
        yield self._frame(layout, 0, "neighbours", last=m < 3)
        if m < 3:
            return
        self._neighbors = yield from self._searched(layout)
        if self._neighbors is None:
            yield self._frame(layout, 0, "stopped", last=True)
            return
        layout = placed_by_neighbors(layout, unplaced, self._neighbors)
        self._changed.clear()
        engine = make_engine(settings["engine"], layout, self._affinities(), self._seed, self._fit)
        self.details["engine"] = engine.name
        yield from self._descend(engine)

    def _descend(self, engine: Engine) -> Iterator[Frame]:
        done, count, last = 0, 1, False
        while not last:
            yield from self._take_changes(engine)
            if not self._stopped and done < self._settings["iterations"]:
                step, count = self._step(done), self._upto(done, count)
                began = time.perf_counter()
                kl = engine.advance(count, step, (done + count) % self._kl_every == 0)
                done += count
                if kl is not None:
                    self.details["kl"].append((done, kl))
                count = _longer(count, time.perf_counter() - began)
            last = self._stopped or done >= self._settings["iterations"]
            stage = "early exaggeration" if done < self._settings["early_iterations"] else "optimising"
            for note in engine.notes:
                self._note(note)
            yield self._frame(np.array(engine.layout, np.float32), done, stage, last=last)

    def _step(self, done: int) -> Step:
        early = done < self._settings["early_iterations"]
        exaggeration = self._settings["early_exaggeration" if early else "exaggeration"]
        rate = self._settings["learning_rate"]
        step = Step(exaggeration, len(self._points) / exaggeration if rate == "auto" else rate)
        self._values = {"learning rate": step.learning_rate, "exaggeration": step.exaggeration}
        return step

    def _upto(self, done: int, count: int) -> int:
        """Iterations until the next frame: no further than where something changes or KL is due."""
        ends: list[int] = [
            done + count,
            self._settings["iterations"],
            done // self._kl_every * self._kl_every + self._kl_every,
        ]
        if done < self._settings["early_iterations"]:
            ends.append(self._settings["early_iterations"])
        return min(ends) - done

    def _take_changes(self, engine: Engine) -> Iterator[Frame]:
        changed, self._changed = self._changed, set()
        if "perplexity" in changed:
            found = yield from self._searched(np.array(engine.layout, np.float32))
            self._neighbors = found or self._neighbors
        if changed & {"perplexity", "labels", "labels_weight"}:
            engine.attract(self._affinities())
        if "perturb" in changed:
            share = self._settings["perturb"] / 100
            noise = self._rng.standard_normal(engine.layout.shape) * float(np.std(engine.layout)) * share
            engine.layout += noise.astype(engine.layout.dtype)

    def _searched(self, layout: NDArray[np.float32]) -> Generator[Frame, None, Neighbors | None]:
        """Looks for neighbours, telling how far it is; None after `stop`. What is there already is enough or not."""
        m, known = len(self._points), self._neighbors
        perplexity = usable_perplexity(self._settings["perplexity"], m)
        if perplexity < self._settings["perplexity"]:
            why = f"and there are {m:,} points" if perplexity * 3 >= m - 1 else f"of {m:,} points, too many for memory"
            self._note(
                f"A perplexity of {self._settings['perplexity']:g} needs three times as many neighbours {why}: "
                f"{perplexity:.3g} was used."
            )
        k = neighbors_needed(perplexity, m)
        if known is not None and known.rows.shape[1] >= k:
            return known
        began = shown = time.perf_counter()
        found: Neighbors | None = None
        for at, found in search(self._space, k, self._settings["metric"]):
            if self._stopped:
                return None
            if found is None and time.perf_counter() - shown > _FRAME:
                yield self._frame(layout, 0, searched(at, m, time.perf_counter() - began))
                shown = time.perf_counter()
        return found

    def _look_at_points(self) -> None:
        components = None if self._settings["components"] == "auto" else self._settings["components"]
        self._space, told = searched_space(self._points, self._settings["metric"], components)
        self._note(told)
        if len(self._space) > 1 and not (self._space != self._space[0]).any():
            self._note(f"All {len(self._space):,} points are equal: the layout shows nothing.")

    def _fit(self, layout: NDArray[np.float32]) -> NDArray[np.float32]:
        """The layout by scikit-learn as a whole."""
        from sklearn.manifold import TSNE as Whole

        whole = Whole(
            self._dims,
            perplexity=usable_perplexity(self._settings["perplexity"], len(layout)),
            init=layout,
            metric=self._settings["metric"],
            max_iter=max(250, self._settings["iterations"]),
        )
        made: NDArray[np.float32] = whole.fit_transform(self._space)
        return made

    def _affinities(self) -> Any:
        assert self._neighbors is not None
        perplexity = usable_perplexity(self._settings["perplexity"], len(self._points))
        self.details |= {"perplexity": perplexity, "neighbors": neighbors_needed(perplexity, len(self._points))}
        made = joint(self._neighbors, perplexity)
        labels = self._settings["labels"]
        if not isinstance(labels, np.ndarray):
            return made
        return supervised(made, labels, self._settings["labels_weight"])

    def _frame(self, layout: NDArray[np.float32], done: int, stage: str, *, last: bool = False) -> Frame:
        values = dict(self._values)
        if self.details["kl"]:
            values["kl"] = self.details["kl"][-1][1]
        return Frame(layout, done, self._settings["iterations"], stage, values, last)

    def _note(self, sentence: str) -> None:
        if sentence and sentence not in self.notes:
            self.notes.append(sentence)


def _longer(count: int, seconds: float) -> int:
    """How many iterations take as long as a frame should, given how long `count` took."""
    return max(1, min(_MOST_AT_ONCE, round(count * _FRAME / max(seconds, 1e-6))))
