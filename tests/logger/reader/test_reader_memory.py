"""What a point costs in memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from reader_logs import append, event, many_points, read, tensor_value, write

from stepscope.logger import plugins
from stepscope.logger.reader.scan import release_buffers


def resident(path: Path) -> int:
    """Bytes that an open log of this directory holds, Python objects included."""
    read(path)  # modules, caches
    release_buffers()
    tracemalloc.start()
    log = read(path)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert log.status().scalar_points > 0
    return held


def test_single_precision_takes_less_than_24_bytes_a_point(tmp_path: Path) -> None:
    write(tmp_path, many_points(tags=10, count=5000))
    assert resident(tmp_path) <= 24 * 50_000


def test_after_many_small_appends_too(tmp_path: Path) -> None:
    path = write(tmp_path, many_points(tags=10, count=500))
    log = read(tmp_path)
    for _ in range(20):
        append(path, many_points(tags=10, count=10))
        log.refresh()
    blocks = [block for session in log.snapshot()[1]["."].files[0].sessions for block in session.blocks]
    assert sum(block.nbytes for block in blocks) <= 24 * 7000


@pytest.mark.parametrize("step", [1, 2**40])
def test_columns_are_as_narrow_as_their_values(tmp_path: Path, step: int) -> None:
    value = tensor_value("x", np.float64(0.1), plugins.SCALARS)
    write(tmp_path, event(value, step=step))
    [block] = read(tmp_path).snapshot()[1]["."].files[0].sessions[0].blocks
    assert (block.step.itemsize, block.value.itemsize) == (4 if step == 1 else 8, 8)
