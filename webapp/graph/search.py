"""Finds nodes and groups by name, operation, attribute or shape, in a hundred thousand of them while one types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.compare.patterns import Pattern, PatternTooSlow
from ...logger.graphs.model import GraphModel
from ..queries import Refused
from .group_tree import Ints

__all__ = ["FIELDS", "SearchIndex", "search_graph"]

FIELDS = ("name", "op", "attribute", "shape")
MOST_HITS = 500
_LONGEST_QUERY = 1_000  # characters
_BY_PARAMETER, _BEHIND_NAMES, _NOWHERE = 9, 10, 99  # ranks of finds: those by name are below, see _Texts.ranks
_LONGEST_TEXT = 300  # characters of an attribute that are looked at
_BETWEEN_SIZES = re.compile(r"(?<=[\d?])\s*[x*,]\s*(?=[\d?])")  # people write 32x128 and [32, 128]

# An escape, a set or a character, and how often it is there.
_PART = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.)([*?+]|\{[^}]*\})?[+?]?", re.DOTALL)
_ESCAPED_CHARACTER = re.compile(r"\\[xuUN0-7]")  # may be a capital letter

Mask = NDArray[np.bool_]


class _Texts:
    """Texts in one piece of memory, in which a word is found in all of them at once."""

    _BORDER = "\0"

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    @cached_property
    def _joined(self) -> str:
        """All texts, each with a border behind it."""
        joined = self._BORDER.join([*self.texts, ""])
        if joined.count(self._BORDER) != len(self.texts):
            joined = self._BORDER.join([*(text.replace(self._BORDER, " ") for text in self.texts), ""])
        return joined

    @cached_property
    def _memory(self) -> tuple[NDArray[np.uint8], Ints, Ints]:
        """(the texts with case folded, as UTF-8; where each begins and ends)."""
        memory = np.frombuffer(self._joined.casefold().encode("utf-8", "replace"), np.uint8)
        ends = np.flatnonzero(memory == 0)
        return memory, np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends, ends

    @cached_property
    def _small(self) -> list[str]:
        return self._joined.lower().split(self._BORDER)[:-1]

    @cached_property
    def last_part(self) -> Ints:
        """Where the part behind the last "/" of each text begins, in bytes of all texts together."""
        memory, starts, ends = self._memory
        slashes = np.concatenate([[-1], np.flatnonzero(memory == ord("/"))])
        begin: Ints = np.maximum(starts, slashes[np.searchsorted(slashes, ends) - 1] + 1)
        return begin

    def find(self, word: str) -> tuple[Ints, Ints]:
        """(places of the texts, positions in bytes of all texts together) of every find, whatever the case."""
        memory, starts, _ = self._memory
        wanted = word.casefold().encode("utf-8", "replace")
        if not wanted or 0 in wanted:  # folds to nothing, or is the border
            return starts[:0], starts[:0]
        found = np.flatnonzero(memory[: max(0, len(memory) - len(wanted))] == wanted[0])
        for offset, byte in enumerate(wanted[1:], 1):
            found = found[memory[found + offset] == byte]
        return np.searchsorted(starts, found, "right") - 1, found

    def ranks(self, word: str) -> tuple[Ints, Ints]:
        """(texts, ranks) of each find: 0 where the last part is the word, 1 begins with it, 2 has it, 3 is below it."""
        texts, found = self.find(word)
        begin, end = self.last_part[texts], self._memory[2][texts]
        whole = (found == begin) & (found + len(word.casefold().encode("utf-8", "replace")) == end)
        return texts, np.where(whole, 0, np.where(found == begin, 1, np.where(found > begin, 2, 3)))

    def having(self, word: str) -> Mask:
        """Which texts have a word in them."""
        mask = np.zeros(len(self.texts), np.bool_)
        mask[self.find(word)[0]] = True
        return mask

    def matching(self, pattern: Pattern) -> Mask:
        """Which texts a pattern is found in. Raises Refused for a pattern that takes too long."""
        mask = np.ones(len(self.texts), np.bool_)
        for word in required_words(pattern.text):
            mask &= self.having(word)
        texts = self.texts if pattern.ignores_case else self._small
        places = np.flatnonzero(mask)
        try:
            found = pattern.searches([texts[place] for place in places.tolist()])
        except PatternTooSlow as error:
            raise Refused(str(error), 422) from None
        mask[places] = [match is not None for match in found]
        return mask


@dataclass(frozen=True, slots=True)
class _Column:
    """Each unlike text of a field once, and who has which."""

    texts: _Texts
    owner: Ints  # one entry for each text of each owner
    text: Ints  # its place in `texts`

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str]]) -> _Column:
        places: dict[str, int] = {}
        owners, texts = [], []
        for owner, text in pairs:
            owners.append(owner)
            texts.append(places.setdefault(text, len(places)))
        return cls(_Texts([*places]), np.array(owners, np.int64), np.array(texts, np.int64))


def required_words(pattern: str) -> list[str]:
    """Words that every text has in which the pattern is found; fewer than there are, none where that is not plain."""
    if "|" in pattern or "(" in pattern or _ESCAPED_CHARACTER.search(pattern):
        return []
    words = [""]
    for part, times in _PART.findall(pattern):
        escaped = part[0] == "\\" and not part[1].isalnum()
        letter = part[1] if escaped else part if len(part) == 1 and part not in ".^$" else ""
        words[-1] += letter if times in ("", "+") else ""
        if not letter or times:
            words.append("")
    return [word for word in words if word]


class SearchIndex:
    """The texts of a graph, made when they are first looked through. Owners are groups, then nodes behind them."""

    def __init__(self, model: GraphModel) -> None:
        self._model = model
        self.groups = len(model.groups)

    def prepare(self) -> None:
        """Make all of it: the first search of a large graph need not wait for that."""
        for texts in (self.paths, self.parameter.texts, self.op.texts, self.attribute.texts, self.shape.texts):
            texts.having(" ")

    @cached_property
    def paths(self) -> _Texts:
        """The path of each owner."""
        model = self._model
        return _Texts([*(group.path for group in model.groups), *(node.path for node in model.nodes)])

    @cached_property
    def dotted(self) -> _Texts:
        """The paths as torch writes those of modules: "encoder.layers.0"."""
        return _Texts([path.replace("/", ".") for path in self.paths.texts])

    @cached_property
    def parameter(self) -> _Column:
        """Names of what nodes use."""
        names = [parameter.name for parameter in self._model.parameters]
        return _Column.of((owner, names[place]) for owner, node in self._nodes() for place in node.parameters)

    @cached_property
    def op(self) -> _Column:
        """Operations of nodes, classes of groups."""
        groups = ((place, group.type) for place, group in enumerate(self._model.groups) if group.type)
        return _Column.of(chain(groups, ((place, node.op) for place, node in self._nodes())))

    @cached_property
    def attribute(self) -> _Column:
        """Attributes as "name=value"."""
        written: dict[int, list[str]] = {}  # readers give many nodes the same mapping

        def texts(attributes: Mapping[str, Any]) -> list[str]:
            found = written.get(id(attributes))
            if found is None:
                found = [f"{key}={value}"[:_LONGEST_TEXT] for key, value in attributes.items()]
                written[id(attributes)] = found
            return found

        things = chain(enumerate(self._model.groups), self._nodes())
        return _Column.of((place, text) for place, thing in things for text in texts(thing.attributes))

    @cached_property
    def shape(self) -> _Column:
        """Outputs as "float32 32×128"."""
        written: dict[Any, str] = {}  # few specs are unlike each other
        return _Column.of(
            (place, written.get(spec) or written.setdefault(spec, str(spec)))
            for place, node in self._nodes()
            for spec in node.outputs
        )

    @cached_property
    def typed_shapes(self) -> _Texts:
        """The texts of `shape` with the letter that keyboards have."""
        return _Texts([text.replace("×", "x") for text in self.shape.texts.texts])

    def _nodes(self) -> Iterator[tuple[int, Any]]:
        return enumerate(self._model.nodes, self.groups)


def search_graph(model: GraphModel, index: SearchIndex, query: str, fields: Sequence[str], regex: bool) -> Any:
    """`{total, hits: [{id, label, op, where, text}]}`: names first. Case does not matter. Raises Refused."""
    fields = sorted(fields, key=FIELDS.index)
    if not query or len(query) > _LONGEST_QUERY:
        raise Refused(f"q: expected 1 to {_LONGEST_QUERY:,} characters, got {len(query):,}")
    pattern = _pattern(query) if regex else None
    ranks = np.full(len(index.paths.texts), _NOWHERE, np.int64)
    texts: dict[str, Ints] = {}
    for number, field in enumerate(fields):
        if field == "name":
            _rank_names(index, query, pattern, ranks)
        by = "parameter" if field == "name" else field
        column: _Column = getattr(index, by)
        entries = np.flatnonzero(_having(index, by, query, pattern)[column.text])
        texts[by] = np.full(len(ranks), -1, np.int64)
        texts[by][column.owner[entries][::-1]] = column.text[entries][::-1]  # the first of each owner
        np.minimum.at(ranks, column.owner[entries], _BY_PARAMETER if field == "name" else _BEHIND_NAMES + number)
    ranks[0] = _NOWHERE  # the root is everything
    found = np.flatnonzero(ranks < _NOWHERE)
    shown = found[np.argsort(ranks[found], kind="stable")][:MOST_HITS]
    return {"total": len(found), "hits": [_hit(model, index, int(i), int(ranks[i]), fields, texts) for i in shown]}


def _rank_names(index: SearchIndex, query: str, pattern: Pattern | None, ranks: Ints) -> None:
    """Lower the ranks of those whose path has what is sought, with slashes or with dots in it."""
    if pattern is not None:
        ranks[index.paths.matching(pattern)] = 2
        return
    np.minimum.at(ranks, *index.paths.ranks(query))
    if "." in query:
        owners = np.flatnonzero(index.dotted.having(query))
        below = np.array([not index.dotted.texts[owner].endswith(query) for owner in owners.tolist()], np.int64)
        ranks[owners] = np.minimum(ranks[owners], 2 + below)


def _having(index: SearchIndex, field: str, query: str, pattern: Pattern | None) -> Mask:
    """Which texts of a field have what is sought; sizes may be written with ×, x, * or commas."""
    texts: _Texts = getattr(index, field).texts
    if field != "shape":
        return texts.matching(pattern) if pattern else texts.having(query)
    if pattern:
        return texts.matching(pattern) | index.typed_shapes.matching(pattern)
    return texts.having(_BETWEEN_SIZES.sub("×", query.strip("[]() ")) or query)


def _pattern(query: str) -> Pattern:
    # In small letters, a pattern of small letters finds the same several times as fast as one that ignores case.
    small = re.sub(r"\\[bBdDsSwWAZ]", "", query)
    is_small = small == small.lower() and not _ESCAPED_CHARACTER.search(small)
    try:
        return Pattern(query, ignore_case=not is_small)
    except re.error as error:
        position = error.pos if isinstance(error.pos, int) else 0
        raise Refused(f"{query[:80]!r} is no regular expression: {error}", span=(position, position + 1)) from None


def _hit(
    model: GraphModel, index: SearchIndex, owner: int, rank: int, fields: Sequence[str], texts: dict[str, Ints]
) -> dict[str, str]:
    where = "name" if rank < _BEHIND_NAMES else fields[rank - _BEHIND_NAMES]
    by = "parameter" if rank == _BY_PARAMETER else where
    text = "" if by == "name" else getattr(index, by).texts.texts[texts[by][owner]]
    if owner < index.groups:
        group = model.groups[owner]
        return {"id": f"{group.path}/", "label": group.name, "op": group.type, "where": where, "text": text}
    node = model.nodes[owner - index.groups]
    return {"id": node.path, "label": node.name, "op": node.op, "where": where, "text": text}
