"""The kernels as functions: `kernels().run(state)` and so on, see event_kernel.py."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace

from ...logger import native

__all__ = ["kernels"]

_MODULES = ("event_kernel", "member_kernel", "json_kernel", "text_kernel", "scan_layout")
_SOURCES = [Path(__file__).with_name(f"{module}.py") for module in _MODULES]
_MEMORY = Path(native.__file__).with_name("reader") / "memory.py"  # importing it would import numba


@cache
def kernels() -> SimpleNamespace:
    """Loaded from what an earlier process compiled; compiled the first time, which takes seconds."""
    return native.load(f"{__package__}.event_kernel", [*_SOURCES, _MEMORY])
