"""The kernels as functions: `kernels().epoch(…)` and so on, see kernels.py."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace

from ...logger import native

__all__ = ["kernels"]


@cache
def kernels() -> SimpleNamespace:
    """Loaded from what an earlier process compiled; compiled the first time, which takes seconds."""
    return native.load(f"{__package__}.kernels", [Path(__file__).with_name("kernels.py")])
