"""What a request wants laid out, as a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..queries import Refused, as_object, names_list
from .fields import whole
from .listing import file_stamps
from .naming import AllSteps, all_steps, name_as_json

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...projector.found import FoundEmbedding
    from ...projector.jobs.job import Task
    from .opened import OpenedEmbedding
    from .store import ProjectorStore

__all__ = ["task_of"]

_MOST_SEED = 2**31 - 1


def task_of(
    store: ProjectorStore,
    log: Callable[[], LogDir],
    fields: Mapping[str, Any],
    open: Callable[[Mapping[str, Any]], OpenedEmbedding],
) -> Task:
    """The task of the body of POST /api/projector/jobs. Raises Refused, Waiting."""
    from ...projector.jobs.projection import projection_task

    method = fields.get("method", "pca")
    if not isinstance(method, str):
        raise Refused("method: expected a string")
    settings = _settings(fields)
    steps = all_steps(fields)
    try:
        if steps is not None:
            return _sequence_task(store.listing.steps(log(), steps.run, steps.tag), fields, method, settings)
        opened = open(fields)
        return projection_task(opened.embedding, name_as_json(opened.name), method, **settings)
    except ValueError as error:
        raise Refused(str(error)) from None


def _sequence_task(
    found: list[FoundEmbedding], fields: Mapping[str, Any], method: str, settings: dict[str, Any]
) -> Task:
    from ...projector.jobs.sequence_job import sequence_task

    name = AllSteps(found[0].run, found[0].tag)
    version = repr([(one.run, one.name, file_stamps(one)) for one in found])
    return sequence_task(
        [(one.step, one.open) for one in found], version, name_as_json(name), method, match=_match(fields), **settings
    )


def _settings(fields: Mapping[str, Any]) -> dict[str, Any]:
    preprocess = fields.get("preprocess")
    return {
        "dims": whole(fields, "dims", 2, 2, 3),
        "preprocess": None if preprocess is None else names_list(preprocess, "preprocess"),
        "seed": whole(fields, "seed", 0, 0, _MOST_SEED),
        "parameters": as_object(fields.get("parameters") or {}, "parameters"),
    }


def _match(fields: Mapping[str, Any]) -> str | None:
    """The column that says which rows of two steps are the same point."""
    match = fields.get("match")
    if not isinstance(match, str | None):
        raise Refused("match: expected the name of a column")
    return match
