"""Where the time of each step went: every moment has one role, and the roles add up to the step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import Category, Trace
from .attribution import Attribution
from .communication import is_communication
from .intervals import Spans, covered_by, intersect, length_until, subtract, union
from .names import DATA_LOADER, slices_named
from .steps import Steps, steps
from .wording import count_of

__all__ = ["ROLES", "step_table", "step_table_of_ranks"]

# Where two roles run at once, the first of them counts. Name, title, meaning.
ROLES = (
    ("kernel", "Kernel", "a kernel ran that does not communicate"),
    ("memcpy", "Memcpy", "no kernel ran, a copy did"),
    ("memset", "Memset", "no kernel or copy ran, a fill did"),
    ("communication", "Communication", "nothing of these ran, and GPUs (or, without any, processes) communicated"),
    ("runtime", "Runtime", "the GPU did nothing, and the host was within a call of the runtime or the driver"),
    ("data_loader", "DataLoader", "none of these, and the loop waited for its data loader"),
    ("cpu", "CPU", "none of these, and an operator or an annotation was open on the host"),
    ("other", "Other", "what is left of the step"),
)
_HOST_COMMUNICATION = re.compile(r"^(?:gloo|mpi|ucc):")
_MARK = re.compile(r"^ProfilerStep")
_NOTE = "A moment in which several things run counts for the first of them in the order of the columns."


def step_table(trace: Trace, found: Attribution | None = None, of: Steps | None = None) -> Table:
    """A row per step: its time by roles, which add up to `total` exactly; ns.

    The roles and their order are torch-tb-profiler's. What differs: calls of the driver are Runtime, communication is
    told by kernels (their name or collective) and not by the host's span, the GPU's copy of a mark is no step, and a
    role that fills a step whole leaves nothing to the others (its code took the next role in full then, and shares
    went beyond 100 %).
    """
    of = of or steps(trace, found)
    spans = list(_exclusive(trace, of))
    within = [length_until(span, of.end) - length_until(span, of.start) for span in spans]
    total = of.end - of.start
    figures = [*within, total - sum(within, np.zeros(len(of), np.int64))]
    columns = [
        Column(name, title, value, "ns", hint) for (name, title, hint), value in zip(ROLES, figures, strict=True)
    ]
    rank = -1 if trace.rank is None else trace.rank
    return Table(
        "steps",
        "Steps",
        (
            Column("name", "Step", of.name),
            Column("rank", "Rank", np.full(len(of), rank), "", "-1 where the trace does not tell"),
            Column("start", "Start", of.start, "ns", "since the beginning of the trace"),
            Column("total", "Total", total, "ns", "until all that the step launched on the GPU is done"),
            Column("host", "Host", of.host_end - of.host_start, "ns", "of the mark on the host"),
            *columns,
            Column("launched", "Launched", of.launched, "count", "kernels, copies and fills"),
            Column("complete", "Complete", of.complete.astype(np.int64), "", "0: cut off at the end"),
        ),
        (_NOTE, *_notes(trace, of)),
    )


def step_table_of_ranks(traces: Iterable[Trace]) -> Table:
    """The rows of all ranks' step tables, in order of the traces. Raises ValueError without a trace."""
    tables = [step_table(trace) for trace in traces]
    if not tables:
        raise ValueError("step_table_of_ranks: expected a trace or more, got none")
    columns = tuple(
        Column(column.name, column.title, _joined([table[column.name] for table in tables]), column.unit, column.hint)
        for column in tables[0].columns
    )
    return Table("steps", "Steps", columns, tuple(dict.fromkeys(note for table in tables for note in table.notes)))


def _joined(parts: list[NDArray[Any] | Sequence[str]]) -> NDArray[Any] | Sequence[str]:
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    return np.concatenate(arrays) if arrays else [text for part in parts for text in part]


def _notes(trace: Trace, of: Steps) -> Iterator[str]:
    if not of.marked and len(of):
        yield "The trace marks no steps (torch.profiler's step() was not called): all of it is one."
    cut = int((~of.complete).sum())
    if cut and trace.cut_off:
        yield f"The file is cut off: {cut} of {count_of(len(of), 'step')} may lack events; means leave them out."
    elif cut:
        yield f"{cut} step(s) at the end were cut off when the profiler stopped; means leave them out."


def _exclusive(trace: Trace, of: Steps) -> Iterator[Spans]:
    """The time of each role within the steps that no role before it took; all but the last one, "other"."""
    left = union(of.start, of.end)
    for role in _roles(trace):
        yield intersect(left, role)
        left = subtract(left, role)


def _roles(trace: Trace) -> Iterator[Spans]:
    slices, category = trace.slices, trace.slices.category
    communicates = is_communication(trace)
    kernel = category == Category.KERNEL
    host = np.array([not track.is_device for track in trace.tracks] or [False], np.bool_)[slices.track]
    annotated = host & ((category == Category.OPERATOR) | (category == Category.ANNOTATION))
    data = annotated & slices_named(trace, DATA_LOADER)
    collective = annotated & slices_named(trace, _HOST_COMMUNICATION)
    called = (category == Category.RUNTIME) | (category == Category.DRIVER)
    cpu = annotated & ~data & ~collective & ~slices_named(trace, _MARK)
    if not annotated.any():
        cpu = category == Category.PYTHON
    for chosen in (
        kernel & ~communicates,
        category == Category.MEMCPY,
        category == Category.MEMSET,
        communicates | collective,
        called,
        data,
        cpu,
    ):
        yield covered_by(slices, chosen)
