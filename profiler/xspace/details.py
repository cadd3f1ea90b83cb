"""What XSpace says about kernels and copies in one text, under the names that Kineto's arguments have."""

from __future__ import annotations

import json
import re
from contextlib import suppress

__all__ = ["ARGUMENT_NAMES", "copy_arguments", "kernel_arguments"]

# Of stats whose value is the argument itself.
ARGUMENT_NAMES = {
    "memory_bandwidth": "memory bandwidth (GB/s)",
    "device_id": "device",
    "stream": "stream",
    "context_id": "context",
}
_PART = re.compile(r"(\w+):([^\s]+)")


def kernel_arguments(details: str) -> dict[str, int | float | str]:
    """ "regs:32 static_shared:0 dynamic_shared:16 grid:4,1,1 block:256,1,1 occ_pct:50" → Kineto's arguments."""
    told: dict[str, str] = dict(_PART.findall(details))
    found: dict[str, int | float | str] = {}
    for part, name in (("regs", "registers per thread"), ("registers_per_thread", "registers per thread")):
        if part in told and told[part].isdigit():
            found[name] = int(told[part])
    shared = [told[part] for part in told if part.endswith(("_shared", "shared_memory_usage")) and told[part].isdigit()]
    if shared:
        found["shared memory"] = sum(map(int, shared))
    for part, name in (("grid", "grid"), ("block", "block")):
        sides = told.get(part, "").split(",")
        if all(side.isdigit() for side in sides):
            found[name] = json.dumps([int(side) for side in sides])
    with suppress(KeyError, ValueError):
        found["est. achieved occupancy %"] = float(told["occ_pct"])
    return found


def copy_arguments(details: str) -> dict[str, int | float | str]:
    """ "kind_src:pinned kind_dst:device size:1024 dest:0 async:1" → Kineto's arguments."""
    told: dict[str, str] = dict(_PART.findall(details))
    size = told.get("size", told.get("num_bytes", ""))
    return {"bytes": int(size)} if size.isdigit() else {}
