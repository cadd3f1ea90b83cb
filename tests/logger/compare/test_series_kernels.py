"""The kernels over series in a process that never loads numba: what they call must be there without it."""

from __future__ import annotations

import subprocess
import sys

from stepscope.logger.compare.series_compiled import kernels

SCRIPT = """
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


def test_every_kernel_runs_without_numba():
    kernels()  # compiled here if it was not before
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)
