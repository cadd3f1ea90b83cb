"""The lower border of what is drawn so far, from left to right."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import inf

__all__ = ["Skyline"]


class Skyline:
    """How far down each place from left to right is taken. A flat one is everywhere as low as at its lowest."""

    def __init__(self, start: float, *, flat: bool) -> None:
        self._flat = flat
        self._from: list[float] = [-inf]  # where each step begins
        self._low: list[float] = [start]

    def lowest(self, left: float, right: float) -> float:
        """The lowest place in a range."""
        if self._flat:
            return self._low[0]
        return max(self._low[bisect_right(self._from, left) - 1 : max(bisect_left(self._from, right), 1)])

    def lower(self, left: float, right: float, to: float) -> None:
        """Take a range down to a place, where it is not further down."""
        if self._flat:
            self._low[0] = max(self._low[0], to)
            return
        first, last = self._cut(left), self._cut(right)
        self._low[first:last] = [max(low, to) for low in self._low[first:last]]

    def _cut(self, at: float) -> int:
        """The number of the step that begins there, made where none does."""
        place = bisect_left(self._from, at)
        if place == len(self._from) or self._from[place] != at:
            self._from.insert(place, at)
            self._low.insert(place, self._low[place - 1])
        return place
