"""All that is known of one slice: its arguments, what it lies in, and what it is joined to."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.attribution import REASONS, Attribution, Reason, attribution
from ..analysis.autograd import forward_of
from ..analysis.nesting import Nesting, nesting, self_times
from ..trace import DEVICE_WORK, HOST_CALLS, Category, Trace

__all__ = ["Joined", "Link", "details"]

_MOST_LINKS = 200  # of one kind; all are counted


@dataclass
class Joined:
    """What the slices of a trace have to do with each other, worked out when it is first asked for."""

    trace: Trace
    nested: Nesting = field(init=False)
    found: Attribution = field(init=False)

    def __post_init__(self) -> None:
        self.nested = nesting(self.trace)
        self.found = attribution(self.trace, self.nested)

    @cached_property
    def own(self) -> NDArray[np.int64]:
        """(n,) ns without children."""
        return self_times(self.trace, self.nested)

    @cached_property
    def forward(self) -> NDArray[np.int32]:
        """(n,) the forward operator of what is backward, -1 elsewhere."""
        return forward_of(self.trace, self.nested)


@dataclass(frozen=True)
class Link:
    """From the slice to another one. kind: "launch", "work", "operator", "forward", "backward"."""

    kind: str
    row: int


def details(joined: Joined, row: int) -> dict[str, Any]:
    """`{row, name, category, start, duration, self, arguments, stack, python, links, …}`; times in ns.

    stack and python are rows, the innermost first: what the slice lies in, and the Python frames around it.
    Raises IndexError for a row that is not there.
    """
    trace = joined.trace
    slices = trace.slices
    if not 0 <= row < len(slices):
        raise IndexError(f"{trace.path} has no slice {row}: there are {len(slices):,}, counted from 0")
    category = Category(int(slices.category[row]))
    nested = joined.nested
    python = int(nested.parent[row]) if category == Category.PYTHON else int(nested.python[row])
    return {
        "row": row,
        "name": trace.names[slices.name[row]],
        "category": category.name.lower(),
        "start": int(slices.start[row]),
        "duration": int(slices.duration[row]),
        "self": int(joined.own[row]) if category not in DEVICE_WORK else None,
        "correlation": int(slices.correlation[row]),
        "arguments": {name: at for name, column in trace.arguments.items() if (at := column.at(row)) is not None},
        "stack": [] if category == Category.PYTHON else _chain(nested.parent, int(nested.parent[row])),
        "python": _chain(nested.parent, python),
        **_joined_to(joined, row, category),
    }


def _chain(parent: NDArray[np.int32], row: int) -> list[int]:
    rows = []
    while row >= 0:
        rows.append(row)
        row = int(parent[row])
    return rows


def _joined_to(joined: Joined, row: int, category: Category) -> dict[str, Any]:
    """links, and what is told of them."""
    if category in DEVICE_WORK:
        return _of_work(joined, row)
    found, slices = joined.found, joined.trace.slices
    if category in HOST_CALLS:
        work = found.rows[found.launch == row]
    else:
        # What is launched while it runs, on its thread: the launches lie within it.
        launched = np.maximum(found.launch, 0)
        begun = slices.start[launched] if len(launched) else np.empty(0, np.int64)
        inside = (begun >= slices.start[row]) & (begun <= slices.start[row] + slices.duration[row])
        work = found.rows[(found.launch >= 0) & inside & (slices.track[launched] == slices.track[row])]
    links = [Link("work", int(each)) for each in work[:_MOST_LINKS]]
    operator = int(joined.nested.operator[row])
    if operator >= 0 and operator != row:
        links.append(Link("operator", operator))
    return {
        "links": links + _of_autograd(joined, row, category),
        "launched": len(work),
        "device_time": int(slices.duration[work].sum()),
    }


def _of_work(joined: Joined, row: int) -> dict[str, Any]:
    found, slices = joined.found, joined.trace.slices
    place = int(np.searchsorted(found.rows, row))
    launch, operator = int(found.launch[place]), int(found.operator[place])
    links = [Link(kind, other) for kind, other in (("launch", launch), ("operator", operator)) if other >= 0]
    told: dict[str, Any] = {"links": links, "reason": REASONS[Reason(int(found.reason[place]))]}
    if launch >= 0:
        told["launch_delay"] = int(slices.start[row] - slices.start[launch] - slices.duration[launch])
    return told


def _of_autograd(joined: Joined, row: int, category: Category) -> list[Link]:
    if category != Category.OPERATOR:
        return []
    forward = int(joined.forward[row])
    if forward >= 0:
        return [Link("forward", forward)]
    parent = joined.nested.parent
    behind = np.flatnonzero(joined.forward == row)
    outermost = behind[~np.isin(parent[behind], behind)]
    return [Link("backward", int(each)) for each in outermost[:_MOST_LINKS]]
