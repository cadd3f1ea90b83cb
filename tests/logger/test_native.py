"""Kernels compiled once: a later process loads them without numba, and a broken cache file is compiled anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stepscope.logger import SummaryWriter, native
from stepscope.logger.compare import series_compiled

READ = """
import sys
from stepscope.logger import open_logdir
log = open_logdir(sys.argv[1], index_dir=False)
print(log.scalars("run", "loss").value.tolist(), "numba" in sys.modules)
"""


def read_in_new_process(logdir: Path, cache: Path) -> str:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "HOME": str(cache), "LOCALAPPDATA": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", READ, str(logdir)], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_only_the_first_process_compiles(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "logs" / "run") as writer:
        writer.add_scalar("loss", 0.5, 0)
    cache = tmp_path / "cache"

    assert read_in_new_process(tmp_path / "logs", cache) == "[0.5] True"
    assert read_in_new_process(tmp_path / "logs", cache) == "[0.5] False"

    (kept,) = cache.rglob("kernels-*.bin")
    assert native._read(kept) is not None
    kept.write_bytes(kept.read_bytes()[:-100])  # as a full disk might leave it
    assert native._read(kept) is None


def test_arrays_of_the_wrong_kind_are_refused() -> None:
    ema = series_compiled.kernels().ema
    out, offsets = np.empty(2), np.array([0, 2])
    with pytest.raises(TypeError, match=r"ema: got <f4 \(2,\), want a contiguous <f8 array"):
        ema(0.5, np.zeros(2, np.float32), offsets, out)
    with pytest.raises(TypeError, match="want a contiguous <f8 array"):
        ema(0.5, np.zeros(4)[::2], offsets, out)
    out.flags.writeable = False
    with pytest.raises(TypeError, match="writable <f8"):
        ema(0.5, np.zeros(2), offsets, out)


# --- kernels that need numba's runtime --------------------------------------------------------------------------------

KERNELS = """
from numba import float64, njit, types, void
numbers = types.Array(float64, 1, "C")
kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)

@kernel
def shift(values):
    {body}

EXPORTS = {{"shift": (shift, void(numbers))}}
"""
SHIFT = """
import logging, sys
import numpy as np
from stepscope.logger import native
logging.basicConfig()
values = np.arange(4.0)
native.load("shifting", ["shifting.py"]).shift(values)
print(values.tolist(), "numba" in sys.modules)
"""


@pytest.mark.parametrize(
    ("body", "needs"),
    [
        ("values[1:] = values[:-1]", "NRT_"),  # may overlap: numba copies it
        ("for i in range(len(values) - 1, 0, -1): values[i] = values[i - 1] ** 1.0", ""),
    ],
)
def test_code_that_calls_numbas_runtime_is_compiled_again_instead_of_crashing(
    body: str, needs: str, tmp_path: Path
) -> None:
    (tmp_path / "shifting.py").write_text(KERNELS.format(body=body))
    answers = [run_in(tmp_path, SHIFT) for _ in range(2)]
    assert [answer.stdout.strip() for answer in answers] == [
        "[0.0, 0.0, 1.0, 2.0] True",
        f"[0.0, 0.0, 1.0, 2.0] {bool(needs)}",
    ]
    assert not answers[0].stderr
    assert ("shifting: the compiled code calls" in answers[1].stderr and needs in answers[1].stderr) == bool(needs)


def run_in(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """A new process in the folder, which keeps its kernels there."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder), "HOME": str(folder), "LOCALAPPDATA": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
