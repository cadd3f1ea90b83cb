"""The kernels over series in a process that never loads numba: they must run there, and compute what numpy does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.compare.series_compiled import kernels

SERIES = """
import sys
import numpy as np
from stepscope.logger.compare.bands import band
from stepscope.logger.compare.choices import SMOOTHING_KINDS, SPREADS, Smoothing
from stepscope.logger.compare.curves import derivative, smooth
from stepscope.logger.compare.range_statistics import range_statistics

x, y = np.arange(9), np.arange(9.0) ** 2
for kind in SMOOTHING_KINDS:
    smooth(Smoothing(kind, 0.5 if kind.endswith("ema") else 3), y, x)
for spread in SPREADS:
    band([(x, y), (x[::2], y[::2])], "median", spread)
assert derivative(x, y)[1] == 1.0
assert range_statistics(x, y, np.array([0, 9])).slope[0] == 8.0
assert "numba" not in sys.modules
"""

RANGES = """
import sys
import numpy as np
from stepscope.logger.compare.range_statistics import range_statistics

random = np.random.default_rng(1)
x = np.sort(random.integers(-500, 500, (3, 400)), axis=1)
y = random.normal(size=(3, 400)) * 10.0 ** random.integers(-3, 6, (3, 400))
y[:, ::17] = np.nan
found = range_statistics(x.ravel(), y.ravel(), np.array([0, 400, 800, 1200]), (-100.0, 200.0))
for series in range(3):
    inside = (x[series] >= -100) & (x[series] <= 200)
    numbers = inside & np.isfinite(y[series])
    rows, values = np.flatnonzero(numbers), y[series][numbers]
    assert found.count[series] == inside.sum() and found.nan[series] == (inside & ~numbers).sum()
    places = [rows[0], rows[-1], rows[values.argmin()], rows[values.argmax()]]
    got = [found.first, found.last, found.at_min, found.at_max]
    assert [rows[series] - 400 * series for rows in got] == places
    slope = np.polyfit(x[series][numbers], values, 1)[0]
    want = [values.mean(), values.std(ddof=1), slope]
    np.testing.assert_allclose([found.mean[series], found.std[series], found.slope[series]], want, rtol=1e-9)
assert "numba" not in sys.modules
"""

TABLE = """
import sys
import numpy as np
from stepscope.logger import open_logdir

log = open_logdir(sys.argv[1], index_dir=False)
fields = ("first", "last", "min", "max", "mean", "std", "count", "nan", "inf", "step_at_min", "step_at_max")
table = log.table([f"{tag}.{field}" for tag in ("single", "double") for field in fields])
for tag in ("single", "double"):
    points = log.scalars("run", tag)
    values, numbers = points.value, points.value[~np.isnan(points.value)]
    assert len(values) == 1000 and np.isnan(values).any()
    want = [values[0], values[-1], numbers.min(), numbers.max(), numbers.mean(), numbers.std(ddof=1), 1000]
    want += [np.isnan(values).sum(), 0, points.step[np.nanargmin(values)], points.step[np.nanargmax(values)]]
    got = [table.column(f"{tag}.{field}")[0] for field in fields]
    np.testing.assert_allclose(got, want, rtol=1e-12)
assert "numba" not in sys.modules
"""


def run(script: str, *arguments: object) -> None:
    """The script in a new process, for which this one has compiled what it needs."""
    kernels()
    subprocess.run([sys.executable, "-c", script, *map(str, arguments)], check=True)


def test_every_kernel_runs_without_numba() -> None:
    run(SERIES)


def test_statistics_of_a_range_without_numba_are_numpys() -> None:
    run(RANGES)


def test_statistics_of_whole_series_without_numba_are_numpys(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    with SummaryWriter(tmp_path / "run") as writer:
        for step in range(1000):
            value = float("nan") if step % 50 == 7 else random.normal() * 1000
            writer.add_scalar("single", value, step + 2**40 * (step > 500))
            writer.add_scalar("double", value, step, double_precision=True)
    with open_logdir(tmp_path, index_dir=False) as log:
        log.table(["single.mean", "double.mean"])  # compiles what was not compiled before
    run(TABLE, tmp_path)
