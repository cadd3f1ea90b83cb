"""What a pickle holds, as tables of numbers: texts, lists and dicts are looked at where they are wanted."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import pickle_layout as at

__all__ = ["Dicts", "Pickled", "Values"]

Values: TypeAlias = NDArray[np.int64]


@dataclass
class Pickled:
    """The tables of a pickle, and `root`, the value that was pickled: an int64, see pickle_layout.py.

    problem  why it is not whole; "" when it is
    """

    path: str
    data: NDArray[np.uint8]
    root: int
    pool: Values
    objects: NDArray[np.int64]
    texts: NDArray[np.int64]
    wides: Values
    shapes: NDArray[np.int64]
    problem: str = ""
    _keys: dict[int, list[str]] = field(default_factory=dict, repr=False)

    def text(self, row: int) -> str:
        """A text of the pickle; bytes that are no UTF-8 are replaced."""
        begin, length, escaped = self.texts[row].tolist()
        raw = self.data[begin : begin + length].tobytes()
        if escaped == 1:
            raw = codecs.escape_decode(raw)[0]
        return raw.decode("raw_unicode_escape" if escaped == 2 else "utf-8", "replace")

    def keys(self, shape: int) -> list[str]:
        """The keys of a dict of this shape, in order; those that are no texts as what they are, in brackets."""
        if shape not in self._keys:
            names: list[str] = []
            row = shape
            while row > 0:
                row, key = self.shapes[row].tolist()
                names.append(self.text(key >> 3) if key & 7 == at.TEXT else f"({key})")
            self._keys[shape] = names[::-1]
        return self._keys[shape]

    def items(self, value: int) -> Values:
        """The values of a list; none for anything else."""
        if value & 7 != at.LIST:
            return np.empty(0, np.int64)
        parts = []
        row = value >> 3
        while row >= 0:
            begin, count, row = self.objects[row, :3].tolist()
            parts.append(self.pool[begin : begin + count])
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def fields(self, value: int) -> dict[str, int]:
        """The values of a dict by key; {} for anything else."""
        if value & 7 != at.DICT:
            return {}
        begin, count, _, _, shape = self.objects[value >> 3].tolist()
        return dict(zip(self.keys(shape), self.pool[begin : begin + count].tolist(), strict=True))

    def numbers(self, values: Values, missing: int = 0) -> NDArray[np.int64]:
        """(n,) whole numbers of values; truths are 0 and 1, `missing` what is no number."""
        kind = values & 7
        numbers = np.where(kind == at.INT, values >> 3, missing)
        wide = kind == at.WIDE
        numbers[wide] = self.wides[values[wide] >> 3]
        truth = (kind == at.NOTHING) & (values >> 3 > 0)
        numbers[truth] = (values[truth] >> 3) - 1
        return numbers

    def text_of(self, value: int, missing: str = "") -> str:
        """The text that a value is."""
        return self.text(value >> 3) if value & 7 == at.TEXT else missing

    def plain(self, value: int, depth: int = 8) -> Any:
        """A value as Python's own, lists and dicts down to a depth; for small things."""
        kind = value & 7
        if kind == at.TEXT:
            return self.text(value >> 3)
        if kind == at.FLOAT:
            return float(self.wides[value >> 3 : (value >> 3) + 1].byteswap().view(np.float64)[0])
        if kind in (at.LIST, at.DICT):
            if depth == 0:
                return None
            if kind == at.LIST:
                return [self.plain(int(each), depth - 1) for each in self.items(value)]
            return {key: self.plain(each, depth - 1) for key, each in self.fields(value).items()}
        if kind == at.NOTHING:
            return (None, False, True)[value >> 3]
        return int(self.numbers(np.array([value]))[0])


class Dicts:
    """Dicts looked at as columns: what each of them has at a key.

    values  (n,) of a pickle; what is no dict has nothing at any key
    """

    def __init__(self, pickled: Pickled, values: Values) -> None:
        self.pickled, self._count = pickled, len(values)
        is_dict = values & 7 == at.DICT
        rows = np.where(is_dict, values >> 3, 0)
        none = np.zeros(len(values), np.int64)
        shape = np.where(is_dict, pickled.objects[rows, 4], 0) if len(pickled.objects) else none
        self._first = pickled.objects[rows, 0] if len(pickled.objects) else none
        kinds = np.flatnonzero(np.bincount(shape))  # few: dicts of one kind have their keys in one order
        alone = len(kinds) == 1
        self._groups = [
            (pickled.keys(each), slice(None) if alone else np.flatnonzero(shape == each)) for each in kinds.tolist()
        ]

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, key: str) -> Values:
        """(n,) values; nothing (0) where a dict has not the key."""
        found = np.zeros(self._count, np.int64)
        for names, rows in self._groups:
            if key in names:
                place = len(names) - 1 - names[::-1].index(key)  # of a key that is set twice the last value counts
                found[rows] = self.pickled.pool[self._first[rows] + place]
        return found

    def numbers(self, key: str, missing: int = 0) -> NDArray[np.int64]:
        """(n,) whole numbers, see Pickled.numbers."""
        return self.pickled.numbers(self[key], missing)

    def codes(self, key: str, names: Mapping[str, int]) -> NDArray[np.int8]:
        """(n,) the number of each text by `names`; 0 for others."""
        values = self[key]
        is_text = values & 7 == at.TEXT
        rows = np.where(is_text, values >> 3, 0)
        known = np.zeros(len(self.pickled.texts) + 1, np.int8)
        for row in np.flatnonzero(np.bincount(rows[is_text], minlength=1)).tolist():
            known[row] = names.get(self.pickled.text(row), 0) if row < len(self.pickled.texts) else 0
        return np.asarray(np.where(is_text, known[rows], 0), np.int8)

    def texts(self, key: str) -> list[str]:
        """n texts; "" for what is none."""
        return [self.pickled.text_of(value) for value in self[key].tolist()]
