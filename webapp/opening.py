"""What takes long to open is opened on threads of its own, once for all who ask, and kept as far as memory allows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

from .kept import Kept
from .queries import Refused
from .waiting import PATIENCE, Waiting

__all__ = ["Opening", "Steps"]

Thing = TypeVar("Thing")

_THREADS = 2


class Steps:
    """How far a thread is with what it makes: it tells, requests read."""

    def __init__(self) -> None:
        self.done = self.total = 0

    def tell(self, done: int, total: int) -> None:
        """Done of total, in whatever is counted."""
        self.done, self.total = done, total


class Opening(Generic[Thing]):
    """The things last asked for. For any thread.

    most       that may be kept, as `weigh` counts. name: of the threads
    too_large  what to do about a thing that memory does not hold; stands behind its title
    """

    def __init__(self, most: int, weigh: Callable[[Thing], int], *, name: str, too_large: str) -> None:
        self._kept: Kept[Thing] = Kept(most, weigh)
        self._coming: dict[Hashable, tuple[Future[Thing], Steps]] = {}
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._name, self._too_large = name, too_large

    def find(self, key: Hashable) -> Thing | None:
        """The thing of this key if it is open."""
        return self._kept.find(key)

    def get(self, key: Hashable, message: str, make: Callable[[Steps], Thing], title: str = "") -> Thing:
        """The thing of this key. Raises Waiting while it is being made, Refused where that failed.

        message  what is being done, such as "Opening points.npy". title: what it is about, by default the message
        """
        with self._lock:
            found = self._kept.find(key)
            if found is not None:
                return found
            coming = self._coming.get(key)
            if coming is None:
                if self._threads is None:
                    self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix=self._name)
                steps = Steps()
                coming = self._coming[key] = self._threads.submit(self._make, key, make, steps), steps
        future, steps = coming
        if not wait([future], PATIENCE).done:
            counted = {"done": steps.done, "total": steps.total} if steps.total else {}
            raise Waiting("opening", message, **counted)
        with self._lock:
            if self._coming.get(key) is coming:
                del self._coming[key]
        try:
            return future.result()
        except (OSError, ValueError) as error:
            raise Refused(f"{error}", 422) from error
        except MemoryError:
            raise Refused(f"{title or message} {self._too_large}", 422) from None

    def _make(self, key: Hashable, make: Callable[[Steps], Thing], steps: Steps) -> Thing:
        """An error stays until somebody asks: who was told to wait must learn of it."""
        made = make(steps)
        self._kept.put(key, made)
        with self._lock:
            self._coming.pop(key, None)
        return made
