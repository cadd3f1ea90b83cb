"""The real traces beside the repository, with figures that another program computed exactly."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from stepscope.profiler.reading.read import read_trace
from stepscope.profiler.trace import Trace

TRACES = Path(__file__).parents[3] / "shared" / "traces"


def reference() -> dict[str, dict[str, Any]]:
    """Path of a trace (relative to TRACES) → its figures; only those that are here."""
    told = TRACES / "REFERENCE.json"
    if not told.exists():
        return {}
    return {name: figures for name, figures in json.loads(told.read_text()).items() if (TRACES / name).exists()}


@functools.cache
def reference_trace(name: str) -> Trace:
    """Skips the test where the file is not there."""
    path = TRACES / name
    if not path.exists():
        pytest.skip(f"needs {path}")
    return read_trace(path)
