"""Rows of a layered drawing: every edge leads down, and edges are short."""

from __future__ import annotations

from collections.abc import Collection, Sequence

__all__ = ["Pair", "backward_edges", "rows_of"]

Pair = tuple[int, int]
_ROUNDS = 4


def backward_edges(count: int, edges: Sequence[Pair]) -> set[Pair]:
    """Edges without which there is no cycle: those that lead back to where a walk in the given order is."""
    after: list[list[int]] = [[] for _ in range(count)]
    entered = [0] * count
    for begin, end in edges:
        after[begin].append(end)
        entered[end] += 1
    back: set[Pair] = set()
    state = bytearray(count)  # 0 not seen, 1 on the way, 2 done
    for first in sorted(range(count), key=lambda one: entered[one] > 0):
        if state[first]:
            continue
        state[first] = 1
        way = [(first, iter(after[first]))]
        while way:
            here, others = way[-1]
            for other in others:
                if state[other] == 1:
                    back.add((here, other))
                elif not state[other]:
                    state[other] = 1
                    way.append((other, iter(after[other])))
                    break
            else:
                state[here] = 2
                way.pop()
    return back


def rows_of(count: int, edges: Sequence[Pair], tops: Collection[int] = (), bottoms: Collection[int] = ()) -> list[int]:
    """The row of each vertex of a graph without cycles; `tops` get the first, `bottoms` the last row for themselves."""
    after: list[list[int]] = [[] for _ in range(count)]
    before: list[list[int]] = [[] for _ in range(count)]
    for begin, end in edges:
        after[begin].append(end)
        before[end].append(begin)
    rows = [0] * count
    order = _order(after, before)
    least = 1 if tops else 0
    for vertex in order:
        if vertex not in tops:
            rows[vertex] = max([least, *(rows[other] + 1 for other in before[vertex])])
    inner = [vertex for vertex in order if vertex not in tops and vertex not in bottoms]
    last = max((rows[vertex] for vertex in inner), default=0) + 1
    for vertex in bottoms:
        rows[vertex] = last
    _shorten(rows, inner, after, before, least)
    return rows


def _order(after: Sequence[Sequence[int]], before: Sequence[Sequence[int]]) -> list[int]:
    waits = [len(others) for others in before]
    order = [vertex for vertex, others in enumerate(waits) if not others]
    for vertex in order:
        for other in after[vertex]:
            waits[other] -= 1
            if not waits[other]:
                order.append(other)
    return order


def _shorten(
    rows: list[int], inner: list[int], after: Sequence[list[int]], before: Sequence[list[int]], least: int
) -> None:
    """Move vertices towards where most of their edges lead; what hangs on nothing above comes down to its use."""
    hangs = [False] * len(rows)  # nothing above that would be further away
    for vertex in inner:
        hangs[vertex] = all(hangs[other] and len(after[other]) == 1 for other in before[vertex])
    for _ in range(_ROUNDS):
        moved = False
        for vertex in reversed(inner):
            if after[vertex] and (hangs[vertex] or len(after[vertex]) > len(before[vertex])):
                row = min(rows[other] for other in after[vertex]) - 1
                moved |= row != rows[vertex]
                rows[vertex] = row
        for vertex in inner:
            if len(before[vertex]) > len(after[vertex]):
                row = max([least, *(rows[other] + 1 for other in before[vertex])])
                moved |= row != rows[vertex]
                rows[vertex] = row
        if not moved:
            break
