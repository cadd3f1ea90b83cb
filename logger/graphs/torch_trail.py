"""Where tensors come from: which recorded operation made a tensor, or which parameter it is.

Tensors are known by identity and held weakly, so that a run needs no more memory than any other.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from typing import Any

from .torch_state import storage_of

__all__ = ["Call", "Origin", "Trail", "tensors_in"]

# (operation, which output), or (-1, parameter)
Origin = tuple[int, int]
Shape = tuple[str, tuple[int, ...], str]  # dtype as torch says it, sizes, device


class Call:
    """One recorded operation. Names and sentences are made of it later."""

    __slots__ = ("device", "flops", "function", "inputs", "outputs", "role", "scope", "source", "time", "told")

    def __init__(self, function: Any, scope: int, role: str = "op") -> None:
        self.function = function
        self.scope = scope
        self.role = role
        self.inputs: list[Origin] = []
        self.outputs: list[Shape] = []
        self.told: list[tuple[int | str, Any]] = []  # arguments that are no tensors, by place or name
        self.source = ("", 0)
        self.flops: float | None = None
        self.time: float | None = None
        self.device = ""


class Trail:
    """The operations of one level in their order, and the tensors that still live."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._made: dict[int, tuple[weakref.ref[Any], Origin]] = {}
        self._written: dict[int, Origin] = {}  # memory → what wrote into it last

    def note(self, call: Call, outputs: Iterable[Any]) -> int:
        """Add an operation that made these tensors; its place."""
        place = len(self.calls)
        self.calls.append(call)
        for index, tensor in enumerate(outputs):
            self._made[id(tensor)] = (weakref.ref(tensor), (place, index))
            call.outputs.append((str(tensor.dtype), tuple(tensor.shape), str(tensor.device)))
        return place

    def alias(self, tensor: Any, origin: Origin) -> None:
        """This tensor is as good as that one."""
        self._made[id(tensor)] = (weakref.ref(tensor), origin)

    def wrote(self, tensor: Any, origin: Origin) -> None:
        """An operation wrote into the tensor's memory: whoever shares it depends on that operation now."""
        self._written[storage_of(tensor)] = origin

    def origin(self, tensor: Any) -> Origin | None:
        """Where the tensor comes from, None for one that was there before."""
        known = self._made.get(id(tensor))
        origin = known[1] if known is not None and known[0]() is tensor else None
        if self._written:
            written = self._written.get(storage_of(tensor))
            if written is not None and (origin is None or written[0] > origin[0] >= 0):
                return written
        return origin


def tensors_in(kind: type, value: Any) -> Iterator[Any]:
    """The tensors among arguments or results: in tuples, lists and dicts."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from tensors_in(kind, item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from tensors_in(kind, item)
