"""What `add_jax_graph` is given → the graph of the function."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .jax_graphs import jaxpr_graph
from .jax_modules import opened_module
from .jax_values import leaves_of
from .model import GraphModel

__all__ = ["jax_graph"]


def jax_graph(
    call: str,
    function: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    static_argnums: Sequence[int],
    parameters: Sequence[int] | None,
) -> GraphModel:
    """The jaxpr of a function for these arguments, or a jaxpr that is there already.

    Raises ModuleNotFoundError without JAX, TypeError for what cannot be called; the function's own errors pass through.
    """
    title = str(getattr(function, "__name__", "") or type(function).__name__)
    if hasattr(getattr(function, "jaxpr", None), "eqns"):
        return jaxpr_graph(function, title="jaxpr")
    if not callable(function):
        raise TypeError(f"{call}: expected a function, or what jax.make_jaxpr gave, got {type(function).__name__}")
    try:
        jax = importlib.import_module("jax")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{call}: tracing a function needs the package jax") from error
    opened = opened_module(jax, function)
    if opened is None:
        closed = jax.make_jaxpr(function, static_argnums=tuple(static_argnums))(*args, **kwargs)
        leaves = leaves_of(jax, function, args, kwargs, static_argnums, parameters)
    else:
        static = tuple(number + (number >= 0) for number in static_argnums)
        closed = jax.make_jaxpr(opened.function, static_argnums=static)(opened.arrays, *args, **kwargs)
        leaves = [*opened.leaves, *leaves_of(jax, function, args, kwargs, static_argnums, parameters or ())]
    owner = getattr(function, "__self__", None)  # of a module's method
    graph = jaxpr_graph(closed, leaves, title if owner is None else type(owner).__name__)
    graph.notes.append(f"One call of {title!r} as JAX {jax.__version__} traced it for the shapes of these arguments.")
    return graph
