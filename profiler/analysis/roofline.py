"""How near operators come to what their device can do, where their shapes tell how much they do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..peak_rates import peak_rates
from ..table import Column, Table
from ..trace import Category, Trace
from .attribution import Attribution, attribution, device_time_by_launcher
from .cut_off import why_missing
from .groups import Groups, grouped, in_order
from .nesting import Nesting, descendants, nesting
from .operator_work import Arguments, Work, operator_work
from .paths import nearest
from .tensor_cores import kernels_on_tensor_cores

__all__ = ["Roof", "roof", "roofline"]

_TEXTS = ("Input Dims", "Input type", "Concrete Inputs")


@dataclass(frozen=True)
class Roof:
    """What a device can do at most. flops: FLOP/s of 16-bit products on tensor cores; bandwidth: bytes/s.

    plain  FLOP/s of float32 beside the tensor cores
    """

    device: str
    flops: float
    plain: float
    bandwidth: float

    def peak(self, item: int, on_tensor_cores: bool) -> float:
        """FLOP/s of numbers of `item` bytes: 8-bit twice as fast as 16-bit, TF32 half as fast."""
        if item >= 4:
            return self.flops / 2 if on_tensor_cores else self.plain
        return self.flops * (2 if item == 1 else 1)


def roof(trace: Trace) -> Roof | None:
    """Of the trace's first device; None for one that is not known."""
    for device in trace.devices:
        rates = peak_rates(device.name)
        if rates is not None:
            return Roof(device.name, rates.flops, rates.float32, rates.bandwidth)
    return None


def roofline(
    trace: Trace,
    window: tuple[int, int] | None = None,
    nested: Nesting | None = None,
    found: Attribution | None = None,
) -> Table:
    """One row for each matrix product, convolution or attention of one shape: FLOP/s, bytes/s and the roof above it.

    Time is that of the kernels which the operator and those within launched; without a GPU, the operator's duration.
    Operators within one another count once, the innermost whose shapes tell enough. A roof is
    min(peak FLOP/s, FLOP by byte × peak bytes/s); its share is FLOP/s by the roof.
    """
    nested = nested or nesting(trace)
    found = found or attribution(trace, nested)
    rows, work = _worked(trace, window)
    rows = rows[~_has_inner(nested, rows)]
    groups = grouped(rows, [trace.slices.name.astype(np.int64), *(_codes(trace, name) for name in _TEXTS)])
    first = groups.first()
    works = [work[int(row)] for row in first]
    device = descendants(nested, device_time_by_launcher(trace, found, found.operator))
    time = groups.sum(device if len(found.rows) else trace.slices.duration)
    table = Table(
        "roofline",
        "Roofline",
        (
            Column("name", "Operator", [trace.names[code] for code in trace.slices.name[first]]),
            Column("shapes", "Input shapes", _texts(trace, "Input Dims", first)),
            Column("types", "Types", _texts(trace, "Input type", first)),
            Column("calls", "Calls", groups.calls(), "count"),
            Column("time", "Time", time, "ns", "Of its kernels; without a GPU, of the operator."),
            *_rates(trace, found, nested, groups, works, time),
            Column("row", "Longest call", groups.largest(trace.slices.duration), "", "Its slice in the timeline."),
        ),
        _notes(trace, len(rows)),
    )
    return in_order(table, np.argsort(-time, kind="stable"))


def _worked(trace: Trace, window: tuple[int, int] | None) -> tuple[NDArray[np.int64], dict[int, Work]]:
    """Operators whose work is known, and the work of each; texts that come again are read once."""
    known: dict[tuple[int, ...], Work | None] = {}
    codes = np.stack([trace.slices.name, *(_codes(trace, name) for name in _TEXTS)], axis=1)
    rows = trace.rows_of(Category.OPERATOR)
    rows = rows[codes[rows, 1] >= 0] if len(rows) else rows
    if window is not None:
        begun = trace.slices.start[rows]
        rows = rows[(begun >= window[0]) & (begun < window[1])]
    different, place = np.unique(codes[rows], axis=0, return_inverse=True)
    for each in map(tuple, different.tolist()):
        known[each] = operator_work(trace.names[each[0]], _arguments(trace, each[1:]))
    per_code = [known[each] for each in map(tuple, different.tolist())]
    has = np.array([work is not None for work in per_code], np.bool_)[place.reshape(-1)]
    found = {int(row): per_code[code] for row, code in zip(rows[has], place.reshape(-1)[has], strict=True)}
    return rows[has], {row: work for row, work in found.items() if work is not None}


def _arguments(trace: Trace, codes: tuple[int, ...]) -> Arguments:
    shapes, types, values = (_list(trace, name, code) for name, code in zip(_TEXTS, codes, strict=True))
    flat = [shape if _is_shape(shape) else [] for shape in shapes]
    return Arguments(flat, [str(type) for type in types], [str(value) for value in values])


def _is_shape(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(side, int) for side in value)


def _list(trace: Trace, name: str, code: int) -> list[Any]:
    column = trace.arguments.get(name)
    if column is None or column.texts is None or code < 0:
        return []
    try:
        told = json.loads(column.texts[code])
    except ValueError:
        return []
    return told if isinstance(told, list) else []


def _codes(trace: Trace, name: str) -> NDArray[np.int64]:
    column = trace.arguments.get(name)
    if column is None or column.texts is None:
        return np.full(len(trace.slices), -1, np.int64)
    return column.dense(len(trace.slices), -1).astype(np.int64)


def _texts(trace: Trace, name: str, rows: NDArray[np.int64]) -> list[str]:
    return [str(trace.arguments[name].at(int(row)) or "") if name in trace.arguments else "" for row in rows]


def _has_inner(nested: Nesting, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(k,) whether another of these rows lies within."""
    chosen = np.zeros(len(nested.parent), np.bool_)
    chosen[rows] = True
    around = nearest(nested.parent, chosen)
    parents = nested.parent[rows]
    outer = around[parents[parents >= 0]]
    holds = np.zeros(len(chosen), np.bool_)
    holds[outer[outer >= 0]] = True
    return np.asarray(holds[rows])


def _rates(
    trace: Trace, found: Attribution, nested: Nesting, groups: Groups, works: list[Work], time: NDArray[np.int64]
) -> list[Column]:
    flops = np.array([work.flops for work in works], np.float64)
    moved = np.array([work.bytes for work in works], np.float64)
    calls = groups.calls()
    with np.errstate(invalid="ignore", divide="ignore"):
        seconds = np.where(time > 0, time / 1e9, np.nan)
        rate, bandwidth, intensity = flops * calls / seconds, moved * calls / seconds, flops / moved
    rates = [Column("rate", "FLOP/s", rate, "flop/s"), Column("bandwidth", "Bytes/s", bandwidth, "bytes/s")]
    work = [
        Column("intensity", "FLOP a byte", intensity),
        Column("flops", "FLOP a call", flops, "flop", "From the shapes; a multiplication and an addition are two."),
        Column("bytes", "Bytes a call", moved, "bytes", "Operands and result, once each: the least that must move."),
    ]
    above = roof(trace) if len(found.rows) else None
    if above is None:
        return rates + work
    used = device_time_by_launcher(trace, found, np.where(kernels_on_tensor_cores(trace, found), found.operator, -1))
    on_tensor_cores = groups.sum(descendants(nested, used)) > 0
    pairs = zip(works, on_tensor_cores, strict=True)
    peak = np.array([above.peak(work.item, bool(tensor)) for work, tensor in pairs], np.float64)
    reach = np.minimum(peak, intensity * above.bandwidth)
    bound = np.where(intensity * above.bandwidth < peak, "memory", "arithmetic")
    with np.errstate(invalid="ignore", divide="ignore"):
        share = rate / reach
    return [
        *rates,
        Column("roof_share", "Of the roof", share, "share", "FLOP/s by the roof."),
        Column("bound", "Bound by", bound.tolist(), "", "Which part of the roof is above it."),
        Column("roof", "Roof", reach, "flop/s", f"What {above.device} can do at most with so many FLOP a byte."),
        *work,
    ]


def _notes(trace: Trace, count: int) -> tuple[str, ...]:
    notes = []
    if "Input Dims" not in trace.arguments:
        notes.append(f"The trace has no shapes: {why_missing(trace, 'profile with record_shapes=True')}.")
    elif not count:
        notes.append("No operator here has a formula: matrix products, convolutions and attention do.")
    if count and trace.devices and roof(trace) is None:
        notes.append(f"What {trace.devices[0].name or 'this device'} can do at most is not known, so there is no roof.")
    return tuple(notes)
