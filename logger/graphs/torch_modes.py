"""The modes that show torch functions and ATen operations while they run, and which arguments these write into."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

__all__ = ["function_mode", "operation_mode", "written_arguments"]

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


def written_arguments(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
    """The arguments that the operation writes into, as its schema says."""
    written = _written.get(function)
    if written is None:
        written = _written[function] = _find_written(function)
    found: list[Any] = []
    for place, name in written:
        value = args[place] if place < len(args) else kwargs.get(name)
        found.extend(value if isinstance(value, (list, tuple)) else [value])
    return found


def _find_written(function: Any) -> tuple[tuple[int, str], ...]:
    schema = getattr(function, "_schema", None)
    if schema is None or not schema.is_mutable:
        return ()
    return tuple(
        (place, argument.name)
        for place, argument in enumerate(schema.arguments)
        if argument.alias_info is not None and argument.alias_info.is_write
    )


_written: dict[Any, tuple[tuple[int, str], ...]] = {}
