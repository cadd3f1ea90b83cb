"""What each operator costs, on the host and on the device."""

from __future__ import annotations

import re
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import Category, Trace
from .attribution import Attribution, attribution, device_time_by_launcher
from .autograd import forward_of
from .call_stacks import call_stacks
from .cut_off import why_missing
from .groups import Groups, grouped, in_order
from .names import named
from .nesting import Nesting, descendants, nesting, self_times
from .paths import within_alike
from .tensor_cores import kernels_on_tensor_cores

__all__ = ["By", "operator_rows", "operators"]

By = Literal["name", "shape", "stack"]

_MARK = re.compile(
    r"ProfilerStep#|enumerate\(DataLoader\)|Optimizer\.(?:step|zero_grad)#|DistributedDataParallel\.forward"
)


def operators(
    trace: Trace,
    by: By = "name",
    window: tuple[int, int] | None = None,
    nested: Nesting | None = None,
    found: Attribution | None = None,
) -> Table:
    """One row for each operator (and its shapes and types, or its call stack), the costliest on the device first.

    host total    durations; an operator within one of the same row is part of that one's
    host self     durations without the operators, annotations and runtime calls right within
    device self   durations of the kernels, copies and fills that it launched itself, side by side ones added up
    device total  those of the operators within, too
    backward      device time of the backward operators whose forward operator (or one within it) this is
    window        (start, end) ns: only operators that begin within; their kernels count wherever they run
    """
    nested = nested or nesting(trace)
    found = found or attribution(trace, nested)
    rows = operator_rows(trace)
    if window is not None:
        begun = trace.slices.start[rows]
        rows = rows[(begun >= window[0]) & (begun < window[1])]
    texts, keys = _keys(trace, nested, by)
    groups = grouped(rows, keys)
    first = groups.first()
    columns = [Column("name", "Operator", [trace.names[code] for code in trace.slices.name[first]])]
    columns += [Column(name, title, [values[code] for code in codes[first]]) for name, title, values, codes in texts]
    columns += _figures(trace, nested, found, groups, keys)
    table = Table("operators", "Operators", tuple(columns), _notes(trace, by))
    return in_order(table, np.lexsort((-np.asarray(table["host_self"]), -np.asarray(table["device_self"]))))


def operator_rows(trace: Trace) -> NDArray[np.int64]:
    """Without the marks of steps, loaders and optimizers, which old traces tell as operators."""
    rows = trace.rows_of(Category.OPERATOR)
    return rows[~named(trace, rows, _MARK.match)]


def _keys(
    trace: Trace, nested: Nesting, by: By
) -> tuple[list[tuple[str, str, list[str], NDArray[np.int64]]], list[NDArray[np.int64]]]:
    """(name, title, texts, code of each slice) of the columns that tell rows apart, and the keys."""
    texts: list[tuple[str, str, list[str], NDArray[np.int64]]] = []
    if by == "shape":
        texts.append(("shapes", "Input shapes", *_texts(trace, "Input Dims", "Input dims")))
        texts.append(("types", "Input types", *_texts(trace, "Input type")))
    elif by == "stack":
        texts.append(("stack", "Call stack", *call_stacks(trace, nested)))
    elif by != "name":
        raise ValueError(f"operators: got by={by!r}, want 'name', 'shape' or 'stack'")
    return texts, [trace.slices.name.astype(np.int64), *(codes for _, _, _, codes in texts)]


def _texts(trace: Trace, *names: str) -> tuple[list[str], NDArray[np.int64]]:
    """The texts of an argument by the first of its spellings, and the code of each slice; "" without one."""
    for name in names:
        column = trace.arguments.get(name)
        if column is not None and column.texts is not None:
            return [*column.texts, ""], column.dense(len(trace.slices), len(column.texts)).astype(np.int64)
    return [""], np.zeros(len(trace.slices), np.int64)


def _figures(
    trace: Trace, nested: Nesting, found: Attribution, groups: Groups, keys: list[NDArray[np.int64]]
) -> list[Column]:
    duration, own_host = trace.slices.duration, self_times(trace, nested)
    own_device = device_time_by_launcher(trace, found, found.operator)
    total_device = descendants(nested, own_device)
    backward = _backward_time(trace, nested, own_device)
    launched = np.bincount(found.operator[found.operator >= 0], minlength=len(trace.slices))
    tensor = device_time_by_launcher(trace, found, np.where(kernels_on_tensor_cores(trace, found), found.operator, -1))
    outermost = ~within_alike(nested.parent, _one_key(groups, len(trace.slices)))
    self_device = groups.sum(own_device)
    with np.errstate(invalid="ignore", divide="ignore"):
        tensor_share = np.where(self_device > 0, groups.sum(tensor) / self_device, np.nan)
        share = self_device / max(int(own_device.sum()), 1)
    return [
        Column("calls", "Calls", groups.sum(outermost.astype(np.int64)), "count", _CALLS),
        Column("device_self", "Device self", self_device, "ns", _DEVICE_SELF),
        Column("device_share", "Share", share, "share", "Device self, of all device time that operators launched."),
        Column("device_total", "Device total", groups.sum(total_device * outermost), "ns", _DEVICE_TOTAL),
        Column("host_self", "Host self", groups.sum(own_host), "ns", _HOST_SELF),
        Column("host_total", "Host total", groups.sum(duration * outermost), "ns", _HOST_TOTAL),
        Column("backward", "Backward", groups.sum(backward * outermost), "ns", _BACKWARD),
        Column("launches", "Launches", groups.sum(launched), "count", "Kernels, copies and fills it launched itself."),
        Column("tensor_cores", "Tensor cores", tensor_share, "share", "Of device self, kernels on tensor cores."),
        Column("row", "Longest call", groups.largest(duration), "", "Its slice in the timeline."),
    ]


_CALLS = "A call right or deep within a call of the same row is part of that one."
_DEVICE_SELF = (
    "Kernels, copies and fills that the operator launched itself: correlation → launch → innermost operator. "
    "Durations are added up, also of kernels that run side by side."
)
_DEVICE_TOTAL = "Device self and that of all operators within; calls within a call of the same row count once."
_HOST_SELF = "Duration without the operators, annotations and runtime calls right within."
_HOST_TOTAL = "Duration; calls within a call of the same row count once."
_BACKWARD = (
    "Device time of the backward operators that compute the gradient of this one or of operators within: joined by "
    "sequence numbers or by the trace's forward-backward arrows."
)


def _one_key(groups: Groups, count: int) -> NDArray[np.int32]:
    key = np.full(count, -1, np.int32)
    key[groups.rows] = groups.of
    return key


def _backward_time(trace: Trace, nested: Nesting, own_device: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) ns of device time of backward operators, at the forward operator and all that it lies in."""
    forward = forward_of(trace, nested)
    own = np.zeros(len(trace.slices), np.int64)
    known = forward >= 0
    np.add.at(own, forward[known], own_device[known])
    return descendants(nested, own)


def _notes(trace: Trace, by: By) -> tuple[str, ...]:
    if by == "shape" and "Input Dims" not in trace.arguments and "Input dims" not in trace.arguments:
        return (f"The trace has no shapes: {why_missing(trace, 'profile with record_shapes=True')}.",)
    if by == "stack" and "Call stack" not in trace.arguments and not len(trace.rows_of(Category.PYTHON)):
        return (f"The trace has no call stacks: {why_missing(trace, 'profile with with_stack=True')}.",)
    return ()
