"""What happened to a run besides its numbers: starts, restarts, checkpoints, the end, and what `add_event` noted."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..plugins import EVENT_TAG_PREFIX
from . import layout as L
from .event_file import EventFile
from .kinds import EVENTS, SCALARS, SESSIONS
from .run import RunView
from .storage import Storage

__all__ = ["RunEvent", "RunEvents"]

Array = npt.NDArray[Any]
_MOST_TEXT = 4000  # characters kept of one text
_STATUS_ONLY = 2  # bytes of a SessionLog that says nothing but its status
_MOST_KEPT = 200_000  # texts kept in memory


@dataclass(frozen=True, order=True)
class RunEvent:
    """A moment of a run.

    `kind` is "start" (the first of its sessions), "restart", "stop", "checkpoint", or the word given to `add_event`;
    `step` the last scalar's step where nothing else was said, `wall_time` in seconds since the epoch.
    """

    step: int
    wall_time: float
    kind: str
    text: str


class _Place(NamedTuple):
    """Where the message behind an event lies in its file."""

    path: str
    generation: int
    at: int
    length: int
    code: int
    kind: str
    step: int
    wall: float


class RunEvents:
    """The events of runs, texts read when first asked for and kept. Any thread at any time."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._texts: dict[tuple[str, int, int], str] = {}
        self._known: dict[str, tuple[weakref.ref[RunView], list[RunEvent]]] = {}

    def of(self, view: RunView) -> list[RunEvent]:
        """The events of a run in order of step, then time."""
        known = self._known.get(view.name)
        if known is None or known[0]() is not view:
            found = [*_starts(view), *self._written(view)]
            found += _steps_back(view, [event.wall_time for event in found if event.kind == "restart"])
            known = self._known[view.name] = weakref.ref(view), sorted(found)
        return list(known[1])

    def _written(self, view: RunView) -> Iterator[RunEvent]:
        """What event files say in so many words."""
        places = list(_places(view))
        texts = self._read(places)
        for place, text in zip(places, texts, strict=True):
            yield RunEvent(place.step, place.wall, place.kind, text)

    def _read(self, places: list[_Place]) -> list[str]:
        if len(self._texts) > _MOST_KEPT:
            self._texts = {}
        kept = self._texts  # another thread may begin anew
        missing: dict[str, list[_Place]] = {}
        for place in places:
            if _key(place) not in kept and _has_text(place):
                missing.setdefault(place.path, []).append(place)
        for path, wanted in missing.items():
            kept.update(_read_texts(self._storage, path, wanted))
        return [kept.get(_key(place), "") for place in places]


def _key(place: _Place) -> tuple[str, int, int]:
    return place.path, place.generation, place.at


def _has_text(place: _Place) -> bool:
    return place.code == L.CODE_TENSOR or place.length > _STATUS_ONLY


def _places(view: RunView) -> Iterator[_Place]:
    """The blobs that are events, file by file."""
    kind_of = {number: (kind, tag) for number, (kind, tag) in enumerate(view.tags.series) if kind in (EVENTS, SESSIONS)}
    if not kind_of:
        return
    numbers = np.array(list(kind_of), np.int32)
    for file in view.files:
        for blobs in (blobs for session in file.sessions for blobs in session.blobs):
            for row in np.flatnonzero(np.isin(blobs.series, numbers)).tolist():
                kind, tag = kind_of[int(blobs.series[row])]
                code = int(blobs.code[row])
                word = tag.removeprefix(EVENT_TAG_PREFIX)
                if kind == SESSIONS:
                    word = "stop" if code == L.CODE_SESSION_STOP else "checkpoint"
                step, wall = int(blobs.step[row]), float(blobs.wall[row])
                yield _Place(
                    file.path, file.generation, int(blobs.at[row]), int(blobs.length[row]), code, word, step, wall
                )


def _read_texts(storage: Storage, path: str, places: list[_Place]) -> dict[tuple[str, int, int], str]:
    """The texts of one file; "" where they cannot be read any more."""
    try:
        with storage.open(path) as file:
            return {_key(place): _text(place, file.read(place.at, place.length)) for place in places}
    except OSError:
        return dict.fromkeys(map(_key, places), "")


def _text(place: _Place, data: bytes) -> str:
    from google.protobuf.message import DecodeError

    from ..proto.event_pb2 import SessionLog, Summary
    from ..tensors import tensor_array

    try:
        if place.code in (L.CODE_SESSION_STOP, L.CODE_CHECKPOINT):
            log = SessionLog.FromString(data)
            return " ".join(filter(None, (log.checkpoint_path, log.msg)))[:_MOST_TEXT]
        texts = tensor_array(Summary.Value.FromString(data).tensor).ravel().tolist()
        return b" ".join(texts).decode("utf-8", "replace")[:_MOST_TEXT]
    except (DecodeError, TypeError, ValueError):  # the file was changed, or another writer's idea of an event
        return ""


# --- starts and restarts ----------------------------------------------------------------------------------------------


def _starts(view: RunView) -> Iterator[RunEvent]:
    """SessionLog START: a restart where the run had data before it."""
    for file in view.files:
        for number, session in enumerate(file.sessions):
            if session.start is None:
                continue
            step, wall = session.start
            again = any(before.blocks for before in file.sessions[:number]) or _began_before(view.files, file, wall)
            yield RunEvent(step, wall, "restart" if again else "start", "")


def _began_before(files: Iterable[EventFile], itself: EventFile, wall: float) -> bool:
    return any(file is not itself and file.scalars and file.min_wall < wall for file in files)


def _steps_back(view: RunView, told: list[float]) -> list[RunEvent]:
    """Restarts that nobody announced: steps that go back, in the scalar with most points.

    `told` are the times of those that were announced.
    """
    number = _busiest(view)
    series = view.find(view.tags.series[number][1]) if number is not None else None
    if series is None or series.segment is None:
        return []
    rows = series.rows
    firsts = np.flatnonzero(np.diff(series.segment)) + 1
    found = []
    for first in firsts.tolist():
        before, after = float(rows.wall[first - 1]), float(rows.wall[first])
        # Where the clock was put back, the time before says nothing.
        if not any(wall <= after and (before <= wall or before > after) for wall in told):
            found.append(RunEvent(int(rows.step[first]), after, "restart", ""))
    return found


def _busiest(view: RunView) -> int | None:
    """The number of the scalar with most points."""
    counts: Array = np.zeros(len(view.tags.series), np.int64)
    for file in view.files:
        for block in (block for session in file.sessions for block in session.blocks):
            counts[block.tags] += np.diff(block.offsets)
    best = int(counts.argmax()) if len(counts) else 0
    return best if len(counts) and counts[best] and view.tags.series[best][0] == SCALARS else None
