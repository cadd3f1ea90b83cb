"""Where the vertices of ordered rows lie from left to right: lines that should be straight are, the rest is balanced.

Vertices that are joined by lines which should be straight form *blocks* that move as one. Lines are chosen by how much
a bend in them would disturb, as long as they do not cross (after Brandes and Köpf 2001, "Fast and simple horizontal
coordinate assignment", and Sander's linear segments). Blocks then move towards the mean of what they are joined to,
pushed apart where they would overlap.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

__all__ = ["Line", "positions"]

_ROUNDS = 10
_MANY_BLOCKS = 500  # more are balanced more coarsely
_BOX_WEIGHT = 3  # of a box as against a bend

Apart = Sequence[tuple[int, float]]  # other blocks and how far away
Pulls = dict[int, list[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line between vertices of neighbouring rows; `from_` and `to` are where it ends, from the vertices' middles."""

    upper: int
    lower: int
    from_: float = 0.0
    to: float = 0.0


def positions(
    rows: Sequence[Sequence[int]], widths: Sequence[float], gaps: Sequence[float], lines: Sequence[Line], count: int
) -> list[float]:
    """The middle of each vertex.

    gaps   least distance of each vertex to its neighbours; between two, the mean of theirs
    count  vertices from here on are bends of edges
    """
    straight, others = _straight(rows, lines, count)
    block, offset = _blocks(len(widths), straight, rows)
    apart = _distances(rows, widths, gaps, block, offset)
    pulls = _pulls(others, block, offset)
    weight = [0] * (max(block) + 1)
    for vertex, one in enumerate(block):
        weight[one] += _BOX_WEIGHT if vertex < count else 1
    places = _balanced(apart, pulls, weight)
    return [places[block[vertex]] + offset[vertex] for vertex in range(len(widths))]


def _straight(rows: Sequence[Sequence[int]], lines: Sequence[Line], count: int) -> tuple[list[Line], list[Line]]:
    """The lines to be straight, and the others."""
    position = [0] * sum(map(len, rows))
    row_of = [0] * len(position)
    for number, row in enumerate(rows):
        for place, vertex in enumerate(row):
            position[vertex], row_of[vertex] = place, number
    chosen, taken_up, taken_down = [], set(), set()
    between: dict[int, list[tuple[int, int]]] = {}  # row → places of the ends of what is chosen below it, in order
    for line in _most_worth(lines, position, count):
        if line.upper in taken_down or line.lower in taken_up:
            continue
        pair = (position[line.upper], position[line.lower])
        kept = between.setdefault(row_of[line.upper], [])
        at = bisect_left(kept, pair)
        if (at and kept[at - 1][1] >= pair[1]) or (at < len(kept) and kept[at][1] <= pair[1]):
            continue  # they would cross
        insort(kept, pair)
        taken_down.add(line.upper)
        taken_up.add(line.lower)
        chosen.append(line)
    is_chosen = set(map(id, chosen))
    return chosen, [line for line in lines if id(line) not in is_chosen]


def _most_worth(lines: Sequence[Line], position: Sequence[int], count: int) -> list[Line]:
    """The lines that should be straight, most worth first; those of one worth from left to right."""
    below: dict[int, list[Line]] = {}
    above: dict[int, list[Line]] = {}
    for line in lines:
        below.setdefault(line.upper, []).append(line)
        above.setdefault(line.lower, []).append(line)
    ranked: list[tuple[int, int, Line]] = []
    for line in lines:
        # Beside what goes on, an end of the graph does not count: the main line stays straight.
        siblings = [one for one in below[line.upper] if one.lower in below] or below[line.upper]
        partners = [one for one in above[line.lower] if one.upper in above] or above[line.lower]
        worth = _worth(line, siblings, partners, position, count)
        if worth and line in siblings and line in partners:
            ranked.append((-worth, position[line.upper], line))
    ranked.sort(key=lambda one: one[:2])
    return [line for _, _, line in ranked]


def _worth(line: Line, below: list[Line], above: list[Line], position: Sequence[int], count: int) -> int:
    """How much a line should be straight; 0: it need not be."""
    upper_bend, lower_bend = line.upper >= count, line.lower >= count
    if upper_bend and lower_bend:
        return 5
    if len(below) == 1 and len(above) == 1:
        return 4
    if upper_bend or lower_bend:
        return 3 if (len(above) if upper_bend else len(below)) == 1 else 0
    middle_below = _is_middle(line, [one for one in below if one.lower < count], position, lower=True)
    middle_above = _is_middle(line, [one for one in above if one.upper < count], position, lower=False)
    return 2 if middle_below and middle_above else 0


def _is_middle(line: Line, lines: list[Line], position: Sequence[int], *, lower: bool) -> bool:
    """Whether a line is the middle one of an odd number."""
    if len(lines) % 2 == 0:
        return False
    ordered = sorted(lines, key=lambda one: position[one.lower if lower else one.upper])
    return ordered[len(lines) // 2] is line


def _blocks(count: int, straight: Sequence[Line], rows: Sequence[Sequence[int]]) -> tuple[list[int], list[float]]:
    """The block of each vertex, and where its middle is in the block."""
    upper = {line.lower: line for line in straight}
    block, offset, blocks = [-1] * count, [0.0] * count, 0
    for row in rows:
        for vertex in row:
            line = upper.get(vertex)
            if line is None:
                block[vertex], blocks = blocks, blocks + 1
            else:
                block[vertex] = block[line.upper]
                offset[vertex] = offset[line.upper] + line.from_ - line.to
    return block, offset


def _distances(
    rows: Sequence[Sequence[int]],
    widths: Sequence[float],
    gaps: Sequence[float],
    block: Sequence[int],
    offset: Sequence[float],
) -> dict[tuple[int, int], float]:
    """(left block, right block) → how far apart they must be."""
    apart: dict[tuple[int, int], float] = {}
    for row in rows:
        for left, right in itertools.pairwise(row):
            pair = (block[left], block[right])
            least = (widths[left] + widths[right] + gaps[left] + gaps[right]) / 2 + offset[left] - offset[right]
            apart[pair] = max(apart.get(pair, least), least)
    return apart


def _pulls(lines: Sequence[Line], block: Sequence[int], offset: Sequence[float]) -> Pulls:
    """Block → (other block, how far from it this one wants to be) of each of its lines."""
    pulls: Pulls = {}
    for line in lines:
        upper, lower = block[line.upper], block[line.lower]
        if upper != lower:
            shift = offset[line.upper] + line.from_ - offset[line.lower] - line.to
            pulls.setdefault(lower, []).append((upper, shift))
            pulls.setdefault(upper, []).append((lower, -shift))
    return pulls


def _balanced(apart: dict[tuple[int, int], float], pulls: Pulls, weight: Sequence[int]) -> list[float]:
    """Places of the blocks near the mean of what pulls them, none nearer to another than it must be.

    In each round the heaviest blocks choose first. Among equals once the left ones do and once the right ones; the mean
    of two solutions is one, and treats both sides alike.
    """
    lefts: list[list[tuple[int, float]]] = [[] for _ in weight]
    rights: list[list[tuple[int, float]]] = [[] for _ in weight]
    for (left, right), distance in apart.items():
        lefts[right].append((left, distance))
        rights[left].append((right, distance))
    order, places = _leftmost(lefts, rights)
    for _ in range(_ROUNDS):
        before = places
        if len(weight) > _MANY_BLOCKS:
            one, other = _pushed(order, before, pulls, lefts, rights)
        else:
            by_weight = sorted(order, key=lambda block: (-weight[block], before[block]))
            one = _chosen(by_weight, before, pulls, lefts, rights)
            by_weight.sort(key=lambda block: (-weight[block], -before[block]))
            other = _chosen(by_weight, before, pulls, lefts, rights)
        places = [(x + y) / 2 for x, y in zip(one, other, strict=True)]
        if max(abs(x - y) for x, y in zip(before, places, strict=True)) < 0.5:
            break
    for block in order:
        if block not in pulls and lefts[block]:  # the way of an edge back: nothing draws it nearer
            places[block] = min(places[block], max(places[other] + distance for other, distance in lefts[block]))
    return places


def _pushed(
    order: Sequence[int],
    places: Sequence[float],
    pulls: Pulls,
    lefts: Sequence[Apart],
    rights: Sequence[Apart],
) -> tuple[list[float], list[float]]:
    """Every block where it is pulled, what overlaps pushed to the right, and to the left: coarser, in linear time."""
    wanted = list(places)
    for block, ways in pulls.items():
        wanted[block] = (places[block] + sum(places[other] + shift for other, shift in ways) / len(ways)) / 2
    rightwards, leftwards = wanted[:], wanted[:]
    for block in order:
        for other, distance in lefts[block]:
            rightwards[block] = max(rightwards[block], rightwards[other] + distance)
    for block in reversed(order):
        for other, distance in rights[block]:
            leftwards[block] = min(leftwards[block], leftwards[other] - distance)
    return rightwards, leftwards


def _chosen(
    order: Sequence[int],
    places: Sequence[float],
    pulls: Pulls,
    lefts: Sequence[Apart],
    rights: Sequence[Apart],
) -> list[float]:
    """Every block as near to where it is pulled as those before it in the order leave room for all."""
    now = list(places)
    least, most = [-inf] * len(now), [inf] * len(now)
    for block in order:
        ways = pulls.get(block)
        wanted = sum([now[other] + shift for other, shift in ways]) / len(ways) if ways else now[block]
        least[block] = most[block] = now[block] = min(max(wanted, least[block]), most[block])
        waiting = [block]
        for here in waiting:
            for other, distance in rights[here]:
                if least[here] + distance > least[other]:
                    least[other] = least[here] + distance
                    waiting.append(other)
        waiting = [block]
        for here in waiting:
            for other, distance in lefts[here]:
                if most[here] - distance < most[other]:
                    most[other] = most[here] - distance
                    waiting.append(other)
    return now


def _leftmost(lefts: Sequence[Apart], rights: Sequence[Apart]) -> tuple[list[int], list[float]]:
    """The blocks from left to right, and their places when all are as far left as can be."""
    places = [0.0] * len(lefts)
    waits = [len(others) for others in lefts]
    order = [block for block, others in enumerate(waits) if not others]
    for block in order:
        for other, distance in rights[block]:
            places[other] = max(places[other], places[block] + distance)
            waits[other] -= 1
            if not waits[other]:
                order.append(other)
    return order, places
