"""Which collective of one rank is which of another: by number where files tell one, otherwise by order, type and size.

Ranks may have begun or stopped at different moments, and lack steps, or marks of steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .collective_names import PEER_TO_PEER
from .rank_collectives import Collective, RankCollectives

__all__ = ["Key", "together"]

Key = tuple[str, ...]

# Messages of these are as large on every rank.
_ONE_SIZE = frozenset({"all_reduce", "broadcast", "reduce", "send", "recv"})
_PURE = 0.8  # of two sequences laid side by side, the share that must agree
_FARTHEST = 1024  # places that sequences are moved from having common beginnings, or common ends


@dataclass(frozen=True)
class _Sequence:
    """What a rank did in one lane: a process group, or a pair of ranks. places: in the rank's list of collectives.

    code, step  (n,) equal numbers for what is alike on all ranks: type and size; step's name
    """

    rank: RankCollectives
    places: list[int]
    code: NDArray[np.int64]
    step: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def together(ranks: Sequence[RankCollectives]) -> list[dict[int, Collective]]:
    """Each collective as place among `ranks` → what that rank recorded of it."""
    lanes: dict[Key, dict[int, list[int]]] = {}
    for place, rank in enumerate(ranks):
        for number, each in enumerate(rank.collectives):
            lanes.setdefault(_lane(rank, number, each), {}).setdefault(place, []).append(number)
    found: dict[Key, dict[int, Collective]] = {}
    for lane, by_rank in lanes.items():
        for place, number, key in _keys(ranks, by_rank):
            found.setdefault((*lane, *key), {})[place] = ranks[place].collectives[number]
    return list(found.values())


def _lane(rank: RankCollectives, number: int, each: Collective) -> Key:
    """Groups of other ranks may have the same name: "0" of hosts that count for themselves."""
    members = ",".join(map(str, each.members))
    if each.kind not in PEER_TO_PEER:
        return each.group, members
    if each.peer < 0:  # several at once, or a file that does not tell
        return "alone", str(rank.rank), str(number)
    pair = (rank.rank, each.peer) if each.kind == "send" else (each.peer, rank.rank)
    return "pair", each.group, members, *map(str, pair)


def _keys(ranks: Sequence[RankCollectives], by_rank: Mapping[int, list[int]]) -> Iterator[tuple[int, int, Key]]:
    """(place of the rank, number of the collective, what is equal on all ranks) of a lane."""
    by_order = _by_order(ranks, by_rank)
    for place, numbers in by_rank.items():
        for at, number in enumerate(numbers):
            each = ranks[place].collectives[number]
            yield place, number, by_order[place][at] if by_order else each.key


def _by_order(ranks: Sequence[RankCollectives], by_rank: Mapping[int, list[int]]) -> dict[int, list[Key]] | None:
    """Keys by what the longest sequence of the lane has at the same place; None: numbers or steps tell it better."""
    collectives = {
        place: [ranks[place].collectives[number] for number in numbers] for place, numbers in by_rank.items()
    }
    first = next(iter(collectives.values()))
    pairs = first[0].kind in PEER_TO_PEER
    if len(by_rank) < 2 or (not pairs and any(each.numbered for each in first)):
        return None
    sequences = _sequences(ranks, by_rank, collectives)
    if not pairs and _alike(list(sequences.values())):
        return None
    longest = max(sequences, key=lambda place: (len(sequences[place].places), -place))
    keys: dict[int, list[Key]] = {}
    for place, sequence in sequences.items():
        shift = 0 if place == longest else _shift(sequences[longest], sequence)
        if shift is None:
            return None
        codes = sequence.code.tolist()
        keys[place] = [("at", str(at + shift), str(code)) for at, code in enumerate(codes)]
    return keys


def _sequences(
    ranks: Sequence[RankCollectives],
    by_rank: Mapping[int, list[int]],
    collectives: Mapping[int, list[Collective]],
) -> dict[int, _Sequence]:
    codes: dict[Key, int] = {}
    steps: dict[str, int] = {"": -1}
    made = {}
    for place, numbers in by_rank.items():
        here = collectives[place]
        made[place] = _Sequence(
            ranks[place],
            numbers,
            np.array([codes.setdefault(_looks(each), len(codes)) for each in here], np.int64),
            np.array([steps.setdefault(each.step, len(steps)) for each in here], np.int64),
            np.array([each.start for each in here], np.int64),
            np.array([each.end for each in here], np.int64),
        )
    return made


def _looks(each: Collective) -> Key:
    kind = "pair" if each.kind in PEER_TO_PEER else each.kind
    return (kind, str(each.bytes)) if each.kind in _ONE_SIZE else (kind,)


def _alike(sequences: list[_Sequence]) -> bool:
    first = sequences[0]
    return all(
        np.array_equal(first.code, other.code) and np.array_equal(first.step, other.step) for other in sequences[1:]
    )


def _shift(longest: _Sequence, other: _Sequence) -> int | None:
    """By how many places `other` begins later than `longest`; None where they agree nowhere.

    Steps repeat, so many shifts agree. The one is taken in which most run at the same time; then that in which most
    lie in steps of one name (first, where the clocks are of two hosts); then that in which most agree.
    """
    count, more = len(other.places), len(longest.places)
    near = {end + move for end in (0, more - count) for move in range(-_FARTHEST, _FARTHEST + 1)}
    best: tuple[tuple[int, ...], int] | None = None
    for shift in sorted(move for move in near if -count < move < more):
        score = _score(longest, other, shift)
        if score is not None and (best is None or score > best[0]):
            best = score, shift
    return None if best is None else best[1]


def _score(longest: _Sequence, other: _Sequence, shift: int) -> tuple[int, ...] | None:
    here = slice(max(0, -shift), min(len(other.places), len(longest.places) - shift))
    there = slice(here.start + shift, here.stop + shift)
    agree = longest.code[there] == other.code[here]
    agreeing = int(agree.sum())
    if agreeing < _PURE * len(agree) or not agreeing:
        return None
    at_once = agree & (longest.start[there] < other.end[here]) & (other.start[here] < longest.end[there])
    timed = int(at_once.sum()) if longest.rank.has_epoch and other.rank.has_epoch else 0
    timed = timed if 2 * timed >= agreeing else 0
    named = int((agree & (longest.step[there] == other.step[here]) & (other.step[here] >= 0)).sum())
    hosts = longest.rank.host, other.rank.host
    evidence = (named, timed) if all(hosts) and hosts[0] != hosts[1] else (timed, named)
    return *evidence, agreeing, -abs(shift)
