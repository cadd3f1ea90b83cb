"""The run table: statistics of every point, the table and its filter for ten thousand runs, `dashboard query`."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from stepscope.logger import LogDir, open_logdir
from stepscope.logger.compare.columns import ColumnReader
from stepscope.logger.compare.comparison import compare
from stepscope.logger.compare.statistics import StatisticsCache
from stepscope.logger.compare.table import build_table
from stepscope.webapp import Settings, create_app

from .make_logdir import scalar_logdir
from .make_sweep import HPARAMS, STEPS, sweep_logdir
from .measure import Row, Table, in_fresh_process, in_turns, median_time
from .servers import SERVERS, running, wait_loaded
from .table_requests import filtered_runs, whole_table

_RUNS = 10_000
_PACKAGES = ("logger", "webapp")  # what `dashboard query` runs
_BESIDE = f"""\
`/api/columns` and `/api/table`, against `hparams/experiment` and `hparams/session_groups`: {HPARAMS} hyperparameters
and 10 scalars of every run; both servers have loaded the same runs; in turns, medians."""
_QUERY = "learning_rate < 0.01 and tag3.max > 0.2 and name ~ '7$'"


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    repeats = 3 if quick else 7
    runs = 1_000 if quick else _RUNS
    rows = [*_statistics_rows(repeats, 50 if quick else 500), *_table_rows(repeats, runs)]
    beside = [row for runs in (200, 1_000) for row in _beside(runs, repeats)]
    return [
        Table("Run table", (), "Medians; processes start fresh, with compiled kernels and an index.", rows),
        Table("Run table over HTTP, beside TensorBoard's hparams plugin", ("TensorBoard",), _BESIDE, beside),
    ]


def _statistics_rows(repeats: int, runs: int) -> Iterator[Row]:
    """Statistics in this process, and a query in a fresh one, over one log with an index."""
    tags, steps = 20, 1000
    what = f"{runs * tags * steps / 1e6:g} M points ({runs} runs × {tags} tags × {steps:,} steps)"
    logdir = scalar_logdir(runs, tags, steps)
    with tempfile.TemporaryDirectory() as index:
        with open_logdir(logdir, index_dir=index) as log:
            snapshot = compare(log)
            _damage_checked(log)
            seconds = median_time(repeats, lambda: StatisticsCache().ensure(snapshot.views, snapshot.scalars))
        yield Row(f"{what}, all statistics of all", seconds, at_most=0.2)
        command = [sys.executable, "-m", "stepscope.webapp", "query", str(logdir), f"{snapshot.scalars[0]}.min < 1",
                   "--columns", f"name,{snapshot.scalars[0]}.max", "--format", "csv", "--index-dir", index]  # fmt: skip
        _ended(command)  # leaves the modules compiled
        seconds = median_time(repeats, lambda: _ended(command))
        yield Row(f"{what}, `dashboard query`, process start included", seconds, at_most=0.5)
        with _never_compiled() as surroundings:
            seconds = median_time(repeats, lambda: _ended(command, surroundings))
        yield Row(f"{what}, the same without `__pycache__`", seconds, at_most=0.5)
        grown = in_fresh_process(f"{__package__}.reader_process", "statistics", logdir, index)["bytes"]
        yield Row(f"{what}, memory per point with all statistics", grown / (runs * tags * steps), unit="B", at_most=24)


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

        first = median_time(1, lambda: ask("/api/table", {"columns": columns}))
        again = median_time(repeats, lambda: ask("/api/table", {"columns": columns}))
        assert json.loads(ask("/api/filter", {"query": _QUERY}))["error"] is None
        yield Row(f"{what}, first answer", first)
        yield Row(f"{what}, later answers", again)
        yield Row(f"{what}, size of the answer", len(ask("/api/table", {"columns": columns})), unit="B")
        yield Row(
            f"{what}, filter `{_QUERY}`",
            median_time(repeats, lambda: ask("/api/filter", {"query": _QUERY})),
            at_most=0.05,
        )
        reader = ColumnReader(compare(log))
        yield Row(f"{what}, sort by two columns", median_time(repeats, lambda: _sorted(reader)), at_most=0.1)


def _beside(runs: int, repeats: int) -> list[Row]:
    """The same questions to both servers."""
    logdir, what = sweep_logdir(runs), f"{runs:,} runs"
    with running("stepscope", logdir) as (ours, _), running("tensorboard", logdir) as (theirs, _):
        urls = dict(zip(SERVERS, (ours, theirs), strict=True))
        for server, url in urls.items():
            wait_loaded(server, url, runs, "tag0", STEPS - 1)
        figures = [
            in_turns(
                repeats,
                {server: lambda s=server, ask=ask: median_time(1, lambda: ask(s, urls[s])) for server in SERVERS},
            )
            for ask in (whole_table, filtered_runs)
        ]
    whole, filtered = ((each["stepscope"], [each["tensorboard"]]) for each in figures)
    return [
        Row(f"{what}, everything for the table", *whole, at_least=3),
        Row(f"{what}, which runs have learning_rate ≤ 0.01", *filtered, at_least=3),
    ]


@contextmanager
def _never_compiled() -> Iterator[dict[str, str]]:
    """Surroundings in which our modules are found without `__pycache__`, and none is written."""
    with tempfile.TemporaryDirectory() as folder:
        for package in _PACKAGES:
            source = Path(__file__).parent.parent / package
            shutil.copytree(source, Path(folder) / "stepscope" / package, ignore=shutil.ignore_patterns("__pycache__"))
        yield {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}


def _ended(command: Sequence[str], surroundings: Mapping[str, str] = MappingProxyType({})) -> None:
    """Run a command as users do, with Python's compiled modules kept unless the surroundings say otherwise."""
    inherited = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**inherited, **surroundings})


def _sorted(reader: ColumnReader) -> None:
    build_table(reader, ["name"], sort="hparam1,-tag3.max")


def _damage_checked(log: LogDir) -> None:
    """The index's checksums are verified when columns are first touched; that is no part of the statistics."""
    StatisticsCache().ensure(log.snapshot()[1], compare(log).scalars)
