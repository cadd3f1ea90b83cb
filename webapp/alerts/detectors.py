"""What each kind of rule looks for in the points of one scalar.

A detector is fed points as they come and answers with the places where an alert begins or ends. It remembers what it
needs of earlier points, so points in one piece and in many give the same alerts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["Detector", "Divergence", "NotFinite", "Plateau", "Threshold", "Turn", "z_scores"]

Floats = npt.NDArray[np.float64]

_QUIET = 10  # finite points in a row that end an alert about NaN
_FEWEST = 10  # points that a window needs to say what is usual
_LEAST_SPREAD = 0.05  # of the mean: a curve without noise does not diverge by moving a little
_ROWS = 1 << 15  # windows looked at in one go: 13 MB


class Turn(NamedTuple):
    """An alert begins, or (message is None) ends, at a point of those fed."""

    at: int
    message: str | None


class Detector(Protocol):
    """Takes the values that are new; NaN and infinities among them."""

    def feed(self, values: Floats) -> list[Turn]: ...


class _Streak:
    """On after `begin` points in a row for which something holds, off after `end` for which it does not."""

    def __init__(self, begin: int, end: int) -> None:
        self._needed = {False: begin, True: end}
        self._on = False
        self._against = 0  # points in a row that speak for a change

    def feed(self, holds: npt.NDArray[np.bool_]) -> Iterator[tuple[int, bool]]:
        """(place, on or off) of each change."""
        if len(holds) == 0 or (bool((holds == self._on).all()) and not self._on):
            self._against = 0 if len(holds) else self._against
            return
        edges = np.flatnonzero(holds[1:] != holds[:-1]) + 1
        for first, last in zip([0, *edges.tolist()], [*edges.tolist(), len(holds)], strict=True):
            if holds[first] == self._on:
                self._against = 0
                continue
            missing = self._needed[self._on] - self._against
            self._against += last - first
            if last - first >= missing:
                self._on = not self._on
                self._against = 0
                yield first + missing - 1, self._on


class NotFinite:
    """NaN or an infinity; over after ten finite points in a row."""

    def __init__(self) -> None:
        self._streak = _Streak(1, _QUIET)

    def feed(self, values: Floats) -> list[Turn]:
        return [
            Turn(at, f"the value is {_word(values[at])}" if on else None)
            for at, on in self._streak.feed(~np.isfinite(values))
        ]


class Threshold:
    """Above or below a limit for `points` points in a row; NaN is neither."""

    def __init__(self, side: str, limit: float, points: int) -> None:
        self._side, self._limit = side, limit
        self._streak = _Streak(points, points)

    def feed(self, values: Floats) -> list[Turn]:
        holds = values > self._limit if self._side == "above" else values < self._limit
        return [
            Turn(at, f"{values[at]:.4g} is {self._side} {self._limit:g}" if on else None)
            for at, on in self._streak.feed(holds)
        ]


class Plateau:
    """No point better than the best so far, by the share `change` of it, for `points` points in a row."""

    def __init__(self, better: str, change: float, points: int) -> None:
        self._sign = 1.0 if better == "smaller" else -1.0
        self._change, self._points = change, points
        self._best = np.inf  # to be undercut
        self._since = 0  # points since the best
        self._on = False

    def feed(self, values: Floats) -> list[Turn]:
        found: list[Turn] = []
        signed = self._sign * np.where(np.isfinite(values), values, np.nan)
        begin = 0
        while True:
            goal = self._best - self._change * abs(self._best) if np.isfinite(self._best) else np.inf
            better = np.flatnonzero(signed[begin:] < goal)
            end = begin + int(better[0]) if len(better) else len(signed)
            fires = begin + self._points - self._since - 1
            if not self._on and fires < end and np.isfinite(self._best):
                self._on = True
                found.append(Turn(max(fires, begin), self._message()))
            self._since += end - begin
            if end == len(signed):
                return found
            self._best, self._since = float(signed[end]), 0
            if self._on:
                self._on = False
                found.append(Turn(end, None))
            begin = end + 1

    def _message(self) -> str:
        return f"not better than {self._sign * self._best:.4g} by {self._change:.2g} of it for {self._points:,} points"


class Divergence:
    """`points` points in a row far above what the `window` points before them were: see `z_scores`.

    Over when as many points in a row are back within half that distance of the mean before.
    """

    def __init__(self, z: float, window: int, points: int) -> None:
        self._z, self._window, self._points = z, window, points
        self._before: Floats = np.full(window + points - 1, np.nan)  # seen last; NaN where there were none
        self._level: float | None = None  # while it goes on: below this it is over

    def feed(self, values: Floats) -> list[Turn]:
        finite = np.isfinite(values)
        places = np.flatnonzero(finite)
        known = np.concatenate([self._before, values[places]])
        self._before = known[len(known) - len(self._before) :]
        found: list[Turn] = []
        if len(places) == 0:
            return found
        scores, means, spreads = z_scores(known, self._window, self._points)
        beyond = np.flatnonzero(scores > self._z)
        back = None
        at = 0
        while at < len(places):
            if self._level is None:
                next_one = np.searchsorted(beyond, at)
                if next_one == len(beyond):
                    break
                at = int(beyond[next_one])
                self._level = float(means[at] + self._z / 2 * spreads[at])
                value, usual = values[places[at]], means[at]
                text = f"{value:.4g} where {usual:.4g} ± {spreads[at]:.2g} was usual (z = {scores[at]:.1f})"
                found.append(Turn(int(places[at]), text))
            else:
                if back is None:
                    back = np.lib.stride_tricks.sliding_window_view(known[self._window :], self._points).max(axis=1)
                below = np.flatnonzero(back[at:] < self._level)
                if len(below) == 0:
                    break
                at += int(below[0])
                found.append(Turn(int(places[at]), None))
                self._level = None
            at += 1
        return found


def z_scores(known: Floats, window: int, points: int) -> tuple[Floats, Floats, Floats]:
    """(score, mean, spread) for each value from known[window + points - 1] on.

    The score of value i is (m - mean) / spread: m is the least of the `points` values up to i, mean and sample standard
    deviation are those of the `window` values before these. NaN in `known` counts as absent; fewer than ten values say
    nothing (NaN). The spread is at least a twentieth of the mean.
    """
    count = len(known) - window - points + 1
    scores, means, spreads = np.full(count, np.nan), np.full(count, np.nan), np.full(count, np.nan)
    view = np.lib.stride_tricks.sliding_window_view
    least = view(known[window:], points).min(axis=1)
    for first in range(0, count, _ROWS):
        rows = slice(first, min(count, first + _ROWS))
        windows = view(known, window)[rows]
        there = np.isfinite(windows)
        number = there.sum(axis=1)
        enough = number >= _FEWEST
        n = np.maximum(number, 2)
        mean = np.where(there, windows, 0.0).sum(axis=1) / n
        variance = np.where(there, windows - mean[:, None], 0.0)
        spread = np.sqrt((variance * variance).sum(axis=1) / (n - 1))
        spread = np.maximum(spread, np.maximum(_LEAST_SPREAD * np.abs(mean), np.finfo(np.float64).tiny))
        means[rows], spreads[rows] = np.where(enough, mean, np.nan), np.where(enough, spread, np.nan)
    scores = (least - means) / spreads
    return scores, means, spreads


def _word(value: Any) -> str:
    return "NaN" if np.isnan(value) else ("infinite" if value > 0 else "minus infinite")
