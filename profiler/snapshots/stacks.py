"""Call stacks of a snapshot, each kept once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from . import pickle_layout as at
from .pickled import Pickled, Values

__all__ = ["Frame", "Stacks", "read_stacks"]

_LIBRARIES = ("/torch/", "\\torch\\", "/site-packages/", "\\site-packages\\", "/dist-packages/", "/lib/python", "<")
_LONG = 1 << 20
_NO_STACK = "(no stack recorded)"


@dataclass(frozen=True)
class Frame:
    """A line of a program; line 0 where the snapshot does not tell."""

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{self.function} ({place})" if self.file not in ("", "??") else self.function

    @property
    def is_users(self) -> bool:
        """Whether it is Python outside of libraries."""
        return self.file.endswith(".py") and not any(part in self.file for part in _LIBRARIES)


@dataclass
class Stacks:
    """frames: the distinct ones. A stack is a row: frames[each] for each of codes[offsets[row]:offsets[row + 1]],
    innermost first. Row 0 is the empty stack.
    """

    frames: list[Frame]
    codes: NDArray[np.int32]
    offsets: NDArray[np.int64]
    _labels: dict[int, str] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> list[Frame]:
        return [self.frames[code] for code in self.codes[self.offsets[row] : self.offsets[row + 1]].tolist()]

    def label(self, row: int) -> str:
        """One frame that tells most: the innermost in the user's own code, otherwise the innermost of Python's."""
        if row not in self._labels:
            frames = self[row]
            users = (frame for frame in frames if frame.is_users)
            python = (frame for frame in frames if frame.file.endswith(".py"))
            best = next(users, None) or next(python, None) or next(iter(frames), None)
            self._labels[row] = str(best) if best else _NO_STACK
        return self._labels[row]

    def text(self, row: int) -> str:
        """One frame a line, innermost first."""
        return "\n".join(map(str, self[row])) or _NO_STACK


def read_stacks(pickled: Pickled, lists: Values) -> tuple[Stacks, NDArray[np.int32]]:
    """(the stacks, (n,) rows of them) for the values that n blocks or events have as "frames"."""
    is_list = lists & 7 == at.LIST
    rows = lists[is_list] >> 3
    begin, count, more = pickled.objects[rows, :3].T if len(rows) else np.zeros((3, 0), np.int64)
    # Lists with the same values are often the same stretch of the pool; those of several stretches are told by row.
    alike = np.where((more < 0) & (count < _LONG), begin * _LONG + count, -1 - rows)
    _, first, inverse = np.unique(alike, return_index=True, return_inverse=True)
    frames = _Frames(pickled)
    known: dict[bytes, int] = {b"": 0}
    of_list = np.zeros(len(first), np.int32)
    for place in np.argsort(first).tolist():  # numbered as they come
        row = int(rows[first[place]])
        codes = frames.codes(pickled.items((row << 3) | at.LIST)).tobytes()
        of_list[place] = known.setdefault(codes, len(known))
    of_value = np.zeros(len(lists), np.int32)
    of_value[is_list] = of_list[inverse.ravel()]
    sizes = [len(codes) // 4 for codes in known]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Stacks(frames.found, np.frombuffer(b"".join(known), np.int32), offsets), of_value


class _Frames:
    """Frames of a pickle by the row of their dict; equal ones are one."""

    def __init__(self, pickled: Pickled) -> None:
        self.pickled = pickled
        self.found: list[Frame] = []
        self._of_value: dict[int, int] = {}
        self._of_frame: dict[Frame, int] = {}

    def codes(self, values: Values) -> NDArray[np.int32]:
        return np.fromiter(self._codes(values.tolist()), np.int32, len(values))

    def _codes(self, values: list[int]) -> Iterator[int]:
        for value in values:
            code = self._of_value.get(value)
            if code is None:
                frame = self._frame(value)
                code = self._of_frame.setdefault(frame, len(self.found))
                if code == len(self.found):
                    self.found.append(frame)
                self._of_value[value] = code
            yield code

    def _frame(self, value: int) -> Frame:
        told = self.pickled.fields(value)
        if not told:
            return Frame("", 0, self.pickled.text_of(value, "?"))
        line = self.pickled.plain(told.get("line", 0), 0)
        return Frame(
            self.pickled.text_of(told.get("filename", 0)),
            line if isinstance(line, int) else 0,
            self.pickled.text_of(told.get("name", 0), "?"),
        )
