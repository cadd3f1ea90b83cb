"""The kernels as functions: `kernels().decode(state, length)` and so on, see kernels.py."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from .. import native

__all__ = ["kernels"]

_MODULES = ("kernels", "layout", "memory", "message_kernel", "tag_kernel", "tensor_kernel", "wire")
_SOURCES = [Path(__file__).with_name(f"{module}.py") for module in _MODULES]


def kernels() -> SimpleNamespace:
    """Loaded from what an earlier process compiled, within a tenth of a second; compiled the first time."""
    return native.load(f"{__package__}.kernels", _SOURCES)
