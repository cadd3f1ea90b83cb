"""Statistics against numpy on the same points."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.compare.statistics import COLUMNS, statistics_of
from stepscope.logger.reader.logdir import LogDir


def oracle(step: np.ndarray, value: np.ndarray) -> dict[str, float]:
    """The same from numpy; float64 throughout."""
    numbers = value[~np.isnan(value)]
    result = {"count": len(value), "nan": np.isnan(value).sum(), "inf": np.isinf(value).sum(), "first": value[0],
              "last": value[-1], "first_step": step[0], "last_step": step[-1]}  # fmt: skip
    if len(numbers):
        with np.errstate(invalid="ignore"):
            spread = np.std(numbers, ddof=1) if len(numbers) > 1 else np.std(numbers)
        result |= {"min": numbers.min(), "max": numbers.max(), "mean": numbers.mean(), "std": spread,
                   "step_at_min": step[np.nanargmin(value)], "step_at_max": step[np.nanargmax(value)]}  # fmt: skip
    return {name: float(result.get(name, math.nan)) for name in COLUMNS}


def statistics(log: LogDir, run: str, tag: str) -> dict[str, float]:
    found = statistics_of([log.snapshot()[1][run]], [tag])
    assert found.there.all() and not found.damaged
    return dict(zip(COLUMNS, found.values[0, 0].tolist(), strict=True))


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("seed", range(6))
def test_random_series_agree_with_numpy(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    count = int(random.integers(1, 400))
    value = random.normal(size=count) * 10.0 ** random.integers(-6, 6)
    value[random.random(count) < 0.1 * seed] = math.nan
    value[random.random(count) < 0.02 * seed] = math.inf
    step = np.cumsum(random.integers(1, 9, count)) * (10**10 if seed == 3 else 1)
    with SummaryWriter(tmp_path / "run") as writer:
        for at, number in zip(step.tolist(), value.tolist(), strict=True):
            writer.add_scalar("x", number, at)
            writer.add_scalar("y", -number, at)
    with open_logdir(tmp_path, index_dir=False) as log:
        points = log.scalars("run", "x")
        assert statistics(log, "run", "x") == pytest.approx(oracle(points.step, points.value), nan_ok=True)
        assert statistics(log, "run", "y") == pytest.approx(oracle(points.step, -points.value), nan_ok=True)


def test_after_a_restart_the_superseded_points_do_not_count(tmp_path: Path) -> None:
    for first, level in ((0, 100.0), (50, 1.0)):
        with SummaryWriter(tmp_path / "run") as writer:
            for step in range(first, 80):
                writer.add_scalar("loss", level + step, step)
    with open_logdir(tmp_path, index_dir=False) as log:
        latest = log.scalars("run", "loss").latest()
        assert len(latest) == 80
        assert statistics(log, "run", "loss") == pytest.approx(oracle(latest.step, latest.value))


def test_late_arrivals_are_put_in_order(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        for step in (0, 2, 1, 3):
            writer.add_scalar("loss", float(step), step)
    with open_logdir(tmp_path, index_dir=False) as log:
        found = statistics(log, "run", "loss")
    assert (found["count"], found["last"], found["last_step"], found["max"]) == (4, 3, 3, 3)


def test_only_nan(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_scalar("loss", math.nan, 7)
    with open_logdir(tmp_path, index_dir=False) as log:
        found = statistics(log, "run", "loss")
    assert (found["count"], found["nan"], found["first_step"]) == (1, 1, 7)
    assert all(math.isnan(found[name]) for name in ("last", "min", "max", "mean", "std", "step_at_max"))


def test_a_tag_the_run_lacks_has_none(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_text("note", "hello")
    with open_logdir(tmp_path, index_dir=False) as log:
        assert not statistics_of([log.snapshot()[1]["run"]], ["loss", "note"]).there.any()
