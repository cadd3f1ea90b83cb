"""Answers made of values, kept in bounded memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .forms import Answer

__all__ = ["AnswerCache"]

_MOST_BYTES = 48 << 20
_LARGEST = 8 << 20  # one answer
_OVERHEAD = 1024  # what an entry takes beside its bytes and its key: small answers must not be without end


class AnswerCache:
    """The answers that were last asked for, up to `most` bytes in all. For any thread."""

    def __init__(self, most: int = _MOST_BYTES, largest: int = _LARGEST) -> None:
        self._most, self._largest = most, largest
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """Memory of all that is kept, about."""
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
                self._bytes += _size(key, answer)
            while self._bytes > self._most:
                self._bytes -= _size(*self._answers.popitem(last=False))
        return answer


def _size(key: Hashable, answer: Answer) -> int:
    return len(answer.body) + len(repr(key)) + _OVERHEAD
