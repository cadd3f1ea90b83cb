"""`dashboard query`: tables and series in the terminal."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from web_helpers import write_run

from stepscope.logger import SummaryWriter
from stepscope.webapp.cli import main
from stepscope.webapp.query_flags import query_parser

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    for number, name in enumerate(("a", "b")):
        with SummaryWriter(tmp_path / "logs" / name) as writer:
            for step in range(3):
                writer.add_scalar("loss", float(number + step), step)
            writer.add_hparams({"lr": 0.1**number}, {})
    return tmp_path / "logs"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["query", "--index-dir", "", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_filter_behind_the_directory(capsys: pytest.CaptureFixture[str], logdir: Path) -> None:
    options = ["--columns", "name,lr,loss.max", "--format", "csv"]
    assert said(capsys, str(logdir), "lr < 0.5", *options)[:2] == (0, "name,lr,loss.max\nb,0.1,3\n")
    assert said(capsys, str(logdir), *options, "lr > 0.5")[:2] == (0, "name,lr,loss.max\na,1,2\n")


def test_sort_limit_and_json(capsys: pytest.CaptureFixture[str], logdir: Path) -> None:
    _, out, _ = said(capsys, str(logdir), "--columns=run", "--sort=-loss.max", "--limit=1", "--format=json")
    assert json.loads(out) == [{"run": "b"}]


def test_series_are_points(capsys: pytest.CaptureFixture[str], logdir: Path) -> None:
    _, out, _ = said(capsys, "--logdir", str(logdir), "name == 'b'", "--series", "loss", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["run"], row["tag"], row["step"], row["value"]) for row in rows] == [
        ("b", "loss", "0", "1"), ("b", "loss", "1", "2"), ("b", "loss", "2", "3"),
    ]  # fmt: skip


def test_the_default_is_a_padded_table(capsys: pytest.CaptureFixture[str], logdir: Path) -> None:
    _, out, _ = said(capsys, str(logdir))
    head, *rows = out.splitlines()
    assert head.split() == ["Name", "State", "Started", "Duration", "Last", "step", "lr", "loss"] and len(rows) == 2


def test_mistakes_are_marked(capsys: pytest.CaptureFixture[str], logdir: Path) -> None:
    code, _, err = said(capsys, str(logdir), "1 > lrr")
    assert (code, err.splitlines()) == (
        2,
        ["dashboard query: unknown name `lrr`; did you mean `lr`?", "  1 > lrr", "      ^^^"],
    )
    for tag, sentence in {
        "lose": "no run has a scalar `lose`; did you mean `loss`?",
        "loss.max": "no run has a scalar `loss.max`; did you mean `loss`?",
        "x/y": "no run has a scalar `x/y`",
    }.items():
        assert said(capsys, str(logdir), "--series", tag)[2] == f"dashboard query: {sentence}\n"
    assert "'nobody' is no run" in said(capsys, str(logdir), "--baseline", "nobody")[2]


def test_a_state_file_that_cannot_be_read_is_said_and_left_alone(
    capsys: pytest.CaptureFixture[str], logdir: Path, tmp_path: Path
) -> None:
    (tmp_path / "state.json").write_text("{")
    code, out, err = said(capsys, str(logdir), "--columns", "run", "--state_file", str(tmp_path / "state.json"))
    assert (code, out.split()) == (0, ["Run", "a", "b"])
    assert err.startswith(f"dashboard query: the state file {tmp_path / 'state.json'}")
    assert (tmp_path / "state.json").read_text() == "{"


def test_nothing_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = said(capsys, str(tmp_path / "none"))
    assert (code, err) == (1, f"dashboard query: {tmp_path / 'none'} does not exist\n")
    (tmp_path / "empty").mkdir()
    assert said(capsys, str(tmp_path / "empty"))[2] == (
        f"dashboard query: there are no event files under {tmp_path / 'empty'}\n"
    )


def test_the_limit_counts_runs_that_have_the_scalar(capsys: pytest.CaptureFixture[str], logdir: Path) -> None:
    write_run(logdir / "0-none", {"other": [(0, 1.0)]})
    code, out, _ = said(capsys, str(logdir), "--series", "loss", "--limit", "1", "--columns", "run", "--format", "csv")
    assert code == 0 and {line.split(",")[0] for line in out.splitlines()[1:]} == {"a"}


def test_numbers_that_are_none_are_spelled_alike_everywhere(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    values = [math.nan, math.inf, -math.inf, 0.5]
    write_run(tmp_path / "a", {"loss": list(enumerate(values))})
    ask = (str(tmp_path), "--series", "loss", "--format")
    lines = said(capsys, *ask, "csv")[1].splitlines()
    assert [line.rsplit(",", 1)[1] for line in lines] == ["value", "nan", "inf", "-inf", "0.5"]
    points = json.loads(said(capsys, *ask, "json")[1], parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    assert [point["value"] for point in points] == ["NaN", "Infinity", "-Infinity", 0.5]


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no /dev/full")
def test_pipes_that_end_and_disks_that_are_full(logdir: Path) -> None:
    command = [sys.executable, "-m", "stepscope.webapp", "query", str(logdir), "--index_dir", ""]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and done.stderr == "dashboard query: [Errno 28] No space left on device\n"
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_parquet_goes_into_a_pipe(logdir: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    command = [sys.executable, "-m", "stepscope.webapp", "query", str(logdir), "--index_dir", "", "--format", "parquet"]
    with open(tmp_path / "runs.parquet", "wb") as file:
        subprocess.run(command, stdout=file, check=True)
    assert parquet.read_table(tmp_path / "runs.parquet").column("run").to_pylist() == ["a", "b"]


def test_what_an_encoding_lacks_is_escaped(tmp_path: Path) -> None:
    write_run(tmp_path / "größe", {"loss": [(0, 1.0)]})
    command = [sys.executable, "-m", "stepscope.webapp", "query", str(tmp_path), "--index_dir", "", "--columns", "run"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1] == r"gr\xf6\xdfe"


def test_every_flag_is_in_the_readme() -> None:
    flags = [action.option_strings[0] for action in query_parser()._actions if action.option_strings]
    assert [flag for flag in flags if f"`{flag}" not in README and flag != "-h"] == []


def test_the_greatest_first_needs_no_equals_sign(capsys: pytest.CaptureFixture[str], logdir: Path) -> None:
    code, out, _ = said(capsys, str(logdir), "--sort", "-loss.max", "--columns", "run", "--format", "csv")
    assert (code, out) == (0, "run\nb\na\n")


def test_an_empty_answer_is_said_beside_it(capsys: pytest.CaptureFixture[str], logdir: Path) -> None:
    code, out, err = said(capsys, str(logdir), "lr > 5", "--columns", "run", "--format", "json")
    assert (code, json.loads(out), err) == (0, [], "dashboard query: none of the runs matches lr > 5\n")


def test_options_that_ask_for_nothing(capsys: pytest.CaptureFixture[str], logdir: Path) -> None:
    assert "--columns names no column" in said(capsys, str(logdir), "--columns", " ,")[2]
    with pytest.raises(SystemExit):
        said(capsys, str(logdir), "--limit", "-1")
    assert "expected a whole number from 0 on, got '-1'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("start > 2025-10-10", 'a date goes in quotes: "2025-10-10"'),
        ("start > 'yesterday'", 'expected a date such as "2026-01-31"'),
        ("state = finished", 'a text goes in quotes: "finished"'),
    ],
)
def test_dates_and_texts_are_quoted(
    capsys: pytest.CaptureFixture[str], logdir: Path, words: str, sentence: str
) -> None:
    code, out, err = said(capsys, str(logdir), words)
    assert (code, out) == (2, "") and sentence in err
