"""What a chart can show of a series, compiled: `kernels().pick(…)` and so on, see reduce_kernels.py."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from ..logger import native

__all__ = ["AXES", "kernels"]

AXES = {"step": 0, "relative": 1, "wall": 2}  # the number by which the kernels know each horizontal axis

_SOURCES = [Path(__file__), Path(__file__).with_name("reduce_kernels.py")]


def kernels() -> SimpleNamespace:
    """Loaded from what an earlier process compiled; compiled the first time, which takes seconds."""
    return native.load(f"{__package__}.reduce_kernels", _SOURCES)
