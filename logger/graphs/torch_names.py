"""What functions and operations of torch, and their arguments, are called."""

from __future__ import annotations

import functools
import inspect
from typing import Any

__all__ = ["argument_names", "class_name", "function_name", "operation_name"]


def class_name(module: Any) -> str:
    """The class of a module; of a script the one that it was made of."""
    name = getattr(module, "original_name", None) if type(module).__module__.startswith("torch.jit") else None
    return name if isinstance(name, str) and name else type(module).__name__


def function_name(function: Any) -> str:
    """ "linear", "add" (also of `__add__`), "T" of a property, "aten.addmm" of an ATen operation."""
    packet = getattr(function, "_overloadpacket", None)
    if packet is not None:
        return f"{function.namespace}.{packet.__name__}"
    name = getattr(function, "__name__", None) or type(function).__name__
    if name == "__get__":
        name = getattr(getattr(function, "__self__", None), "__name__", name)
    return name.strip("_") if name.startswith("__") else str(name)


def operation_name(op: str) -> str:
    """The name of a node of this operation: "aten.addmm" is "addmm"."""
    return op.rsplit(".", 1)[-1] or op


def argument_names(function: Any) -> tuple[str, ...]:
    """The names of the arguments by place; () where they are not known."""
    schema = getattr(function, "_schema", None)
    if schema is not None:
        return tuple(argument.name for argument in schema.arguments)
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # written in C++
        return _documented().get(function, ())


@functools.cache
def _documented() -> dict[Any, tuple[str, ...]]:
    """Torch's functions in C++ have no signatures, but torch tests that each has a Python function of the same form."""
    import torch.overrides

    try:
        forms = torch.overrides.get_testing_overrides()
        names = {function: tuple(inspect.signature(form).parameters) for function, form in forms.items()}
        recurrent = ("input", "hx", "params", "has_biases", "num_layers", "dropout", "train", "bidirectional")
        return names | dict.fromkeys(
            (torch.lstm, torch.gru, torch.rnn_tanh, torch.rnn_relu), (*recurrent, "batch_first")
        )
    except (AttributeError, TypeError, ValueError):
        return {}
