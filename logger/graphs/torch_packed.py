"""Weights that quantised modules of torch keep packed, in objects that are no tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["is_packed", "packed_weights"]

_PARTS = ("weight", "bias")  # what `unpack` gives, in this order
_HOLDER = "_packed_params"  # module in a linear one that holds its packed object


def is_packed(value: Any) -> bool:
    """Whether a value is a packed weight."""
    return type(value).__name__ == "ScriptObject" and hasattr(value, "unpack")


def packed_weights(torch: Any, modules: Mapping[Any, str]) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Each packed object of the modules, with (name, tensor) of what is in it; `modules`: with their names."""
    found = []
    for module, name in modules.items():
        for value in filter(is_packed, vars(module).values()):
            try:
                held = value.unpack()
            except RuntimeError:  # of a kind that needs arguments
                continue
            owner = name if name != _HOLDER and not name.endswith(f".{_HOLDER}") else name[: -len(_HOLDER)].rstrip(".")
            tensors = zip(_PARTS, held if isinstance(held, tuple) else (held,), strict=False)
            named = [(f"{owner}.{part}" if owner else part, one) for part, one in tensors if torch.is_tensor(one)]
            found.append((value, named))
    return found
