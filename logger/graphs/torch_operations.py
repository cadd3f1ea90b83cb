"""What is known of an ATen operation before it runs: its count of FLOPs, what it writes into, whether it only shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .torch_flops import Formula, formula_of

__all__ = ["Operation", "operation_of"]


@dataclass(frozen=True, slots=True)
class Operation:
    """An OpOverload, looked at once."""

    function: Any
    formula: Formula | None
    writes: tuple[tuple[int, str], ...]  # place and name of arguments that it writes into
    is_view: bool  # the result is the argument in another shape

    def flops(self, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> float | None:
        """FLOPs of one call with tensors (or FakeTensors); None where there is no formula for it."""
        if self.formula is None:
            return None
        try:
            return float(self.formula(args, kwargs, result))
        except Exception:  # other arguments than the formula was written for
            return None

    def written(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """The arguments (tensors, lists of them, None) that it writes into."""
        return [args[place] if place < len(args) else kwargs.get(name) for place, name in self.writes]


def operation_of(function: Any) -> Operation:
    """What is known of an OpOverload, or of what else may be dispatched."""
    known = _known.get(id(function))
    if known is None:
        view = getattr(function, "is_view", False) is True
        known = _known[id(function)] = Operation(function, formula_of(function), _find_writes(function), view)
    return known


def _find_writes(function: Any) -> tuple[tuple[int, str], ...]:
    schema = getattr(function, "_schema", None)
    if schema is None or not schema.is_mutable:
        return ()
    return tuple(
        (place, argument.name)
        for place, argument in enumerate(schema.arguments)
        if argument.alias_info is not None and argument.alias_info.is_write
    )


_known: dict[int, Operation] = {}  # by identity: hashing an OpOverload costs as much as recording it
