"""Where siblings repeat: layers one behind the other, and the steps of a loop that was unrolled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .outline import Bools, Ints, Outline

__all__ = ["FEWEST_OPERATIONS", "FEWEST_REPEATS", "Run", "runs_among"]

FEWEST_REPEATS = 3
_FEWEST_NODES = 8  # in all repeats, where each feeds the next: less is as quickly seen
_FEWEST_BESIDE, _LARGE = 6, 12  # repeats side by side, or nodes in each: query, key and value stay apart
FEWEST_OPERATIONS, _FEWEST_STEPS = 32, 4  # of a loop without groups: all together, and how often
_LONGEST_UNIT = 128  # siblings that repeat together
_MOST_COMPARED = 4_000_000  # pairs of siblings
_TRIES = 32  # starts of a run are tried, and of what is left of it again
_MOST_PRIVATE = 1  # skip connections of single repeats: more would be hidden


@dataclass(frozen=True, slots=True)
class Run:
    """`repeats` times `unit` siblings that are built alike, from the place `first` on."""

    first: int
    unit: int
    repeats: int

    @property
    def end(self) -> int:
        """The place behind the last one."""
        return self.first + self.unit * self.repeats


def runs_among(outline: Outline, children: Sequence[int], classes: Sequence[int]) -> list[Run]:
    """The runs among siblings that are worth folding. `classes`: of all items, equal for those built alike."""
    kinds = [classes[child] for child in children]
    often = {kind for kind, count in Counter(kinds).items() if count >= FEWEST_REPEATS}
    groups = np.array(
        [
            kind in often and child >= outline.count and outline.nodes_in(child) > 0
            for kind, child in zip(kinds, children, strict=True)
        ],
        bool,
    )
    units, repeats = _longest(np.array(kinds, np.int64), groups)
    runs, place = list[Run](), 0
    for start in np.flatnonzero(repeats >= FEWEST_REPEATS).tolist():
        if start < place:
            continue
        run = Run(start, int(units[start]), int(repeats[start]))
        members = children[run.first : run.end]
        if groups[run.first : run.end].any():
            worth = _is_worth_folding(outline, members, run.repeats)
            place = run.end if worth else start + max(1, len(members) // _TRIES)
        else:
            worth = _is_loop(outline, members, run)
            place = run.end  # from the next sibling on it would be the same loop
        if worth:
            runs.append(run)
    return runs


def _longest(kinds: Ints, groups: Bools) -> tuple[Ints, Ints]:
    """Length and number of the units that cover most from each place on; (1, 1) where nothing repeats.

    A unit holds a group, unless the run is long enough for a loop of operations. Of units that cover as much the
    shortest counts.
    """
    count = len(kinds)
    best, repeats = np.ones(count, np.int64), np.ones(count, np.int64)
    before = np.concatenate([[0], np.cumsum(groups)])  # groups before each place
    for unit in range(1, min(_LONGEST_UNIT, _MOST_COMPARED // max(count, 1), count // FEWEST_REPEATS) + 1):
        times = 1 + _alike(kinds[unit:] == kinds[:-unit]) // unit
        place = np.arange(len(times))
        holds = before[place + unit] > before[place]
        loops = ~holds & (times * unit >= FEWEST_OPERATIONS) & (times >= _FEWEST_STEPS)
        better = (times >= FEWEST_REPEATS) & (holds | loops) & (times * unit > best[place] * repeats[place])
        best[place[better]], repeats[place[better]] = unit, times[better]
    repeats[(best == 1) & (before[1:] == before[:-1])] = 1  # one operation again and again is a chain
    return best, repeats


def _alike(same: NDArray[np.bool_]) -> Ints:
    """How many are true from each place on."""
    count = len(same)
    ends = np.where(same, count, np.arange(count))
    found: Ints = np.minimum.accumulate(ends[::-1])[::-1] - np.arange(count)
    return found


def _is_worth_folding(outline: Outline, members: Sequence[int], repeats: int) -> bool:
    chained, private = _connections(outline, members, repeats)
    if private > _MOST_PRIVATE:
        return False
    nodes = sum(map(outline.nodes_in, members))
    return repeats >= _FEWEST_BESIDE or nodes >= _LARGE * repeats or (chained and nodes >= _FEWEST_NODES)


def _connections(outline: Outline, members: Sequence[int], repeats: int) -> tuple[bool, int]:
    """Whether each repeat feeds the next, and how many operations outside are joined to one inner repeat only.

    What comes into the first and leaves the last is not counted, nor are inputs and outputs of the model.
    """
    starts = np.array([outline.start[member] for member in members[:: len(members) // repeats]])
    begin, end = int(starts[0]), outline.end[members[-1]]
    edges = outline.edges_between(begin, end)
    source, target = (_repeat_of(places[edges], starts, end) for places in (outline.source_place, outline.target_place))
    inside = (source > 0) & (target > 0)
    chained = len(np.unique(source[inside & (target == source + 1)])) == repeats - 1
    leaving, entering = (target == 0) & (source < repeats), (source == 0) & (target > 1)
    outside = np.concatenate([outline.target[edges[leaving]], outline.source[edges[entering]]])
    pairs = np.unique(np.stack([outside, np.concatenate([source[leaving], target[entering]])]), axis=1)
    nodes, count = np.unique(pairs[0], return_counts=True)
    roles = [outline.model.nodes[node].role for node in nodes[count == 1].tolist()]
    return chained, sum(role == "op" for role in roles)


def _repeat_of(places: Ints, starts: Ints, end: int) -> Ints:
    """1 for places in the first repeat and so on; 0 outside."""
    found: Ints = np.where(places < end, np.searchsorted(starts, places, side="right"), 0)
    return found


def _is_loop(outline: Outline, members: Sequence[int], run: Run) -> bool:
    """Whether operations that repeat are joined alike in each repeat and to the one before it, not by chance."""
    chained, private = _connections(outline, members, run.repeats)
    if not chained or private > _MOST_PRIVATE:
        return False
    begin, end = outline.start[members[0]], outline.end[members[-1]]
    edges = outline.edges_between(begin, end)
    source, target = outline.source_place[edges] - begin, outline.target_place[edges] - begin
    inside = (source >= 0) & (target >= run.unit) & (target < end - begin)
    source, target = source[inside], target[inside]
    back = target // run.unit - source // run.unit
    near = (back == 0) | (back == 1)
    kinds = np.stack([back[near], source[near] % run.unit, target[near] % run.unit])
    _, counts = np.unique(kinds, axis=1, return_counts=True)
    return bool((counts % (run.repeats - 1) == 0).all())
