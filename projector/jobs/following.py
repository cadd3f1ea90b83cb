"""The thread that follows all jobs: starts those whose turn it is, notices what workers deliver and how they end."""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Executor, Future
from contextlib import suppress
from typing import Any

from .job import Job, State
from .lanes import next_to_start, to_make_room
from .mailbox import Mailbox
from .processes import ProcessExecutor
from .results import Results
from .worker import work

__all__ = ["Following"]

_LOOK = 0.02  # s between two looks at the mailboxes
_TO_STOP = 2.0  # s that a worker has to end by itself
_NEXT_READY = 8.0  # s after a start until another process is made ready: the job comes first
_EXPECTED = 900.0  # s for which another job is expected after the page was looked at


class Following:
    """Every method is called under the lock of `changed`."""

    def __init__(
        self,
        jobs: dict[str, Job],
        changed: threading.Condition,
        executor: Executor,
        results: Results,
        places: Mapping[str, int],
    ) -> None:
        self._jobs, self._changed, self._executor = jobs, changed, executor
        self._results, self._places = results, dict(places)
        self._is_local = isinstance(executor, ProcessExecutor)
        self._thread: threading.Thread | None = None
        self._closed = False
        self._expected_until = 0.0
        self._ready_at = 0.0  # when the next process is made ready; 0: it was

    def wake(self) -> None:
        """Something is to be followed."""
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._follow, name="projector-jobs", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def expect(self) -> None:
        """A job will be started soon."""
        self._expected_until = time.monotonic() + _EXPECTED
        if not self._closed and not any(job.state == "running" for job in self._jobs.values()):
            self._prestart()

    def stop(self, job: Job) -> None:
        """End it with what there is."""
        if job.future is None:
            job.become("stopped", "it was stopped before it began")
            shutil.rmtree(job.box.folder, ignore_errors=True)
            return
        job.is_plain = False
        job.wish("stop")
        if job.state == "paused":  # takes no place for its last frame
            job.become("running")
        job.stop_by = time.monotonic() + _TO_STOP

    def cancel(self, job: Job) -> None:
        """End its worker: at once where the executor can, after its next frame elsewhere."""
        future = job.future
        if future is None:
            return
        with suppress(OSError):
            job.wish("cancel")
        if not future.cancel():
            self._kill(future)

    def close(self) -> None:
        """Follow nothing any more."""
        self._closed = True

    def _kill(self, future: Future[Any]) -> bool:
        kill = getattr(self._executor, "kill", None)
        return bool(kill and kill(future))

    def _prestart(self) -> None:
        self._ready_at = 0.0
        prestart = getattr(self._executor, "prestart", None)
        if prestart is not None:
            prestart()

    def _follow(self) -> None:
        with self._changed:
            while not self._closed:
                live = [job for job in self._jobs.values() if not job.is_over]
                if not live and not self._ready_at:
                    break
                noticed = [self._do(self._attend, job) for job in live]
                for job in to_make_room(live):
                    noticed.append(self._do(self._give_up, job))
                for job in next_to_start(live, self._places):
                    noticed.append(self._do(self._begin, job))
                if self._ready_at and time.monotonic() > self._ready_at:
                    self._prestart()
                if any(noticed):
                    self._changed.notify_all()
                self._changed.wait(_LOOK if any(job.state != "waiting" for job in live) else 0.25)
            self._thread = None

    def _do(self, action: Callable[[Job], bool], job: Job) -> bool:
        """A job whose folder is gone or takes nothing more fails by itself: the others are followed on."""
        try:
            return action(job)
        except OSError as error:
            job.become("failed", f"its files cannot be used: {error}; start it again")
            self.cancel(job)
            return True

    def _give_up(self, job: Job) -> bool:
        self.stop(job)
        job.message = "it was stopped because nobody looked at it for ten minutes"
        return True

    def _begin(self, job: Job) -> bool:
        """Give it to a worker, or let it go on."""
        job.become("running", "")
        job.wish("run")
        if job.future is not None:
            return True
        job.future = Future()  # stands for the worker's until that is there
        threading.Thread(target=self._hand_over, args=(job,), name="hand-over", daemon=True).start()
        if time.monotonic() < self._expected_until:
            self._ready_at = time.monotonic() + _NEXT_READY
        return True

    def _hand_over(self, job: Job) -> None:
        """Without the lock: what the worker reads may take a moment to write."""
        try:
            if job.task.prepare is not None:
                job.box.give({**job.box.task, **job.task.prepare(job.box.folder, self._is_local)})
            future = self._executor.submit(work, str(job.box.folder))
        except Exception as error:
            with self._changed:
                if not job.is_over:
                    job.become("failed", f"it could not be started: {error}")
                    self._changed.notify_all()
            return
        with self._changed:
            job.future = future
            if job.is_over:  # discarded meanwhile
                self.cancel(job)

    def _attend(self, job: Job) -> bool:
        """Notice what is new of a job; whether anything is."""
        future = job.future
        if future is None:
            return False
        is_done = future.done()  # first: what was delivered before the end is then there
        noticed = job.look()
        if is_done:
            self._finish(job, future)
            return True
        if job.stop_by and time.monotonic() > job.stop_by and self._kill(future):
            job.stop_by = float("inf")
        return noticed

    def _finish(self, job: Job, future: Future[Any]) -> None:
        try:
            error: BaseException | None = future.exception()
        except CancelledError as cancelled:
            error = cancelled
        state: State = job.facts.get("state", "failed")
        if job.stop_by:  # it was ended, or ended by itself
            job.become("stopped")
        elif error is not None:
            job.become("failed", f"{error}")
        elif state in ("done", "stopped", "failed"):
            job.become(state)
        else:
            job.become("failed", "the worker ended before the work was done; start it again")
        if job.state != "failed" and job.delivered:
            job.box.clear()
            is_result = job.is_plain and job.state == "done"
            name = job.task.key if is_result else f"{job.task.key[:32]}-{secrets.token_hex(3)}"
            job.box = Mailbox(self._results.take(name, job.box.folder))
