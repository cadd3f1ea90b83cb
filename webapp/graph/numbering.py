"""Numbers for things of which few are unlike each other."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

__all__ = ["numbered"]

Thing = TypeVar("Thing", bound=Hashable)


def numbered(things: Sequence[Thing]) -> tuple[list[int], list[Thing]]:
    """(a number for each thing, the same for equal ones; the thing of each number).

    Of shapes that are alike most are one object: of those only the first is compared.
    """
    of_object: dict[int, int] = {}
    of_thing: dict[Thing, int] = {}
    numbers = []
    for thing in things:
        number = of_object.get(id(thing))
        if number is None:
            number = of_object[id(thing)] = of_thing.setdefault(thing, len(of_thing))
        numbers.append(number)
    return numbers, [*of_thing]
