"""Rankings of hyperparameters are computed one at a time, kept, and dropped when their asker wants another one."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

from .importance import Cancelled, Ranking, Value, rank

__all__ = ["ImportanceJobs", "Superseded"]

_KEPT = 64  # rankings


class Superseded(Exception):
    """The same page asked for another ranking meanwhile."""


class ImportanceJobs:
    """Ranks in a thread of its own, so that however many pages ask, one core stays for everything else."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: ThreadPoolExecutor | None = None
        self._jobs: OrderedDict[str, Future[Ranking]] = OrderedDict()  # by their data, oldest first
        self._wanted: dict[str, str] = {}  # asker → data of its last question
        self._done: dict[str, float] = {}  # share of the work of the job under way

    def rank(self, asker: str, metric: Sequence[float], columns: Mapping[str, Sequence[Value]]) -> Ranking:
        """What importance.rank() says, known already or computed now; waits for it.

        `asker` names a page: its next question ends the computation of this one, unless somebody else waits for it,
        too. Raises Superseded then.
        """
        key = _digest(metric, columns)
        with self._lock:
            self._wanted[asker] = key
            job = self._jobs.get(key)
            if job is None or job.cancelled() or (job.done() and job.exception() is not None):
                job = self._jobs[key] = self._start(key, metric, columns)
            self._jobs.move_to_end(key)
        try:
            return job.result()
        except (Cancelled, CancelledError):
            raise Superseded from None
        finally:
            with self._lock:
                if self._wanted.get(asker) == key:
                    del self._wanted[asker]
                self._forget()

    def progress(self, asker: str) -> float | None:
        """The share of `asker`'s question that is computed, 0 … 1; None when it waits for nothing."""
        with self._lock:
            key = self._wanted.get(asker)
            return None if key is None else self._done.get(key, 0.0)

    def _start(self, key: str, metric: Sequence[float], columns: Mapping[str, Sequence[Value]]) -> Future[Ranking]:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="importance")

        def work() -> Ranking:
            if self._unwanted(key):
                raise Cancelled
            try:
                return rank(metric, columns, lambda: self._unwanted(key), lambda done: self._tell(key, done))
            finally:
                with self._lock:
                    self._done.pop(key, None)

        return self._thread.submit(work)

    def _tell(self, key: str, done: float) -> None:
        with self._lock:
            self._done[key] = done

    def _unwanted(self, key: str) -> bool:
        with self._lock:
            return key not in self._wanted.values()

    def _forget(self) -> None:
        """Keep the youngest answers; failures are not kept at all."""
        for key, job in [*self._jobs.items()]:
            failed = job.done() and (job.cancelled() or job.exception() is not None)
            if failed or (job.done() and len(self._jobs) > _KEPT):
                del self._jobs[key]


def _digest(metric: Sequence[float], columns: Mapping[str, Sequence[Value]]) -> str:
    """Names the data: a log that grows elsewhere gives the same ranking again."""
    text = repr((list(metric), [(name, list(values)) for name, values in columns.items()]))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
