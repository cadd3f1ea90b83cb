"""One layout by UMAP in a process of its own, as a user's first is; prints seconds and quality as JSON.

python -m benchmarks.umap_process stepscope|umap-learn POINTS DIMENSIONS
"""

import json
import resource
import sys
import time

from .make_points import clusters


def main(engine: str, count: str, dimensions: str) -> None:
    points = clusters(int(count), int(dimensions))
    start, before = time.perf_counter(), _cpu()
    first = 0.0
    if engine == "stepscope":
        from stepscope.projector.umap.reducer import UMAP

        layout = None
        for frame in UMAP(points):
            first = first or time.perf_counter() - start
            layout = frame.coordinates
    else:
        import umap

        layout = umap.UMAP(random_state=0, n_jobs=1).fit_transform(points)
    seconds, cpu = time.perf_counter() - start, _cpu() - before

    from stepscope.projector.measures import quality

    found = quality(points, layout)
    told = {"first": first or seconds, "seconds": seconds, "cpu": cpu}
    print(json.dumps({**told, "trustworthiness": found.trustworthiness, "recall": found.recall}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
