"""Kernels that come one after another again and again: what could be fused, or replayed from a graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import Category, Trace

__all__ = ["kernel_sequences"]

_LONGEST, _LEAST_CALLS, _MOST_ROWS = 8, 3, 100
_MOST_TRIED = 400  # the costliest of each length, and of all
_MOST_SHOWN = 0.5  # of its kernels, by rows above


@dataclass(frozen=True)
class _Runs:
    """Windows of one length: `of` (w,) the number of each, `count` how often each number comes."""

    of: NDArray[np.int64]
    count: NDArray[np.int64]


def kernel_sequences(trace: Trace, window: tuple[int, int] | None = None, longest: int = _LONGEST) -> Table:
    """One row for each sequence of 2 to `longest` kernels of a stream that comes at least three times.

    The one with the most time is first. Left out are sequences of one kernel alone, those that only come as a part of
    a longer one, and those of kernels that rows above them show already, shifted. Occurrences that overlap all count.
    """
    rows, broken = _in_streams(trace, window)
    name = trace.slices.name[rows].astype(np.int64)
    duration = np.maximum(trace.slices.duration[rows], 0)
    by_length = _all_runs(name, broken, longest)
    found: list[tuple[int, int, int]] = []
    for length in range(2, longest + 1):
        runs = by_length[length]
        total = _totals(runs, duration, length)
        wanted = np.flatnonzero((runs.count >= _LEAST_CALLS) & ~_parts(by_length, length))
        costly = wanted[np.argsort(-total[wanted], kind="stable")[:_MOST_TRIED]]
        found += [(int(total[number]), length, int(number)) for number in costly]
    chosen = _apart(by_length, name, sorted(found, reverse=True)[:_MOST_TRIED])
    return _table(trace, rows, chosen)


def _totals(runs: _Runs, duration: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """(numbers,) ns of the kernels of all windows with each number."""
    before = np.concatenate([[0], np.cumsum(duration)])
    known = np.flatnonzero(runs.of >= 0)
    spent = before[known + length] - before[known]
    return np.bincount(runs.of[known], spent, len(runs.count)).astype(np.int64)


def _apart(
    runs: dict[int, _Runs], name: NDArray[np.int64], found: list[tuple[int, int, int]]
) -> list[tuple[int, NDArray[np.int64]]]:
    """(length, where each occurrence begins) of those that are of several kernels and mostly not shown yet."""
    shown = np.zeros(len(name), np.bool_)
    chosen: list[tuple[int, NDArray[np.int64]]] = []
    for _, length, number in found:
        places = np.flatnonzero(runs[length].of == number)
        here = places[:, None] + np.arange(length)
        if len(set(name[here[0]].tolist())) > 1 and shown[here].mean() < _MOST_SHOWN:
            shown[here] = True
            chosen.append((length, places))
    return chosen[:_MOST_ROWS]


def _in_streams(trace: Trace, window: tuple[int, int] | None) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Kernels stream after stream in order of start, and whether each is the last of its stream."""
    rows = trace.rows_of(Category.KERNEL)
    if window is not None:
        begun = trace.slices.start[rows]
        rows = rows[(begun >= window[0]) & (begun < window[1])]
    rows = rows[np.lexsort((rows, trace.slices.track[rows]))]
    track = trace.slices.track[rows]
    return rows, np.append(track[1:] != track[:-1], True) if len(rows) else np.zeros(0, np.bool_)


def _all_runs(name: NDArray[np.int64], broken: NDArray[np.bool_], longest: int) -> dict[int, _Runs]:
    """By length; a window that would reach beyond its stream has the number -1."""
    of = np.unique(name, return_inverse=True)[1].reshape(-1).astype(np.int64)
    single = of
    runs = {1: _Runs(of, np.bincount(of) if len(of) else np.zeros(0, np.int64))}
    whole = np.ones(len(name), np.bool_)
    for length in range(2, longest + 1):
        last = len(name) - length + 1
        if last <= 0:
            runs[length] = _Runs(np.zeros(0, np.int64), np.zeros(0, np.int64))
            continue
        whole = whole[:last] & ~broken[length - 2 : length - 2 + last]
        key = of[:last] * (int(single.max()) + 1) + single[length - 1 :]
        of = np.unique(key, return_inverse=True)[1].reshape(-1).astype(np.int64)
        runs[length] = _Runs(np.where(whole, of, -1), np.bincount(of[whole], minlength=int(of.max()) + 1))
    return runs


def _parts(runs: dict[int, _Runs], length: int) -> NDArray[np.bool_]:
    """Whether each sequence of this length comes as often as one that holds it."""
    mine = runs[length]
    part = np.zeros(len(mine.count), np.bool_)
    longer = runs.get(length + 1)
    if longer is None or not len(longer.of):
        return part
    known = np.flatnonzero(longer.of >= 0)
    count = longer.count[longer.of[known]]
    for place in (known, known + 1):
        inner = mine.of[place]
        part[inner[(inner >= 0) & (mine.count[inner] == count)]] = True
    return part


def _table(trace: Trace, rows: NDArray[np.int64], chosen: list[tuple[int, NDArray[np.int64]]]) -> Table:
    duration, start, end = np.maximum(trace.slices.duration[rows], 0), trace.slices.start[rows], trace.slices.end[rows]
    before = np.concatenate([[0], np.cumsum(duration)])
    total = np.array([(before[at + n] - before[at]).sum() for n, at in chosen], np.int64)
    span = np.array([(end[at + n - 1] - start[at]).sum() for n, at in chosen], np.int64)
    texts = [" → ".join(trace.names[trace.slices.name[row]] for row in rows[at[0] : at[0] + n]) for n, at in chosen]
    return Table(
        "kernel_sequences",
        "Kernels in sequence",
        (
            Column("name", "Kernels", texts),
            Column("length", "Length", np.array([length for length, _ in chosen], np.int64), "count"),
            Column("calls", "Times", np.array([len(places) for _, places in chosen], np.int64), "count"),
            Column("total", "Kernel time", total, "ns", "Of all occurrences."),
            Column("gaps", "Between them", np.maximum(span - total, 0), "ns", "Time between the kernels, likewise."),
            Column("row", "First", np.array([rows[at[0]] for _, at in chosen], np.int64), "", "Its first kernel."),
        ),
    )
