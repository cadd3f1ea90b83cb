"""Model graphs of a run as the graphs that are drawn, whichever of a run's tags and formats hold them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..errors import TagNotFound
from ..plugins import RUN_GRAPH_TAG
from .series import BlobSeries

if TYPE_CHECKING:
    from ..graphs.model import GraphModel

__all__ = ["best_first", "newest_at", "stored_graph"]


def best_first(tags: Iterable[str]) -> list[str]:
    """The tags of a run's graphs, those that say most first: what TensorBoard shows of the same call comes last."""
    return sorted(tags, key=lambda tag: (tag == RUN_GRAPH_TAG, tag.count("/")))


def stored_graph(values: BlobSeries, index: int, run_graph: BlobSeries | None = None) -> GraphModel:
    """The `index`-th value of a tag as a graph.

    `run_graph`: the values of RUN_GRAPH_TAG in the same run, for notes of an execution that hold no graph.
    Raises ValueError with a sentence, BlobUnavailable, CorruptRecord.
    """
    from ..graphs.reading import read_graph

    graph = values[index]
    of_run = None
    if graph.format == "run_metadata" and run_graph is not None and len(run_graph):
        of_run = run_graph[-1]
    return read_graph(graph, "" if values.tag == RUN_GRAPH_TAG else values.tag, of_run)


def newest_at(values: BlobSeries, step: int | None) -> int:
    """The place of the newest value, or of the newest of this step. Raises TagNotFound where there is none."""
    for index in range(len(values) - 1, -1, -1):
        if step is None or int(values.step[index]) == step:
            return index
    known = ", ".join(str(step) for step in dict.fromkeys(values.step.tolist()[-5:])) or "no value any more"
    raise TagNotFound(f"graph {values.tag!r} has no value at step {step}; it has {known}")
