"""The same collective on several ranks, on one clock: who came late, who waited, and how long the data took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .collective_alignment import together
from .collective_names import PEER_TO_PEER, SYNCHRONOUS, bus_factor
from .rank_collectives import Collective, RankCollectives
from .wording import count_of

__all__ = ["Clock", "Match", "Matched", "match"]

# Clocks of one host are one clock. Of hosts that are not named, an offset counts from here on, in ns, and only when it
# is much greater than the collectives' own spread.
_CERTAIN = 500_000
_SPREADS = 5
_PAIR = {"send", "recv"}
_MOST_NAMED = 8  # ranks in notes


@dataclass(frozen=True)
class Clock:
    """A rank's clock against that of the first rank, in ns: subtract `offset` to be on that clock.

    Ranks of one host, where the files name it, have one clock.

    offset   median over the synchronous collectives of how much later they end here: they end on all ranks at once
    spread   the median distance from that; samples: how many collectives tell
    applied  False where it is as small as the spread, or both are on one host
    """

    rank: int
    host: str
    offset: float
    spread: float
    samples: int
    applied: bool


@dataclass(frozen=True)
class Match:
    """One collective. Columns (r,) by rank; times in ns on the common clock.

    wait      latest start - own start: until the last rank was there
    transfer  earliest end - latest start; NaN where the ranks do not overlap, or only one is there
    """

    kind: str
    group: str
    step: str
    size: int
    bytes: float
    ranks: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    row: NDArray[np.int64]

    @property
    def wait(self) -> NDArray[np.int64]:
        late: NDArray[np.int64] = self.start.max() - self.start
        return late

    @property
    def skew(self) -> int:
        """ns between the first and the last rank's start."""
        return int(self.start.max() - self.start.min())

    @property
    def end_skew(self) -> int:
        """ns between the first and the last rank's end."""
        return int(self.end.max() - self.end.min())

    @property
    def transfer(self) -> float:
        lasted = int(self.end.min() - self.start.max())
        return float(lasted) if len(self.ranks) > 1 and lasted > 0 else float("nan")

    @property
    def last_rank(self) -> int:
        return int(self.ranks[np.argmax(self.start)])

    @property
    def algorithm_bandwidth(self) -> float:
        """bytes/s: the message by the transfer, or by the whole duration where only one rank is there."""
        lasted = self.transfer if len(self.ranks) > 1 else float(self.end[0] - self.start[0])
        return self.bytes / lasted * 1e9 if lasted > 0 else float("nan")

    @property
    def bus_bandwidth(self) -> float:
        """bytes/s, see bus_factor."""
        return self.algorithm_bandwidth * bus_factor(self.kind, self.size or len(self.ranks))

    def caused(self) -> NDArray[np.float64]:
        """(r,) ns of others' waiting for each rank: while some wait, their time is split evenly among the absent ones.

        Adds up to the waiting of all.
        """
        order = np.argsort(self.start, kind="stable")
        count = len(order)
        gaps = np.diff(self.start[order]).astype(np.float64)
        here = np.arange(1, count)
        per_absent = np.cumsum(gaps * here / (count - here))
        caused = np.zeros(count)
        caused[order[1:]] = per_absent
        return caused


@dataclass(frozen=True)
class Matched:
    """All collectives in order of start, the ranks' clocks, and sentences on what could not be matched."""

    ranks: list[RankCollectives]
    matches: list[Match]
    clocks: list[Clock]
    notes: tuple[str, ...]

    @property
    def whole(self) -> list[Match]:
        """Those that were recorded on two ranks or more, without sends and receives."""
        return [each for each in self.matches if len(each.ranks) > 1 and each.kind not in PEER_TO_PEER]


def match(ranks: Sequence[RankCollectives]) -> Matched:
    """The collectives of these ranks, see collective_alignment.py; sends with the receives of the other rank."""
    ranks = sorted(ranks, key=lambda each: each.rank)
    agreeing, differing = _agreeing(together(ranks))
    clocks = _clocks(ranks, agreeing)
    offsets = [round(clock.offset) if clock.applied else 0 for clock in clocks]
    matches = sorted((_match(ranks, found, offsets) for found in agreeing), key=lambda each: int(each.start.min()))
    return Matched(list(ranks), matches, clocks, _notes(ranks, matches, clocks, differing))


def _agreeing(found: list[dict[int, Collective]]) -> tuple[list[dict[int, Collective]], int]:
    """Those of one kind on no more ranks than take part; otherwise each rank's own, and how often that is so."""
    agreeing, differing = [], 0
    for each in found:
        kinds, size = {collective.kind for collective in each.values()}, max(other.size for other in each.values())
        if (len(kinds) == 1 or kinds == _PAIR) and (size == 0 or len(each) <= size):
            agreeing.append(each)
        else:
            differing += 1
            agreeing.extend({place: collective} for place, collective in each.items())
    return agreeing, differing


def _match(ranks: Sequence[RankCollectives], found: dict[int, Collective], offsets: list[int]) -> Match:
    first = next(iter(found.values()))
    sizes = [each.bytes for each in found.values() if not np.isnan(each.bytes)]
    return Match(
        first.kind if len({each.kind for each in found.values()}) == 1 else "send_recv",
        first.group,
        first.step,
        max(each.size for each in found.values()),
        float(np.mean(sizes)) if sizes else float("nan"),
        np.array([ranks[place].rank for place in found], np.int64),
        np.array([each.start - offsets[place] for place, each in found.items()], np.int64),
        np.array([each.end - offsets[place] for place, each in found.items()], np.int64),
        np.array([each.row for each in found.values()], np.int64),
    )


def _clocks(ranks: Sequence[RankCollectives], found: list[dict[int, Collective]]) -> list[Clock]:
    """Against the first rank, through any rank that shares collectives with one that is known already."""
    # Doubles hold nanoseconds of some days, not those since the epoch.
    zero = min((each.end for of_one in found for each in of_one.values()), default=0)
    ends = [
        {place: each.end - zero for place, each in of_one.items()}
        for of_one in found
        if len(of_one) > 1 and next(iter(of_one.values())).kind in SYNCHRONOUS
    ]
    known = {0: 0.0}
    clocks = {0: Clock(ranks[0].rank, ranks[0].host, 0.0, 0.0, 0, False)} if ranks else {}
    waiting = set(range(1, len(ranks)))
    while waiting:
        later = {place: _differences(place, ends, known) for place in waiting}
        place = max(sorted(waiting), key=lambda each: len(later[each]))
        samples = np.array(later[place])
        offset = float(np.median(samples)) if len(samples) else 0.0
        spread = float(np.median(np.abs(samples - offset))) if len(samples) else 0.0
        applied = len(samples) > 0 and _applies(ranks[0], ranks[place], offset, spread)
        clocks[place] = Clock(ranks[place].rank, ranks[place].host, offset, spread, len(samples), applied)
        known[place] = offset
        waiting.remove(place)
    return _of_hosts([clocks[place] for place in range(len(ranks))])


def _of_hosts(clocks: list[Clock]) -> list[Clock]:
    """Those of another host than the first one's: the median of its ranks for all of them."""
    found = []
    for clock in clocks:
        alike = [each for each in clocks if each.host == clock.host and each.applied]
        if clock.applied and clock.host and len(alike) > 1:
            offset, spread = (
                float(np.median([getattr(each, name) for each in alike])) for name in ("offset", "spread")
            )
            clock = replace(clock, offset=offset, spread=spread, samples=sum(each.samples for each in alike))
        found.append(clock)
    return found


def _differences(place: int, ends: list[dict[int, int]], known: dict[int, float]) -> list[float]:
    """How much later than on the known ranks, which are put on the first one's clock, the collectives end."""
    found = []
    for of_one in ends:
        if place in of_one:
            others = [end - known[other] for other, end in of_one.items() if other in known]
            if others:
                found.append(of_one[place] - float(np.median(others)))
    return found


def _applies(first: RankCollectives, other: RankCollectives, offset: float, spread: float) -> bool:
    if not (first.has_epoch and other.has_epoch):
        return True
    if first.host and first.host == other.host:
        return False
    certain = 0 if first.host and other.host else _CERTAIN
    return abs(offset) > max(certain, _SPREADS * spread)


def _left_alone(several: list[Match]) -> Iterator[str]:
    """Which ranks have collectives that no other rank has, and in which steps."""
    alone: dict[int, list[str]] = {}
    for each in several:
        if len(each.ranks) == 1:
            alone.setdefault(int(each.ranks[0]), []).append(each.step)
    for rank in list(alone)[:_MOST_NAMED]:
        steps = [step or "outside of steps" for step in dict.fromkeys(alone[rank])]
        shown = ", ".join(steps[:3]) + (f" and {len(steps) - 3} more steps" if len(steps) > 3 else "")
        count = sum(rank in each.ranks for each in several)
        yield f"Rank {rank}: {len(alone[rank]):,} of {count_of(count, 'collective')} found no partner ({shown})."
    if len(alone) > _MOST_NAMED:
        yield f"{len(alone) - _MOST_NAMED} more ranks have collectives without a partner."


def _notes(
    ranks: Sequence[RankCollectives], matches: list[Match], clocks: list[Clock], differing: int
) -> tuple[str, ...]:
    notes = []
    several = [each for each in matches if each.kind not in PEER_TO_PEER]
    alone = sum(len(each.ranks) < min(max(each.size, 2), len(ranks)) for each in several)
    if alone and len(ranks) > 1:
        notes.append(
            f"{alone} of {len(several)} collectives were recorded on some of their ranks only: waits and transfers are "
            "of the ranks that are there."
        )
        notes.extend(_left_alone(several))
    if differing:
        notes.append(
            f"{differing} times the ranks disagree on which collective comes next: those are shown rank by rank."
        )
    peers = sum(len(each.ranks) == 1 for each in matches if each.kind in PEER_TO_PEER)
    if peers and len(ranks) > 1:
        notes.append(
            f"{count_of(peers, 'send or receive', 'sends and receives')} found no partner: the other rank is not here, "
            "or the file does not tell which one it is."
        )
    for clock in clocks:
        if clock.applied and clock.offset:
            notes.append(
                f"The clock of rank {clock.rank} is {clock.offset / 1000:+,.1f} µs off that of rank {clocks[0].rank} "
                f"(± {clock.spread / 1000:,.1f} µs over {clock.samples} collectives); times here are corrected."
            )
    return tuple(notes)
