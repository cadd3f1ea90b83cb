"""Things that are costly to make, kept in bounded memory and made once, however many ask for one at the same time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

__all__ = ["Kept"]

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """The things last asked for, by key, as far as all of them together weigh at most `most`. For any thread."""

    def __init__(self, most: int, weigh: Callable[[Thing], int]) -> None:
        self._most, self._weigh = most, weigh
        self._things: OrderedDict[Hashable, tuple[Thing, int]] = OrderedDict()  # with their weights, oldest first
        self._making: dict[Hashable, Future[Thing]] = {}
        self._lock = threading.Lock()
        self.weight = 0  # of all that is kept

    def get(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """The thing of this key. Whoever asks while another thread makes it waits; an error of `make` goes to all."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key][0]
            job = self._making.get(key)
            waits = job is not None
            if job is None:
                job = self._making[key] = Future()
        if waits:
            return job.result()
        try:
            thing = make()
        except BaseException as error:
            with self._lock:
                del self._making[key]
            job.set_exception(error)
            raise
        with self._lock:
            del self._making[key]
            self._keep(key, thing)
        job.set_result(thing)
        return thing

    def find(self, key: Hashable) -> Thing | None:
        """The thing of this key if it is kept."""
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            return self._things[key][0]

    def peek(self, key: Hashable) -> Thing | None:
        """As `find`, but it is no use of the thing."""
        with self._lock:
            return self._things.get(key, (None, 0))[0]

    def put(self, key: Hashable, thing: Thing) -> None:
        """Keep a thing in place of what this key had."""
        with self._lock:
            self._keep(key, thing)

    def values(self) -> list[Thing]:
        """All that is kept, the one last asked for at the end."""
        with self._lock:
            return [thing for thing, _ in self._things.values()]

    def _keep(self, key: Hashable, thing: Thing) -> None:
        """The newest stays whatever it weighs: it is in use."""
        self.weight -= self._things.pop(key, (None, 0))[1]
        weight = self._weigh(thing)
        self._things[key] = (thing, weight)
        self.weight += weight
        while self.weight > self._most and len(self._things) > 1:
            self.weight -= self._things.popitem(last=False)[1][1]
