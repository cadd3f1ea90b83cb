"""Traces of several ranks for tests of routes and pages: the last rank comes late to every collective."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["write_ranks"]

_EPOCH = 1_700_000_000_000_000
_LATE = 30  # µs


def write_ranks(folder: Path, ranks: int = 3, steps: int = 5, gemm_us: float = 20, kernel: str = "gemm<float>") -> Path:
    """Of each step: a mark of 200 µs, a matrix product, and a collective that ends at 150 µs on all ranks."""
    folder.mkdir(parents=True, exist_ok=True)
    for rank in range(ranks):
        events = [event for step in range(steps) for event in _step(rank == ranks - 1, step, gemm_us, kernel)]
        top = {"distributedInfo": {"rank": rank, "world_size": ranks, "backend": "nccl"}, "host_name": "host"}
        told = {"schemaVersion": 1, **top, "traceEvents": events}
        (folder / f"rank{rank}.1700000000000.pt.trace.json").write_text(json.dumps(told))
    return folder


def _step(late: bool, step: int, gemm_us: float, kernel: str) -> list[dict[str, Any]]:
    begin = _EPOCH + 1000 * step
    talks = 100 + _LATE * late
    told = {"Collective name": "allreduce", "dtype": "Float", "In msg nelems": 1000, "Seq": step}
    wobble = (step * 7) % 5 / 10  # steps differ a little
    return [
        _slice("user_annotation", f"ProfilerStep#{step + 1}", begin, 200),
        _slice("cpu_op", "aten::mm", begin + 5, 10),
        _slice("cuda_runtime", "cudaLaunchKernel", begin + 6, 2, correlation=2 * step + 1),
        _slice("cpu_op", "c10d::allreduce_", begin + talks - 20, 10),
        _slice("cuda_runtime", "cudaLaunchKernel", begin + talks - 18, 2, correlation=2 * step + 2),
        _on_stream(kernel, begin + 20, gemm_us + wobble, 7, correlation=2 * step + 1),
        _on_stream("ncclDevKernel_AllReduce", begin + talks, 150 - talks, 20, correlation=2 * step + 2, **told),
    ]


def _on_stream(name: str, start: float, duration: float, stream: int, **args: Any) -> dict[str, Any]:
    return {**_slice("kernel", name, start, duration, device=0, stream=stream, **args), "pid": 0, "tid": stream}


def _slice(category: str, name: str, start: float, duration: float, **args: Any) -> dict[str, Any]:
    return {
        "ph": "X",
        "cat": category,
        "name": name,
        "pid": 1,
        "tid": 1,
        "ts": start,
        "dur": duration,
        "args": args,
    }
