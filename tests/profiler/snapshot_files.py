"""Snapshots as `torch.cuda.memory._dump_snapshot` pickles them: plain dicts and lists by its documented schema."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

MIB = 1 << 20


def frame(name: str, line: int = 1, file: str = "/home/me/train.py") -> dict[str, Any]:
    return {"filename": file, "line": line, "name": name}


def event(
    action: str, addr: int, size: int, time_us: int, stack: list[Any] | None = None, **more: Any
) -> dict[str, Any]:
    where = {"addr": addr, "size": size, "stream": 0}
    return {"action": action, **where, "time_us": time_us, "frames": stack or [], **more}


def block(address: int, size: int, state: str = "active_allocated", stack: list[Any] | None = None) -> dict[str, Any]:
    requested = size - 24 if state != "inactive" else 0
    return {"address": address, "size": size, "requested_size": requested, "state": state, "frames": stack or []}


def segment(address: int, blocks: list[dict[str, Any]], device: int = 0, **more: Any) -> dict[str, Any]:
    active = sum(each["size"] for each in blocks if each["state"].startswith("active"))
    told = {
        "device": device,
        "address": address,
        "total_size": sum(each["size"] for each in blocks),
        "allocated_size": active,
        "active_size": active,
        "requested_size": sum(each["requested_size"] for each in blocks),
        "stream": 0,
        "segment_type": "large",
        "segment_pool_id": (0, 0),
        "is_expandable": False,
        "frames": [],
        "blocks": blocks,
    }
    return told | more


def write_snapshot(
    path: Path, segments: list[dict[str, Any]], events: list[list[dict[str, Any]]], protocol: int = 4, **more: Any
) -> Path:
    whole = {"segments": segments, "device_traces": events, "allocator_settings": {"max_split_size": -1}} | more
    path.write_bytes(pickle.dumps(whole, protocol))
    return path
