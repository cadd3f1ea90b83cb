"""Tables of operators, kernels, modules and rooflines, as the page asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..queries import Refused
from .asking import Asked

if TYPE_CHECKING:
    from ...profiler.table import Table

__all__ = ["OPERATOR_TABLES", "one_of"]


def one_of(asked: Asked, name: str, choices: tuple[str, ...]) -> Any:
    """A further parameter that is one of few words, the first where it is not there. Raises Refused."""
    given = asked.more.get(name, choices[0])
    if given not in choices:
        raise Refused(f"{name}: expected one of {', '.join(choices)}, got {given[:80]!r}")
    return given


def _operators(asked: Asked) -> Table:
    from ...profiler.analysis.operators import operators

    return operators(asked.trace, one_of(asked, "by", ("name", "shape", "stack")), asked.window)


def _kernels(asked: Asked) -> Table:
    from ...profiler.analysis.kernels import kernels

    return kernels(asked.trace, one_of(asked, "by", ("name", "launch", "operator")), asked.window)


def _copies(asked: Asked) -> Table:
    from ...profiler.analysis.kernels import copies

    return copies(asked.trace, asked.window)


def _sequences(asked: Asked) -> Table:
    from ...profiler.analysis.kernel_sequences import kernel_sequences

    return kernel_sequences(asked.trace, asked.window)


def _modules(asked: Asked) -> Table:
    from ...profiler.analysis.modules import modules

    return modules(asked.trace, asked.window)


def _roofline(asked: Asked) -> Table:
    from ...profiler.analysis.roofline import roofline

    return roofline(asked.trace, asked.window)


OPERATOR_TABLES: dict[str, Callable[[Asked], Table]] = {
    "operators": _operators,
    "kernels": _kernels,
    "copies": _copies,
    "kernel_sequences": _sequences,
    "modules": _modules,
    "roofline": _roofline,
}
