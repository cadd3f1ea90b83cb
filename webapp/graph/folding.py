"""Items made up for the picture: a fold for siblings that repeat, sections for groups with very many children."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .outline import Made, Outline
from .structure import classes_of

__all__ = ["add_folds", "add_sections"]

FEWEST_REPEATS = 3
_FEWEST_NODES = 8  # in all repeats, where each feeds the next: less is as quickly seen
_FEWEST_BESIDE, _LARGE = 6, 12  # repeats side by side, or nodes in each: query, key and value stay apart
LONGEST_UNIT = 8  # siblings that repeat together
MOST_CHILDREN = 400
_LEAST_SECTION, _MOST_SECTIONS = 100, 300


def add_folds(outline: Outline) -> None:
    """Put runs of siblings that are built alike into folds."""
    crowded = [item for item, children in outline.children.items() if len(children) >= FEWEST_REPEATS]
    if not any(_groups_in(outline, outline.children[item]) >= FEWEST_REPEATS for item in crowded):
        return
    classes = classes_of(outline)
    for item in crowded:
        children = outline.children[item]
        if _groups_in(outline, children) < FEWEST_REPEATS:
            continue
        kept, place = [], 0
        kinds = [classes[child] for child in children]
        holders = [child >= outline.count and outline.nodes_in(child) > 0 for child in children]
        while place < len(children):
            unit, repeats = _repeats(kinds, holders, place)
            members = children[place : place + unit * repeats]
            if not _is_worth_folding(outline, members, repeats):
                kept.append(children[place])
                place += 1
                continue
            kept.append(_fold(outline, item, members, unit))
            place += unit * repeats
        outline.children[item] = kept


def add_sections(outline: Outline) -> None:
    """Cut groups with very many children into sections in the order of the computation, these again if need be."""
    waiting = [item for item, children in outline.children.items() if len(children) > MOST_CHILDREN]
    while waiting:
        item = waiting.pop()
        children = outline.children[item]
        size = math.ceil(max(2 * math.sqrt(len(children)), _LEAST_SECTION, len(children) / _MOST_SECTIONS))
        total = math.ceil(len(children) / size)
        size = math.ceil(len(children) / total)
        cut = [children[first : first + size] for first in range(0, len(children), size)]
        sections = []
        for number, part in enumerate(cut):
            label = f"section {number + 1} of {len(cut)}"
            name = f"{outline.id_of(item)}*section {number + 1}/{len(cut)}"
            sub = f"{outline.name_of(part[0])} … {outline.name_of(part[-1])}"
            sections.append(outline.put(item, part, Made("section", name, label, sub)))
        outline.children[item] = sections
        waiting.extend(one for one in sections if len(outline.children[one]) > MOST_CHILDREN)


def _groups_in(outline: Outline, items: Sequence[int]) -> int:
    return sum(item >= outline.count for item in items)


def _repeats(kinds: Sequence[int], holders: Sequence[bool], place: int) -> tuple[int, int]:
    """(length of the unit, how often) that covers most from a place on; the unit holds a group."""
    best = (1, 1)
    for unit in range(1, min(LONGEST_UNIT, (len(kinds) - place) // FEWEST_REPEATS) + 1):
        if not any(holders[place : place + unit]):
            continue
        end = place + unit
        while end < len(kinds) and kinds[end] == kinds[end - unit]:
            end += 1
        repeats = (end - place) // unit
        if repeats >= FEWEST_REPEATS and unit * repeats > best[0] * best[1]:
            best = (unit, repeats)
    return best


def _is_worth_folding(outline: Outline, members: Sequence[int], repeats: int) -> bool:
    if repeats < FEWEST_REPEATS:
        return False
    nodes = sum(map(outline.nodes_in, members))
    if repeats >= _FEWEST_BESIDE or nodes >= _LARGE * repeats:
        return True
    return nodes >= _FEWEST_NODES and _is_chain(outline, members, repeats)


def _is_chain(outline: Outline, members: Sequence[int], repeats: int) -> bool:
    """Whether each repeat feeds the next."""
    unit = len(members) // repeats
    starts = np.array([outline.start[member] for member in members[::unit]])
    begin, end = int(starts[0]), outline.end[members[-1]]
    edges = outline.edges_between(begin, end)
    edges = edges[(outline.source_place[edges] >= begin) & (outline.source_place[edges] < end)]
    source = np.searchsorted(starts, outline.source_place[edges], side="right")
    target = np.searchsorted(starts, outline.target_place[edges], side="right")
    inside = outline.target_place[edges] < end
    return len(np.unique(source[inside & (target == source + 1)])) == repeats - 1


def _fold(outline: Outline, item: int, members: list[int], unit: int) -> int:
    names = [_what(outline, member) for member in members[:unit]]
    repeats = len(members) // unit
    label = f"{repeats} × {names[0]}" if unit == 1 else f"{repeats} × ({', '.join(names[:3])}{' …' * (unit > 3)})"
    groups = [member for member in members if member >= outline.count]
    sub = f"{outline.name_of(groups[0])} … {outline.name_of(groups[-1])}"
    first = outline.id_of(members[0])
    name = f"{first if first.endswith('/') else f'{first}/'}*{repeats}"
    return outline.put(item, members, Made("fold", name, label, sub))


def _what(outline: Outline, item: int) -> str:
    """The class of a group, else its name without its number; what a node does."""
    model = outline.model
    if item < outline.count:
        return model.nodes[item].op
    group = model.groups[item - outline.count]
    return group.type or outline.name_of(item).rstrip("0123456789").rstrip("._-[(@") or "block"
