"""What the paths of all windows of a trace need, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..trace import HOST_CALLS, Category, Trace
from .attribution import Attribution
from .communication import is_communication
from .critical_path_edges import PathKind
from .critical_path_waits import blocking_calls, unknown_waits, waits_of_streams
from .operators import operator_rows

__all__ = ["Facts"]


@dataclass(frozen=True)
class Facts:
    """Columns (n,) are over all slices, (d,) over the kernels, copies and fills of `found`."""

    trace: Trace
    found: Attribution

    @cached_property
    def end(self) -> NDArray[np.int64]:
        """(n,) ns."""
        return self.trace.slices.end

    @cached_property
    def marked(self) -> NDArray[np.bool_]:
        """(n,) annotations, and what old traces tell as operators though it is none: work lies in them."""
        found = self.trace.slices.category == Category.OPERATOR
        found[operator_rows(self.trace)] = False
        named: NDArray[np.bool_] = found | (self.trace.slices.category == Category.ANNOTATION)
        return named

    @cached_property
    def host(self) -> NDArray[np.int64]:
        """Rows of operators, annotations and calls on the host, by (track, start, -duration)."""
        trace = self.trace
        on_host = np.array([not track.is_device for track in trace.tracks], np.bool_)
        rows = trace.rows_of(Category.OPERATOR, Category.ANNOTATION, *HOST_CALLS)
        rows = rows[on_host[trace.slices.track[rows]]]
        return rows[np.argsort(trace.slices.track[rows], kind="stable")]

    @cached_property
    def spans(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """ns, start and end of the rows of `host`."""
        return self.trace.slices.start[self.host], self.end[self.host]

    @cached_property
    def waited(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of calls that waited, ascending, and of the work whose end each waited for."""
        waited = blocking_calls(self.trace, self.found)
        calls = np.array(sorted(waited), np.int64)
        return calls, np.array([waited[call] for call in calls.tolist()], np.int64)

    @cached_property
    def waits(self) -> NDArray[np.int64]:
        """(d,) see waits_of_streams."""
        return waits_of_streams(self.trace, self.found)

    @cached_property
    def may_wait(self) -> NDArray[np.bool_]:
        """(d,) see unknown_waits."""
        return unknown_waits(self.trace, self.found)

    @cached_property
    def launched(self) -> NDArray[np.int64]:
        """(d,) ns when its launch began; without one when it began itself."""
        rows = np.where(self.found.launch >= 0, self.found.launch, self.found.rows)
        began: NDArray[np.int64] = self.trace.slices.start[rows]
        return began

    @cached_property
    def kinds(self) -> NDArray[np.int64]:
        """(d,) KERNEL, COMMUNICATION or MEMCPY of PathKind."""
        category = self.trace.slices.category[self.found.rows]
        copies = (category == Category.MEMCPY) | (category == Category.MEMSET)
        kind = np.where(copies, PathKind.MEMCPY, PathKind.KERNEL)
        return np.where(is_communication(self.trace)[self.found.rows], PathKind.COMMUNICATION, kind).astype(np.int64)
