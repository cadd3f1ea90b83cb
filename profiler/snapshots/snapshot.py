"""What the allocator of a GPU had at one moment, and what it did before: as columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import Remark
from .stacks import Stacks

__all__ = ["Action", "Annotation", "Blocks", "Events", "Segments", "Snapshot", "State"]


class State(IntEnum):
    """Of a block. AWAITING_FREE: freed by the program, still in use on another stream."""

    INACTIVE = 0
    ALLOCATED = 1
    AWAITING_FREE = 2


class Action(IntEnum):
    """What the allocator did. OTHER: an action that is not known here."""

    OTHER = 0
    ALLOC = 1
    FREE_REQUESTED = 2
    FREE_COMPLETED = 3
    SEGMENT_ALLOC = 4
    SEGMENT_FREE = 5
    SEGMENT_MAP = 6
    SEGMENT_UNMAP = 7
    SNAPSHOT = 8
    OOM = 9


@dataclass(frozen=True)
class Segments:
    """Memory that the allocator has from the device; columns (s,) int64 in order of device and address.

    total, allocated, active, requested  bytes; requested: what the program asked for, without rounding up
    large       bool: blocks of more than 1 MiB
    expandable  bool
    stack       int32, a row of Snapshot.stacks
    """

    device: NDArray[np.int64]
    address: NDArray[np.int64]
    total: NDArray[np.int64]
    allocated: NDArray[np.int64]
    active: NDArray[np.int64]
    requested: NDArray[np.int64]
    stream: NDArray[np.int64]
    large: NDArray[np.bool_]
    expandable: NDArray[np.bool_]
    stack: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.address)


@dataclass(frozen=True)
class Blocks:
    """Pieces of segments, in order of address; columns (b,): segment int32 (a row), address, size and requested
    int64 bytes, state int8 (a State), stack int32 of the allocation."""

    segment: NDArray[np.int32]
    address: NDArray[np.int64]
    size: NDArray[np.int64]
    requested: NDArray[np.int64]
    state: NDArray[np.int8]
    stack: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.address)


@dataclass(frozen=True)
class Events:
    """What the allocator recorded, device by device, each in order of time; columns (e,).

    device  int32; action int8 (an Action); address, size int64; stream int64
    time    int64, ns since the epoch; 0 where the snapshot does not tell
    stack   int32, a row of Snapshot.stacks
    free    int64, bytes the device had left at an OOM; -1 elsewhere
    """

    device: NDArray[np.int32]
    action: NDArray[np.int8]
    address: NDArray[np.int64]
    size: NDArray[np.int64]
    stream: NDArray[np.int64]
    time: NDArray[np.int64]
    stack: NDArray[np.int32]
    free: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.address)


@dataclass(frozen=True)
class Annotation:
    """A mark of the program: "START" or "END" of something with a name; ns since the epoch."""

    name: str
    stage: str
    device: int
    time: int


@dataclass(frozen=True)
class Snapshot:
    """settings: of the allocator, as the file has them. remarks: what is wrong with the file."""

    path: str
    segments: Segments
    blocks: Blocks
    events: Events
    stacks: Stacks
    annotations: list[Annotation] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def devices(self) -> list[int]:
        """Those that have segments or events, ascending."""
        return [int(device) for device in np.union1d(self.segments.device, self.events.device)]
