"""The modes that show torch functions and ATen operations while they run."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

__all__ = ["Aside", "function_mode", "operation_mode", "unwrapped_value"]

_C: Any = torch._C

# Called with (function, args, kwargs) instead of the function; runs it.
Watcher = Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]


def function_mode(watch: Watcher) -> AbstractContextManager[Any]:
    """Within the block, `watch` stands between the model and every torch function."""

    class Functions(TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return watch(function, args, kwargs or {})

    return Functions()


def operation_mode(watch: Watcher) -> AbstractContextManager[Any]:
    """Within the block, `watch` stands before every ATen operation."""

    class Operations(TorchDispatchMode):  # type: ignore[misc]
        supports_higher_order_operators = True

        @classmethod
        def _should_skip_dynamo(cls) -> bool:
            return False  # otherwise the first operation imports torch's compiler, two seconds

        def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return watch(function, args, kwargs or {})

    return Operations()


class Aside:
    """Within the block, a mode of `operation_mode` sees nothing; modes below it and kinds of tensors see everything."""

    def __init__(self, mode: AbstractContextManager[Any]) -> None:
        self._mode = mode

    def is_possible(self) -> bool:
        """Whether no other mode was begun since, by the model."""
        modes = _C._len_torch_dispatch_stack()
        return bool(modes) and _C._get_dispatch_stack_at(modes - 1) is self._mode

    def __enter__(self) -> None:
        try:
            _C._pop_torch_dispatch_stack(None)
        except TypeError:  # in torch 2.0 it takes nothing
            _C._pop_torch_dispatch_stack()

    def __exit__(self, *error: Any) -> None:
        _C._push_on_torch_dispatch_stack(self._mode)


def unwrapped_value(tensor: Any) -> Any:
    """The tensor inside of one that torch.vmap or torch.func made for a while; None where there is none."""
    functorch: Any = getattr(_C, "_functorch", None)
    wraps = getattr(functorch, "is_functorch_wrapped_tensor", None)
    return functorch.get_unwrapped(tensor) if wraps is not None and wraps(tensor) else None
