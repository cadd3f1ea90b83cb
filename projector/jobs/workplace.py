"""What a worker works with: it shows what it has, as often as anybody can look, and heeds what it is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from numpy.typing import NDArray

from .deliveries import Delivery, plain
from .mailbox import Mailbox

__all__ = ["Cancelled", "Steered", "Workplace"]

_BETWEEN = 0.04  # s between two deliveries; more than 20 a second nobody sees
_SHARE = 4  # writing takes a fifth of the time at most: pictures of a million points are large
_LOOK = 0.05  # s between two looks at the orders while the work pauses

Arrays = Mapping[str, NDArray[Any]]


class Cancelled(Exception):
    """Nobody wants the result any more."""


class Steered(Protocol):
    """What can be told something between two frames: a Reducer, a sequence of them."""

    def change(self, **parameters: Any) -> None:
        """Raises ValueError for what cannot change."""

    def stop(self) -> None:
        """The next frame is the last."""


class Workplace:
    """Of one task. Facts are those of the last `show` and what was noted since."""

    def __init__(self, box: Mailbox) -> None:
        self.box = box
        self._facts: dict[str, Any] = {}
        self._arrays: Arrays = {}
        self._number = 0  # of deliveries
        self._written, self._cost = 0.0, 0.0  # when the last one was, how long it took; s
        self._followed = 0  # changes
        self._stopped = False

    def show(self, facts: Mapping[str, Any], arrays: Callable[[], Arrays] | None = None, last: bool = False) -> None:
        """Say how far the work is. `arrays` are made only if they are sent: the last ones always are."""
        self._facts.update(facts)
        now = time.monotonic()
        if not last and self._number and now - self._written < max(_BETWEEN, _SHARE * self._cost):
            return
        if arrays is not None:
            self._arrays = arrays()
        self._deliver(("stopped" if self._stopped else "done") if last else "running")
        self._written = time.monotonic()
        self._cost = self._written - now

    def fail(self, sentence: str) -> None:
        """Say why there will be no more; what was shown stays."""
        self._facts["message"] = sentence
        self._deliver("failed")

    def keep(self, part: int, facts: Mapping[str, Any], arrays: Arrays) -> None:
        """Send what stays beside what comes later."""
        self.box.deliver(Delivery(plain(facts), dict(arrays)), part)

    def heed(self, steered: Steered | None = None) -> None:
        """Follow the orders; returns when the work may go on. Raises Cancelled."""
        orders = self.box.orders()
        paused = False
        while True:
            for parameters in orders.changes[self._followed :]:
                self._change(steered, parameters)
            self._followed = len(orders.changes)
            if orders.wish != "pause":
                break
            if not paused:
                paused = True
                self._deliver("paused")
            time.sleep(_LOOK)
            orders = self.box.orders()
        if orders.wish == "cancel" or (orders.wish == "stop" and steered is None):
            raise Cancelled
        if orders.wish == "stop" and steered is not None and not self._stopped:
            self._stopped = True
            steered.stop()

    def _change(self, steered: Steered | None, parameters: dict[str, Any]) -> None:
        try:
            if steered is None:
                raise ValueError(f"nothing can be changed while this runs, got {', '.join(parameters)}")
            steered.change(**parameters)
            self._facts["message"] = ""
        except (TypeError, ValueError) as error:
            self._facts["message"] = str(error)

    def _deliver(self, state: str) -> None:
        self._number += 1
        facts = {
            "message": "",
            **plain(self._facts),
            "state": state,
            "number": self._number,
            "followed": self._followed,
        }
        self.box.deliver(Delivery(facts, dict(self._arrays)))
