"""Whether two readers made the same trace of a file: by what codes stand for, not by the codes."""

from __future__ import annotations

from collections import Counter as Tally
from typing import Any

import numpy as np

from stepscope.profiler.trace import SparseColumn, Trace


def assert_same_trace(left: Trace, right: Trace) -> None:
    assert left.tracks == right.tracks
    for name in ("category", "track", "start", "duration", "correlation"):
        np.testing.assert_array_equal(getattr(left.slices, name), getattr(right.slices, name), err_msg=name)
    assert _names(left, left.slices.name) == _names(right, right.slices.name)
    assert left.arguments.keys() == right.arguments.keys()
    for name, column in left.arguments.items():
        _assert_same_column(name, column, right.arguments[name])
    for part in ("flows", "memory", "instants"):
        _assert_same_part(part, left, right)
    assert sorted(counter.name for counter in left.counters) == sorted(counter.name for counter in right.counters)
    others = {counter.name: counter for counter in right.counters}
    for counter in left.counters:
        np.testing.assert_array_equal(counter.time, others[counter.name].time)
        np.testing.assert_array_equal(counter.value, others[counter.name].value)
    for name in ("names", "devices", "metadata", "zero_ns", "rank", "world_size"):
        assert getattr(left, name) == getattr(right, name), name
    assert _tally(left) == _tally(right)


def _assert_same_part(part: str, left: Trace, right: Trace) -> None:
    for name, values in vars(getattr(left, part)).items():
        others = getattr(getattr(right, part), name)
        if name in ("kind", "name"):
            assert _names(left, values) == _names(right, others), part
        else:
            assert values.dtype == others.dtype, (part, name)
            np.testing.assert_array_equal(values, others, err_msg=f"{part}.{name}")


def _assert_same_column(name: str, left: SparseColumn, right: SparseColumn) -> None:
    np.testing.assert_array_equal(left.rows, right.rows, err_msg=name)
    assert left.values.dtype == right.values.dtype, name
    if left.texts is None or right.texts is None:
        assert left.texts == right.texts, name
        np.testing.assert_array_equal(left.values, right.values, err_msg=name)
    else:
        assert [left.texts[code] for code in left.values] == [right.texts[code] for code in right.values], name


def _names(trace: Trace, codes: Any) -> list[str]:
    return [trace.names[code] for code in codes]


def _tally(trace: Trace) -> Tally[tuple[str, int]]:
    return Tally((remark.text, remark.count) for remark in trace.remarks)
