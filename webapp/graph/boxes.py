"""What is written on a box, and how large it is for that."""

from __future__ import annotations

from ...logger.graphs.model import Group, Node
from .outline import Outline
from .text_width import ending, text_width

__all__ = ["box_size", "frame_width", "item_text"]

_LOW, _HIGH = 28, 42  # boxes with one and with two lines
_LEAST, _MOST, _MOST_OF_GROUP = 56, 240, 300
_SIDE = 12
_SUB_SIZE = 11.0
_SEMIBOLD = 1.1  # how much wider the labels of groups are


def box_size(outline: Outline, item: int) -> tuple[float, float]:
    """Width and height of a closed box, even numbers of pixels."""
    label, sub = item_text(outline, item)
    is_node = item < outline.count
    name = text_width(label) * (1 if is_node else _SEMIBOLD)
    width = max(name, text_width(sub, _SUB_SIZE)) + 2 * _SIDE
    even = 2 * round(min(max(width, _LEAST), _MOST if is_node else _MOST_OF_GROUP) / 2)
    return even, _HIGH if sub else _LOW


def frame_width(outline: Outline, item: int) -> float:
    """The least width of an open frame."""
    label, sub = item_text(outline, item)
    return min(text_width(label) * _SEMIBOLD + text_width(sub, _SUB_SIZE) + 4 * _SIDE, 1.5 * _MOST)


def item_text(outline: Outline, item: int) -> tuple[str, str]:
    """What is written on an item: its name, and below what it is or gives."""
    if item in outline.made:
        made = outline.made[item]
        return made.label, made.sub
    model = outline.model
    return _node_text(model.nodes[item]) if item < outline.count else _group_text(model.groups[item - outline.count])


def _node_text(node: Node) -> tuple[str, str]:
    name = node.name.replace("%2F", "/")
    spec = str(node.outputs[0]) if node.outputs else ""
    if node.role == "output":  # of many results the names differ at their ends
        return ending(name, _MOST - 2 * _SIDE), spec
    if node.role != "op":
        return name, spec
    bare = name.rstrip("0123456789").rstrip("_.")
    return (name, spec) if bare in (node.op, node.op.rstrip("_")) else (name, node.op)


def _group_text(group: Group) -> tuple[str, str]:
    name = group.name.replace("%2F", "/") or "model"
    again = f"call {group.call + 1}" if group.call else ""
    return name, " · ".join(filter(None, (group.type * (group.type != name), again)))
