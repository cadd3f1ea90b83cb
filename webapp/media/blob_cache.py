"""Answers made of values, kept in bounded memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .forms import Answer

__all__ = ["AnswerCache"]

_MOST_BYTES = 64 << 20
_LARGEST = 8 << 20  # one answer


class AnswerCache:
    """The answers that were last asked for, up to `most` bytes in all. For any thread."""

    def __init__(self, most: int = _MOST_BYTES, largest: int = _LARGEST) -> None:
        self._most, self._largest = most, largest
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """Bytes of all answers that are kept."""
        return self._bytes

    def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer of this key, made where there is none."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = make()
        with self._lock:
            if key not in self._answers and len(answer.body) <= self._largest:
                self._answers[key] = answer
                self._bytes += len(answer.body)
            while self._bytes > self._most:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= len(oldest.body)
        return answer
