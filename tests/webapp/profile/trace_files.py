"""Trace files for tests of the page and of the command: two steps of 100 µs on a GPU, with a collective."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

__all__ = ["events_of_steps", "write_trace"]


def events_of_steps(kernel_us: float = 40.0, steps: int = 2) -> list[dict[str, Any]]:
    """Of each step: a mark of 100 µs, a matrix product of `kernel_us`, a collective of 20 µs half hidden behind it."""
    events: list[dict[str, Any]] = []
    for step in range(steps):
        start, number = 1000.0 + 100 * step, 10 * step
        events += [
            _slice("user_annotation", f"ProfilerStep#{step + 3}", start, 100, 1),
            _slice("cpu_op", "aten::mm", start + 5, 10, 1, {"External id": number}),
            _slice("cuda_runtime", "cudaLaunchKernel", start + 6, 2, 1, {"correlation": number + 1}),
            _slice("cpu_op", "c10d::allreduce_", start + 16, 4, 1),
            _slice("cuda_runtime", "cudaLaunchKernel", start + 17, 2, 1, {"correlation": number + 2}),
            _kernel("<img src=x onerror=alert(1)>gemm", start + 20, kernel_us, number + 1, 7),
            _kernel("ncclDevKernel_AllReduce_Sum", start + 10 + kernel_us, 20, number + 2, 8),
        ]
    return events


def write_trace(path: Path, events: list[dict[str, Any]], **top: Any) -> Path:
    """As Kineto writes it, in gzip where the name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    device = {"id": 0, "name": "Made GPU", "computeMajor": 8, "computeMinor": 0, "numSms": 10, "warpSize": 32}
    text = json.dumps({"schemaVersion": 1, "deviceProperties": [device], **top, "traceEvents": events}).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def _kernel(name: str, start: float, duration: float, correlation: int, stream: int) -> dict[str, Any]:
    args = {"device": 0, "stream": stream, "correlation": correlation, "grid": [8, 1, 1], "block": [128, 1, 1]}
    return {**_slice("kernel", name, start, duration, stream, args), "pid": 0}


def _slice(
    category: str, name: str, start: float, duration: float, thread: int, args: dict[str, Any] | None = None
) -> dict[str, Any]:
    place = {"ph": "X", "cat": category, "pid": 1, "tid": thread}
    return {**place, "name": name, "ts": start, "dur": duration, "args": args or {}}
