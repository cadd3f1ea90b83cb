"""A trace of any size: a real one repeated, each copy later than the one before and with identifiers of its own."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

# Arguments that tie events together: each copy counts on from the largest of the one before.
_IDENTIFIERS = ("correlation", "External id", "Ev Idx", "Python id", "Record function id", "Sequence number")
_PARENTS = {"Python parent id": "Python id"}
_PAUSE_US = 1000


def make_trace(source: Path, copies: int, target: Path) -> int:
    """Write `target`, compressed where its name ends in .gz; how many events it has."""
    file = json.loads(gzip.decompress(source.read_bytes()), parse_float=Decimal)
    events = file.pop("traceEvents")
    span = _span(events)
    steps = [int(event["name"].split("#")[1]) for event in events if event["name"].startswith("ProfilerStep#")]
    offsets = {name: 1 + _largest(events, name) for name in _IDENTIFIERS}
    offsets["flow"] = 1 + max((event["id"] for event in events if "id" in event), default=0)
    offsets["step"] = max(steps) - min(steps) + 1 if steps else 0
    written = 0
    with _opened(target) as out:
        out.write(json.dumps(file, default=_number)[:-1] + ',\n "traceEvents": [\n')
        for copy in range(copies):
            for event in events:
                if copy and _is_single(event):
                    continue
                out.write(",\n" if written else "")
                out.write(json.dumps(_moved(event, copy, span, offsets), default=_number))
                written += 1
        out.write("\n]}\n")
    return written


def _opened(target: Path) -> TextIO:
    if target.suffix == ".gz":
        return gzip.open(target, "wt", compresslevel=6)
    return target.open("w")


def _number(value: Decimal) -> float:
    return float(value)


def _is_single(event: dict[str, Any]) -> bool:
    return event["ph"] == "M" or event.get("cat") == "Trace" or event["name"].startswith(("Record Window", "Iteration"))


def _span(events: list[dict[str, Any]]) -> Decimal:
    timed = [event for event in events if event["ph"] == "X" and event.get("cat") != "Trace"]
    end = max(Decimal(event["ts"]) + Decimal(event["dur"]) for event in timed)
    return end - min(Decimal(event["ts"]) for event in timed) + _PAUSE_US


def _largest(events: list[dict[str, Any]], name: str) -> int:
    values = (event.get("args", {}).get(name) for event in events)
    return max((value for value in values if isinstance(value, int)), default=0)


def _moved(event: dict[str, Any], copy: int, span: Decimal, offsets: dict[str, int]) -> dict[str, Any]:
    if not copy:
        return event
    moved = {**event, "ts": event["ts"] + copy * span}
    if "id" in event:
        moved["id"] = event["id"] + copy * offsets["flow"]
    if event["name"].startswith("ProfilerStep#"):
        moved["name"] = f"ProfilerStep#{int(event['name'].split('#')[1]) + copy * offsets['step']}"
    if "args" in event:
        moved["args"] = {
            name: value + copy * offsets[_PARENTS.get(name, name)]
            if isinstance(value, int) and _PARENTS.get(name, name) in offsets
            else value
            for name, value in event["args"].items()
        }
    return moved
