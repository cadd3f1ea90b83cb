"""The compiled loops of the analyses: `kernels("nesting_kernels").nest(…)` and so on."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from ...logger import native

__all__ = ["kernels", "warm_up"]


def kernels(module: str) -> SimpleNamespace:
    """Of a module in this folder: loaded from what an earlier process compiled; compiled the first time."""
    return native.load(f"{__package__}.{module}", [Path(__file__).with_name(f"{module}.py")])


def warm_up() -> None:
    """Compile every module of kernels in this folder now, so that the first question does not wait for it."""
    for path in sorted(Path(__file__).parent.glob("*_kernels.py")):
        kernels(path.stem)
