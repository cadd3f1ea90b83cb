"""The timeline merges what is too narrow to be seen, and nothing is lost by it."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from made_traces import annotation, call, frame, kernel, made, op
from reference_traces import reference_trace

from stepscope.profiler.timeline import BandKind, Timeline, Window, timeline_window
from stepscope.profiler.timeline.search_parts import Condition, parts_of, time_of
from stepscope.profiler.trace import Slices, Trace


def names(timeline: Timeline, window: Window) -> list[list[tuple[str, int]]]:
    """(name of the longest slice, count) of each record, lane after lane."""
    slices, texts = timeline.trace.slices, timeline.trace.names
    found = [
        (texts[slices.name[row]], int(count))
        for row, count in zip(window.records.row, window.records.count, strict=True)
    ]
    return [found[a:b] for a, b in zip(window.offsets[:-1], window.offsets[1:], strict=True)]


def test_bands_come_as_people_read_them() -> None:
    timeline = Timeline(
        made(
            op("other thread", 0, 1, thread=9),
            kernel("gemm", 20, 5, 7),
            annotation("ProfilerStep#3", 0, 40),
            frame("train.py(1): main", 0, 40),
            op("aten::mm", 1, 10),
            call(2, 1, 7),
        )
    )
    assert [(band.kind, band.lanes, band.count) for band in timeline.bands] == [
        (BandKind.STEPS, 1, 1),
        (BandKind.HOST, 2, 2),
        (BandKind.PYTHON, 1, 1),
        (BandKind.DEVICE, 1, 1),
        (BandKind.HOST, 1, 1),
    ]
    assert [band.group for band in timeline.bands] == ["Steps", "Main thread", "Main thread", "GPU 0", "Other threads"]


def test_kernels_that_overlap_on_one_stream_lie_side_by_side() -> None:
    timeline = Timeline(made(kernel("a", 0, 10, 1), kernel("b", 9, 5, 2), kernel("c", 12, 5, 3), kernel("d", 20, 1, 4)))
    assert timeline.lane.tolist() == [0, 1, 0, 0]


def test_a_child_that_outlives_its_parent_keeps_its_lane_free_of_others() -> None:
    timeline = Timeline(made(op("parent", 0, 10), op("crossing", 5, 10), op("later", 12, 1), op("next", 20, 1)))
    assert timeline.lane.tolist() == [0, 1, 2, 0]


def test_narrow_slices_of_one_cell_become_one_record_and_wide_ones_stay_alone() -> None:
    events = [op(f"tiny{i}", i * 0.005, 0.001 * (i + 1)) for i in range(4)]
    timeline = Timeline(made(*events, op("wide", 0.02, 0.5), op("after", 0.54, 0.001)))
    window = timeline_window(timeline, 0, 1024, 32)
    assert window.level == 5
    assert names(timeline, window) == [[("tiny3", 4), ("wide", 1), ("after", 1)]]


def test_a_slice_that_began_before_the_window_is_in_it() -> None:
    window = timeline_window(made(op("long", 0, 100), op("child", 40, 9)), 50_000, 60_000, 100)
    assert window.continued.tolist() == [True]
    assert window.records.start.tolist() == [0]


@pytest.mark.parametrize("pixels", [1, 40, 1600])
@pytest.mark.parametrize("part", [(0, 1), (0.3, 0.7), (0.5, 0.5001)])
def test_counts_and_durations_of_a_window_add_up_to_the_columns(part: tuple[float, float], pixels: int) -> None:
    timeline = Timeline(repeated(reference_trace("tracelens/b200/eager_trace.json.gz"), 4))
    assert timeline.levels  # a pyramid is asked, not the slices
    begin, end = (int(share * timeline.end) for share in part)
    window = timeline_window(timeline, begin, max(end, begin + 1), pixels)
    slices = timeline.trace.slices
    inside = (slices.start >= window.edges[0]) & (slices.start < window.edges[1])
    own = ~window.continued
    assert window.records.count[own].sum() == inside.sum()
    assert window.records.total[own].sum() == slices.duration[inside].sum()
    reaching = (slices.start < window.edges[0]) & (slices.end > window.edges[0])
    assert (~own).sum() <= reaching.sum()


def test_a_kept_level_gives_the_same_records_as_the_slices() -> None:
    timeline = Timeline(repeated(reference_trace("tracelens/b200/eager_trace.json.gz"), 4))
    bare = Timeline(timeline.trace)
    bare.levels = []
    for pixels in (7, 300):
        kept, slow = (timeline_window(each, 0, each.end, pixels) for each in (timeline, bare))
        assert all(np.array_equal(a, b) for a, b in zip(kept.records.columns, slow.records.columns, strict=True))


def test_a_trace_without_slices_has_no_bands() -> None:
    trace = made(op("one", 0, 1))
    bare = replace(trace, slices=Slices(*(column[:0] for column in vars(trace.slices).values())), arguments={})
    assert Timeline(bare).bands == []
    assert len(timeline_window(bare, 0, 100, 10).records) == 0


def test_a_window_needs_a_duration() -> None:
    with pytest.raises(ValueError, match="a window needs a duration"):
        timeline_window(made(op("one", 0, 1)), 5, 5, 100)


@pytest.mark.parametrize("query", ["a" + " " * 16_000 + "b", "dur" + " " * 16_000 + "b", "dur > " + "1" * 16_000 + "!"])
def test_a_long_query_is_taken_apart_at_once(query: str) -> None:
    began = time.thread_time()
    (part,) = parts_of(query, {"dur"})
    if isinstance(part, Condition):
        with pytest.raises(ValueError, match="dur is a time"):
            time_of(part)
    else:
        assert part == query
    assert time.thread_time() - began < 1


def repeated(trace: Trace, times: int) -> Trace:
    """The trace several times behind itself."""
    slices = trace.slices
    shift = (int(slices.end.max()) + 1000) * np.arange(times)[:, None]
    columns = [np.tile(column, times) for column in (slices.name, slices.category, slices.track)]
    start = (slices.start[None] + shift).ravel()
    return replace(
        trace, slices=Slices(*columns, start, np.tile(slices.duration, times), np.tile(slices.correlation, times))
    )
