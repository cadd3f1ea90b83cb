"""Items made up for the picture: a fold for siblings that repeat, sections for groups with very many children."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from .outline import Ints, Made, Outline
from .structure import classes_of

__all__ = ["add_families", "add_folds", "add_sections"]

FEWEST_REPEATS = 3
_FEWEST_NODES = 8  # in all repeats, where each feeds the next: less is as quickly seen
_FEWEST_BESIDE, _LARGE = 6, 12  # repeats side by side, or nodes in each: query, key and value stay apart
LONGEST_UNIT = 8  # siblings that repeat together
_MOST_PRIVATE = 1  # skip connections of single repeats: more would be hidden
MOST_CHILDREN = 400
_LEAST_SECTION, _MOST_SECTIONS = 100, 300

_FEWEST_RELATED = 4  # inputs or outputs of one name
_NUMBER = re.compile(r"([._]?\d+)+$")

Run = tuple[int, int, int]  # place of the first sibling, length of the unit, how often it repeats


def add_families(outline: Outline) -> None:
    """Put inputs and outputs of the model that differ by their number into folds: "hidden_states.0", "hidden_states.1".

    Inputs need nothing and outputs feed nothing, so that they can lie before and behind all others.
    """
    children = outline.children.get(outline.root, [])
    families: dict[tuple[str, str], list[int]] = {}
    for child in sorted(child for child in children if child < outline.count):
        node = outline.model.nodes[child]
        if node.role in ("input", "output"):
            families.setdefault((node.role, _NUMBER.sub("", node.name)), []).append(child)
    large = {name: members for name, members in families.items() if len(members) >= _FEWEST_RELATED}
    if not large:
        return
    related = {member for members in large.values() for member in members}
    others = [child for child in children if child not in related]
    first, last = (
        [member for (of, _), members in large.items() if of == role for member in members]
        for role in ("input", "output")
    )
    outline.children[outline.root] = [*first, *others, *last]
    outline.walk()
    folds = {role: [_family(outline, *name, large[name]) for name in large if name[0] == role] for role, _ in large}
    outline.children[outline.root] = [*folds.get("input", ()), *others, *folds.get("output", ())]


def _family(outline: Outline, role: str, name: str, members: list[int]) -> int:
    first, last = outline.name_of(members[0]), outline.name_of(members[-1])
    label = f"{len(members)} × {name.rpartition('.')[2] or role}"
    sub = f"{first} … {last.removeprefix(name).strip('._')}"
    return outline.put(outline.root, members, Made("fold", f"{outline.id_of(members[0])}/*{len(members)}", label, sub))


def add_folds(outline: Outline) -> None:
    """Put runs of siblings that are built alike into folds."""
    crowded = [item for item, children in outline.children.items() if len(children) >= FEWEST_REPEATS]
    if not any(_groups_in(outline, outline.children[item]) >= FEWEST_REPEATS for item in crowded):
        return
    classes = classes_of(outline)
    plans: dict[int, list[Run]] = {}  # of groups built alike, which are folded alike
    for item in crowded:
        children = outline.children[item]
        if classes[item] not in plans:
            plans[classes[item]] = _runs(outline, children, classes)
        kept, place = [], 0
        for first, unit, repeats in plans[classes[item]]:
            members = children[first : first + unit * repeats]
            kept += [*children[place:first], _fold(outline, item, members, unit)]
            place = first + len(members)
        outline.children[item] = kept + children[place:]


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


def _runs(outline: Outline, children: Sequence[int], classes: Sequence[int]) -> list[Run]:
    """The runs among siblings that are worth folding."""
    kinds = [classes[child] for child in children]
    often = {kind for kind, count in Counter(kinds).items() if count >= FEWEST_REPEATS}
    holds = [
        kind in often and child >= outline.count and outline.nodes_in(child) > 0
        for kind, child in zip(kinds, children, strict=True)
    ]
    runs, place = [], 0
    while True in holds[place:]:
        place = max(place, holds.index(True, place) - LONGEST_UNIT)
        unit, repeats = _repeats(kinds, holds, place)
        if _is_worth_folding(outline, children[place : place + unit * repeats], repeats):
            runs.append((place, unit, repeats))
            place += unit * repeats
        else:
            place += 1
    return runs


def _repeats(kinds: Sequence[int], holds: Sequence[bool], place: int) -> tuple[int, int]:
    """(length of the unit, how often) that covers most from a place on; the unit holds a group."""
    best = (1, 1)
    for unit in range(1, min(LONGEST_UNIT, (len(kinds) - place) // FEWEST_REPEATS) + 1):
        if kinds[place] != kinds[place + unit] or not any(holds[place : place + unit]):
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
