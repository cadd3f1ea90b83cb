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
    ids = [*map(id, things)]
    of_thing: dict[Thing, int] = {}
    of_object = {
        one: of_thing.setdefault(thing, len(of_thing)) for one, thing in dict(zip(ids, things, strict=True)).items()
    }
    return [*map(of_object.__getitem__, ids)], [*of_thing]
