"""Layouts that jobs make: how far they are, their coordinates, what can be done with them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..queries import Refused
from .answers import arrays_frame
from .fields import whole

if TYPE_CHECKING:
    from ...projector.jobs.job import Job
    from ...projector.jobs.manager import Jobs

__all__ = ["Layout", "find_layout", "frame_header", "frame_of", "jobs_as_json", "steer", "step_frame"]

_MOST_STEP = 2**53
_LONGEST_POLL = 10.0  # s
_LOOK = 0.5  # s between two looks at whether the dashboard ends


@dataclass(frozen=True)
class Layout:
    """coordinates: (n, as many as are shown) float32, NaN for points without a place. name: equal for equal layouts."""

    name: str
    coordinates: NDArray[np.float32]
    fields: Mapping[str, Any]  # of the job


def find_layout(jobs: Jobs, fields: Mapping[str, Any], points: int | None = None) -> Layout:
    """The layout that `job`, `step?` and `components?` of a body or query name.

    points: how many it must have. Raises Refused.
    """
    id = fields.get("job")
    if not isinstance(id, str):
        raise Refused("job: expected the name of a job")
    step = None if fields.get("step") is None else whole(fields, "step", 0, 0, _MOST_STEP)
    with _jobs_there():
        job = jobs.find(id)
        delivery = jobs.newest(id) if step is None else jobs.part(id, step)
    coordinates = delivery.arrays.get("coordinates")
    if coordinates is None:
        raise Refused(f"the job {id[:80]!r} has no layout yet; wait for its first frame", 409)
    if points is not None and len(coordinates) != points:
        raise Refused(f"the layout has {len(coordinates):,} points and the embedding {points:,}: run it again", 409)
    chosen = _components(fields.get("components"), job, coordinates.shape[1])
    version = "" if job.is_over else delivery.facts.get("number", "")
    return Layout(f"{job.task.key} {job.id} {step} {chosen} {version}", coordinates[:, chosen], job.task.fields)


def frame_of(jobs: Jobs, id: str, after: int, asker: str, closing: threading.Event) -> bytes:
    """An arrays frame: how far the job is, and `coordinates` if they are newer than `after`; waits for news.

    Raises Refused.
    """
    end = time.monotonic() + _LONGEST_POLL
    with _jobs_there():
        job = jobs.find(id)
        while True:
            news = jobs.news(id, after, _LOOK, asker)
            if news.number != after or job.is_over or closing.is_set() or time.monotonic() > end:
                break
    about = {key: job.task.fields.get(key) for key in ("method", "dims")}
    header = frame_header(news.facts, n=news.number, job=news.job, state=news.state, message=news.message, **about)
    if news.delivery is None:
        for name in ("details", "curve"):
            header.pop(name, None)
        return arrays_frame(header, {})
    return arrays_frame(header, {name: _sent(array) for name, array in news.delivery.arrays.items()})


def frame_header(facts: Mapping[str, Any], **known: Any) -> dict[str, Any]:
    """What is told of a job beside its arrays: nothing yet, what the worker said, what is known here."""
    nothing = {"done": 0, "total": 0, "stage": "", "values": {}, "notes": [], "curve": [], "message": ""}
    return {**nothing, **facts, **known}


def step_frame(jobs: Jobs, id: str, step: int) -> bytes:
    """The finished layout of one step: `coordinates`, `drift` and `rows` where the steps have other points."""
    with _jobs_there():
        delivery = jobs.part(id, step)
    return arrays_frame(delivery.facts, {name: _sent(array) for name, array in delivery.arrays.items()})


def steer(jobs: Jobs, id: str, action: str, parameters: dict[str, Any], asker: str) -> dict[str, Any]:
    """`{job, state}` after pause, resume, stop, change or discard. Raises Refused."""
    try:
        with _jobs_there():
            job = jobs.find(id)
            if action == "change":
                jobs.change(id, parameters)
            elif action == "discard":
                jobs.discard(id, asker)
            else:
                {"pause": jobs.pause, "resume": jobs.resume, "stop": jobs.stop}[action](id)
    except ValueError as error:
        raise Refused(str(error), 409) from None
    return {"job": id, "state": job.state}


def jobs_as_json(jobs: Jobs) -> list[dict[str, Any]]:
    """`[{job, state, message, done, total, stage, title, embedding, method, dims, …}]`, layouts only."""
    told = ("embedding", "title", "points", "method", "dims", "preprocess", "seed", "parameters")
    listed = []
    for job, news in jobs.listed():
        if "method" not in job.task.fields:
            continue
        progress = {key: news.facts.get(key, default) for key, default in (("done", 0), ("total", 0), ("stage", ""))}
        about = {key: job.task.fields.get(key) for key in told}
        listed.append({"job": news.job, "state": news.state, "message": news.message, **progress, **about})
    return listed


def _sent(array: NDArray[Any]) -> NDArray[Any]:
    """Rows and codes as they are, numbers as float32."""
    return array.astype(np.float32) if array.dtype.kind == "f" else array


def _components(value: Any, job: Job, width: int) -> list[int]:
    """The columns that are shown: those asked for, else the first ones."""
    if value is None:
        return list(range(min(width, int(job.task.fields.get("dims") or 2))))
    if not isinstance(value, list) or not value or not all(type(place) is int for place in value):
        raise Refused("components: expected a list of whole numbers")
    if not 0 <= min(value) <= max(value) < width:
        raise Refused(f"components: the layout has 0 to {width - 1}, got {value[:10]}")
    return value


@contextmanager
def _jobs_there() -> Iterator[None]:
    """What is not there (any more) is a 404."""
    from ...projector.jobs.manager import NoJob

    try:
        yield
    except NoJob as error:
        raise Refused(str(error), 404) from None
