"""How an asker and a worker talk: files in the folder of the job, which both may see from different machines.

task.json     what is to be done
orders.json   what the asker wants now: run, pause, stop, cancel, and parameters that changed
input-…      what the worker reads; gone when the job is over
newest.npz    the last delivery of the worker; earlier ones are gone
part-<k>.npz  deliveries that stay: one for each step of a sequence
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from .deliveries import Delivery, read_delivery, read_facts, write_delivery, write_json

__all__ = ["Mailbox", "Orders", "Wish"]

Wish = Literal["run", "pause", "stop", "cancel"]


@dataclass(frozen=True)
class Orders:
    """changes: parameters, in the order in which they were asked for; a worker counts those it has followed."""

    wish: Wish = "run"
    changes: tuple[dict[str, Any], ...] = field(default_factory=tuple)


class Mailbox:
    """The files of one job. One asker and one worker use it at the same time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._newest = folder / "newest.npz"
        self._orders = folder / "orders.json"

    @property
    def task(self) -> dict[str, Any]:
        """What is to be done. Raises OSError."""
        task: dict[str, Any] = json.loads((self.folder / "task.json").read_text("utf-8"))
        return task

    def give(self, task: dict[str, Any]) -> None:
        """Say what is to be done; the folder is made."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_json(self.folder / "task.json", task)

    def order(self, orders: Orders) -> None:
        """Say what is wanted from now on."""
        write_json(self._orders, {"wish": orders.wish, "changes": list(orders.changes)})

    def orders(self) -> Orders:
        """What is wanted now; "cancel" where the folder is gone."""
        try:
            found = json.loads(self._orders.read_text("utf-8"))
        except FileNotFoundError:
            return Orders() if self.folder.is_dir() else Orders("cancel")
        return Orders(found["wish"], tuple(found["changes"]))

    def deliver(self, delivery: Delivery, part: int | None = None) -> None:
        """Send this instead of the last one; with `part` it stays beside the others. Raises OSError."""
        write_delivery(self._newest if part is None else self._part(part), delivery)

    def stamp(self) -> tuple[int, int] | None:
        """Another one when something newer was delivered; None before the first."""
        try:
            found = self._newest.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def facts(self) -> dict[str, Any]:
        """Those of the last delivery. Raises OSError."""
        return read_facts(self._newest)

    def newest(self) -> Delivery:
        """The last delivery. Raises OSError."""
        return read_delivery(self._newest)

    def part(self, part: int) -> Delivery:
        """A delivery that stayed. Raises OSError."""
        return read_delivery(self._part(part))

    def clear(self) -> None:
        """Delete what only the worker needed."""
        for path in self.folder.glob("input-*"):
            with suppress(OSError):
                path.unlink()

    def _part(self, part: int) -> Path:
        return self.folder / f"part-{part}.npz"
