"""`log.table()`: sorting, baseline, formats, frames."""

from __future__ import annotations

import csv
import gc
import io
import json
import math
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from stepscope.logger import LogDir, SummaryWriter, open_logdir
from stepscope.logger.compare.nodes import ExpressionError
from stepscope.logger.errors import RunNotFound


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogDir]:
    """Four runs whose names and hyperparameters try every format's special characters."""
    folder = tmp_path_factory.mktemp("logs")
    notes = {"run2": "=1+1", "run10": "a|b & c_d 100% $x$ {y} <b>\n`z`", "run1": "-3", "-run": "日本"}
    for number, (name, note) in enumerate(notes.items()):
        with SummaryWriter(folder / name) as writer:
            writer.add_scalar("acc", [0.5, 0.75, math.nan, 0.25][number], 0)
            writer.add_scalar("acc", [0.25, 0.5, math.nan, 0.125][number], 1)
            hparams = {"note_": note, "wide": bool(number % 2), "lr": 10.0**-number}
            if number == 3:
                del hparams["lr"]
            writer.add_hparams(hparams, {})
    with open_logdir(folder, index_dir=False) as opened:
        yield opened


def test_rows_come_in_natural_order_and_sort_puts_missing_ones_last(log: LogDir) -> None:
    assert log.table(["run"]).runs == ["-run", "run1", "run2", "run10"]
    assert log.table(["run"], sort="acc").runs == ["-run", "run2", "run10", "run1"]
    assert log.table(["run"], sort="-acc").runs == ["run10", "run2", "-run", "run1"]
    assert log.table(["run"], sort="wide,-lr").runs == ["run2", "run1", "run10", "-run"]
    assert log.table(["run"], sort=["-wide", "lr"], limit=2).runs == ["run10", "-run"]


def test_columns_may_be_one_text(log: LogDir) -> None:
    assert [info.name for info in log.table("run, max(acc.min, 0)").columns] == ["run", "max(acc.min, 0)"]


def test_a_table_prints_as_one(log: LogDir) -> None:
    table = log.table(["run", "acc.max"], limit=1)
    assert repr(table) == "<RunTable: 1 rows, 2 columns>"
    assert str(table).split() == ["Run", "acc.max", "-run", "0.25"]


def test_where_filters(log: LogDir) -> None:
    assert log.table(["run"], where="acc.max > 0.3 and not wide").runs == ["run2"]
    with pytest.raises(ValueError, match=r"unknown name `accc`; did you mean `acc`\?"):
        log.table(["run"], where="accc > 1")


def test_steps_that_differ_are_not_equal(tmp_path: Path) -> None:
    for step in (99_999_999, 100_000_000, 100_000_001):
        with SummaryWriter(tmp_path / str(step)) as writer:
            writer.add_scalar("share", 0.2, step)
    with open_logdir(tmp_path, index_dir=False) as log:
        assert log.table(["run"], where="last_step == 100_000_000").runs == ["100000000"]
        assert len(log.table(["run"], where="last_step != 100000001")) == 2
        assert len(log.table(["run"], where="share == 0.2")) == 3  # stored as float32


def test_a_value_at_a_step_is_never_one_from_after_it(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step, loss in enumerate([3.0, 1.0, 2.0, 4.0]):
            writer.add_scalar("loss", loss, step)
        writer.add_scalar("early", 10.0, 0)
        writer.add_scalar("early", 30.0, 3)
        writer.add_scalar("late", 20.0, 2)
    with open_logdir(tmp_path, index_dir=False) as log:
        (row,) = log.table(["early.at(loss.min)", "late.at(loss.min)", "late.at(loss.max)"])
    assert list(row.values()) == [10.0, None, 20.0]


def test_a_column_that_is_named_twice_is_there_once(log: LogDir) -> None:
    table = log.table(["lr", "acc", "lr"])
    assert table.to_csv().splitlines()[0] == "lr,acc" and table.to_text().split()[:2] == ["lr", "acc"]


def test_columns_are_numpy_arrays_and_rows_are_dicts(log: LogDir) -> None:
    table = log.table(["run", "acc.max", "wide", "lr"])
    np.testing.assert_array_equal(table.column("acc.max"), [0.25, np.nan, 0.5, 0.75])
    assert next(iter(table)) == {"run": "-run", "acc.max": 0.25, "wide": True, "lr": None}
    assert len(table) == 4
    with pytest.raises(KeyError, match="no column 'x'"):
        table.column("x")


def test_a_baseline_adds_differences_and_percent(log: LogDir) -> None:
    table = log.table(["lr", "acc.max"], baseline="run2")
    assert [info.name for info in table.columns] == ["lr", "acc.max", "acc.max Δ", "acc.max Δ%"]
    np.testing.assert_array_equal(table.column("acc.max Δ"), [-0.25, np.nan, 0, 0.25])
    np.testing.assert_array_equal(table.column("acc.max Δ%"), [-50, np.nan, 0, 50])
    with pytest.raises(RunNotFound, match="'nobody' is no run"):
        log.table(["lr"], baseline="nobody")


def test_a_baseline_may_be_infinite(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("loss", math.inf, 0)
    with open_logdir(tmp_path, index_dir=False) as log:
        assert np.isnan(log.table(["loss"], baseline=".").column("loss Δ")).all()


def test_csv_reads_back_and_holds_no_formula(log: LogDir) -> None:
    rows = list(csv.DictReader(io.StringIO(log.table(["run", "note_", "acc", "wide"]).to_csv())))
    assert [row["note_"] for row in rows] == ["日本", "-3", "'=1+1", "a|b & c_d 100% $x$ {y} <b>\n`z`"]
    assert [row["run"] for row in rows][0] == "'-run"  # noqa: RUF015
    assert [row["acc"] for row in rows] == ["0.125", "nan", "0.25", "0.5"]
    assert rows[0]["wide"] == "true"


def test_json_is_strict(log: LogDir) -> None:
    rows = json.loads(log.table(["run", "acc", "lr"]).to_json(), parse_constant=pytest.fail)
    assert rows[:2] == [{"run": "-run", "acc": 0.125, "lr": None}, {"run": "run1", "acc": "NaN", "lr": 0.01}]


def test_markdown_keeps_its_columns(log: LogDir) -> None:
    lines = log.table(["run", "note_", "lr"]).to_markdown().splitlines()
    assert lines[1] == "| --- | --- | ---: |"
    assert lines[5] == r"| run10 | a\|b &amp; c\_d 100% \$x\$ {y} &lt;b&gt; \`z\` | 0.1 |"


def test_latex_escapes_its_special_characters(log: LogDir) -> None:
    text = log.table(["run", "note_", "lr"], baseline="run2").to_latex()
    assert text.startswith("\\begin{tabular}{llr}\n\\hline\nRun & note\\_ & lr \\\\\n\\hline\n")
    assert r"a\textbar{}b \& c\_d 100\% \$x\$ \{y\} \textless{}b\textgreater{} `z` & 0.1 \\" in text


def test_plain_text_lines_up(log: LogDir) -> None:
    lines = log.table(["run", "note_", "acc.max"]).to_text().splitlines()
    assert lines[0].endswith("  acc.max") and lines[4].endswith(r"<b>\n`z`     0.75")
    assert len({len(line) for line in lines[:1] + lines[2:]}) == 1  # 日本 is twice as wide as it is long


def test_pandas(log: LogDir) -> None:
    pandas = pytest.importorskip("pandas")
    frame = log.table(["acc.max", "wide", "note_", "start", "duration"]).to_pandas()
    assert list(frame.index) == ["-run", "run1", "run2", "run10"]
    assert frame.loc["run2", "acc.max"] == 0.5 and frame["wide"].dtype == "boolean"
    assert frame["start"].dt.tz is not None and frame["duration"].iloc[0] >= pandas.Timedelta(0)


def test_arrow_and_parquet(log: LogDir, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = log.table(["acc.max", "lr", "wide", "start", "duration", "note_"])
    table.to_parquet(tmp_path / "runs.parquet")
    back = parquet.read_table(tmp_path / "runs.parquet")
    assert back.column("lr").to_pylist() == [None, 0.01, 1.0, 0.1]
    assert back.column("wide").to_pylist() == [True, False, False, True]
    assert back.column("start")[0].as_py().timestamp() == pytest.approx(table.column("start")[0], abs=1e-5)


def test_polars(log: LogDir) -> None:
    polars = pytest.importorskip("polars")
    frame = log.table(["acc.max", "lr", "wide", "start", "duration", "note_"]).to_polars()
    assert frame["lr"].to_list() == [None, 0.01, 1.0, 0.1] and frame["wide"].dtype == polars.Boolean
    assert frame["run"].to_list() == ["-run", "run1", "run2", "run10"] and frame["start"].dtype.time_zone == "UTC"


def test_a_library_that_is_not_there_is_named(log: LogDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ModuleNotFoundError, match="to_pandas needs pandas: pip install pandas"):
        log.table(["lr"]).to_pandas()


def test_without_columns_the_table_shows_hyperparameters_and_scalars(log: LogDir) -> None:
    names = [info.name for info in log.table().columns]
    assert names == ["name", "state", "start", "duration", "last_step", "lr", "note_", "wide", "acc"]


def test_steps_beyond_what_floats_can_count_are_exact(tmp_path: Path) -> None:
    far = 2**53 + 1
    for name, step in {"far": far, "near": 3}.items():
        with SummaryWriter(tmp_path / name) as writer:
            writer.add_scalar("loss", 1.0, step)
    with SummaryWriter(tmp_path / "none") as writer:
        writer.add_text("note", "no scalars", 0)
    with open_logdir(tmp_path, index_dir=False) as log:
        table = log.table(["run", "last_step"])
    assert [row["last_step"] for row in table][:2] == [far, 3]
    assert [row["last_step"] for row in json.loads(table.to_json())][0] == far  # noqa: RUF015
    assert table.to_csv().splitlines()[1:3] == [f"far,{far}", "near,3"]
    assert str(far) in table.to_markdown() and str(far) in table.to_text()
    pytest.importorskip("pyarrow")
    assert table.to_arrow().column("last_step").to_pylist()[0] == far
    pytest.importorskip("pandas")
    assert table.to_pandas()["last_step"]["far"] == far


def test_times_that_no_calendar_has(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("loss", 1.0, 0, walltime=-1e18)
        writer.add_scalar("loss", 1.0, 1, walltime=1e18)
    with open_logdir(tmp_path, index_dir=False) as log:
        table = log.table(["start", "duration"])
    assert json.loads(table.to_json())[0] == {"start": -1e18, "duration": 2e18}
    assert table.to_pandas().isna().all(axis=None)


@pytest.mark.parametrize(
    ("where", "marked", "sentence"),
    [
        ('lr < "a"', '"a"', "this is text, and what it is compared with are numbers"),
        ("name < 3", "name", "this is text, and what it is compared with are numbers"),
        ("points.max > 3", "points.max", "`points` is no scalar"),
        ("+".join(["points"] * 102), "+".join(["points"] * 102), "too much arithmetic"),
    ],
)
def test_what_cannot_be_compared_is_said(log: LogDir, where: str, marked: str, sentence: str) -> None:
    with pytest.raises(ExpressionError, match=sentence) as caught:
        log.table(["run"], where=where)
    assert where[caught.value.start : caught.value.end] == marked


def test_long_expressions_are_evaluated(log: LogDir) -> None:
    for where in ("+".join(["points"] * 101), " or ".join(["points > 0"] * 140), "(" * 49 + "points" + ")" * 49):
        assert len(log.table(["run"], where=where)) == len(log.table(["run"]))


def test_a_log_that_nobody_holds_is_freed_with_what_was_compared(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("loss", 0.5, 0)
    log = open_logdir(tmp_path, index_dir=False)
    table = log.table(["run", "loss"])
    gone = weakref.ref(log)
    del log
    gc.collect()
    assert gone() is None
    assert [row["loss"] for row in table] == [0.5]
