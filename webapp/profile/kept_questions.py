"""The questions whose answers a page of one file carries: what its views ask first, of each rank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

__all__ = ["MEMORY_BY", "address_of", "comparisons_of", "questions_of", "tiles_of"]

Question = tuple[str, Mapping[str, str]]

MEMORY_BY = ("operator", "module", "category")
# Of a rank, and of each of its steps.
_OF_WINDOWS: tuple[Question, ...] = (
    ("overview", {}),
    *(
        ("table", {"name": name})
        for name in ("steps", "operators", "kernels", "copies", "modules", "idle", "idle_gaps")
    ),
    ("flame", {"what": "device", "frames": "modules"}),
    ("path", {}),
    ("memory/curve", {}),
    ("memory/table", {"name": "peak", "by": "operator"}),
)
# Of steps beyond the first ones.
_OF_FURTHER_STEPS: tuple[Question, ...] = (
    ("overview", {}),
    ("table", {"name": "operators"}),
    ("table", {"name": "kernels"}),
)
# Of a rank as a whole, beside those.
_OF_RANKS: tuple[Question, ...] = (
    *(("table", {"name": name}) for name in ("gpus", "launches", "queue", "roofline", "kernel_sequences")),
    *(("table", {"name": "operators", "by": by}) for by in ("shape", "stack")),
    *(("table", {"name": "kernels", "by": by}) for by in ("launch", "operator")),
    ("table", {"name": "launches", "by": "call"}),
    *(("flame", {"what": "device", "frames": frames}) for frames in ("all", "none")),
    *(("flame", {"what": what}) for what in ("host", "python")),
    ("timeline", {}),
    ("timeline/overview", {}),
)
# Asked of one rank, of all of them.
_OF_FIRST_RANKS: tuple[Question, ...] = (("table", {"name": "time_of_ranks"}), ("timeline/path", {}))
_MOST_TILES = 64  # that are answered at once
_DETAILED_STEPS = 8  # that have answers of their own to all of it
_MOST_STEPS = 60  # that have some
_AFFORDABLE = 8_000_000  # slices of a trace times steps: with more of them fewer steps have answers


def questions_of(p: str, info: Mapping[str, Any], first: bool, chosen: tuple[int, int] | None = None) -> Iterator[str]:
    """Addresses below `api/profile/`. info: as GET /api/profile/info says; first: of the ranks of a profile.

    chosen: a stretch of time, ns, that is looked at beside the single steps. Memory: see kept_memory.py.
    """
    rank = {"p": p, "rank": str(info["rank"])}
    for what, more in (*_OF_WINDOWS, *_OF_RANKS, *(_OF_FIRST_RANKS if first else ())):
        yield address_of(what, {**rank, **more})
    if first:
        yield address_of("ranks", {"p": p})
    for window, asked in _windows(info, chosen) if first else ():
        for what, more in asked:
            yield address_of(what, {**rank, **window, **more})


def comparisons_of(p: str, rank: int, before: str, several: bool) -> Iterator[str]:
    """Addresses of the comparison with the first rank of another profile; with the flame graphs of the view Diff.

    several: both have more ranks than one, which are compared, too.
    """
    other = {"p": p, "rank": str(rank), "other": before}
    yield address_of("diff", other)
    if several:
        yield address_of("diff", {"p": p, "other": before, "ranks": "all"})
    for more in ({"what": "device", "frames": "modules"}, {"what": "host"}, {"what": "python"}):
        yield address_of("flame", {**other, **more})


def tiles_of(p: str, rank: int, told: Mapping[str, Any]) -> Iterator[str]:
    """Addresses of the timeline as a whole, from afar to close. told: as GET /api/profile/timeline says.

    Further ones cost memory: whoever asks stops when it is enough.
    """
    bands, curves = (f"0-{len(told[name]) - 1}" if told[name] else "" for name in ("bands", "curves"))
    level = max(0, (max(int(told["end"]), 1) // int(told["cells"])).bit_length())
    while level >= 0:
        tiles = int(told["end"]) // (int(told["cells"]) << level) + 1
        if tiles > _MOST_TILES:
            return
        yield address_of("timeline/tiles", {"p": p, "ask": f"{rank}:{level}:0:{tiles}:{bands}:{curves}"})
        level -= 1


def address_of(what: str, parameters: Mapping[str, str]) -> str:
    """`table?name=kernels&p=…`: parameters in the order of their names, so that one question has one address."""
    return f"{what}?{urlencode(sorted(parameters.items()))}"


def _windows(
    info: Mapping[str, Any], chosen: tuple[int, int] | None
) -> Iterator[tuple[Mapping[str, str], Sequence[Question]]]:
    """(a stretch of time, what is asked of it)."""
    if chosen:
        yield {"from": str(chosen[0]), "to": str(chosen[1])}, _OF_WINDOWS
    steps = info["steps"] if len(info["steps"]) > 1 else ()
    most = min(max(_AFFORDABLE // max(info["slices"], 1), _DETAILED_STEPS), _MOST_STEPS)
    for place, step in enumerate(steps[:most]):
        asked = _OF_WINDOWS if place < _DETAILED_STEPS else _OF_FURTHER_STEPS
        yield {"from": str(step["start"]), "to": str(step["end"])}, asked
