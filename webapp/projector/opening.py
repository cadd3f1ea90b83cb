"""Embeddings are opened on threads of their own, once for all who ask, and kept as far as memory allows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from ..graph.kept import Kept
from ..queries import Refused
from .opened import OpenedEmbedding
from .waiting import PATIENCE, Waiting

__all__ = ["Opening"]

_MOST_BYTES = 1 << 30  # of points and metadata in memory; mapped files do not count
_THREADS = 2


class Opening:
    """The embeddings last asked for. For any thread."""

    def __init__(self) -> None:
        self._kept: Kept[OpenedEmbedding] = Kept(_MOST_BYTES, lambda opened: opened.weight)
        self._coming: dict[Hashable, Future[OpenedEmbedding]] = {}
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None

    def find(self, key: Hashable) -> OpenedEmbedding | None:
        """The embedding of this key if it is open."""
        return self._kept.find(key)

    def get(self, key: Hashable, title: str, make: Callable[[], OpenedEmbedding]) -> OpenedEmbedding:
        """The embedding of this key. Raises Waiting while it is being opened, Refused where that failed."""
        with self._lock:
            found = self._kept.find(key)
            if found is not None:
                return found
            future = self._coming.get(key)
            if future is None:
                if self._threads is None:
                    self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="open-embedding")
                future = self._coming[key] = self._threads.submit(self._open, key, make)
        if not wait([future], PATIENCE).done:
            raise Waiting("opening", f"Opening {title}")
        with self._lock:
            if self._coming.get(key) is future:
                del self._coming[key]
        try:
            return future.result()
        except (OSError, ValueError) as error:
            raise Refused(f"{error}", 422) from error
        except MemoryError:
            raise Refused(
                f"{title} takes more memory than there is; store float32 in .npy, which takes none", 422
            ) from None

    def _open(self, key: Hashable, make: Callable[[], OpenedEmbedding]) -> OpenedEmbedding:
        """An error stays until somebody asks: who was told to wait must learn of it."""
        opened = make()
        self._kept.put(key, opened)
        with self._lock:
            self._coming.pop(key, None)
        return opened
