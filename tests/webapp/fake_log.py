"""A log directory in memory, with the part of the reader's interface the web app uses: tests fill it by hand."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from stepscope.logger.errors import RunNotFound, TagNotFound


class FakeScalars:
    def __init__(self, step: Any, value: Any, wall_time: Any) -> None:
        self.step = np.asarray(step, np.int64)
        self.value = np.asarray(value, np.float64)
        self.wall_time = np.asarray(wall_time, np.float64)
        self.segment = np.zeros(len(self.step), np.int32)

    def __len__(self) -> int:
        return len(self.step)

    def latest(self) -> FakeScalars:
        return self


class FakeLog:
    """run → tag → FakeScalars."""

    def __init__(self) -> None:
        self.data: dict[str, dict[str, FakeScalars]] = {}
        self.files_of: dict[str, list[Any]] = {}
        self.version = 1
        self.changed: dict[str, int] = {}
        self.epoch = 7
        self._condition = threading.Condition()

    def add(self, run: str, tag: str, step: Any, value: Any, wall_time: Any = None) -> None:
        """Set the points of one series and tell the waiting."""
        wall_time = np.asarray(step, np.float64) * 0.5 + 1e9 if wall_time is None else wall_time
        with self._condition:
            self.data.setdefault(run, {})[tag] = FakeScalars(step, value, wall_time)
            self.version += 1
            self.changed[run] = self.version
            self._condition.notify_all()

    @property
    def runs(self) -> list[str]:
        return list(self.data)

    def tags(self, run: str) -> dict[str, list[str]]:
        return {"scalars": list(self._run(run))}

    def scalars(self, run: str, tag: str) -> FakeScalars:
        try:
            return self._run(run)[tag]
        except KeyError:
            raise TagNotFound(f"run {run!r} has no scalars {tag!r}") from None

    def scalar_columns(self, tag: str, runs: Sequence[str], segments: str = "latest") -> Any:
        found = [(i, self.data[run][tag]) for i, run in enumerate(runs) if tag in self.data.get(run, {})]
        ends = np.cumsum([0, *(len(series) for _, series in found)]).astype(np.int64)
        empty = np.empty(0)
        return SimpleNamespace(
            step=np.concatenate([empty.astype(np.int64), *(s.step for _, s in found)]),
            wall_time=np.concatenate([empty, *(s.wall_time for _, s in found)]),
            value=np.concatenate([empty, *(s.value for _, s in found)]),
            offsets=ends,
            run=np.array([i for i, _ in found], np.int64),
            segment=np.zeros(len(found), np.int64),
            epoch=np.full(len(found), self.epoch),
            exact32=np.array(
                [bool(np.all((s.value.astype(np.float32) == s.value) | np.isnan(s.value))) for _, s in found]
            ),
        )

    def run_info(self, run: str) -> Any:
        tags = self._run(run).values()
        return SimpleNamespace(
            name=run,
            first_wall_time=min((s.wall_time[0] for s in tags if len(s)), default=None),
            last_wall_time=max((s.wall_time[-1] for s in tags if len(s)), default=None),
            last_step=max((int(s.step[-1]) for s in tags if len(s)), default=None),
            scalar_points=sum(len(s) for s in tags),
            segments=1,
            damaged_files=0,
        )

    def files(self, run: str) -> list[Any]:
        self._run(run)
        return self.files_of.get(run, [])

    def status(self) -> Any:
        points = sum(len(s) for tags in self.data.values() for s in tags.values())
        return SimpleNamespace(
            phase="following", ready=True, version=self.version, runs=len(self.data), scalar_points=points,
            events=points,            bytes_read=10 * points, bytes_total=10 * points, files=len(self.data), damaged=0, truncated=0, unreadable=0,
            roots=(SimpleNamespace(name="", path="logs", state="ok", detail=""),),
        )  # fmt: skip

    def changes(self, since: int) -> tuple[int, set[str] | None]:
        return self.version, {run for run, version in self.changed.items() if version > since}

    def wait(self, version: int, timeout: float) -> int:
        with self._condition:
            self._condition.wait_for(lambda: self.version > version, timeout)
            return self.version

    def close(self) -> None:
        pass

    def _run(self, run: str) -> dict[str, FakeScalars]:
        try:
            return self.data[run]
        except KeyError:
            raise RunNotFound(f"there is no run {run!r}") from None
