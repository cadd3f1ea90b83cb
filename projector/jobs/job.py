"""One piece of work, from its waiting to its result."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from .mailbox import Mailbox, Orders, Wish

__all__ = ["FINAL", "Job", "Lane", "State", "Task"]

State = Literal["waiting", "running", "paused", "done", "stopped", "failed"]
Lane = Literal["layouts", "quick", "questions"]  # long ones; layouts that take seconds; questions about layouts
FINAL: frozenset[State] = frozenset(("done", "stopped", "failed"))


@dataclass(frozen=True)
class Task:
    """What is to be done.

    work     "package.module:function", called in the worker with `fields` and what `prepare` added
    key      equal for equal content and parameters: names the result
    fields   values that JSON holds: what the worker needs to know, and those who look at the list of jobs
    lane     tasks of one lane wait for each other
    prepare  (folder, whether workers see this machine's files) → further fields: puts what the worker reads into the
             folder, in files called "input-…"; on a thread of its own
    """

    work: str
    key: str
    fields: dict[str, Any]
    lane: Lane = "layouts"
    prepare: Callable[[Path, bool], dict[str, Any]] | None = None


@dataclass
class Job:
    """As the asker's side knows it; used under the lock of `Jobs`.

    number     grows with everything that becomes known of it
    delivered  the number at which the last delivery was noticed, 0 before the first
    is_plain   whether its result is that of its key: nobody stopped or changed it
    """

    id: str
    task: Task
    box: Mailbox
    state: State = "waiting"
    message: str = ""
    number: int = 1
    delivered: int = 0
    is_plain: bool = True
    facts: dict[str, Any] = field(default_factory=dict)
    future: Future[Any] | None = None
    stop_by: float = 0.0  # on the monotonic clock: when a worker that was asked to stop is ended; 0: it was not asked
    askers: dict[str, float] = field(default_factory=dict)  # who looked at it, and when
    stamp: tuple[int, int] | None = None
    orders: Orders = field(default_factory=Orders)

    @property
    def is_over(self) -> bool:
        return self.state in FINAL

    @property
    def looked_at(self) -> float:
        """When somebody last did, on the monotonic clock."""
        return max(self.askers.values(), default=0.0)

    def is_now(self, task: Task) -> bool:
        """Whether it began with other parameters, and changes have made them those of `task`."""
        fields, changes = self.task.fields, self.orders.changes
        if not changes or self.state == "failed" or "content" not in fields or "parameters" not in fields:
            return False
        parameters = fields["parameters"]
        for change in changes:
            parameters = {**parameters, **change}
        return self.task.work == task.work and {**fields, "parameters": parameters} == task.fields

    def seen_by(self, asker: str) -> None:
        """Somebody looks at it now."""
        self.askers[asker] = time.monotonic()

    def become(self, state: State, message: str | None = None) -> None:
        """Go on in another state."""
        self.state = state
        if message is not None:
            self.message = message
        self.number += 1

    def wish(self, wish: Wish, change: dict[str, Any] | None = None) -> None:
        """Tell the worker, or the one there will be. Raises OSError."""
        self.orders = Orders(wish, (*self.orders.changes, *([change] if change else [])))
        self.box.order(self.orders)

    def look(self) -> bool:
        """Notice what the worker delivered since; whether it did."""
        stamp = self.box.stamp()
        if stamp is None or stamp == self.stamp:
            return False
        try:
            self.facts = self.box.facts()
        except (OSError, ValueError):
            return False
        self.stamp = stamp
        self.number += 1
        self.delivered = self.number
        self.message = str(self.facts.get("message", ""))
        return True
