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
