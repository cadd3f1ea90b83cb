"""Memory of a trace as tables: the largest allocations, what operators allocate, the peak, what may leak."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import Trace
from .allocations import Allocations, allocations
from .autograd import forward_of
from .cut_off import why_missing
from .memory_events import MemoryCurve, MemoryDevice, memory_curve, memory_devices
from .memory_roles import ROLES, MemoryRole, memory_roles
from .modules import modules_around
from .nesting import Nesting, nesting
from .steps import steps

__all__ = ["By", "MemoryStudy", "memory_by_operator", "memory_largest", "memory_leaks", "memory_peak"]

By = Literal["operator", "module", "category"]

_OUTSIDE = "outside of operators"
_NO_MODULE = "outside of modules"
_NO_ADDRESSES = (
    "The trace has no addresses (torch before 1.10): lifetimes cannot be told, nor what was allocated at the peak."
)
_ESTIMATED = "Categories are estimated from where memory was allocated and freed."


@dataclass(frozen=True)
class MemoryStudy:
    """A device's memory and what tables of it share, each worked out once."""

    trace: Trace
    device: MemoryDevice

    @classmethod
    def of(cls, trace: Trace, device: str = "") -> MemoryStudy:
        """Of the device with this name, else of the first one. Raises ValueError where the trace has none."""
        devices = memory_devices(trace)
        if not devices:
            remedy = why_missing(trace, "profile with profile_memory=True")
            raise ValueError(f"{trace.path}: no memory events: {remedy}")
        chosen = next((each for each in devices if each.name == device), None)
        if chosen is None and device:
            raise ValueError(f"device: there is no {device!r}; there are {', '.join(each.name for each in devices)}")
        return cls(trace, chosen or devices[0])

    @cached_property
    def nesting(self) -> Nesting:
        """Of the whole trace."""
        return nesting(self.trace)

    @cached_property
    def curve(self) -> MemoryCurve:
        """See memory_events.py."""
        return memory_curve(self.trace, self.device)

    @cached_property
    def found(self) -> Allocations:
        """See allocations.py."""
        return allocations(self.trace, self.device, self.nesting)

    @cached_property
    def roles(self) -> NDArray[np.int8]:
        """(k,) of each allocation, see memory_roles.py."""
        return memory_roles(self.trace, self.nesting, self.found)

    @cached_property
    def operators(self) -> list[str]:
        """The operator that allocated, for each allocation; otherwise the annotation or call around."""
        rows = np.where(self.found.operator >= 0, self.found.operator, self.found.slice)
        names, codes = self.trace.names, self.trace.slices.name
        return [names[codes[row]] if row >= 0 else _OUTSIDE for row in rows.tolist()]

    @cached_property
    def modules(self) -> list[str]:
        """The module around, for each allocation; of backward operators that of their forward operator."""
        of, names = modules_around(self.trace, self.nesting)
        forward = forward_of(self.trace, self.nesting)
        rows = self.found.slice
        if not len(of):
            return [_NO_MODULE] * len(rows)
        ahead = np.where(rows >= 0, forward[rows], -1)
        module = np.where(ahead >= 0, of[ahead], np.where(rows >= 0, of[rows], -1))
        return [names[node] if node >= 0 else _NO_MODULE for node in module.tolist()]

    def keys(self, by: By) -> list[str]:
        """What allocations are counted by. Raises ValueError for what is none of these."""
        if by == "operator":
            return self.operators
        if by == "module":
            return self.modules
        if by == "category":
            return [ROLES[MemoryRole(role)] for role in self.roles.tolist()]
        raise ValueError(f"by: expected operator, module or category, got {by!r}")

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """Sentences for every table of this device."""
        told = [self.curve.note, "" if self.found.joined or not len(self.found) else _NO_ADDRESSES]
        return tuple(note for note in told if note)


def memory_largest(study: MemoryStudy, window: tuple[int, int] | None = None, most: int = 10_000) -> Table:
    """Allocations made within the window (all without one), the largest first.

    Columns: bytes, operator, module, category, allocated and freed (ns; NaN: before the trace began, or not freed),
    lifetime (ns), row (the slice that allocated), address.
    """
    trace, found = study.trace, study.found
    begin, end = found.begin(trace), found.end(trace)
    rows = np.arange(len(found)) if window is None else np.flatnonzero((begin < window[1]) & (end >= window[0]))
    order = rows[np.lexsort((rows, -found.bytes[rows]))]
    notes = study.notes
    if len(order) > most:
        notes = (*notes, f"The {most:,} largest of {len(order):,} allocations.")
        order = order[:most]
    start, stop = _known(begin[order], found.allocated[order]), _known(end[order], found.freed[order])
    known = np.where(found.allocated >= 0, found.allocated, found.freed)[order]
    operators, modules, categories = (study.keys(by) for by in ("operator", "module", "category"))
    return Table(
        "memory_allocations",
        f"Allocations on {study.device.name}",
        (
            Column("bytes", "Size", found.bytes[order], "bytes"),
            Column("operator", "Operator", [operators[row] for row in order], hint="The innermost open operator."),
            Column("module", "Module", [modules[row] for row in order], hint=_MODULE),
            Column("category", "Category", [categories[row] for row in order], hint=_ESTIMATED),
            Column("allocated", "Allocated", start, "ns", "On the trace's clock; empty: before the trace began."),
            Column("freed", "Freed", stop, "ns", "Empty: not in this trace."),
            Column("lifetime", "Lifetime", stop - start, "ns", "From allocation to freeing."),
            Column("address", "Address", [hex(value & _UNSIGNED) for value in trace.memory.address[known].tolist()]),
            Column("row", "Row", found.slice[order].astype(np.int64), hint="In the timeline."),
        ),
        notes,
    )


_UNSIGNED = (1 << 64) - 1
_MODULE = "Backward operators count for the module of their forward operator."


def memory_by_operator(study: MemoryStudy, window: tuple[int, int] | None = None, by: By = "operator") -> Table:
    """What operators (modules, categories) allocate: times, bytes in all, largest, bytes kept, mean lifetime."""
    trace, found = study.trace, study.found
    begin, end = found.begin(trace), found.end(trace)
    made = found.allocated >= 0
    if window is not None:
        made &= (begin >= window[0]) & (begin < window[1])
    rows = np.flatnonzero(made)
    keys = study.keys(by)
    names, which = _grouped([keys[row] for row in rows])
    size = found.bytes[rows]
    kept = found.freed[rows] < 0 if window is None else end[rows] >= window[1]
    lifetime = np.where(found.freed[rows] >= 0, end[rows] - begin[rows], np.nan)
    count = np.bincount(which, minlength=len(names))
    ended = np.bincount(which, ~np.isnan(lifetime), len(names))
    largest = np.zeros(len(names), np.int64)
    np.maximum.at(largest, which, size)
    total = np.bincount(which, size, len(names)).astype(np.int64)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(which, np.nan_to_num(lifetime), len(names)) / np.where(ended > 0, ended, np.nan)
    order = np.argsort(-total, kind="stable")
    return Table(
        "memory_operators",
        f"Memory by {by} on {study.device.name}",
        (
            Column("name", by.capitalize(), [names[row] for row in order]),
            Column("count", "Allocations", count[order], "count"),
            Column("bytes", "Allocated in all", total[order], "bytes", "Sum of sizes, however long each lived."),
            Column("largest", "Largest", largest[order], "bytes"),
            Column("kept", "Not freed", _sum(which, size * kept, len(names))[order], "bytes", _KEPT),
            Column("lifetime", "Mean lifetime", mean[order], "ns", "Of those that were freed."),
        ),
        (*study.notes, *((_ESTIMATED,) if by == "category" else ())),
    )


_KEPT = "Still allocated at the end of the trace, or of the chosen stretch."


def memory_peak(study: MemoryStudy, by: By = "operator") -> Table:
    """What was allocated when most was: bytes, share of the peak and number of allocations, by who allocated them.

    The row "allocated before the trace" holds what no allocation in the trace explains. Bytes add up to the peak.
    """
    curve, found = study.curve, study.found
    if curve.peak < 0 or not found.joined:
        return Table("memory_peak", "Peak", (), study.notes)
    top = int(curve.allocated[curve.peak])
    rows = np.flatnonzero(found.alive_after(int(curve.events[curve.peak])) & (found.allocated >= 0))
    keys = study.keys(by)
    names, which = _grouped([keys[row] for row in rows])
    size = _sum(which, found.bytes[rows], len(names))
    count = np.bincount(which, minlength=len(names))
    rest = top - int(size.sum())
    if rest > 0:
        names, size, count = [*names, ROLES[MemoryRole.BEFORE]], np.append(size, rest), np.append(count, 0)
    order = np.argsort(-size, kind="stable")
    when = f"{int(curve.time[curve.peak]):,} ns"
    return Table(
        "memory_peak",
        f"Allocated at the peak of {study.device.name}",
        (
            Column("name", by.capitalize(), [names[row] for row in order]),
            Column("bytes", "At the peak", size[order], "bytes", f"Allocated and not yet freed at {when}."),
            Column("share", "Share", size[order] / max(top, 1), "share", "Of all that was allocated then."),
            Column("count", "Allocations", count[order], "count"),
        ),
        (*study.notes, *((_ESTIMATED,) if by == "category" else ())),
    )


def memory_leaks(study: MemoryStudy) -> Table:
    """Operators whose allocations outlive the step that made them, in every step: suspects of leaks.

    Columns: name, module, bytes per step, steps, bytes in all. A row needs two steps, the last one left out (what it
    allocated may be freed in the next one), and something of each step that is never freed.
    """
    trace, found = study.trace, study.found
    of = steps(trace)
    if not found.joined:
        return Table("memory_leaks", "Leak suspects", (), study.notes)
    if len(of) < 3:
        note = "Leaks show over steps: the trace has fewer than three."
        return Table("memory_leaks", "Leak suspects", (), (*study.notes, note))
    last = len(of) - 1
    step = np.searchsorted(of.host_start, found.begin(trace), "right") - 1
    rows = np.flatnonzero((found.freed < 0) & (found.allocated >= 0) & (step >= 0) & (step < last))
    keys = [f"{study.operators[row]}\x00{study.modules[row]}" for row in rows]
    names, which = _grouped(keys)
    size = _sum(which, found.bytes[rows], len(names))
    seen = np.zeros((len(names), last), np.bool_)
    seen[which, step[rows]] = True
    suspects = np.flatnonzero(seen.sum(1) >= max(2, last - 1))  # one step may have gone without
    order = suspects[np.argsort(-size[suspects], kind="stable")]
    parts = [names[row].split("\x00") for row in order]
    return Table(
        "memory_leaks",
        f"Leak suspects on {study.device.name}",
        (
            Column("name", "Operator", [operator for operator, _ in parts]),
            Column("module", "Module", [module for _, module in parts]),
            Column("per_step", "Per step", (size[order] / last).astype(np.int64), "bytes", "Allocated, never freed."),
            Column("steps", "Steps", seen[order].sum(1), "count", f"Of {last} that something was left from."),
            Column("bytes", "In all", size[order], "bytes"),
        ),
        study.notes,
    )


def _grouped(keys: list[str]) -> tuple[list[str], NDArray[np.int64]]:
    """(distinct keys, (k,) the place of each)."""
    places: dict[str, int] = {}
    which = np.array([places.setdefault(key, len(places)) for key in keys], np.int64)
    return list(places), which


def _sum(which: NDArray[np.int64], values: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    total = np.zeros(count, np.int64)
    np.add.at(total, which, values)
    return total


def _known(times: NDArray[np.int64], events: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(events >= 0, times.astype(np.float64), np.nan)
