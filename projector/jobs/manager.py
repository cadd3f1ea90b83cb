"""Jobs of all users: started once for equal content and parameters, watched, steered, kept when they are done."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .deliveries import Delivery
from .following import Following
from .job import Job, State, Task
from .mailbox import Mailbox
from .processes import ProcessExecutor
from .results import Results
from .scratch import Scratch

__all__ = ["Jobs", "News", "NoJob"]

_KEPT_BYTES = 1 << 30
_LISTED = 200  # jobs that are over
_ID = re.compile(r"[0-9a-f]{8,64}(-[0-9a-f]{1,16})?")
_LOOKED_AT_LATELY = 30.0  # s; who looks at a job asks again within ten


class NoJob(LookupError):
    """There is no such job (any more)."""


@dataclass(frozen=True)
class News:
    """What there is to say of a job. `delivery` is None where nothing was delivered since."""

    job: str
    number: int
    state: State
    message: str
    facts: dict[str, Any]
    delivery: Delivery | None


class Jobs:
    """Use from any thread.

    folder    where results are kept, up to `kept` bytes, for other processes and later ones too; None: in a temporary
              folder that goes with this process. An executor that is not on this machine needs one that it sees, too.
    executor  runs `worker.work`; it should have `places` workers free, and one for each job that pauses. None: a
              ProcessExecutor, whose tasks can be ended at once; with others a task ends after its next frame.
    places    how many run at once, by lane
    """

    def __init__(
        self,
        folder: Path | None = None,
        executor: Executor | None = None,
        places: Mapping[str, int] | None = None,
        kept: int = _KEPT_BYTES,
    ) -> None:
        self._scratch = Scratch(None if folder is None else folder / "running")
        self._results = Results((folder or self._scratch.folder) / "results", kept)
        self._executor = executor or ProcessExecutor(ready)
        self._owns_executor = executor is None
        self._changed = threading.Condition()
        self._jobs: dict[str, Job] = {}  # in the order of their start
        cores = os.cpu_count() or 1
        several = max(2, cores // 4)
        room = {"layouts": several, "quick": several, "questions": max(1, several // 2), **(places or {})}
        self._following = Following(self._jobs, self._changed, self._executor, self._results, room)

    def same(self, task: Task) -> Job | None:
        """The job of this task or its result on disk, if there is one; else one that was changed into it as it ran."""
        with self._changed:
            found = self._same(task)
            if found is not None:
                return found
            return next(
                (job for job in reversed(self._jobs.values()) if job.is_now(task) and job.box.folder.is_dir()), None
            )

    def start(self, task: Task, restart: bool = False, asker: str = "") -> Job:
        """The job of this task: one that there is, a result on disk, or a new one. `restart`: always a new one."""
        with self._changed:
            job = None if restart else self._same(task)
            if job is None:
                job = self._new(task)
                self._following.wake()
            job.seen_by(asker)
            self._forget_oldest()
            return job

    def prestart(self) -> None:
        """Somebody will start a job soon: have a process ready."""
        self._following.expect()

    def find(self, id: str) -> Job:
        """Raises NoJob."""
        with self._changed:
            return self._find(id)

    def listed(self) -> list[tuple[Job, News]]:
        """All jobs, the last one first."""
        with self._changed:
            return [(job, _news(job)) for job in reversed([*self._jobs.values()])]

    def news(self, id: str, after: int = 0, timeout: float = 0.0, asker: str = "") -> News:
        """What is new since `after`, the number of the last news; waits for it. Raises NoJob."""
        with self._changed:
            job = self._find(id)
            job.seen_by(asker)
            self._changed.wait_for(lambda: job.number != after or job.is_over, timeout)
            self._find(id)  # it may have been discarded meanwhile
            job.seen_by(asker)
            found = _news(job)
            fresh = job.delivered > 0 and (after < job.delivered or after > job.number)
        is_lost = found.state not in ("done", "stopped") and not job.box.folder.is_dir()  # it fails, or did
        if not fresh or is_lost:
            return found
        delivery = self._read(job)
        return News(found.job, found.number, found.state, found.message, delivery.facts, delivery)

    def newest(self, id: str) -> Delivery:
        """What was delivered last; without arrays where nothing was. Raises NoJob."""
        job = self.find(id)
        return self._read(job) if job.delivered else Delivery(job.facts)

    def part(self, id: str, part: int) -> Delivery:
        """A delivery that stays beside the newest one. Raises NoJob, also where there is no such part yet."""
        box = self.find(id).box
        try:
            return box.part(part)
        except OSError:
            raise NoJob(f"the job {id!r} has no part {part} (yet)") from None

    def pause(self, id: str) -> None:
        """Stop for now; its place is free meanwhile. Raises NoJob, ValueError."""
        with self._steering(id, "pause") as job:
            job.wish("pause")
            job.become("paused")

    def resume(self, id: str) -> None:
        """Go on, as soon as there is a place. Raises NoJob, ValueError."""
        with self._steering(id, "resume") as job:
            if job.state == "paused":
                job.become("waiting")

    def change(self, id: str, parameters: dict[str, Any]) -> None:
        """Go on with other parameters. Raises NoJob, ValueError."""
        with self._steering(id, "change") as job:
            job.is_plain = False
            job.wish(job.orders.wish, parameters)

    def stop(self, id: str) -> None:
        """End it with what there is; a worker that takes long for that is ended. Raises NoJob, ValueError."""
        with self._steering(id, "stop") as job:
            self._following.stop(job)

    def discard(self, id: str, asker: str = "") -> None:
        """Nobody wants it any more: its process is ended, unless somebody else looks at it. Raises NoJob."""
        with self._changed:
            job = self._find(id)
            now = time.monotonic()
            job.askers.pop(asker, None)
            if asker and any(now - seen < _LOOKED_AT_LATELY for name, seen in job.askers.items() if name != asker):
                return
            if not job.is_over:
                self._following.cancel(job)
                job.become("stopped", "it was discarded")
                shutil.rmtree(job.box.folder, ignore_errors=True)
            del self._jobs[id]
            self._changed.notify_all()

    def close(self) -> None:
        """End what runs and delete what is not finished."""
        with self._changed:
            for job in self._jobs.values():
                if not job.is_over:
                    self._following.cancel(job)
                    job.become("stopped", "the dashboard ends")
            self._following.close()
            self._changed.notify_all()
        if self._owns_executor:
            self._executor.shutdown(cancel_futures=True)
        self._scratch.close()

    @contextmanager
    def _steering(self, id: str, action: str) -> Iterator[Job]:
        with self._changed:
            job = self._find(id)
            if job.is_over:
                raise ValueError(f"{action}: the job is {job.state}; start it again")
            yield job
            self._following.wake()
            self._changed.notify_all()

    def _find(self, id: str) -> Job:
        job = self._jobs.get(id) or self._kept(id)
        if job is None:
            raise NoJob(f"there is no job {id[:80]!r} (any more); start it again")
        return job

    def _same(self, task: Task) -> Job | None:
        for job in reversed(self._jobs.values()):
            if job.task.key == task.key and job.is_plain and job.state not in ("stopped", "failed"):
                return job if job.box.folder.is_dir() else None
        return self._kept(task.key)

    def _kept(self, id: str) -> Job | None:
        """A result on disk as a job that is over. A job that was changed may have its name already."""
        folder = self._results.find(id) if _ID.fullmatch(id) else None
        if folder is None:
            return None
        box = Mailbox(folder)
        try:
            stored = box.task
            job = Job(self._free(id), Task(stored["work"], stored["key"], stored), box, is_plain=stored["key"] == id)
            state: State = "done" if box.facts()["state"] == "done" else "stopped"
        except (OSError, ValueError, KeyError):  # cut off by the end of the machine: it gives its place to a new one
            self._results.forget(id)
            return None
        job.look()
        job.become(state)
        self._jobs[job.id] = job
        return job

    def _free(self, id: str) -> str:
        return id if id not in self._jobs else f"{id[:32]}-{secrets.token_hex(3)}"

    def _new(self, task: Task) -> Job:
        id = self._free(task.key)
        box = Mailbox(self._scratch.new(id))
        box.give({**task.fields, "work": task.work, "key": task.key})
        job = self._jobs[id] = Job(id, task, box)
        return job

    def _read(self, job: Job) -> Delivery:
        """Without the lock, as it may be large; the folder moves when the job is over. Raises NoJob."""
        with suppress(OSError):
            return job.box.newest()
        with self._changed, suppress(OSError):
            return job.box.newest()
        raise NoJob(f"the result of the job {job.id!r} is no longer kept; start it again")

    def _forget_oldest(self) -> None:
        over = [id for id, job in self._jobs.items() if job.is_over]
        for id in over[: max(0, len(over) - _LISTED)]:
            del self._jobs[id]


def ready() -> None:
    """What makes a process ready for its first task."""
    from ..methods import warm_up

    warm_up()


def _news(job: Job) -> News:
    return News(job.id, job.number, job.state, job.message, job.facts, None)
