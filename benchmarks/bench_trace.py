"""From a trace file to columns and to the overview, against HolisticTraceAnalysis; seconds and memory.

HTA_PYTHON names a Python that has HolisticTraceAnalysis; without it the rival's columns stay empty.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .make_trace import make_trace
from .measure import Row, Table, in_fresh_process

_SOURCE = (
    Path(__file__).parents[2] / "shared/traces/tracelens/h100/google_owlv2-large-patch14-ensemble__1016001.json.gz"
)
_PROCESS = f"{__package__}.trace_process"
_COPIES = 8  # 286 MB
_ROOT = Path(__file__).parent.parent


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject; none without the real trace that the large ones are made of."""
    if not _SOURCE.exists():
        print(f"trace: {_SOURCE} is not there")
        return []
    with tempfile.TemporaryDirectory() as folder:
        rows = _compared(Path(folder), 2 if quick else _COPIES)
        if not quick:
            rows += _alone(Path(folder), 36)
    return [
        Table(
            "Traces",
            ("HTA",),
            "A real trace repeated, in a fresh process, compiled kernels and imports not counted. HTA: loading and its "
            "breakdown of time. The second opening maps the columns that the first one kept.",
            rows,
        )
    ]


def _compared(folder: Path, copies: int) -> list[Row]:
    trace = folder / "trace.json"
    what = _described(trace, make_trace(_SOURCE, copies, trace))
    packed = folder / "packed.json.gz"
    with trace.open("rb") as source, gzip.open(packed, "wb", compresslevel=6) as target:
        shutil.copyfileobj(source, target)
    ours = {
        name: _ours(command, path)
        for name, command, path in (
            ("read", "read", trace),
            ("packed", "read", packed),
            ("overview", "overview", trace),
        )
    }
    again = _ours("read", trace, openings=2)
    rival = _rival(trace)
    least = 4 if copies == _COPIES else None  # of a small trace the memory is that of Python
    return [
        Row(f"{what}, file → columns", ours["read"]["seconds"], [rival.get("seconds")], at_least=6, at_most=3.0),
        Row(f"{what}, compressed, file → columns", ours["packed"]["seconds"], at_most=3.0),
        Row(f"{what}, file → overview", ours["overview"]["seconds"], [rival.get("seconds")], at_least=6),
        Row(f"{what}, file → overview, processor time", ours["overview"]["cpu"], [rival.get("cpu")]),
        Row(f"{what}, the first opening against the second", again["seconds"], [ours["read"]["seconds"]], at_least=50),
        Row(
            f"{what}, peak memory of the overview",
            ours["overview"]["peak"],
            [rival.get("peak")],
            "B",
            at_least=least,
        ),
    ]


def _alone(folder: Path, copies: int) -> list[Row]:
    trace = folder / "large.json"
    what = _described(trace, make_trace(_SOURCE, copies, trace))
    ours = _ours("read", trace)
    return [
        Row(f"{what}, file → columns", ours["seconds"]),
        Row(f"{what}, peak memory", ours["peak"], unit="B", at_most=0.6e9),
    ]


def _described(trace: Path, events: int) -> str:
    return f"{trace.stat().st_size / 1e6:,.0f} MB, {events:,} events"


def _ours(command: str, trace: Path, openings: int = 1) -> dict[str, float]:
    """Figures of the last of some openings, which share an index."""
    with tempfile.TemporaryDirectory() as index:
        return [in_fresh_process(_PROCESS, command, trace, index) for _ in range(openings)][-1]


def _rival(trace: Path) -> dict[str, float]:
    python = os.environ.get("HTA_PYTHON")
    if not python:
        return {}
    command = [python, str(Path(__file__).with_name("trace_process.py")), "rival", str(trace)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True, cwd=_ROOT)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures
