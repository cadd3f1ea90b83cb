"""Fewer crossings between rows.

The order is swept up and down with barycentres, and neighbours are exchanged where that saves crossings (Gansner et al.
1993, "A technique for drawing directed graphs", section 3); each vertex is then tried in the places around its own
(sifting: Matuszewski et al. 1999, "Using sifting for k-layer straightline crossing minimization").
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence

__all__ = ["crossings", "untangle"]

_SWEEPS, _PATIENCE = 16, 4
_EXCHANGES = 8
_SIFTS, _MOST_SIFTED = 2, 120_000  # rounds; places to try in one, beyond which it would take seconds
_REACH = 24  # places to each side

Others = Sequence[Sequence[int]]


def untangle(rows: list[list[int]], above: Others, below: Others, *, fixed_first: bool, fixed_last: bool) -> None:
    """Order the vertices of each row; `above` and `below` are the vertices that lines lead to in the next rows."""
    position = [0] * len(above)
    for row in rows:
        _number(row, position)
    first, last = int(fixed_first), len(rows) - 1 - int(fixed_last)
    best = _sweep(rows, above, below, position, first, last)
    if best and sum(len(row) * min(len(row), 2 * _REACH) for row in rows) <= _MOST_SIFTED:
        for _ in range(_SIFTS):
            for row in (*rows[first : last + 1], *reversed(rows[first : last + 1])):
                _sift(row, above, below, position)
            _exchange(rows[first : last + 1], above, below, position)


def _sweep(rows: list[list[int]], above: Others, below: Others, position: list[int], first: int, last: int) -> int:
    """Sweep until nothing gets better; the crossings that are left."""
    best, kept, failures = crossings(rows, below, position), [row[:] for row in rows], 0
    for sweep in range(_SWEEPS):
        if not best or failures >= _PATIENCE:
            break
        if sweep % 2 == 0:
            for row in rows[max(first, 1) : last + 1]:
                _sort(row, above, position)
        else:
            for row in reversed(rows[first : min(last, len(rows) - 2) + 1]):
                _sort(row, below, position)
        _exchange(rows[first : last + 1], above, below, position)
        now = crossings(rows, below, position)
        failures = 0 if now < best else failures + 1
        if now < best:
            best, kept = now, [row[:] for row in rows]
    rows[:] = kept
    for row in rows:
        _number(row, position)
    return best


def _number(row: Sequence[int], position: list[int]) -> None:
    for place, vertex in enumerate(row):
        position[vertex] = place


def _sort(row: list[int], others: Others, position: list[int]) -> None:
    """By the mean position of the others; a vertex without others keeps its place."""
    keys = {}
    for vertex in row:
        near = others[vertex]
        keys[vertex] = sum(map(position.__getitem__, near)) / len(near) if near else position[vertex]
    row.sort(key=keys.__getitem__)
    _number(row, position)


def _exchange(rows: Sequence[list[int]], above_of: Others, below_of: Others, position: list[int]) -> None:
    """Exchange neighbours as long as that saves crossings."""
    for row in rows:
        above, below = _ends(row, above_of, position), _ends(row, below_of, position)
        for _ in range(_EXCHANGES):
            better = False
            for place in range(len(row) - 1):
                left, right = row[place], row[place + 1]
                now = _between(above[left], above[right]) + _between(below[left], below[right])
                if now and now > _between(above[right], above[left]) + _between(below[right], below[left]):
                    row[place], row[place + 1] = right, left
                    better = True
            if not better:
                break
        _number(row, position)


def _sift(row: list[int], above_of: Others, below_of: Others, position: list[int]) -> None:
    """Move each vertex to where in its row its lines cross least, those with most lines first."""
    above, below = _ends(row, above_of, position), _ends(row, below_of, position)
    for vertex in sorted(row, key=lambda one: -len(above[one]) - len(below[one])):
        here = row.index(vertex)
        most, best = 0, here
        for step in (-1, 1):
            saved = 0
            for place in range(here + step, max(-1, min(len(row), here + step * (_REACH + 1))), step):
                other = row[place]
                left, right = (other, vertex) if step < 0 else (vertex, other)
                saved += _between(above[left], above[right]) + _between(below[left], below[right])
                saved -= _between(above[right], above[left]) + _between(below[right], below[left])
                if saved > most:
                    most, best = saved, place
        if best != here:
            row.insert(best, row.pop(here))
    _number(row, position)


def _ends(row: Sequence[int], others: Others, position: Sequence[int]) -> dict[int, list[int]]:
    """Vertex → sorted positions of the others."""
    return {vertex: sorted(map(position.__getitem__, others[vertex])) for vertex in row}


def _between(left: Sequence[int], right: Sequence[int]) -> int:
    """Crossings of the lines of two neighbours, from the sorted positions of their other ends."""
    if not left or not right or left[-1] <= right[0]:
        return 0
    return sum(bisect_left(right, place) for place in left)


def crossings(rows: Sequence[Sequence[int]], below: Others, position: Sequence[int]) -> int:
    """How often lines between neighbouring rows cross."""
    total = 0
    for row in rows[:-1]:
        passed: list[int] = []  # positions of the ends so far, sorted
        for vertex in row:
            ends = sorted(map(position.__getitem__, below[vertex]))
            if passed and ends and ends[0] < passed[-1]:
                total += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return total
