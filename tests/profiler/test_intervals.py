"""Sets of time, against sets of whole numbers: a span from 2 to 5 is {2, 3, 4}."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stepscope.profiler.analysis.intervals import (
    Spans,
    clip,
    complement,
    intersect,
    length,
    length_until,
    subtract,
    union,
)

pairs = st.lists(st.tuples(st.integers(0, 40), st.integers(-3, 12)), max_size=12)


def spans(of: list[tuple[int, int]]) -> Spans:
    start, duration = np.array(of, np.int64).reshape(-1, 2).T
    return union(start, start + duration)


def moments(of: Spans) -> set[int]:
    return {moment for start, end in of.tolist() for moment in range(start, end)}


@given(pairs)
def test_a_union_covers_each_moment_once(of: list[tuple[int, int]]) -> None:
    found = spans(of)
    assert moments(found) == {moment for start, duration in of for moment in range(start, start + duration)}
    assert length(found) == len(moments(found))
    assert (found[1:, 0] > found[:-1, 1]).all()


@given(pairs, pairs)
def test_intersections_and_differences_are_those_of_sets(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    one, other = spans(first), spans(second)
    assert moments(intersect(one, other)) == moments(one) & moments(other)
    assert moments(subtract(one, other)) == moments(one) - moments(other)
    assert length(intersect(one, other)) + length(subtract(one, other)) == length(one)


@given(pairs, st.integers(0, 30), st.integers(0, 30))
def test_a_window_holds_what_is_covered_and_what_is_not(of: list[tuple[int, int]], start: int, width: int) -> None:
    found, end = spans(of), start + width
    inside = moments(clip(found, start, end))
    assert inside == moments(found) & set(range(start, end))
    assert moments(complement(found, start, end)) == set(range(start, end)) - inside
    before_start, before_end = length_until(found, np.array([start, end]))
    assert before_end - before_start == len(inside)
