"""Conditions of reports: read from text, judged, and complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stepscope.profiler import analysis
from stepscope.profiler.reports.conditions import Figure, judge, read_condition
from stepscope.profiler.reports.figures import ADVICE


def broken(text: str, **figures: Figure) -> bool:
    return judge(read_condition(text), [("here", figures)]).broken


def test_limits_have_units() -> None:
    idle = Figure("time", 2_000_000.0, 0.25)
    assert [broken(f"idle > {limit}", idle=idle) for limit in ("1ms", "1999us", "0.002 s", "24.9%", "25%")] == [
        True, True, False, True, False,
    ]  # fmt: skip
    assert broken("peak >= 2GiB", peak=Figure("bytes", 2 << 30)) and not broken(
        "peak > 2.2GB", peak=Figure("bytes", 2 << 30)
    )
    assert broken("peak > 50%", peak=Figure("bytes", 10.0, 0.6))


@pytest.mark.parametrize(
    ("comparison", "is_broken"), [(">", False), (">=", True), ("<", False), ("<=", True), ("==", True), ("!=", False)]
)
def test_comparisons(comparison: str, is_broken: bool) -> None:
    assert broken(f"kernels {comparison} 3", kernels=Figure("count", 3)) is is_broken


def test_one_place_is_enough_and_all_are_named() -> None:
    places = [(f"rank {rank}", {"idle": Figure("time", 1.0, rank / 10)}) for rank in range(4)]
    verdict = judge(read_condition("idle > 15%"), places)
    assert verdict.broken and verdict.where == ["rank 2: idle is 20.0 %", "rank 3: idle is 30.0 %"]


def test_a_figure_that_is_missing_breaks_nothing_and_is_told() -> None:
    verdict = judge(read_condition("idle > 15%"), [("cpu", {"idle": Figure("time", None)})])
    assert not verdict.broken and verdict.where == ["cpu: has no idle"]


def test_a_time_that_is_no_part_of_a_whole_is_no_share() -> None:
    with pytest.raises(ValueError, match="step is compared with a time"):
        judge(read_condition("step > 5%"), [("a", {"step": Figure("time", 5e6)})])


def test_every_recommendation_can_be_a_condition() -> None:
    sources = Path(analysis.__file__).parent.glob("*advice*.py")
    given = {
        name for source in sources for name in re.findall(r'Recommendation\(\s*"(\w+)"', source.read_text("utf-8"))
    }
    assert given == set(ADVICE)
