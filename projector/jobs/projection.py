"""A layout of an embedding as a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ..embedding import Embedding
from ..methods import METHODS, check_parameters
from ..projecting import Prepared, fingerprint, prepare, spread
from ..reducer import Frame
from .curve import Curve
from .inputs import load_embedding_input, store_embedding_input
from .job import Lane, Task
from .workplace import Workplace

__all__ = ["lane_of", "layout_settings", "projection_task", "run_projection"]

_QUICK = frozenset(("pca", "random", "given", "axes"))
_OF_METADATA = ("column", "labels", "values")  # kinds of parameters


def projection_task(
    embedding: Embedding,
    name: Mapping[str, Any],
    method: str,
    *,
    dims: int = 2,
    preprocess: Sequence[str] | None = None,
    seed: int = 0,
    parameters: Mapping[str, Any] | None = None,
) -> Task:
    """The job of a layout. `name`: how the asker finds the embedding again, in values that JSON holds.

    Raises ValueError for a method that is not there and for parameters that it does not take.
    """
    settings = layout_settings(method, dims, preprocess, seed, parameters)
    about = {"embedding": dict(name), "title": embedding.name, "points": len(embedding)}
    about["content"] = embedding.fingerprint
    return Task(
        work=f"{__name__}:{run_projection.__name__}",
        key=fingerprint(embedding, **settings),
        fields={**about, **settings},
        lane=lane_of(method),
        prepare=partial(_store, embedding, needs_metadata(method)),
    )


def lane_of(method: str) -> Lane:
    """What takes seconds does not wait for what takes minutes."""
    return "quick" if method in _QUICK else "layouts"


def layout_settings(
    method: str, dims: int, preprocess: Sequence[str] | None, seed: int, parameters: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The same under the same names, complete. Raises ValueError."""
    complete = check_parameters(method, parameters or {})
    how = list(METHODS[method].preprocess if preprocess is None else preprocess)
    return {"method": method, "dims": dims, "preprocess": how, "seed": seed, "parameters": complete}


def needs_metadata(method: str) -> bool:
    """Whether a method looks at more than the points."""
    return any(parameter.kind in _OF_METADATA for parameter in METHODS[method].parameters)


def _store(embedding: Embedding, with_metadata: bool, folder: Path, may_map: bool) -> dict[str, Any]:
    return {"input": store_embedding_input(embedding, folder, may_map, with_metadata)}


def run_projection(task: dict[str, Any], place: Workplace) -> None:
    """In the worker: frames of the coordinates of all rows. Raises ValueError, Cancelled."""
    embedding = load_embedding_input(task["input"], place.box.folder)
    place.show({"stage": "preparing", "done": 0, "total": 0})
    try:
        prepared = prepare(
            embedding,
            task["method"],
            dims=task["dims"],
            preprocess=task["preprocess"],
            seed=task["seed"],
            parameters=task["parameters"],
        )
    except ImportError as error:
        raise ValueError(str(error)) from None
    steered, curve = _Steered(prepared), Curve()
    for frame in prepared.reducer:
        arrays = partial(_arrays, frame, prepared)
        place.show(frame_facts(frame, prepared, curve), arrays, frame.last)
        if not frame.last:
            place.heed(steered)


class _Steered:
    """A reducer as orders reach it: parameters may name columns."""

    def __init__(self, prepared: Prepared) -> None:
        self.change, self.stop = prepared.change, prepared.reducer.stop


def _arrays(frame: Frame, prepared: Prepared) -> dict[str, NDArray[Any]]:
    return {"coordinates": spread(frame.coordinates, prepared.rows, len(prepared.embedding))}


def frame_facts(frame: Frame, prepared: Prepared, curve: Curve) -> dict[str, Any]:
    """What is told of a frame beside its coordinates."""
    curve.add(frame)
    return {
        "done": frame.done,
        "total": frame.total,
        "stage": frame.stage,
        "values": dict(frame.values),
        "width": frame.coordinates.shape[1],
        "notes": [*prepared.notes, *prepared.reducer.notes],
        "details": prepared.reducer.details,
        "curve": curve.points,
    }
