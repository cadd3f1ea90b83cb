"""What lies in what, whose work the device does, and the tables made of it, over millions of slices in memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from stepscope.profiler.analysis.attribution import attribution
from stepscope.profiler.analysis.flame import flame
from stepscope.profiler.analysis.kernels import kernels
from stepscope.profiler.analysis.modules import modules
from stepscope.profiler.analysis.nesting import nesting
from stepscope.profiler.analysis.operators import operators
from stepscope.profiler.reading.read import read_trace
from stepscope.profiler.trace import Slices, SparseColumn, Trace

from .measure import Row, Table

_SOURCE = (
    Path(__file__).parents[2] / "shared/traces/tracelens/h100/google_owlv2-large-patch14-ensemble__1016001.json.gz"
)
_COPIES = 36
_NESTING = 0.5  # s
NOTES = """\
The columns of a real trace (H100, with call stacks) repeated in memory: {slices:,} slices. Seconds of a core; medians.
What lies in what is known to the tables and the flame graph."""


def run(*, quick: bool) -> list[Table]:
    """The table of this subject; none without the real trace that the large one is made of."""
    if not _SOURCE.exists():
        print(f"analyses: {_SOURCE} is not there")
        return []
    trace = _repeated(read_trace(_SOURCE), 2 if quick else _COPIES)
    nested = nesting(trace)
    found = attribution(trace, nested)
    rows = [
        Row("what lies in what", _seconds(lambda: nesting(trace)), at_most=_NESTING),
        Row("whose work the device does", _seconds(lambda: attribution(trace, nested))),
        Row("operators by name", _seconds(lambda: operators(trace, nested=nested, found=found))),
        Row(
            "operators by call stack",
            _seconds(lambda: operators(trace, "stack", nested=nested, found=found)),
        ),
        Row("kernels", _seconds(lambda: kernels(trace, found=found))),
        Row("modules", _seconds(lambda: modules(trace, nested=nested, found=found))),
        Row("flame graph of the device", _seconds(lambda: flame(trace, "device", nested=nested, found=found))),
    ]
    return [Table("Analyses of a trace", (), NOTES.format(slices=len(trace.slices)), rows)]


def _seconds(task: Callable[[], object]) -> float:
    """Of the processor: other programs on the machine do not count."""
    times = []
    for _ in range(3):
        start = time.process_time()
        task()
        times.append(time.process_time() - start)
    return median(times)


def _repeated(trace: Trace, copies: int) -> Trace:
    """Each copy begins after the one before, with correlations of its own."""
    slices, count = trace.slices, len(trace.slices)
    span = int(slices.end.max()) + 1
    largest = int(slices.correlation.max()) + 1
    copy = np.repeat(np.arange(copies), count)
    correlation = np.tile(slices.correlation, copies)
    return replace(
        trace,
        slices=Slices(
            np.tile(slices.name, copies),
            np.tile(slices.category, copies),
            np.tile(slices.track, copies),
            np.tile(slices.start, copies) + copy * span,
            np.tile(slices.duration, copies),
            np.where(correlation >= 0, correlation + copy * largest, -1),
        ),
        arguments={
            name: SparseColumn(
                (np.tile(column.rows, copies) + np.repeat(np.arange(copies), len(column.rows)) * count).astype(
                    np.int32
                ),
                np.tile(column.values, copies),
                column.texts,
            )
            for name, column in trace.arguments.items()
        },
    )
