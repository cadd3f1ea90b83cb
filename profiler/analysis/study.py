"""One trace and what several analyses need of it, each worked out once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..table import Table
from ..trace import Category, Trace
from .attribution import Attribution, attribution
from .gpu_time import GpuSpans, GpuTime, gpu_spans, gpu_time
from .idle import IdleGaps, IdleReason, idle_gaps
from .launch_shapes import LaunchShapes, launch_shapes
from .nesting import Nesting, nesting
from .occupancy import Occupancy, occupancy
from .step_table import step_table
from .steps import Steps, steps
from .tensor_cores import TensorCores, tensor_cores
from .utilization import utilization
from .wording import percent, time_text

__all__ = ["Study"]


@dataclass(frozen=True)
class Study:
    """window: ns; None is all of the trace."""

    trace: Trace
    window: tuple[int, int] | None = None

    @classmethod
    def of(cls, what: Trace | Study) -> Study:
        """A study as it is, or one of a whole trace."""
        return what if isinstance(what, Study) else cls(what)

    @property
    def has_gpu(self) -> bool:
        """Whether anything ran on a GPU."""
        return len(self.attribution.rows) > 0

    @cached_property
    def nesting(self) -> Nesting:
        """Of the whole trace; attribution and steps, too."""
        return nesting(self.trace)

    @cached_property
    def attribution(self) -> Attribution:
        """See attribution.py."""
        return attribution(self.trace, self.nesting)

    @cached_property
    def steps(self) -> Steps:
        """Those that lie in the window, at least in part."""
        found = steps(self.trace, self.attribution)
        if self.window is None or not found.marked:
            return found
        return found.chosen((found.end > self.window[0]) & (found.start < self.window[1]))

    @cached_property
    def step_table(self) -> Table:
        """See step_table.py."""
        return step_table(self.trace, self.attribution, self.steps)

    @cached_property
    def span(self) -> tuple[int, int]:
        """ns, the time that means are taken over: the window, otherwise from the first to the last complete step."""
        if self.window is not None:
            return self.window
        complete = self.steps.complete
        if not complete.any():
            return 0, 0
        return int(self.steps.start[complete].min()), int(self.steps.end[complete].max())

    @cached_property
    def step_count(self) -> int:
        """Complete steps; 1 at least."""
        return max(int(self.steps.complete.sum()), 1)

    @cached_property
    def step_time(self) -> float:
        """ns, mean of the complete steps; 0 without any."""
        return float((self.steps.end - self.steps.start)[self.steps.complete].sum()) / self.step_count

    @cached_property
    def gpu_time(self) -> GpuTime:
        """Of the window, otherwise of all."""
        return gpu_time(self.trace, self.window)

    @cached_property
    def in_steps(self) -> GpuTime:
        """Of `span`: what means per step are taken of."""
        return gpu_time(self.trace, self.span)

    @cached_property
    def spans(self) -> GpuSpans:
        """Of the window, otherwise of all."""
        return gpu_spans(self.trace, self.window)

    @cached_property
    def gaps(self) -> IdleGaps:
        """Of the window, otherwise of all."""
        return idle_gaps(self.trace, self.window, self.attribution)

    @cached_property
    def gaps_in_steps(self) -> IdleGaps:
        """Of `span`."""
        return idle_gaps(self.trace, self.span, self.attribution)

    @cached_property
    def shapes(self) -> LaunchShapes:
        """See launch_shapes.py."""
        return launch_shapes(self.trace)

    @cached_property
    def occupancy(self) -> Occupancy:
        """See occupancy.py."""
        return occupancy(self.trace, self.shapes)

    @cached_property
    def utilization(self) -> Table:
        """Of `span`, a row per GPU."""
        return utilization(self.trace, self.span, self.shapes, self.occupancy)

    @cached_property
    def tensor_cores(self) -> TensorCores:
        """Of the whole trace."""
        return tensor_cores(self.trace, self.attribution)

    def per_step(self, total: float) -> float:
        """A sum over `span` as a mean per complete step."""
        return total / self.step_count

    def share_of_step(self, mean: float) -> float:
        """Of the mean step; 0 without steps."""
        return mean / self.step_time if self.step_time else 0.0

    def role(self, name: str) -> float:
        """ns per complete step of a role of the step table."""
        return float(np.asarray(self.step_table[name])[self.steps.complete].sum()) / self.step_count

    def idle(self, *reasons: IdleReason) -> float:
        """ns per complete step that the GPU idled for these reasons."""
        chosen = np.isin(self.gaps_in_steps.reason, [int(reason) for reason in reasons])
        return self.per_step(float(self.gaps_in_steps.duration[chosen].sum()))

    def in_span(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of the rows that lie in `span`, at least in part."""
        slices = self.trace.slices
        return rows[(slices.end[rows] >= self.span[0]) & (slices.start[rows] < self.span[1])]

    def rows_of(self, *categories: Category) -> NDArray[np.int64]:
        """Rows of these categories that lie in `span`, at least in part."""
        return self.in_span(self.trace.rows_of(*categories))

    @property
    def each(self) -> str:
        """What means are of, behind a figure."""
        return "a step" if self.steps.marked else "in the trace"

    def told(self, mean: float) -> str:
        """ns of a step in words: "8.55 ms a step (12.3 %)"."""
        return f"{time_text(mean)} {self.each} ({percent(self.share_of_step(mean))})"

    def names_of(self, rows: Sequence[int] | NDArray[Any]) -> list[str]:
        """A name per row; "" for rows below 0."""
        return [self.trace.names[self.trace.slices.name[row]] if row >= 0 else "" for row in np.asarray(rows).tolist()]
