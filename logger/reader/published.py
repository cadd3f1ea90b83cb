"""What everybody sees of a log: the views of its runs, their versions, and waiting for the next."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from .discovery import natural_key
from .run import RunView

__all__ = ["Published"]


class Published:
    """Views of runs, replaced at once by the pass that reads them. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()  # guards what follows
        self.views: Mapping[str, RunView] = {}  # never changed, only replaced
        self.version = 0  # grows with every visible change
        self._names: list[str] | None = None
        self._versions: dict[str, int] = {}  # run → version of its last change
        self._pulse = 0  # grows with the version, the phase and the progress
        self._phase = "idle"
        self._ready = False

    @property
    def names(self) -> list[str]:
        """Names of the runs in natural order."""
        with self._changed:
            if self._names is None:
                self._names = sorted(self.views, key=natural_key)
            return list(self._names)

    def snapshot(self) -> tuple[int, Mapping[str, RunView]]:
        """(version, views) of one moment."""
        with self._changed:
            return self.version, self.views

    def state(self) -> tuple[int, Mapping[str, RunView], str, bool]:
        """(version, views, phase, whether the first pass is complete) of one moment."""
        with self._changed:
            return self.version, self.views, self._phase, self._ready

    def changes(self, since: int) -> tuple[int, set[str] | None]:
        """(version now, runs that changed after version `since`, vanished ones included); None: all may have."""
        with self._changed:
            if not 0 < since <= self.version:
                return self.version, None
            return self.version, {run for run, version in self._versions.items() if version > since}

    def wait(self, version: int, timeout: float) -> int:
        """Wait until the version exceeds `version`, or phase or progress change, or `timeout` seconds; the version."""
        with self._changed:
            pulse = self._pulse
            self._changed.wait_for(lambda: self.version > version or self._pulse != pulse, timeout)
            return self.version

    def publish(self, views: Mapping[str, RunView | None]) -> None:
        """Show new views of some runs (None: gone) at once."""
        if not views:
            return
        with self._changed:
            updated = dict(self.views)
            for name, view in views.items():
                if view is None:
                    updated.pop(name, None)
                else:
                    updated[name] = view
            if updated.keys() != self.views.keys():
                self._names = None
            self.version += 1
            self._versions.update(dict.fromkeys(views, self.version))
            self.views = updated
            self._pulse += 1
            self._changed.notify_all()

    def set_phase(self, phase: str) -> None:
        """Say what is going on."""
        if self._ready and phase in ("scanning", "loading"):
            return  # looking around while following is no news
        with self._changed:
            self._phase = phase
            self._pulse += 1
            self._changed.notify_all()

    def pass_done(self, phase: str) -> None:
        """A pass over all files is complete; `phase` is what goes on now."""
        with self._changed:
            if not self._ready:
                self._ready = True
                self.version += 1
        if phase != self._phase:
            self.set_phase(phase)
