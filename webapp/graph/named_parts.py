"""Which part of a graph a name is about, however it is written: "layer1.0.weight", "gradients/layer1/0/weight_grad".

Names are taken apart at dots and slashes. What wrappers put before them ("module", "_orig_mod") does not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from ...logger.graphs.model import GraphModel

__all__ = ["NamedParts", "Part", "Said"]

_WRAPPERS = frozenset({"module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"})
_ROOT = frozenset({"model", "root", "(root)", "(model)", "all", "total", "sequential", "functional"})
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
        self._paths: list[tuple[int, tuple[str, ...]]] = []  # of groups
        self._ends: dict[int, dict[tuple[str, ...], tuple[Part, ...]]] = {}  # by how many words, made when asked for
        for place, parameter in enumerate(model.parameters):
            self._add(parameter.name, Part("parameter", place))
        for place, group in enumerate(model.groups[1:], start=1):
            self._add(group.path if group.module is None else group.module, Part("group", place))
        for place, group in enumerate(model.groups[1:], start=1):
            self._add(group.path, Part("group", place))
            self._paths.append((place, _words(group.path)))
        for place, node in enumerate(model.nodes):
            self._add(node.path, Part("node", place))
        self._root = {name.lower() for name in (model.title, model.groups[0].type) if name} | _ROOT

    def find(self, name: str) -> tuple[Part, ...]:
        """What this is the name of; () for nothing. A name that ends in "/" is that of a group."""
        words = _words(name)
        found = self._at.get(words, ())
        if not found and words and words[0].lower() in self._root:
            found = self._at.get(words[1:], (Part("group", 0),) if len(words) == 1 else ())
        if not words:
            return (Part("group", 0),) if name in ("/", ".") else ()
        return found or self._by_end(words)

    def within(self, name: str) -> Said | None:
        """What the longest part of a name is the name of; None for nothing."""
        words = _words(name)[:_MOST_PARTS]
        return self._longest(words, lambda key: self._at.get(key, ())) or self._longest(words, self._by_end)

    def _longest(self, words: tuple[str, ...], find: Callable[[tuple[str, ...]], tuple[Part, ...]]) -> Said | None:
        for length in range(len(words), 0, -1):
            for begin in range(len(words) - length, -1, -1):
                before, inner, behind = words[:begin], words[begin : begin + length], words[begin + length :]
                for last, suffixes in _shorter(inner[-1]):
                    found = () if _may_be_anything(last, words, inner) else find((*inner[:-1], last))
                    if found:
                        return Said(found, self._said((*before, *suffixes, *behind)))
        return None

    def _by_end(self, words: tuple[str, ...]) -> tuple[Part, ...]:
        """The one group whose path ends so; () where there is none, or several."""
        ends = self._ends.get(len(words))
        if ends is None:
            ends = self._ends[len(words)] = {}
            for place, path in self._paths:
                end = path[-len(words) :]
                ends[end] = () if end in ends else (Part("group", place),)
        return ends.get(words, ())

    def _said(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Words without the model's name; endings are words of their own."""
        taken = map(_shorter, words)
        parts = (part for variants in taken for part in (variants[-1][0], *variants[-1][1]))
        return tuple(part for part in parts if part.lower() not in self._root)

    def _add(self, name: str, part: Part) -> None:
        """What came first keeps a name, apart from calls of one module, which share it."""
        words = _words(name)
        known = self._at.get(words, ())
        if words and (not known or (known[0].kind == part.kind == "group" and part not in known)):
            self._at[words] = (*known, part)


def _may_be_anything(last: str, words: tuple[str, ...], inner: tuple[str, ...]) -> bool:
    """Whether this is a bare number within a longer name: "epoch/0" is not about the module "0"."""
    return len(inner) == 1 and last.isdecimal() and len(words) > 1


def _words(name: str) -> tuple[str, ...]:
    parts = re.split(r"[/.]", name.replace("%2F", "/"))
    return tuple(part for part in parts if part and part not in _WRAPPERS)


def _shorter(word: str) -> list[tuple[str, tuple[str, ...]]]:
    """The word, and what it is without its endings: "weight_grad" is "weight" and "grad"."""
    found: list[tuple[str, tuple[str, ...]]] = [(word, ())]
    while match := _SUFFIX.fullmatch(found[-1][0]):
        found.append((match[1], (match[2], *found[-1][1])))
    return found
