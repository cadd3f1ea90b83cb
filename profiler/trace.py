"""A profile of one process as columns: what ran, where, when, with which arguments. Every analysis starts from these.

Times are whole nanoseconds (int64) from the trace's own zero, read from decimal text: nothing is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "DEVICE_WORK",
    "HOST_CALLS",
    "TIMELESS",
    "Category",
    "Counter",
    "Device",
    "Flows",
    "Instants",
    "MemoryEvents",
    "Remark",
    "Slices",
    "SparseColumn",
    "Trace",
    "Track",
]

_BEYOND = 1e18  # damage makes such numbers: sums of them have no meaning
TIMELESS = "no times in the file"  # in the metadata of a trace


class Category(IntEnum):
    """What kind of work a slice is. Both generations of Kineto's names lead here, see reading/categories.py."""

    OTHER = 0
    OPERATOR = 1
    ANNOTATION = 2
    RUNTIME = 3
    DRIVER = 4
    PYTHON = 5
    KERNEL = 6
    MEMCPY = 7
    MEMSET = 8
    GPU_ANNOTATION = 9
    SYNC = 10
    OVERHEAD = 11


DEVICE_WORK = (Category.KERNEL, Category.MEMCPY, Category.MEMSET)  # what a GPU is busy with
HOST_CALLS = (Category.RUNTIME, Category.DRIVER)  # of the GPU's library: launches, copies, waits


@dataclass(frozen=True)
class SparseColumn:
    """One argument of those slices that have it.

    rows    (k,) int32, ascending: rows of `Trace.slices`
    values  (k,) int64 or float64; for text int32 codes into `texts`
    texts   the distinct texts; None for numbers. A list or object of the file is its JSON text
    """

    rows: NDArray[np.int32]
    values: NDArray[Any]
    texts: list[str] | None = None

    def dense(self, count: int, missing: float) -> NDArray[Any]:
        """(count,) values or codes, `missing` where a slice has none."""
        dense = np.full(count, missing, self.values.dtype)
        dense[self.rows] = self.values
        return dense

    def of(self, rows: NDArray[Any], missing: float) -> NDArray[Any]:
        """(k,) values or codes of these slices, in any order; `missing` where one has none."""
        values = np.full(len(rows), missing, self.values.dtype)
        if len(self.rows):
            place = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
            told = self.rows[place] == rows
            values[told] = self.values[place[told]]
        return values

    def at(self, row: int) -> int | float | str | None:
        """The argument of one slice; None when it has none."""
        place = int(np.searchsorted(self.rows, row))
        if place == len(self.rows) or self.rows[place] != row:
            return None
        value = self.values[place]
        return self.texts[int(value)] if self.texts is not None else value.item()


@dataclass(frozen=True)
class Slices:
    """Everything with a beginning and a duration, ordered by (start, -duration), then as in the file.

    name         (n,) int32, codes into `Trace.names`
    category     (n,) int8, a Category
    track        (n,) int32, rows of `Trace.tracks`
    start        (n,) int64, ns from the trace's zero
    duration     (n,) int64, ns; may be negative in a damaged file (counted in `Trace.remarks`)
    correlation  (n,) int64, joins a kernel and the call that launched it; -1 without one
    """

    name: NDArray[np.int32]
    category: NDArray[np.int8]
    track: NDArray[np.int32]
    start: NDArray[np.int64]
    duration: NDArray[np.int64]
    correlation: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start)

    @property
    def end(self) -> NDArray[np.int64]:
        """(n,) int64, ns."""
        return self.start + self.duration


@dataclass(frozen=True)
class Track:
    """A row of the timeline: a thread of the host, or a stream of a device.

    pid, tid  as in the file: numbers or texts
    device    of a stream, -1 on the host; stream likewise
    """

    pid: int | str
    tid: int | str
    process: str = ""
    thread: str = ""
    sort_index: int = 0
    device: int = -1
    stream: int = -1

    @property
    def is_device(self) -> bool:
        return self.device >= 0


@dataclass(frozen=True)
class Flows:
    """Ends of arrows between slices: `kind` (n,) codes into Trace.names ("ac2g", "fwdbwd" …), `id` (n,) int64,
    `begins` (n,) bool, `time` (n,) int64 ns, `track` (n,) int32. As in the file, in its order.
    """

    kind: NDArray[np.int32]
    id: NDArray[np.int64]
    begins: NDArray[np.bool_]
    time: NDArray[np.int64]
    track: NDArray[np.int32]


@dataclass(frozen=True)
class MemoryEvents:
    """What the allocator told (`[memory]`), in order of time; each column (n,).

    time            int64 ns
    bytes           int64, negative when freed
    address         int64; 0 where the file does not tell
    allocated       int64, the device's total afterwards; -1 where the file does not tell; reserved likewise
    device_type     int8: 0 CPU, 1 CUDA (and HIP)
    device          int16
    track           int32
    """

    time: NDArray[np.int64]
    bytes: NDArray[np.int64]
    address: NDArray[np.int64]
    allocated: NDArray[np.int64]
    reserved: NDArray[np.int64]
    device_type: NDArray[np.int8]
    device: NDArray[np.int16]
    track: NDArray[np.int32]


@dataclass(frozen=True)
class Counter:
    """A figure over time: `time` (n,) int64 ns ascending, `value` (n,) float64."""

    name: str
    time: NDArray[np.int64]
    value: NDArray[np.float64]


@dataclass(frozen=True)
class Instants:
    """Marks without a duration that are no memory events: `name` codes, `time` ns, `track`; each (n,)."""

    name: NDArray[np.int32]
    time: NDArray[np.int64]
    track: NDArray[np.int32]


@dataclass(frozen=True)
class Device:
    """A GPU as the file describes it; 0 where it does not tell, or tells nonsense (see `Trace.remarks`).

    compute_capability  (major, minor)
    memory              bytes; shared memory bytes, too
    """

    id: int
    name: str = ""
    compute_capability: tuple[int, int] = (0, 0)
    multiprocessors: int = 0
    memory: int = 0
    threads_per_multiprocessor: int = 0
    registers_per_multiprocessor: int = 0
    shared_memory_per_multiprocessor: int = 0
    shared_memory_per_block_optin: int = 0
    warp_size: int = 32


@dataclass(frozen=True)
class Remark:
    """Something wrong with a file: what, how often, and the byte of the (uncompressed) text where it was first seen."""

    text: str
    count: int = 1
    offset: int = -1


@dataclass(frozen=True)
class Trace:
    """One process's profile.

    path        of the file; names of it are what users see
    zero_ns     nanoseconds since the epoch at the trace's time 0; None when the file's clock is another
    arguments   by their names in the file ("grid", "Input Dims", "Collective name" …), see SparseColumn
    metadata    whatever else stands at the top of the file
    cut_off     the file ends before its events do: what it lacks may have been recorded
    rank        None when the file does not tell and its name neither
    """

    path: str
    names: list[str]
    slices: Slices
    tracks: list[Track]
    arguments: dict[str, SparseColumn]
    flows: Flows
    memory: MemoryEvents
    instants: Instants
    counters: list[Counter]
    devices: list[Device]
    metadata: dict[str, Any]
    zero_ns: int | None = None
    rank: int | None = None
    world_size: int | None = None
    remarks: list[Remark] = field(default_factory=list)
    cut_off: bool = False

    @property
    def timeless(self) -> bool:
        """Whether the file has no times: widths of slices stand for counts."""
        return self.metadata.get(TIMELESS) is True

    def rows_of(self, *categories: Category) -> NDArray[np.int64]:
        """(k,) rows of the slices of these categories, ascending."""
        chosen = np.zeros(len(Category), np.bool_)
        chosen[list(categories)] = True
        return np.flatnonzero(chosen[self.slices.category])

    def argument(self, name: str, missing: float = -1, rows: NDArray[Any] | None = None) -> NDArray[Any]:
        """One number per slice, or per slice of `rows`; `missing` where there is none, and for ones beyond all reason.

        Texts: see `arguments[name]`.
        """
        column = self.arguments.get(name)
        if column is None or column.texts is not None:
            return np.full(len(self.slices) if rows is None else len(rows), missing)
        found = column.dense(len(self.slices), missing) if rows is None else column.of(rows, missing)
        if found.dtype == np.float64:
            found[~(np.abs(found) < _BEYOND)] = missing
        return found
