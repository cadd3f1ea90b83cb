"""Small trace files, written as exporters write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def event(name: str = "aten::add", **members: Any) -> dict[str, Any]:
    """A slice of 5 µs at 10 µs on one thread, unless told otherwise."""
    return {"ph": "X", "cat": "cpu_op", "name": name, "pid": 1, "tid": 2, "ts": 10, "dur": 5, **members}


def write_trace(path: Path, *events: Any, **members: Any) -> Path:
    path.write_text(json.dumps({"schemaVersion": 1, **members, "traceEvents": list(events)}))
    return path


def write_raw(path: Path, *events: str, end: str = "]}") -> Path:
    """Events as texts, which need not be JSON."""
    path.write_text('{"schemaVersion": 1, "traceEvents": [\n' + ",\n".join(events) + end)
    return path
