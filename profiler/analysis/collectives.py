"""Tables of collectives over all ranks: each one, by type and size, who is waited for, and the clocks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from .collective_matches import Match
from .ranks import Distributed
from .wording import percent

__all__ = ["clock_offsets", "collective_sizes", "collectives", "stragglers"]

_WAIT = "Until the last rank had begun: latest start - own start."
_TRANSFER = "Earliest end - latest start: while all ranks were there."
_ALGORITHM = "Bytes of the message / transfer; of a collective that one rank only recorded, / its duration."
_BUS = "Algorithm bandwidth x what a link carries per byte, as nccl-tests count: all_reduce 2 (n - 1) / n."


def collectives(found: Distributed) -> Table:
    """A row for each collective, in order of start."""
    matches = found.matched.matches
    zero = min((int(each.start.min()) for each in matches), default=0)
    ranks = _array([len(each.ranks) for each in matches])
    columns = (
        Column("type", "Type", [each.kind for each in matches]),
        Column("bytes", "Message", _floats([each.bytes for each in matches]), "bytes", "Larger of input and output."),
        Column("wait", "Longest wait", _array([each.skew for each in matches]), "ns", f"Of the first rank. {_WAIT}"),
        Column("mean_wait", "Mean wait", _floats([each.wait.mean() for each in matches]), "ns", _WAIT),
        Column("transfer", "Transfer", _floats([each.transfer for each in matches]), "ns", _TRANSFER),
        Column("algorithm", "Algorithm bandwidth", _rates(matches, "algorithm_bandwidth"), "bytes/s", _ALGORITHM),
        Column("bus", "Bus bandwidth", _rates(matches, "bus_bandwidth"), "bytes/s", _BUS),
        Column("last", "Waited for", _array([each.last_rank for each in matches]), "", "The rank that began last."),
        Column("end_skew", "Ends apart", _array([each.end_skew for each in matches]), "ns", "Last end - first end."),
        Column("ranks", "Ranks", ranks, "count", "On which it was recorded."),
        Column("size", "Of", _array([each.size for each in matches]), "count", "Ranks that take part; 0: not told."),
        Column(
            "start", "Start", _array([int(each.start.min()) - zero for each in matches]), "ns", "Of its first rank."
        ),
        Column("step", "Step", [each.step for each in matches]),
        Column(
            "group", "Process group", [each.group for each in matches], "", "As the file names it; empty: not told."
        ),
        Column("rank", "Rank", _array([int(each.ranks[0]) for each in matches]), "", "Whose slice the next column is."),
        Column("row", "Slice", _array([int(each.row[0]) for each in matches]), "", "In the timeline of that rank."),
    )
    return Table("collectives", "Collectives", columns, found.notes)


def collective_sizes(found: Distributed) -> Table:
    """A row for each type and message size, the largest sum of bytes first."""
    groups: dict[tuple[str, float], list[Match]] = {}
    for each in found.matched.matches:
        groups.setdefault((each.kind, -1.0 if np.isnan(each.bytes) else each.bytes), []).append(each)
    order = sorted(groups, key=lambda key: -key[1] * len(groups[key]))
    members = [groups[key] for key in order]

    def median(name: str) -> NDArray[np.float64]:
        return _floats([_median(_rates(each, name)) for each in members])

    columns = (
        Column("type", "Type", [kind for kind, _ in order]),
        Column("bytes", "Message", _floats([size if size >= 0 else np.nan for _, size in order]), "bytes"),
        Column("count", "Count", _array([len(each) for each in members]), "count"),
        Column("sum", "All together", _floats([sum(one.bytes for one in each) for each in members]), "bytes"),
        Column(
            "time", "Time", _array([sum(_mean_time(one) for one in each) for each in members]), "ns", "Mean of ranks."
        ),
        Column("wait", "Of it waiting", _array([sum(int(one.wait.mean()) for one in each) for each in members]), "ns"),
        Column("transfer", "Median transfer", median("transfer"), "ns", _TRANSFER),
        Column("algorithm", "Median algorithm bandwidth", median("algorithm_bandwidth"), "bytes/s", _ALGORITHM),
        Column("bus", "Median bus bandwidth", median("bus_bandwidth"), "bytes/s", _BUS),
    )
    return Table("collective_sizes", "Message sizes", columns, found.notes)


def stragglers(found: Distributed) -> Table:
    """A row a rank, the one that made the others wait longest first.

    Whose fault waiting is: while some ranks of a collective wait, that time is split evenly among those not there yet.
    So the column `caused` adds up to that of `wait`. A rank is named a straggler when it caused more than twice its
    share of the waiting (of two or three ranks: when it lies halfway between its share and all of it).
    """
    whole = found.matched.whole
    ranks = [rank.rank for rank in found.ranks]
    place = {rank: at for at, rank in enumerate(ranks)}
    wait, caused, last, seen = (np.zeros(len(ranks)) for _ in range(4))
    for each in whole:
        at = [place[rank] for rank in each.ranks.tolist()]
        wait[at] += each.wait
        caused[at] += each.caused()
        seen[at] += 1
        last[place[each.last_rank]] += 1
    share = caused / max(float(caused.sum()), 1.0)
    even = 1 / max(len(ranks), 1)
    late = share > min(2 * even, (1 + even) / 2)
    order = np.argsort(-caused, kind="stable")
    columns = (
        Column("rank", "Rank", _array(ranks)[order]),
        Column("verdict", "", ["straggler" if late[at] else "" for at in order]),
        Column(
            "caused", "Made others wait", caused[order], "ns", "Their waiting, split among the ranks not there yet."
        ),
        Column("caused_share", "Share", share[order], "share", f"Of all waiting; even would be {percent(even)}."),
        Column("wait", "Waited itself", wait[order], "ns", _WAIT),
        Column("last", "Came last", last[order].astype(np.int64), "count", "Collectives in which it began last."),
        Column("collectives", "Collectives", seen[order].astype(np.int64), "count", "On two ranks or more."),
    )
    notes = [_verdict(ranks[at], caused[at], share[at], even) for at in order if late[at]]
    if not whole:
        notes = ["No collective was recorded on two ranks: there is nothing to compare."]
    return Table("stragglers", "Who is waited for", columns, (*notes, *found.notes))


def _verdict(rank: int, caused: float, share: float, even: float) -> str:
    return (
        f"Rank {rank} comes late: it made others wait {caused / 1e6:,.3f} ms, {percent(share)} of all waiting "
        f"where {percent(even)} would be even."
    )


def clock_offsets(found: Distributed) -> Table:
    """A row a rank: how far its clock is off that of the first, judged by collectives that end everywhere at once."""
    clocks = found.matched.clocks
    columns = (
        Column("rank", "Rank", _array([clock.rank for clock in clocks])),
        Column("host", "Host", [clock.host for clock in clocks]),
        Column(
            "offset",
            "Offset",
            _floats([clock.offset for clock in clocks]),
            "ns",
            "Median over collectives of own end - that of the ranks known before.",
        ),
        Column(
            "spread", "Spread", _floats([clock.spread for clock in clocks]), "ns", "Median distance from the offset."
        ),
        Column("samples", "Collectives", _array([clock.samples for clock in clocks]), "count"),
        Column(
            "corrected",
            "Corrected",
            ["yes" if clock.applied else "no" for clock in clocks],
            "",
            "Whether times are put on the first rank's clock: not where both are on one host, or the offset is small.",
        ),
    )
    return Table("clock_offsets", "Clocks", columns)


def _mean_time(match: Match) -> int:
    return int((match.end - match.start).mean())


def _rates(matches: list[Match], name: str) -> NDArray[np.float64]:
    return _floats([float(getattr(each, name)) for each in matches])


def _median(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _array(values: list[int]) -> NDArray[np.int64]:
    return np.array(values, np.int64)


def _floats(values: list[float]) -> NDArray[np.float64]:
    return np.array(values, np.float64)
