"""The run table: statistics of every point, the table and its filter for ten thousand runs, `dashboard query`."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median

from stepscope.logger import LogDir, open_logdir
from stepscope.logger.compare.columns import ColumnReader
from stepscope.logger.compare.comparison import compare
from stepscope.logger.compare.statistics import StatisticsCache
from stepscope.logger.compare.table import build_table
from stepscope.webapp import Settings, create_app

from .make_logdir import scalar_logdir
from .make_sweep import HPARAMS, sweep_logdir
from .measure import Row, Table

_RUNS = 10_000
_QUERY = "learning_rate < 0.01 and tag3.max > 0.2 and name ~ '7$'"


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    repeats = 3 if quick else 7
    runs = 1_000 if quick else _RUNS
    rows = [*_statistics_rows(repeats, 50 if quick else 500), *_table_rows(repeats, runs)]
    return [Table("Run table", (), "Medians; processes start fresh, with compiled kernels and an index.", rows)]


def _statistics_rows(repeats: int, runs: int) -> Iterator[Row]:
    """Statistics in this process, and a query in a fresh one, over one log with an index."""
    tags, steps = 20, 1000
    what = f"{runs * tags * steps / 1e6:g} M points ({runs} runs × {tags} tags × {steps:,} steps)"
    logdir = scalar_logdir(runs, tags, steps)
    with tempfile.TemporaryDirectory() as index:
        with open_logdir(logdir, index_dir=index) as log:
            snapshot = compare(log)
            _damage_checked(log)
            seconds = _median(repeats, lambda: StatisticsCache().ensure(snapshot.views, snapshot.scalars))
        yield Row(f"{what}, all statistics of all", seconds, at_most=0.2)
        command = [sys.executable, "-m", "stepscope.webapp", "query", str(logdir), f"{snapshot.scalars[0]}.min < 1",
                   "--columns", f"name,{snapshot.scalars[0]}.max", "--format", "csv", "--index-dir", index]  # fmt: skip
        _ended(command)  # leaves the modules compiled
        seconds = _median(repeats, lambda: _ended(command))
        yield Row(f"{what}, `dashboard query`, process start included", seconds, at_most=0.5)


def _table_rows(repeats: int, runs: int) -> Iterator[Row]:
    """A server's answers for a sweep."""
    what = f"{runs:,} runs × 30 columns"
    columns = ["name", "state", "start", "last", "duration", "last_step", "points", "tags", "note", "run"]
    columns += [f"hparam{n}" for n in range(1, HPARAMS)] + ["learning_rate"]
    columns += [f"tag{n}.{part}" for n, part in enumerate(["max", "min", "last", "mean", "std"] * 2)]
    with tempfile.TemporaryDirectory() as index, open_logdir(sweep_logdir(runs), index_dir=index) as log:
        client = create_app(log, Settings(index_dir="")).test_client()

        def ask(route: str, body: object) -> bytes:
            answer = client.post(route, json=body)
            assert answer.status_code == 200, answer.text
            return answer.data

        first = _median(1, lambda: ask("/api/table", {"columns": columns}))
        again = _median(repeats, lambda: ask("/api/table", {"columns": columns}))
        assert json.loads(ask("/api/filter", {"query": _QUERY}))["error"] is None
        yield Row(f"{what}, first answer", first)
        yield Row(f"{what}, later answers", again)
        yield Row(f"{what}, size of the answer", len(ask("/api/table", {"columns": columns})), unit="B")
        yield Row(
            f"{what}, filter `{_QUERY}`", _median(repeats, lambda: ask("/api/filter", {"query": _QUERY})), at_most=0.05
        )
        reader = ColumnReader(compare(log))
        yield Row(f"{what}, sort by two columns", _median(repeats, lambda: _sorted(reader)), at_most=0.1)


def _ended(command: Sequence[str]) -> None:
    """Run a command as users do, with Python's compiled modules kept."""
    surroundings = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=surroundings)


def _sorted(reader: ColumnReader) -> None:
    build_table(reader, ["name"], sort="hparam1,-tag3.max")


def _damage_checked(log: LogDir) -> None:
    """The index's checksums are verified when columns are first touched; that is no part of the statistics."""
    StatisticsCache().ensure(log.snapshot()[1], compare(log).scalars)


def _median(repeats: int, task: Callable[[], object]) -> float:
    """Seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return median(times)
