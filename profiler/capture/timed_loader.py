"""A loader whose `next()` is timed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from time import perf_counter_ns
from typing import Any, Generic, TypeVar

__all__ = ["TimedLoader"]

T = TypeVar("T")


class TimedLoader(Generic[T]):
    """`len()` and all attributes are the loader's own. Times are perf_counter_ns.

    waited  is told begin and end of each wait
    ended   is told when the loader is through, or left
    """

    def __init__(self, loader: Iterable[T], waited: Callable[[int, int], None], ended: Callable[[int], None]) -> None:
        self._loader, self._waited, self._ended = loader, waited, ended

    def __iter__(self) -> Iterator[T]:
        begin = perf_counter_ns()
        items = iter(self._loader)
        try:
            while True:
                try:
                    item = next(items)
                except StopIteration:
                    return
                finally:
                    self._waited(begin, perf_counter_ns())
                yield item
                begin = perf_counter_ns()
        finally:
            self._ended(perf_counter_ns())

    def __len__(self) -> int:
        if not isinstance(self._loader, Sized):
            raise TypeError(f"object of type {type(self._loader).__name__!r} has no len()")
        return len(self._loader)

    def __getattr__(self, name: str) -> Any:
        if name == "_loader":  # of a copy that is not made yet
            raise AttributeError(name)
        return getattr(self._loader, name)
