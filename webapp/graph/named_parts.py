"""Which part of a graph a name is about, however it is written: "layer1.0.weight", "gradients/layer1/0/weight_grad".

Names are taken apart at dots and slashes. What wrappers put before them ("module", "_orig_mod") does not count.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from ...logger.graphs.model import GraphModel

__all__ = ["NamedParts", "Part", "Said"]

_WRAPPERS = frozenset({"module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"})
_ROOT = frozenset({"model", "root", "(root)", "(model)", "all", "total"})
_SUFFIX = re.compile(r"(.+?)[_:](\d+|grads?|gradients?|hist(?:ogram)?s?|act(?:ivation)?s?|outputs?|values?|norm)")
_MOST_PARTS = 40  # of a name


class Part(NamedTuple):
    """A parameter, a node, or a group: its place in the model."""

    kind: Literal["parameter", "group", "node"]
    place: int


class Said(NamedTuple):
    """The parts that a longer name names (all calls of a module), and what else the name says."""

    parts: tuple[Part, ...]
    rest: tuple[str, ...]


class NamedParts:
    """The names of a graph's parts."""

    def __init__(self, model: GraphModel) -> None:
        self._at: dict[tuple[str, ...], tuple[Part, ...]] = {}
        for place, parameter in enumerate(model.parameters):
            self._add(parameter.name, Part("parameter", place))
        for place, group in enumerate(model.groups[1:], start=1):
            self._add(group.path if group.module is None else group.module, Part("group", place))
        for place, group in enumerate(model.groups[1:], start=1):
            self._add(group.path, Part("group", place))
        for place, node in enumerate(model.nodes):
            self._add(node.path, Part("node", place))
        self._root = {name.lower() for name in (model.title, model.groups[0].type) if name} | _ROOT

    def find(self, name: str) -> tuple[Part, ...]:
        """What this is the name of; () for nothing. A name that ends in "/" is that of a group."""
        words = _words(name)
        found = self._at.get(words, ())
        if not found and words and words[0].lower() in self._root:
            found = self._at.get(words[1:], (Part("group", 0),) if len(words) == 1 else ())
        return found if words else ((Part("group", 0),) if name in ("", "/", ".") else ())

    def within(self, name: str) -> Said | None:
        """What the longest part of a name is the name of; None for nothing."""
        words = _words(name)[:_MOST_PARTS]
        for length in range(len(words), 0, -1):
            for begin in range(len(words) - length, -1, -1):
                before, inner, behind = words[:begin], words[begin : begin + length], words[begin + length :]
                for last, suffixes in _shorter(inner[-1]):
                    found = self._at.get((*inner[:-1], last), ())
                    if found and not (length == 1 and last.isdecimal()):  # "0" alone may be anything
                        return Said(found, self._said((*before, *suffixes, *behind)))
                    if found and begin == 0 and not behind:
                        return Said(found, suffixes)
        return None

    def _said(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Words without the model's name; endings are words of their own."""
        taken = (_shorter(word)[-1] for word in words if word.lower() not in self._root)
        return tuple(part for word, suffixes in taken for part in (word, *suffixes))

    def _add(self, name: str, part: Part) -> None:
        """What came first keeps a name, apart from calls of one module, which share it."""
        words = _words(name)
        known = self._at.get(words, ())
        if words and (not known or (known[0].kind == part.kind == "group" and part not in known)):
            self._at[words] = (*known, part)


def _words(name: str) -> tuple[str, ...]:
    parts = re.split(r"[/.]", name.replace("%2F", "/"))
    return tuple(part for part in parts if part and part not in _WRAPPERS)


def _shorter(word: str) -> list[tuple[str, tuple[str, ...]]]:
    """The word, and what it is without its endings: "weight_grad" is "weight" and "grad"."""
    found: list[tuple[str, tuple[str, ...]]] = [(word, ())]
    while match := _SUFFIX.fullmatch(found[-1][0]):
        found.append((match[1], (match[2], *found[-1][1])))
    return found
