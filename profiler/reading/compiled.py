"""The kernels as functions: `kernels().run(state)` and so on, see event_kernel.py."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace

from ...logger import native

__all__ = ["kernels"]

_SOURCES = [Path(__file__).with_name(f"{module}.py") for module in ("event_kernel", "json_kernel", "scan_layout")]
_MEMORY = Path(native.__file__).with_name("reader") / "memory.py"  # importing it would import numba


@cache
def kernels() -> SimpleNamespace:
    """Loaded from what an earlier process compiled; compiled the first time, which takes seconds."""
    return native.load(f"{__package__}.event_kernel", [*_SOURCES, _MEMORY])
