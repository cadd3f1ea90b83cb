"""What the arguments of a JAX function are called, and which of them are parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .model import Dimension, TensorSpec

__all__ = ["Leaf", "leaves_of", "spec_of"]

_PARAMETERS = ("param", "weight", "variable", "theta", "state", "model")  # in names of arguments
_COLLECTIONS = {"params": "parameter", "batch_stats": "buffer", "cache": "buffer"}  # of Flax


class Leaf(NamedTuple):
    """One array among the arguments."""

    name: str
    kind: str  # "input", "parameter", "buffer"


def leaves_of(
    jax: Any,
    function: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    static: Sequence[int],
    parameters: Sequence[int] | None,
) -> list[Leaf]:
    """The arrays in the arguments but the static ones, in the order in which JAX numbers them.

    `parameters`: which positional arguments hold parameters. None: those named so, and the first of several where it
    is a tree of arrays.
    """
    names = _names(function, len(args))
    leaves = []
    for index, value in enumerate(args):
        if index in static:
            continue
        held = index in parameters if parameters is not None else _is_parameters(names[index], value, index, len(args))
        leaves.extend(_leaves(jax, names[index], value, held))
    for name in sorted(kwargs):
        held = parameters is None and _is_parameters(name, kwargs[name], 1, 2)
        leaves.extend(_leaves(jax, name, kwargs[name], held))
    return leaves


def _names(function: Callable[..., Any], count: int) -> list[str]:
    try:
        known = [
            name
            for name, one in inspect.signature(function).parameters.items()
            if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
        ]
    except (TypeError, ValueError):
        known = []
    return [known[index] if index < len(known) else f"argument_{index}" for index in range(count)]


def _is_parameters(name: str, value: Any, index: int, count: int) -> bool:
    is_tree = not hasattr(value, "shape") and not isinstance(value, (int, float, complex, bool))
    named = any(part in name.lower() for part in _PARAMETERS)
    return is_tree and (named or (index == 0 and count > 1))


def _leaves(jax: Any, name: str, value: Any, held: bool) -> list[Leaf]:
    found = []
    for path, _ in jax.tree_util.tree_flatten_with_path(value)[0]:
        parts = [_part(key) for key in path]
        if not held:
            found.append(Leaf("/".join([name, *parts]), "input"))
            continue
        kind = _COLLECTIONS.get(parts[0], "parameter") if parts else "parameter"
        known = parts and parts[0] in _COLLECTIONS and len(parts) > 1
        found.append(Leaf("/".join((parts[1:] if known else parts) or [name]), kind))
    return found


def _part(key: Any) -> str:
    """One step on the way to an array: a key, a place or an attribute."""
    for attribute in ("key", "idx", "name"):
        if hasattr(key, attribute):
            return str(getattr(key, attribute)).replace("/", "%2F")
    return str(key)


def spec_of(variable: Any) -> TensorSpec:
    """Type and shape of a variable of a jaxpr."""
    aval = getattr(variable, "aval", None)
    shape = getattr(aval, "shape", None)
    dtype = getattr(aval, "dtype", None)
    sizes: tuple[Dimension, ...] | None = None
    if shape is not None:
        sizes = tuple(size if isinstance(size, int) else str(size)[:80] for size in shape)
    return TensorSpec(str(dtype) if dtype is not None else "", sizes)
