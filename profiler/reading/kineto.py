"""Kineto and Chrome traces, read as fast as the bytes come: a compiled scanner makes columns of them.

The result is that of plain.py, which is the reference; here damage is repaired, too.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..trace import Trace
from .byte_source import ByteSource, Progress
from .event_scan import EventScan
from .plain import read_plain
from .trace_assembly import Assembly

__all__ = ["read_kineto"]


def read_kineto(path: str | Path, progress: Progress | None = None) -> Trace:
    """The trace of a `.json` or `.json.gz` file, damaged or not: `Trace.remarks` tells what was wrong.

    progress  is told (bytes of the file that are read, its size)
    Raises OSError, and ValueError with a sentence for a file without any events.
    """
    with ByteSource(path, progress) as source:
        scan = EventScan(source)
    if scan.parts.unpaired:
        return read_plain(path)
    if scan.parts.zero == np.iinfo(np.int64).max:
        raise ValueError(f"{path}: {_why_no_events(scan, source)}")
    return Assembly(str(path), scan).trace()


def _why_no_events(scan: EventScan, source: ByteSource) -> str:
    if not source.size:
        return "no events: the file is empty"
    wrong = "".join(f"; {remark.text} (byte {remark.offset})" for remark in scan.remarks)
    if not scan.found:
        return f"no trace: there is no list 'traceEvents' in it{wrong}"
    return f"no events: the list 'traceEvents' holds none that has a time{wrong}"
