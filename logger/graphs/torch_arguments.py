"""Arguments and results of torch functions, sorted: tensors, and what can be said of everything else.

This runs for every operation of a recorded model, so types are looked up once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["Sorter"]

_OTHER, _TENSOR, _SEQUENCE, _MAPPING, _SIMPLE = range(5)
_SIMPLE_TYPES = (int, float, bool, str, complex, type(None))
_MOST_ITEMS = 32  # of a list that is told


class Sorter:
    """Tells tensors from other values. `packed`: id of an object that holds tensors → the object and these."""

    def __init__(self, tensor: type) -> None:
        self.packed: dict[int, tuple[Any, list[Any]]] = {}
        self._tensor = tensor
        self._kinds: dict[type, int] = {}

    def _kind(self, value: Any) -> int:
        kind = self._kinds.get(type(value))
        if kind is None:
            kind = self._kinds[type(value)] = self._new_kind(value)
        return kind

    def _new_kind(self, value: Any) -> int:
        kinds = ((self._tensor, _TENSOR), (_SIMPLE_TYPES, _SIMPLE), ((list, tuple), _SEQUENCE), (Mapping, _MAPPING))
        return next((kind for classes, kind in kinds if isinstance(value, classes)), _OTHER)

    def tensors(self, value: Any) -> list[Any]:
        """The tensors in a value, in its lists and dicts, in order."""
        if type(value) is self._tensor:
            return [value]
        kind = self._kind(value)
        if kind == _TENSOR:
            return [value]
        found: list[Any] = []
        if kind in (_SEQUENCE, _MAPPING):
            self._tell(value, found)
        return found

    def arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[list[Any], list[tuple[int | str, Any]]]:
        """The tensors among arguments, and (place or name, value) of those that are none.

        In these values `...` stands for tensors, which must not be kept, and for what cannot be written down.
        """
        tensors: list[Any] = []
        told: list[tuple[int | str, Any]] = []
        plain, tell = self._tensor, self._tell
        for place, value in enumerate(args):
            if type(value) is plain:
                tensors.append(value)
            elif value is not None and (said := tell(value, tensors)) is not ...:
                told.append((place, said))
        for name, value in kwargs.items():
            if value is not None and (said := tell(value, tensors)) is not ...:
                told.append((name, said))
        return tensors, told

    def _tell(self, value: Any, tensors: list[Any]) -> Any:
        kind = self._kind(value)
        if kind == _SIMPLE:
            return value
        if kind == _TENSOR:
            tensors.append(value)
            return ...
        if kind == _SEQUENCE:
            return [self._tell(item, tensors) for item in value][:_MOST_ITEMS]
        if kind == _MAPPING:
            for item in value.values():
                self._tell(item, tensors)
            return ...
        if id(value) in self.packed:
            tensors += self.packed[id(value)][1]
            return ...
        return str(value)[:200] if type(value).__module__.startswith("torch") or isinstance(value, slice) else ...
