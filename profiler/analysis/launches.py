"""What launching costs: the host's calls, how long work waits afterwards, and kernels shorter than their launch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import DEVICE_WORK, Trace
from .attribution import Attribution, attribution

__all__ = ["Launches", "launch_statistics", "launches"]

_SHORT = 10_000  # ns


@dataclass(frozen=True)
class Launches:
    """Columns (l,) over the work whose launch is in the trace, in order of start; ns.

    rows    int64, of `Trace.slices`: what was launched; call likewise: what launched it
    host    int64: how long the call took
    device  int64: how long the work took
    delay   int64: from the return of the call to the beginning of the work; 0 where it began before
    """

    rows: NDArray[np.int64]
    call: NDArray[np.int64]
    host: NDArray[np.int64]
    device: NDArray[np.int64]
    delay: NDArray[np.int64]


def launches(trace: Trace, found: Attribution | None = None) -> Launches:
    """Of every kernel, copy and fill, through the runtime or the driver, of CUDA or HIP."""
    found = found or attribution(trace)
    known = found.launch >= 0
    rows, call = found.rows[known], found.launch[known].astype(np.int64)
    slices = trace.slices
    delay = np.maximum(slices.start[rows] - slices.end[call], 0)
    return Launches(rows, call, slices.duration[call], slices.duration[rows], delay)


def launch_statistics(
    trace: Trace, window: tuple[int, int] | None = None, by: str = "work", found: Attribution | None = None
) -> Table:
    """A row per name, the most frequent first. by: "work" groups by what was launched, "call" by what launched it.

    A graph's launch counts once for each of its kernels in `count`, its time once in `calls`. Only what was launched
    within the window counts. Raises ValueError for another `by`.
    """
    if by not in ("work", "call"):
        raise ValueError(f"launch_statistics: by={by!r}; expected 'work' or 'call'")
    told = launches(trace, found)
    called = trace.slices.start[told.call]
    inside = np.ones(len(called), np.bool_) if window is None else (called >= window[0]) & (called < window[1])
    names = trace.slices.name[(told.rows if by == "work" else told.call)[inside]]
    codes, place = np.unique(names, return_inverse=True)
    count = np.bincount(place, minlength=len(codes))
    order = np.argsort(-count, kind="stable")
    columns = (
        Column("name", "Name" if by == "work" else "Call", [trace.names[code] for code in codes[order]]),
        *_figures(told, inside, place, order),
    )
    return Table("launches", "Launches", columns, tuple(_notes(trace, told)))


def _figures(
    told: Launches, inside: NDArray[np.bool_], place: NDArray[np.int64], order: NDArray[np.int64]
) -> Iterator[Column]:
    host, device, delay, call = (values[inside] for values in (told.host, told.device, told.delay, told.call))
    _, first, graph, size = np.unique(call, return_index=True, return_inverse=True, return_counts=True)

    def total(values: NDArray[np.int64], rows: NDArray[np.int64] | slice = slice(None)) -> NDArray[np.int64]:
        return np.bincount(place[rows], values[rows], len(order)).astype(np.int64)[order]

    count = np.bincount(place, minlength=len(order))[order]
    calls = total(np.ones(len(call), np.int64), first)
    yield Column("count", "Launched", count, "count")
    yield Column("calls", "Calls", calls, "count", "a graph is one call")
    yield Column("call_time", "Calls' time", total(host, first), "ns", "on the host")
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total(host, first) / calls
    yield Column("call_mean", "A call", mean, "ns", "mean, on the host; none where others of the same graph have it")
    yield Column("device_mean", "On the GPU", total(device) / np.maximum(count, 1), "ns", "mean")
    yield Column(
        "delay_mean", "Wait", total(delay) / np.maximum(count, 1), "ns", "mean, from the call's return to the start"
    )
    yield Column("delay_most", "Longest wait", _most(delay, place, len(order))[order], "ns")
    shorter = (device < host / size[graph]).astype(np.int64)  # a graph's call serves all of its kernels
    yield Column("shorter", "Shorter than their call", total(shorter) / np.maximum(count, 1), "share")
    yield Column("short", "Below 10 µs", total((device < _SHORT).astype(np.int64)) / np.maximum(count, 1), "share")


def _most(values: NDArray[np.int64], place: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    most = np.zeros(count, np.int64)
    np.maximum.at(most, place, values)
    return most


def _notes(trace: Trace, told: Launches) -> Iterator[str]:
    missing = len(trace.rows_of(*DEVICE_WORK)) - len(told.rows)
    if missing:
        yield f"{missing} kernels and copies have no launch in the trace and are left out."
