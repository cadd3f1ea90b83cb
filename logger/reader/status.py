"""What a log says about itself: progress, roots, runs, files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .decoder import Damage

__all__ = ["FileStatus", "Root", "RunInfo", "Status"]


@dataclass(frozen=True)
class Root:
    """One of the directories that were asked for."""

    name: str  # "" when there is only one
    path: str
    state: str  # "ok", "missing", "empty" (no event file), "unreadable"
    detail: str = ""  # what the system said, or which folders below could not be read


@dataclass(frozen=True)
class Status:
    """How far reading has come."""

    phase: str  # "idle", "compiling", "scanning", "loading", "following"
    ready: bool  # the first full pass is complete
    version: int
    runs: int
    scalar_points: int
    events: int
    bytes_read: int
    bytes_total: int
    files: int
    damaged: int
    truncated: int
    unreadable: int
    roots: tuple[Root, ...]
    index: str = ""  # where the index is kept, or why none is


@dataclass(frozen=True)
class FileStatus:
    """One event file."""

    path: str
    size: int
    bytes_read: int
    events: int
    scalars: int
    blobs: int
    state: str  # "ok", "truncated" (ends inside a record; may grow), "damaged", "unreadable"
    damage: tuple[Damage, ...]
    kinds: tuple[str, ...]
    values: Mapping[str, int] = field(default_factory=dict)  # kind → how many values of it the file holds
    detail: str = ""  # why it is unreadable


@dataclass(frozen=True)
class RunInfo:
    """A run at a glance."""

    name: str
    first_wall_time: float  # of the earliest event with data; NaN where there is none
    last_wall_time: float
    first_event_time: float  # of the first event of any kind
    last_step: int | None
    scalar_points: int
    segments: int  # session starts
    damaged_files: int
