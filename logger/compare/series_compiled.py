"""Kernels over series as functions: `kernels().band(…)` and so on, see the modules named below."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from .. import native

__all__ = ["kernels"]

_MODULES = ("series_kernels", "band_kernels", "curve_kernels", "median_kernels", "range_kernels")
_SOURCES = [Path(__file__).with_name(f"{module}.py") for module in _MODULES]


def kernels() -> SimpleNamespace:
    """Loaded from what an earlier process compiled; compiled the first time, which takes seconds."""
    return native.load(f"{__package__}.series_kernels", _SOURCES)
