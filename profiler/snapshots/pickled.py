"""What a pickle holds, as tables of numbers: texts, lists and dicts are looked at where they are wanted."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import pickle_layout as at

__all__ = ["Pickled", "Values"]

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

    def column(self, dicts: Values, key: str) -> Values:
        """(n,) the value that each of n dicts has at a key; nothing (0) where one has none, or is no dict."""
        found = np.zeros(len(dicts), np.int64)
        is_dict = dicts & 7 == at.DICT
        rows = np.where(is_dict, dicts >> 3, 0)
        shape = np.where(is_dict, self.objects[rows, 4], -1) if len(self.objects) else np.full(len(dicts), -1)
        for each in np.unique(shape[shape > 0]).tolist():
            names = self.keys(each)
            if key in names:
                mine = shape == each
                place = len(names) - 1 - names[::-1].index(key)  # of a key that is set twice the last value counts
                found[mine] = self.pool[self.objects[rows[mine], 0] + place]
        return found

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
