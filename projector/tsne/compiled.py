"""The kernels as functions: `kernels().conditional(…)` and so on, see kernels.py."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace

from ...logger import native

__all__ = ["grid_kernels", "kernels", "load_all", "search_kernels"]


def kernels() -> SimpleNamespace:
    """Loaded from what an earlier process compiled, within a tenth of a second; compiled the first time."""
    return _load("kernels")


def grid_kernels() -> SimpleNamespace:
    """The same of grid_kernels.py."""
    return _load("grid_kernels")


def search_kernels() -> SimpleNamespace:
    """The same of search_kernels.py."""
    return _load("search_kernels")


def load_all() -> None:
    """All of them now, so that nobody waits for the compiler later."""
    for module in ("kernels", "grid_kernels", "search_kernels"):
        _load(module)


@cache
def _load(module: str) -> SimpleNamespace:
    return native.load(f"{__package__}.{module}", [Path(__file__).with_name(f"{module}.py")])
