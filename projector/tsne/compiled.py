"""The kernels as functions: `kernels().conditional(…)` and so on, see kernels.py."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from ...logger import native

__all__ = ["kernels"]

_SOURCES = [Path(__file__).with_name("kernels.py")]


def kernels() -> SimpleNamespace:
    """Loaded from what an earlier process compiled, within a tenth of a second; compiled the first time."""
    return native.load(f"{__package__}.kernels", _SOURCES)
