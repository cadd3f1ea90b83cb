"""What a torch module is called with, and which module that is: arguments, tensors in them, wrappers looked through."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["arguments", "bound", "is_wrapper", "module_names", "named_tensors", "settings_of", "unwrapped"]

_AROUND = ("DataParallel", "DistributedDataParallel", "DeepSpeedEngine")  # called themselves, they would do more
_WITHIN = {"_orig_mod", "module", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"}  # what wrappers call the module
_WRAPPERS = {
    *_AROUND, "OptimizedModule", "FullyShardedDataParallel", "CheckpointWrapper", "OffloadWrapper", "_FabricModule",
}  # fmt: skip
_DEEPEST = 8  # containers in each other
_DEEPEST_OBJECT = 2  # below that, attributes of plain objects lead far away from what is computed


def unwrapped(model: Any) -> Any:
    """The module inside of torch.compile's and the data-parallel wrappers."""
    while True:
        if "_orig_mod" in getattr(model, "_modules", ()):
            model = model._orig_mod
        elif type(model).__name__ in _AROUND:
            model = model.module
        else:
            return model


def module_names(model: Any) -> dict[Any, str]:
    """Module → its dotted name, as if there were no wrappers; wrappers themselves have the name of what they wrap."""
    names: dict[Any, str] = {}
    waiting = [(model, "")]
    while waiting:
        module, name = waiting.pop()
        if module in names:
            continue
        names[module] = name
        wraps = type(module).__name__ in _WRAPPERS
        children = [(child, key) for key, child in module._modules.items() if child is not None]
        for child, key in reversed(children):
            inner = name if wraps and key in _WITHIN else f"{name}.{key}" if name else key
            waiting.append((child, inner))
    return names


def settings_of(module: Any) -> str:
    """What a module says of itself: "in_features=3, out_features=4, bias=True"."""
    try:
        return str(module.extra_repr())[:500]
    except Exception:  # it is the user's code
        return ""


def is_wrapper(module: Any) -> bool:
    """Whether the module only stands around another one."""
    return type(module).__name__ in _WRAPPERS


def arguments(model: Any, inputs: Any, kwargs: Mapping[str, Any] | None) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """How to call the model with `inputs`: (positional, by name).

    A tuple or list holds the positional arguments, and is the only one where `forward` does not take that many. A dict
    holds arguments by name where its keys are names that `forward` takes, and is the only argument otherwise.
    Anything else is the only argument. `kwargs` are arguments by name.
    """
    named = dict(kwargs or {})
    if inputs is None:
        return (), named
    calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = [((inputs,), named)]
    if isinstance(inputs, Mapping) and all(isinstance(key, str) for key in inputs):
        calls.insert(0, ((), {**inputs, **named}))
    elif isinstance(inputs, (tuple, list)):
        calls.insert(0, (tuple(inputs), named))
    for positional, by_name in calls:
        if bound(model, positional, by_name) is not None:
            return positional, by_name
    return calls[0]


def bound(model: Any, positional: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Any] | None:
    """The arguments by the names of `forward`'s parameters; None where it cannot be called like this."""
    try:
        taken = inspect.signature(model.forward).bind(*positional, **named).arguments
    except TypeError:
        return None
    except ValueError:  # a signature that nobody knows
        return {**{f"input.{place}": value for place, value in enumerate(positional)}, **named}
    kinds = {name: parameter.kind for name, parameter in inspect.signature(model.forward).parameters.items()}
    found: dict[str, Any] = {}
    for name, value in taken.items():
        if kinds[name] is inspect.Parameter.VAR_KEYWORD:
            found.update(value)
        else:
            found[name] = value
    return found


def named_tensors(torch: Any, name: str, value: Any, deep: int = 0) -> Iterator[tuple[str, Any]]:
    """(name, value) of the tensors in lists, dicts, data classes and plain objects, named like "batch.ids"; in order.

    Numbers, texts and the like are given too, so that the caller can say what else there was.
    """
    if isinstance(value, torch.Tensor) or deep > _DEEPEST:
        yield name, value
        return
    if isinstance(value, Mapping):
        items = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, (list, tuple)):
        keys = getattr(value, "_fields", None) or range(len(value))
        items = [(str(key), item) for key, item in zip(keys, value, strict=False)]
    elif (
        deep <= _DEEPEST_OBJECT
        and hasattr(value, "__dict__")
        and not isinstance(value, (type, torch.nn.Module))
        and not callable(value)
    ):
        items = list(vars(value).items())
    else:
        yield name, value
        return
    for key, item in items:
        yield from named_tensors(torch, f"{name}.{key}", item, deep + 1)
