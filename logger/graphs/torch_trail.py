"""Where tensors come from: which recorded operation made a tensor, or which parameter it is.

Tensors are known by identity and held weakly, so that a run needs no more memory than any other.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

from .torch_modes import unwrapped_value
from .torch_state import storage_of

__all__ = ["Call", "Origin", "Shape", "Trail", "shape_of"]

_MOST_SEARCHES = 200  # among all tensors that live

# (operation, which output), or (-1, parameter)
Origin = tuple[int, int]
Shape = tuple[Any, tuple[int, ...] | None, Any]  # dtype, sizes (None: not known) and device, as torch's objects


class Call:
    """One recorded operation. Names and sentences are made of it later."""

    flops: float | None = None
    time: float | None = None
    source: tuple[str, int] = ("", 0)
    told: Sequence[tuple[int | str, Any]] = ()  # arguments that are no tensors, by place or name
    within: Call | None = None  # the function that an ATen operation is part of
    inputs: Sequence[Origin] = ()

    def __init__(self, function: Any, scope: int, role: str = "op") -> None:
        self.function = function
        self.scope = scope
        self.role = role
        self.outputs: list[Shape] = []


class Trail:
    """The operations of one level in their order, and the tensors that still live.

    `registered` says which parameter or buffer a tensor is, None where it is none; `constant` what any other is that
    was there before the run.
    """

    def __init__(self, registered: Callable[[Any], Origin | None], constant: Callable[[Any], Origin]) -> None:
        self.calls: list[Call] = []
        self._registered, self._constant = registered, constant
        self._made: dict[int, tuple[weakref.ref[Any], Origin]] = {}
        self._written: dict[int, Origin] = {}  # memory → what wrote into it last
        self._last_write = -1
        self._wraps = False  # torch.vmap or torch.func are at work
        self._searches = _MOST_SEARCHES

    def note(self, call: Call, outputs: Sequence[Any]) -> int:
        """Add an operation that made these tensors; its place."""
        place = len(self.calls)
        self.calls.append(call)
        made, shapes = self._made, call.outputs
        for index, tensor in enumerate(outputs):
            made[id(tensor)] = (weakref.ref(tensor), (place, index))
            shapes.append(shape_of(tensor))
            inner = unwrapped_value(tensor) if self._wraps else None
            while inner is not None:
                self.alias(inner, (place, index))  # which the model sees when it is unwrapped
                inner = unwrapped_value(inner)
        return place

    def alias(self, tensor: Any, origin: Origin) -> None:
        """This tensor is as good as that one."""
        self._made[id(tensor)] = (weakref.ref(tensor), origin)

    def wrote(self, tensor: Any, place: int) -> None:
        """An operation wrote into the tensor's memory: whoever shares it depends on that operation now."""
        self._written[storage_of(tensor)] = (place, 0)
        self._last_write = place

    def origins(self, tensors: Sequence[Any]) -> list[Origin]:
        """Where the tensors come from."""
        made, last_write = self._made, self._last_write
        found = []
        for tensor in tensors:
            known = made.get(id(tensor))
            if known is None or known[0]() is not tensor:
                self.alias(tensor, origin := self._old_origin(tensor))
            else:
                origin = known[1]
            if 0 <= origin[0] < last_write:  # made before, perhaps written since through another view
                written = self._written.get(storage_of(tensor), origin)
                origin = max(origin, written)
            found.append(origin)
        return found

    def _old_origin(self, tensor: Any) -> Origin:
        """Of a tensor that no operation was seen to make."""
        if self._written and (written := self._written.get(storage_of(tensor))):
            return written
        inner = unwrapped_value(tensor)
        if inner is not None:
            self._wraps = True
            return self.origins([inner])[0]
        return self._registered(tensor) or self._sharing(tensor) or self._constant(tensor)

    def _sharing(self, tensor: Any) -> Origin | None:
        """What made another tensor in the same memory: torch has ways from one to the other that nobody sees."""
        memory = storage_of(tensor)
        if not memory or not self._searches:
            return None
        self._searches -= 1
        living = [(one, origin) for made, origin in self._made.values() if (one := made()) is not None]
        return max((origin for one, origin in living if storage_of(one) == memory), default=None)


def shape_of(tensor: Any) -> Shape:
    """Type, sizes and device."""
    try:
        return tensor.dtype, tensor.shape, tensor.device
    except RuntimeError:  # of a nested tensor each row has its own
        return tensor.dtype, None, tensor.device
