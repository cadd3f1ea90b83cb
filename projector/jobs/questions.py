"""Questions about a layout that take longer than a request may: how faithful it is, which clusters it has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..embedding import Embedding
from ..seen import about_seen, measured_quality, points_as_seen
from .inputs import load_embedding_input, store_embedding_input
from .job import Task
from .workplace import Workplace

__all__ = ["question_task", "run_question"]

_LAYOUT = "input-layout.npy"


def question_task(
    question: str, embedding: Embedding, layout: NDArray[Any], layout_name: str, parameters: Mapping[str, Any]
) -> Task:
    """layout: (n, dims). layout_name: equal for equal layouts. parameters: of the question, as JSON holds them."""
    told = json.dumps([question, embedding.fingerprint, layout_name, dict(parameters)], sort_keys=True)
    return Task(
        work=f"{__name__}:{run_question.__name__}",
        key=hashlib.sha256(told.encode()).hexdigest()[:32],
        fields={"question": question, "title": embedding.name, "parameters": dict(parameters)},
        lane="questions",
        prepare=partial(_store, embedding, layout, question == "clusters"),
    )


def _store(
    embedding: Embedding, layout: NDArray[Any], with_metadata: bool, folder: Path, may_map: bool
) -> dict[str, Any]:
    np.save(folder / _LAYOUT, layout, allow_pickle=False)
    return {"input": store_embedding_input(embedding, folder, may_map, with_metadata)}


def run_question(task: dict[str, Any], place: Workplace) -> None:
    """In the worker: the answer is the last delivery. Raises ValueError, Cancelled."""
    embedding = load_embedding_input(task["input"], place.box.folder)
    layout = np.load(place.box.folder / _LAYOUT)
    place.show({"stage": task["question"], "done": 0, "total": 0})
    answers = {"quality": _quality, "faithfulness": _faithfulness, "clusters": _clusters}
    answers[task["question"]](embedding, layout, task["parameters"], place)


def _quality(embedding: Embedding, layout: NDArray[Any], asked: Mapping[str, Any], place: Workplace) -> None:
    facts, found = measured_quality(embedding, layout, **asked)
    arrays = {"rows": found.rows.astype(np.uint32), "per_point": found.per_point}
    place.show(facts, lambda: arrays, last=True)


def _faithfulness(embedding: Embedding, layout: NDArray[Any], asked: Mapping[str, Any], place: Workplace) -> None:
    from ..measures import faithfulness

    def on_progress(done: int, total: int) -> None:
        place.show({"done": done, "total": total})
        place.heed()

    points = points_as_seen(embedding, asked["preprocess"])
    settings = {"k": asked["k"], "sample": asked["sample"], "metric": asked["metric"]}
    found = faithfulness(points, layout, **settings, on_progress=on_progress)
    notes = (*found.notes, *about_seen(asked["preprocess"]))
    facts = {"k": found.k, "measured": found.measured, "mean": found.mean, "metric": found.metric, "notes": notes}
    place.show(facts, lambda: {"recall": found.recall}, last=True)


def _clusters(embedding: Embedding, layout: NDArray[Any], asked: Mapping[str, Any], place: Workplace) -> None:
    from ..clusters import clusters_as_facts, find_clusters

    rows = None if asked["rows"] is None else np.asarray(asked["rows"], np.int64)
    found = find_clusters(layout, embedding, least=asked["least"], rows=rows, columns=asked["columns"])
    place.show(clusters_as_facts(found), lambda: {"labels": found.labels}, last=True)
