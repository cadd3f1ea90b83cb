"""Conditions of reports: read from text, judged, and complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stepscope.profiler import analysis
from stepscope.profiler.reports.conditions import Figure, judge, read_condition
from stepscope.profiler.reports.figures import ADVICE, changes_of


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


def test_what_cannot_be_judged_is_neither_broken_nor_kept() -> None:
    places = [("gpu", {"idle": Figure("time", 1.0, 0.1)}), ("cpu", {"idle": Figure("time", None, why="no GPU work")})]
    verdict = judge(read_condition("idle > 15%"), places)
    assert (verdict.broken, verdict.judged) == (False, False)
    assert verdict.where == ["cpu: idle cannot be judged: no GPU work"]
    assert judge(read_condition("idle > 15%"), places[:1]).judged
    assert not judge(read_condition("idle > 15%"), []).judged


def test_a_limit_with_a_sign_is_about_what_changed() -> None:
    before = {"step": Figure("time", 1e8), "idle": Figure("time", 2e7, 0.2), "occupancy": Figure("share", 0.5)}
    after = {"step": Figure("time", 1.1e8), "idle": Figure("time", 3e7, 0.27), "occupancy": Figure("share", None)}

    def met(text: str) -> bool:
        condition = read_condition(text)
        assert condition.of_change
        return judge(condition, [("here", changes_of(before, after))]).broken

    assert [met(f"step > {limit}") for limit in ("+9%", "+11%", "+9ms", "+11ms")] == [True, False, True, False]
    assert [met(f"idle > {limit}") for limit in ("+6%", "+8%", "+9ms")] == [True, False, True]
    verdict = judge(read_condition("occupancy < -5%"), [("here", changes_of(before, after))])
    assert not verdict.judged and "after, " in verdict.where[0]
    assert not read_condition("change.kernel > -5%").of_change


def test_a_time_that_is_no_part_of_a_whole_is_no_share() -> None:
    with pytest.raises(ValueError, match="step is compared with a time"):
        judge(read_condition("step > 5%"), [("a", {"step": Figure("time", 5e6)})])


def test_every_recommendation_can_be_a_condition() -> None:
    sources = Path(analysis.__file__).parent.glob("*advice*.py")
    given = {
        name for source in sources for name in re.findall(r'Recommendation\(\s*"(\w+)"', source.read_text("utf-8"))
    }
    assert given == set(ADVICE)
