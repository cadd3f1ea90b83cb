"""The questions whose answers a page of one file carries: what its views ask first, of each rank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

__all__ = ["address_of", "comparisons_of", "questions_of", "tiles_of"]

Question = tuple[str, Mapping[str, str]]

_MEMORY_BY = ("operator", "module", "category")
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
# Of a rank as a whole, beside those.
_OF_RANKS: tuple[Question, ...] = (
    *(("table", {"name": name}) for name in ("gpus", "launches", "queue", "roofline", "kernel_sequences")),
    *(("table", {"name": "operators", "by": by}) for by in ("shape", "stack")),
    *(("table", {"name": "kernels", "by": by}) for by in ("launch", "operator")),
    ("table", {"name": "launches", "by": "call"}),
    *(("flame", {"what": "device", "frames": frames}) for frames in ("all", "none")),
    *(("flame", {"what": what}) for what in ("host", "python")),
    ("memory", {}),
    *(("memory/table", {"name": name}) for name in ("allocations", "leaks")),
    *(("memory/table", {"name": name, "by": by}) for name in ("peak", "operators") for by in _MEMORY_BY),
    ("timeline", {}),
    ("timeline/overview", {}),
)
# Asked of one rank, of all of them.
_OF_FIRST_RANKS: tuple[Question, ...] = (("table", {"name": "time_of_ranks"}),)
_MOST_TILES = 64  # that are answered at once
_MOST_STEPS = 8  # that have answers of their own


def questions_of(p: str, info: Mapping[str, Any], first: bool, chosen: tuple[int, int] | None = None) -> Iterator[str]:
    """Addresses below `api/profile/`. info: as GET /api/profile/info says; first: of the ranks of a profile.

    chosen: a stretch of time, ns, that is looked at beside the single steps.
    """
    rank = {"p": p, "rank": str(info["rank"])}
    for what, more in (*_OF_WINDOWS, *_OF_RANKS, *(_OF_FIRST_RANKS if first else ())):
        yield address_of(what, {**rank, **more})
    if first:
        yield address_of("ranks", {"p": p})
    windows = [*_windows(info["steps"]), *([{"from": str(chosen[0]), "to": str(chosen[1])}] if chosen else [])]
    for window in windows if first else ():
        for what, more in _OF_WINDOWS:
            yield address_of(what, {**rank, **window, **more})


def comparisons_of(p: str, rank: int, before: str) -> Iterator[str]:
    """Addresses of the comparison with the first rank of another profile; with the flame graphs of the view Diff."""
    other = {"p": p, "rank": str(rank), "other": before}
    yield address_of("diff", other)
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


def _windows(steps: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, str]]:
    for step in steps[:_MOST_STEPS] if len(steps) > 1 else ():
        yield {"from": str(step["start"]), "to": str(step["end"])}
