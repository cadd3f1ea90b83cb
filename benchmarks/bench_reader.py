"""From event files to queryable: ours, every point kept and checksums verified, against TensorBoard's data server."""

import re
import subprocess
import tempfile
import threading
from pathlib import Path

import tensorboard_data_server

from .make_logdir import image_logdir, scalar_logdir
from .measure import Row, Table, in_fresh_process, in_turns

_LOADED = re.compile(r"Finished load cycle \((.*)\)")
_UNITS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6}
_TIMEOUT = 300.0  # s
_PROCESS = f"{__package__}.reader_process"


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    repeats = 3 if quick else 7
    shapes = ((1, 20, 50_000), (100 if quick else 500, 20, 1000))
    loading, memory = [], []
    for shape in shapes:
        times, sizes = _scalar_rows(shape, repeats)
        loading += times
        memory += sizes
    memory += _image_rows(100, 1_000_000)
    return [
        Table(
            "Reader",
            ("data server",),
            "`open_logdir` in a fresh process with compiled kernels: checksums verified, every point kept. The rival "
            "is TensorBoard's Rust server: no data checksums, 1,000 points a tag. The processes take turns; medians.",
            loading,
        ),
        Table(
            "Memory and index",
            ("data server",),
            "Growth of the resident memory while loading; index files on disk.",
            memory,
        ),
    ]


def _scalar_rows(shape: tuple[int, int, int], repeats: int) -> tuple[list[Row], list[Row]]:
    runs, tags, steps = shape
    points = runs * tags * steps
    what = f"{runs} run{'s' * (runs > 1)} × {tags} tags × {steps:,} steps"
    logdir = scalar_logdir(*shape)
    with tempfile.TemporaryDirectory() as index:
        in_fresh_process(_PROCESS, "write-index", logdir, index)
        figures = in_turns(
            repeats,
            {
                "load": lambda: _opening(logdir)["seconds"],
                "cold": lambda: in_fresh_process(_PROCESS, "open-cold", logdir)["seconds"],
                "reopen": lambda: _opening(logdir, index)["seconds"],
                "server": lambda: _server_seconds(logdir),
                "memory": lambda: _opening(logdir)["bytes"],
                "memory from index": lambda: _opening(logdir, index)["bytes"],
            },
        )
        index_bytes = _folder_bytes(Path(index))
    server = figures["server"]
    times = [
        Row(f"{what}, files → queryable", figures["load"], [server], at_least=3),
        Row(f"{what}, the same with imports and kernel loading of a new process", figures["cold"], [server]),
        Row(f"{what}, reopened with an index", figures["reopen"], [server], at_least=50),
    ]
    sizes = [
        Row(f"{what}, memory per point", figures["memory"] / points, unit="B", at_most=24),
        Row(f"{what}, memory per point, reopened", figures["memory from index"] / points, unit="B", at_most=24),
        Row(f"{what}, index per point", index_bytes / points, unit="B", at_most=24),
    ]
    return times, sizes


def _image_rows(images: int, size: int) -> list[Row]:
    logdir = image_logdir(images, size)
    what = f"{images} images of {size / 1e6:g} MB"
    with tempfile.TemporaryDirectory() as index:
        figures = in_fresh_process(_PROCESS, "write-index", logdir, index)
        index_bytes = _folder_bytes(Path(index))
    return [
        Row(f"{what}, files → queryable", figures["seconds"], [_server_seconds(logdir)]),
        Row(f"{what}, memory", figures["bytes"], unit="B", at_most=5e6),
        Row(f"{what}, index", index_bytes, unit="B", at_most=100e3),
    ]


def _opening(logdir: Path, index: str = "") -> dict[str, float]:
    return in_fresh_process(_PROCESS, "open", logdir, *([index] if index else []))


def _server_seconds(logdir: Path) -> float:
    """The time of one load cycle as the data server itself prints it."""
    command = [tensorboard_data_server.server_binary(), "--logdir", logdir, "--reload", "once", "-vv", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    watchdog = threading.Timer(_TIMEOUT, process.kill)
    watchdog.start()
    try:
        for line in process.stderr:
            if found := _LOADED.search(line):
                return _duration(found[1])
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()
    raise RuntimeError(f"the data server ended before it had loaded {logdir}")


def _duration(text: str) -> float:
    """Seconds of `1.5s`, `652.9ms`, `12.3µs`."""
    number, unit = re.fullmatch(r"([\d.]+)(\D+)", text).groups()
    return float(number) * _UNITS[unit]


def _folder_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
