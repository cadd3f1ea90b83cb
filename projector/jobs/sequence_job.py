"""Layouts of one tag at all its steps as a job: each begins where the last one ended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..embedding import Embedding
from ..sequence import SequenceLayout, StepFrame
from .curve import Curve
from .inputs import load_embedding_input, store_embedding_input
from .job import Task
from .projection import lane_of, layout_settings
from .workplace import Workplace

__all__ = ["run_sequence", "sequence_task"]

Steps = Sequence[tuple[int, Callable[[], Embedding]]]


def sequence_task(
    steps: Steps,
    version: str,
    name: Mapping[str, Any],
    method: str,
    *,
    dims: int = 2,
    preprocess: Sequence[str] | None = None,
    seed: int = 0,
    match: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Task:
    """The job of a layout of each step. steps: what opens each embedding. version: equal for equal contents of all.

    match: the column that says which rows are the same point; None: their position. Raises ValueError as
    `projection_task` does.
    """
    settings = layout_settings(method, dims, preprocess, seed, parameters)
    fields = {"embedding": dict(name), "title": str(name.get("tag", "")), "match": match, **settings}
    fields["content"] = hashlib.sha256(version.encode()).hexdigest()[:32]
    return Task(
        work=f"{__name__}:{run_sequence.__name__}",
        key=hashlib.sha256(json.dumps([version, fields], sort_keys=True).encode()).hexdigest()[:32],
        fields=fields,
        lane=lane_of(method),
        prepare=partial(_store, steps),
    )


def _store(steps: Steps, folder: Path, may_map: bool) -> dict[str, Any]:
    """The metadata of all steps: points may be matched by it, and methods look at it."""
    inputs = []
    for step, read in steps:
        stored = store_embedding_input(read(), folder, may_map, with_metadata=True, prefix=f"input-step-{step}-")
        inputs.append({"step": step, **stored})
    return {"inputs": inputs}


def run_sequence(task: dict[str, Any], place: Workplace) -> None:
    """In the worker: frames of one step after another, and a part of each step that is finished."""
    inputs = task["inputs"]
    settings = {key: task[key] for key in ("dims", "preprocess", "seed", "match", "parameters")}
    layouts = SequenceLayout(_embeddings(inputs, place.box.folder), task["method"], **settings)
    finished: list[int] = []
    curve = Curve()
    for now in layouts:
        if now.layout is not None:
            _keep(now, place)
            finished.append(now.step)
        curve.add(now.frame)
        facts = {**_facts(now, finished, len(inputs)), "curve": curve.points}
        place.show(facts, partial(_arrays, now), last=len(finished) == len(inputs))
        if now.layout is not None:
            curve = Curve()
        if len(finished) < len(inputs):
            place.heed(layouts)
    if len(finished) < len(inputs):
        place.show({}, last=True)


def _embeddings(inputs: list[dict[str, Any]], folder: Path) -> Iterator[tuple[int, Embedding]]:
    for stored in inputs:
        yield stored["step"], load_embedding_input(stored, folder)


def _facts(now: StepFrame, finished: list[int], count: int) -> dict[str, Any]:
    before = len(finished) - (now.layout is not None)
    return {
        "step": now.step,
        "steps": list(finished),
        "done": before * now.frame.total + now.frame.done,
        "total": now.frame.total * count,
        "stage": f"step {now.step:,}, {before + 1} of {count}" + (f": {now.frame.stage}" if now.frame.stage else ""),
        "values": dict(now.frame.values),
        "width": now.frame.coordinates.shape[1],
        "notes": [] if now.layout is None else now.layout.notes,
    }


def _keep(now: StepFrame, place: Workplace) -> None:
    layout = now.layout
    assert layout is not None
    facts = {
        "step": now.step,
        "width": layout.coordinates.shape[1],
        "disparity": layout.disparity,
        "notes": layout.notes,
    }
    place.keep(now.step, facts, {**_arrays(now), "drift": layout.drift, "moved": layout.moved})


def _arrays(now: StepFrame) -> dict[str, NDArray[Any]]:
    """The coordinates; `rows` where a row is not the point that has its number."""
    arrays: dict[str, NDArray[Any]] = {"coordinates": now.frame.coordinates}
    if not np.array_equal(now.rows, np.arange(len(now.rows))):
        arrays["rows"] = now.rows.astype(np.uint32)
    return arrays
