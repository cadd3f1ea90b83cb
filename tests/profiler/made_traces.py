"""Small traces made by hand: `made(op("aten::mm", 0, 10), call(2, 1, correlation=7), kernel("gemm", 20, 5, …))`.

Times are in µs as in Kineto's files; one process (1), threads by number, device 0 with streams by number.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from stepscope.profiler.reading.plain import trace_of_events
from stepscope.profiler.trace import Trace

__all__ = ["annotation", "call", "frame", "kernel", "made", "op", "trained_block"]


def made(*events: dict[str, Any], **top: Any) -> Trace:
    """Arguments by name stand at the top of the file, beside the events."""
    file = json.dumps({**top, "traceEvents": events})
    return trace_of_events("made.json", json.loads(file, parse_float=Decimal))


def op(name: str, start: float, duration: float, thread: int = 1, **args: Any) -> dict[str, Any]:
    return _slice("cpu_op", name, start, duration, thread, args)


def annotation(name: str, start: float, duration: float, thread: int = 1, **args: Any) -> dict[str, Any]:
    return _slice("user_annotation", name, start, duration, thread, args)


def frame(name: str, start: float, duration: float, thread: int = 1, **args: Any) -> dict[str, Any]:
    """A Python frame."""
    return _slice("python_function", name, start, duration, thread, args)


def call(start: float, duration: float, correlation: int, name: str = "cudaLaunchKernel", thread: int = 1) -> Any:
    """A call of the runtime; of the driver when its name is one of its functions."""
    category = "cuda_driver" if name.startswith("cu") and not name.startswith("cuda") else "cuda_runtime"
    return _slice(category, name, start, duration, thread, {"correlation": correlation})


def kernel(name: str, start: float, duration: float, correlation: int, stream: int = 7, **args: Any) -> dict[str, Any]:
    args = {"device": 0, "stream": stream, "correlation": correlation, **args}
    return {**_slice("kernel", name, start, duration, stream, args), "pid": 0}


def trained_block() -> list[dict[str, Any]]:
    """A block with a linear layer: forward on thread 1 and 10 µs on the device, backward on thread 2 and 20 µs there.

    Beside them 5 µs of a kernel that nothing here launched.
    """
    return [
        frame("train.py(9): main", 0, 100),
        frame("nn.Module: Block_0", 5, 40),
        frame("nn.Module: Linear_0", 10, 20),
        op("aten::addmm", 12, 10, **{"Sequence number": 7, "Fwd thread id": 0}),
        call(14, 2, 1),
        op("AddmmBackward0", 50, 30, thread=2, **{"Sequence number": 7, "Fwd thread id": 1}),
        call(55, 2, 2, thread=2),
        kernel("gemm_forward", 200, 10, 1),
        kernel("gemm_backward", 220, 20, 2),
        kernel("from before", 250, 5, 99),
    ]


def _slice(
    category: str, name: str, start: float, duration: float, thread: int, args: dict[str, Any]
) -> dict[str, Any]:
    return {
        "ph": "X",
        "cat": category,
        "name": name,
        "pid": 1,
        "tid": thread,
        "ts": start,
        "dur": duration,
        "args": args,
    }
