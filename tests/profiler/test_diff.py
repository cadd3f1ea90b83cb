"""Two profiles side by side, and what steps tell of chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from made_traces import annotation, call, frame, kernel, made, op

from stepscope.profiler.analysis.diff import diff, diff_ranks
from stepscope.profiler.analysis.significance import adjusted, rank_sum, smallest_p
from stepscope.profiler.table import Table
from stepscope.profiler.trace import Trace


def _trace(times: list[float], name: str = "gemm", operator: str = "aten::mm", **more: Any) -> Trace:
    """A step each 1000 µs that launches one kernel of so many µs from one operator."""
    events = []
    for step, time in enumerate(times):
        at = 1000 * step
        events += [
            annotation(f"ProfilerStep#{step + 1}", at, 900),
            op(operator, at + 10, 30),
            call(at + 20, 5, step),
            kernel(name, at + 100, time, step),
        ]
    return made(*events, *more.get("events", []))


def _row(table: Table, name: str) -> dict[str, Any]:
    return next(row for row in table.rows() if row["name"] == name)


_BEFORE = [100, 102, 99, 101, 103]


def test_a_slower_kernel_is_told_from_chance():
    found = diff(_trace(_BEFORE), _trace([time + 50 for time in _BEFORE]))
    row = _row(found.tables["kernels"], "gemm")

    assert (row["before"], row["after"], row["change"]) == (101_000, 151_000, 50_000)
    assert row["relative"] == pytest.approx(50 / 101)
    assert row["verdict"] == "slower"
    assert row["p"] == pytest.approx(2 / 252)
    assert found.steps == (5, 5)


def test_what_steps_differ_by_anyway_is_no_change():
    row = _row(diff(_trace(_BEFORE), _trace(_BEFORE[::-1])).tables["kernels"], "gemm")

    assert (row["change"], row["p"], row["verdict"]) == (0, 1, "")


def test_few_steps_are_said_to_be_few():
    found = diff(_trace([100, 101]), _trace([900, 901]))

    assert found.notes == (
        "Too few steps to tell a change from chance: 2 before and 2 after give p = 0.33 at best; 4 and 4 are the "
        "fewest that can give less than 0.05.",
    )
    assert _row(found.tables["kernels"], "gemm")["verdict"] == ""


def test_traces_without_steps_are_compared_as_wholes():
    found = diff(made(op("aten::mm", 0, 30)), made(op("aten::mm", 0, 40)))
    row = _row(found.tables["operators"], "aten::mm")

    assert (row["before"], row["after"], row["p"]) == (30_000, 40_000, None)
    assert "whole traces" in found.notes[0]


def test_a_kernel_with_another_name_is_matched_by_its_operator():
    found = diff(_trace(_BEFORE, "volta_sgemm"), _trace(_BEFORE, "ampere_sgemm"))
    row = _row(found.tables["kernels"], "ampere_sgemm")

    assert (row["status"], row["was"], row["change"]) == ("renamed", "volta_sgemm", 0)
    assert len(found.tables["kernels"]) == 1


def test_other_operators_kernels_are_new_and_gone():
    found = diff(_trace(_BEFORE, "gemm", "aten::mm"), _trace(_BEFORE, "conv", "aten::conv2d"))

    assert {row["name"]: row["status"] for row in found.tables["kernels"].rows()} == {"gemm": "gone", "conv": "new"}
    assert {row["name"]: row["status"] for row in found.tables["operators"].rows()} == {
        "aten::mm": "gone",
        "aten::conv2d": "new",
    }


def test_the_largest_change_comes_first():
    names = diff(
        _trace(_BEFORE, events=[op("aten::add", 50, 10), op("aten::mul", 70, 5)]),
        _trace(_BEFORE, events=[op("aten::add", 50, 11), op("aten::mul", 70, 25)]),
    ).tables["operators"]

    # No kernel changed: rows come by their device time's change, then as they are.
    assert _row(names, "aten::mul")["host_change"] == pytest.approx(20_000 / 5)


def test_roles_of_steps_add_up_on_both_sides():
    table = diff(_trace(_BEFORE), _trace([time + 50 for time in _BEFORE])).tables["steps"]
    rows = {row["name"]: row for row in table.rows()}

    for side in ("before", "after"):
        parts = [row[side] for name, row in rows.items() if name != "Whole step" and not name.startswith("GPU")]
        assert sum(parts) == pytest.approx(rows["Whole step"][side])
    assert rows["Kernel"]["change"] == pytest.approx(50_000)


def test_modules_are_matched_by_their_paths():
    def trace(time: float) -> Trace:
        return _trace(
            _BEFORE, events=[frame("nn.Module: Linear_0", 5, time, **{"Python id": 1, "Python parent id": 0})]
        )

    found = diff(trace(50), trace(60)).tables["modules"]
    row = _row(found, "Linear_0")

    assert row["host_after"] > row["host_before"]
    assert (row["calls_before"], row["calls_after"]) == (0.2, 0.2)


def test_memory_tells_peaks_and_who_allocates():
    def events(size: int) -> list[dict[str, Any]]:
        args = {"Bytes": size, "Addr": 1, "Device Type": 1, "Device Id": 0, "Total Allocated": 4 * size}
        return [{"ph": "i", "cat": "cpu_instant_event", "name": "[memory]", "pid": 1, "tid": 1, "ts": 15, "args": args}]

    table = diff(_trace([100], events=events(1000)), _trace([100], events=events(3000))).tables["memory"]

    assert _row(table, "GPU 0: by aten::mm")["change"] == 2000
    assert _row(table, "GPU 0: peak allocated")["after"] == 12_000
    assert "Neither trace tells of memory" in diff(_trace([1]), _trace([1])).tables["memory"].notes[-1]


def test_rank_sums_are_those_of_the_books():
    # Mann and Whitney's table: three against four, none larger.
    assert rank_sum(np.array([[1.0, 2, 3]]), np.array([[4.0, 5, 6, 7]])) == pytest.approx(2 / 35)
    assert rank_sum(np.array([[1.0, 1, 1]]), np.array([[1.0, 1, 1]])) == pytest.approx(1)
    assert smallest_p(3, 3) == pytest.approx(0.1)


def test_many_steps_use_the_normal_limit():
    random = np.random.default_rng(1)
    first, second = random.normal(size=(300, 20)), random.normal(size=(300, 20))
    p = rank_sum(first, second)

    assert 0.02 < (p < 0.05).mean() < 0.09  # nothing differs: about one in twenty
    assert rank_sum(first[:1], second[:1] + 3)[0] < 1e-5


def test_rows_that_are_tested_together_are_adjusted():
    np.testing.assert_allclose(adjusted(np.array([0.01, 0.04, np.nan, 0.03])), [0.03, 0.04, np.nan, 0.04])


def test_ranks_are_paired_by_number_and_told_together():
    def ranks(*more: tuple[int, int]) -> list[tuple[int, Trace]]:
        return [(rank, _trace([time + slower for time in _BEFORE])) for rank, slower in more]

    found = diff_ranks(ranks((0, 0), (1, 0), (7, 0)), ranks((0, 30), (1, 10), (2, 0)))
    gemm = _row(found.tables["kernels"], "gemm")

    assert (gemm["before"], gemm["after"], gemm["verdict"]) == (101_000, 121_000, "slower")
    assert next(iter(found.tables)) == "ranks"
    assert [row["name"] for row in found.tables["ranks"].rows()] == ["Rank 0", "Rank 1"]
    assert found.notes[:3] == (
        "Figures are means over 2 ranks: 0-1.",
        "Only before, and left out: rank 7.",
        "Only after, and left out: rank 2.",
    )


def test_ranks_with_different_steps_are_compared_in_those_that_all_have():
    found = diff_ranks([(0, _trace(_BEFORE)), (1, _trace([100] * 3))], [(0, _trace(_BEFORE)), (1, _trace(_BEFORE))])

    assert found.steps == (3, 5)
    assert _row(found.tables["kernels"], "gemm")["before"] == pytest.approx((100_000 + (100 + 102 + 99) / 3 * 1000) / 2)


def test_profiles_without_a_common_rank_are_not_compared():
    with pytest.raises(ValueError, match="no rank is in both: before 0, after 1"):
        diff_ranks([(0, _trace(_BEFORE))], [(1, _trace(_BEFORE))])
