"""What every benchmark needs: rivals measured in turns, medians, and tables that put them side by side."""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from statistics import median

_RIVALS = ("torch", "tensorboard", "tensorboard-data-server", "tensorboardX")
_DISTRIBUTIONS = ("stepscope", "numpy", "protobuf", "numba", *_RIVALS)


@dataclass(frozen=True)
class Row:
    """One measured thing.

    what: what was done, in words.
    ours, theirs: medians in `unit`; `theirs` in the order of the table's rivals, None where a rival cannot do it.
    at_least: the ratio (first rival / ours) we want to reach.
    at_most: the value of `ours` we want to stay below.
    """

    what: str
    ours: float
    theirs: Sequence[float | None] = ()
    unit: str = "s"
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Table:
    """The rows of one subject; `notes` says how they were measured."""

    title: str
    rivals: Sequence[str]
    notes: str = ""
    rows: list[Row] = field(default_factory=list)

    def to_markdown(self) -> str:
        header = ["", "stepscope", *self.rivals, "ratio", "target"]
        lines = [header, ["---", *["---:"] * (len(header) - 1)], *(self._cells(row) for row in self.rows)]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        return "\n\n".join(part for part in (f"### {self.title}", self.notes, table) if part)

    def _cells(self, row: Row) -> list[str]:
        theirs = [*row.theirs, *[None] * (len(self.rivals) - len(row.theirs))]
        ratio = theirs[0] / row.ours if theirs and theirs[0] is not None and row.ours else None
        return [
            row.what,
            format_value(row.ours, row.unit),
            *("–" if value is None else format_value(value, row.unit) for value in theirs),
            "–" if ratio is None else f"{ratio:.3g}×",
            _verdict(row, ratio),
        ]


def in_turns(repeats: int, tasks: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """Call every task once per round, so that a busy moment of the machine hits all of them; medians by name."""
    figures: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(repeats):
        for name, task in tasks.items():
            figures[name].append(task())
    return {name: median(values) for name, values in figures.items()}


def median_time(repeats: int, task: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return median(times)


def in_fresh_process(module: str, *args: object) -> dict[str, float]:
    """Run `python -m module args…` and return the JSON object in the last line it prints."""
    command = [sys.executable, "-m", module, *map(str, args)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=Path(__file__).parent.parent)
    return json.loads(done.stdout.splitlines()[-1])


def machine() -> str:
    """The machine and the versions the figures belong to, one line."""
    versions = ", ".join(f"{name} {version}" for name in _DISTRIBUTIONS if (version := _version(name)))
    system = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{system}, {versions}"


def format_value(value: float, unit: str) -> str:
    """`0.00123, "s"` → `1.23 ms`, `2.5e6, "B"` → `2.5 MB`; other units are put behind three digits."""
    if unit == "s":
        scale, name = next(((s, n) for s, n in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")) if abs(value) >= s), (1e-9, "ns"))
    elif unit == "B":
        scale, name = next(((s, n) for s, n in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")) if abs(value) >= s), (1, "B"))
    else:
        scale, name = 1, unit
    number = value / scale
    return f"{number:.0f} {name}" if abs(number) >= 100 else f"{number:.3g} {name}"


def _verdict(row: Row, ratio: float | None) -> str:
    if row.at_least is not None and ratio is not None:
        return f"≥ {row.at_least:g}× {'✓' if ratio >= row.at_least else '✗'}"
    if row.at_most is not None:
        return f"≤ {format_value(row.at_most, row.unit)} {'✓' if row.ours <= row.at_most else '✗'}"
    return ""


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
