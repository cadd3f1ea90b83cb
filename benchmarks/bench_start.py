"""How long the first answer takes: process start → 200 for the page."""

import tempfile
from pathlib import Path

from .make_logdir import scalar_logdir
from .measure import Row, Table, in_turns
from .servers import SERVERS, running


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    logdir = scalar_logdir(50, 20, 1000)
    repeats = 3 if quick else 9
    for server in SERVERS:  # warm up: file cache, compiled kernels
        _seconds(server, logdir)
    warm = in_turns(repeats, {server: lambda s=server: _seconds(s, logdir) for server in SERVERS})
    first = in_turns(
        3, {"stepscope": lambda: _first_start(logdir), "tensorboard": lambda: _seconds("tensorboard", logdir)}
    )
    rows = [
        Row("first answer, started before", warm["stepscope"], [warm["tensorboard"]], at_least=1),
        Row("first answer, nothing compiled yet", first["stepscope"], [first["tensorboard"]], at_least=1),
    ]
    notes = (
        "`dashboard --logdir` and `tensorboard --logdir` in turns on 50 runs × 20 tags × 1,000 steps, no index kept."
    )
    return [Table("Start", ("TensorBoard",), notes, rows)]


def _seconds(server: str, logdir: Path) -> float:
    with running(server, logdir) as (_, seconds):
        return seconds


def _first_start(logdir: Path) -> float:
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as cache,
        running("stepscope", logdir, environment={"NUMBA_CACHE_DIR": cache}) as (_, seconds),
    ):
        return seconds
