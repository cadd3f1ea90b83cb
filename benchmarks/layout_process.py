"""One layout in a process of its own, as a user's first is; prints seconds and quality as JSON.

python -m benchmarks.layout_process LAYOUT POINTS.npy [ITERATIONS]        LAYOUT: a key of LAYOUTS
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

_COMPONENTS, _ALL_UP_TO = 50, 1e12  # as our t-SNE does: multiplications of a search through all dimensions


def main(name: str, path: str, *iterations: str) -> None:
    points = np.load(path)
    start, before = time.perf_counter(), _cpu()
    times, layout = [], None
    for layout in LAYOUTS[name](points, *map(int, iterations)):  # noqa: B007  # the last one is looked at
        times.append(time.perf_counter() - start)
    cpu = _cpu() - before

    from stepscope.projector.measures import quality

    found = quality(points, layout)
    told = {"first": times[0], "seconds": times[-1], "cpu": cpu}
    if len(times) > 1:
        told["frame"] = (times[-1] - times[0]) / (len(times) - 1)
    told |= {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024}
    print(json.dumps({**told, "trustworthiness": found.trustworthiness, "recall": found.recall}))


def _our_umap(points: Any) -> Iterator[Any]:
    from stepscope.projector.umap.reducer import UMAP

    for frame in UMAP(points):
        yield frame.coordinates


def _umap_learn(points: Any) -> Iterator[Any]:
    import umap

    yield umap.UMAP(random_state=0, n_jobs=1).fit_transform(points)


def _our_tsne(points: Any, iterations: int) -> Iterator[Any]:
    from stepscope.projector.tsne.reducer import TSNE

    for frame in TSNE(points, iterations=iterations):
        yield frame.coordinates


def _open_tsne(points: Any, iterations: int) -> Iterator[Any]:
    import openTSNE

    early = iterations // 4
    yield openTSNE.TSNE(
        early_exaggeration_iter=early, n_iter=iterations - early, n_jobs=os.cpu_count(), random_state=0
    ).fit(_reduced(points))


def _scikit_tsne(points: Any, iterations: int) -> Iterator[Any]:
    from sklearn.manifold import TSNE

    yield TSNE(max_iter=iterations, n_jobs=-1, random_state=0).fit_transform(_reduced(points))


def _our_pca(points: Any) -> Iterator[Any]:
    from stepscope.projector.pca import PCA

    for frame in PCA(points, components=10):
        yield frame.coordinates


def _scikit_pca(points: Any) -> Iterator[Any]:
    from sklearn.decomposition import PCA

    yield PCA(10, svd_solver="covariance_eigh").fit_transform(points)


def _reduced(points: Any) -> Any:
    """What rivals are given where a search through all dimensions would take minutes."""
    from sklearn.decomposition import PCA

    if float(len(points)) * points.size <= _ALL_UP_TO:
        return points
    return PCA(_COMPONENTS, svd_solver="covariance_eigh").fit_transform(points)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


LAYOUTS = {
    "umap": _our_umap,
    "umap-learn": _umap_learn,
    "tsne": _our_tsne,
    "openTSNE": _open_tsne,
    "scikit-learn t-SNE": _scikit_tsne,
    "pca": _our_pca,
    "scikit-learn PCA": _scikit_pca,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
