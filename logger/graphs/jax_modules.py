"""Modules of flax.nnx, objects that hold their arrays: JAX traces them when these are arguments.

Nothing of Flax is imported: who has such a module has imported it.
"""

from __future__ import annotations

import contextlib
import functools
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .jax_values import Leaf

__all__ = ["Opened", "opened_module"]

Path = tuple[Any, ...]  # names of attributes, places in lists

_calls_are_others = threading.RLock()  # while classes have another `__call__`, for all threads


class Opened(NamedTuple):
    """A module, or a method of one, as a function of its arrays and the arguments."""

    function: Callable[..., Any]
    arrays: list[Any]
    leaves: list[Leaf]  # what the arrays are


def opened_module(jax: Any, function: Any) -> Opened | None:
    """The function behind an nnx module or its method; None for other functions."""
    nnx = sys.modules.get("flax.nnx")
    if nnx is None:
        return None
    module = function if isinstance(function, nnx.Module) else getattr(function, "__self__", None)
    if not isinstance(module, nnx.Module):
        return None
    method = "__call__" if module is function else function.__name__
    definition, state = nnx.split(module)
    variables, _ = jax.tree_util.tree_flatten_with_path(state, is_leaf=lambda one: isinstance(one, nnx.Variable))
    arrays, form = jax.tree_util.tree_flatten(state)
    leaves = [
        Leaf("/".join(_parts([key.key for key in path])), "parameter" if isinstance(one, nnx.Param) else "buffer")
        for path, one in variables
        for _ in jax.tree_util.tree_leaves(one)  # a variable may hold several arrays, or none
    ]

    def call(arrays: list[Any], *args: Any, **kwargs: Any) -> Any:
        again = nnx.merge(definition, jax.tree_util.tree_unflatten(form, arrays))
        with _named(jax, {id(inner): (inner, path) for path, inner in nnx.iter_modules(again) if path}):
            return getattr(again, method)(*args, **kwargs)

    return Opened(call, arrays, leaves)


def _parts(path: Sequence[Any]) -> list[str]:
    """The parts of a path in the graph: ["blocks.0", "linear"] of ("blocks", 0, "linear")."""
    parts: list[str] = []
    for key in path:
        name = str(key).replace("/", "%2F")
        if isinstance(key, int) and parts:
            parts[-1] += f".{name}"
        else:
            parts.append(name)
    return parts


@contextlib.contextmanager
def _named(jax: Any, modules: Mapping[int, tuple[Any, Path]]) -> Iterator[None]:
    """Within the block a call of one of these modules is a scope with its name; Flax gives them none."""
    running: list[Path] = [()]

    def scoped(original: Any) -> Any:
        @functools.wraps(original)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            module, path = modules.get(id(self), (None, ()))
            if module is not self:
                return original(self, *args, **kwargs)
            around = running[-1]
            inner = path[len(around) :] if path[: len(around)] == around else path
            running.append(path)
            try:
                with jax.named_scope("/".join(_parts(inner))) if inner else contextlib.nullcontext():
                    return original(self, *args, **kwargs)
            finally:
                running.pop()

        return call

    kinds: set[Any] = {
        kind for module, _ in modules.values() for kind in type(module).__mro__ if "__call__" in vars(kind)
    }
    with _calls_are_others:
        originals = {kind: vars(kind)["__call__"] for kind in kinds if kind.__module__ != "builtins"}
        try:
            for kind, original in originals.items():
                kind.__call__ = scoped(original)
            yield
        finally:
            for kind, original in originals.items():
                kind.__call__ = original
