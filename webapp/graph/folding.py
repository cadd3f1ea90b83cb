"""Items made up for the picture: a fold for siblings that repeat, sections for groups with very many children."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from .outline import Made, Outline
from .repeats import FEWEST_OPERATIONS, FEWEST_REPEATS, Run, runs_among
from .structure import classes_of

__all__ = ["add_families", "add_folds", "add_sections"]

_LONG_UNIT = 8  # siblings that repeat together; of more each repeat is a box in the opened fold
MOST_CHILDREN = 400
_LEAST_SECTION, _MOST_SECTIONS = 100, 300

_FEWEST_RELATED = 4  # inputs or outputs of one name
_NUMBER = re.compile(r"([._]?\d+)+$")


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
    return outline.put(outline.root, members, Made("fold", _fold_id(outline, members[0], len(members)), label, sub))


def add_folds(outline: Outline) -> None:
    """Put runs of siblings that are built alike into folds."""
    crowded = [item for item, children in outline.children.items() if _may_repeat(outline, children)]
    if not crowded:
        return
    classes = classes_of(outline)
    plans: dict[int, list[Run]] = {}  # of groups built alike, which are folded alike
    for item in crowded:
        children = outline.children[item]
        if classes[item] not in plans:
            plans[classes[item]] = runs_among(outline, children, classes)
        kept, place = [], 0
        for run in plans[classes[item]]:
            kept += [*children[place : run.first], _fold(outline, item, children[run.first : run.end], run.unit)]
            place = run.end
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


def _may_repeat(outline: Outline, children: Sequence[int]) -> bool:
    return len(children) >= FEWEST_OPERATIONS or sum(child >= outline.count for child in children) >= FEWEST_REPEATS


def _fold(outline: Outline, item: int, members: list[int], unit: int) -> int:
    names = [_what(outline, member) for member in members[:unit]]
    repeats = len(members) // unit
    label = f"{repeats} × {names[0]}" if unit == 1 else f"{repeats} × ({', '.join(names[:3])}{' …' * (unit > 3)})"
    told = [member for member in members if member >= outline.count] or members
    sub = f"{outline.name_of(told[0])} … {outline.name_of(told[-1])}"
    fold = outline.put(item, members, Made("fold", _fold_id(outline, members[0], repeats), label, sub))
    if unit > _LONG_UNIT:
        outline.children[fold] = [
            _repeat(outline, fold, members[place : place + unit], place // unit + 1, repeats)
            for place in range(0, len(members), unit)
        ]
    return fold


def _fold_id(outline: Outline, first: int, repeats: int) -> str:
    """ "a/b.0/*12" where the first of them is a group, "a/add/**12" where it is a node."""
    return f"{outline.id_of(first)}{'/*' if first < outline.count else ''}*{repeats}"


def _repeat(outline: Outline, fold: int, members: list[int], number: int, repeats: int) -> int:
    """One of the repeats in a fold as a box of its own."""
    names = [outline.name_of(member) for member in (members[0], members[-1])]
    name = f"{outline.id_of(outline.parent[fold])}*section {number}/{repeats} from {names[0]}"
    return outline.put(fold, members, Made("section", name, f"{number} of {repeats}", " … ".join(names)))


def _what(outline: Outline, item: int) -> str:
    """The class of a group, else its name without its number; what a node does."""
    model = outline.model
    if item < outline.count:
        return model.nodes[item].op.removeprefix("aten.")
    group = model.groups[item - outline.count]
    return group.type or outline.name_of(item).rstrip("0123456789").rstrip("._-[(@") or "block"
