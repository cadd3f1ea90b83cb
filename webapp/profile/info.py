"""What the page is told of a profile before it asks for anything else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from .asking import Asked
from .memory_sources import memory_of
from .opened import OpenedProfile

if TYPE_CHECKING:
    from ...profiler.trace import Trace

__all__ = ["info_as_json"]

_MOST_STEPS = 2_000


def info_as_json(asked: Asked) -> dict[str, Any]:
    """The body of GET /api/profile/info. Raises Refused, Waiting."""
    opened = asked.opened
    told: dict[str, Any] = {
        "id": opened.id,
        "run": opened.found.run,
        "name": opened.found.name,
        "kind": opened.found.kind,
        "wall_time": opened.found.wall_time,
        "files": _files(opened),
    }
    if not opened.has_trace:
        memory_of(asked)  # raises what is wrong with the file
        return told
    trace = asked.trace if asked.rank is not None else asked.store.first_trace(opened)
    rank = next((file.rank for file in opened.profile.ranks if file.path == trace.path), asked.rank)
    told["files"] = _files(opened)  # reading may have found out what is wrong with some
    return {**told, "rank": rank, **asked.answer("info", lambda: _trace_as_json(trace))}


def _files(opened: OpenedProfile) -> list[dict[str, Any]]:
    """One a rank; problem: why it cannot be read, "" as far as nobody tried."""
    return [
        {
            "rank": file.rank,
            "name": os.path.basename(file.path),
            "size": file.size,
            "worker": file.worker,
            "problem": opened.problems.get(file.rank, ""),
        }
        for file in opened.profile.ranks
    ]


def _trace_as_json(trace: Trace) -> dict[str, Any]:
    from ...profiler.trace import Category

    slices = trace.slices
    start = int(slices.start.min()) if len(slices) else 0
    end = int(slices.end.max()) if len(slices) else 0
    return {
        "zero_ns": trace.zero_ns,
        "start": start,
        "end": end,
        "world_size": trace.world_size,
        "slices": len(slices),
        "kernels": len(trace.rows_of(Category.KERNEL)),
        "devices": [_device_as_json(device) for device in trace.devices],
        "remarks": [{"text": each.text, "count": each.count, "offset": each.offset} for each in trace.remarks],
        "steps": _steps(trace),
    }


def _device_as_json(device: Any) -> dict[str, Any]:
    major, minor = device.compute_capability
    return {
        "id": device.id,
        "name": device.name,
        "compute_capability": f"{major}.{minor}" if major else "",
        "multiprocessors": device.multiprocessors,
        "memory": device.memory,
    }


def _steps(trace: Trace) -> list[dict[str, Any]]:
    """`[{name, start, end, complete}]`, ns; none where the trace marks no steps."""
    from ...profiler.analysis.steps import steps

    found = steps(trace)
    if not found.marked:
        return []
    columns = (found.name, found.start.tolist(), found.end.tolist(), found.complete.tolist())
    names = ("name", "start", "end", "complete")
    return [dict(zip(names, step, strict=True)) for step in zip(*columns, strict=True)][:_MOST_STEPS]
