"""The run table over HTTP: columns, values, filters, changes, export."""

from __future__ import annotations

import csv
import io
import json
import math
import struct
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from stepscope.logger import LogDir, SummaryWriter, open_logdir
from stepscope.webapp import Settings, create_app
from stepscope.webapp.table_changes import states_version


def train(folder: Path, steps: int = 5, **hparams: Any) -> None:
    """A run with a loss, and its hyperparameters in a run below it, as torch writes them."""
    with SummaryWriter(folder) as writer:
        for step in range(steps):
            writer.add_scalar("loss", 1.0 / (1 + step), step)
            writer.add_scalar("acc", step / 10, step)
        if hparams:
            writer.add_hparams(hparams, {"hp/acc": 0.5})


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    train(folder / "a", lr=0.1, opt="adam", amp=True)
    train(folder / "b", steps=3, lr=0.01, opt="sgd")
    train(folder / "größe 2")
    return folder


def table(client: FlaskClient, *columns: str, since: int | None = None) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """(header, column → values with None for missing), decoded as a browser does."""
    answer = client.post("/api/table", json={"columns": list(columns), "since": since})
    assert answer.status_code == 200, answer.json
    (length,) = struct.unpack_from("<I", answer.data, 4)
    header = json.loads(answer.data[8 : 8 + length])
    assert answer.data[:4] == b"SSB1" and length % 8 == 0
    values: dict[str, list[Any]] = {}
    for column in header["columns"]:
        if "array" in column:
            place = column["array"]
            dtype, at = np.dtype("<" + place["dtype"]), 8 + length + place["at"]
            array = np.frombuffer(answer.data, dtype, len(header["runs"]), at).tolist()
            strings = column.get("strings")
            values[column["name"]] = [
                (None if value < 0 else strings[value]) if strings is not None else None if value != value else value
                for value in array
            ]
    return header, values


def test_columns_list_hyperparameters_with_their_kinds(client: FlaskClient) -> None:
    answer = client.get("/api/columns").json
    assert answer["scalars"] == ["acc", "hp/acc", "loss"]
    assert {entry["name"]: (entry["kind"], entry["missing"]) for entry in answer["hparams"]} == {
        "amp": ("bool", 2), "lr": ("number", 1), "opt": ("text", 1),
    }  # fmt: skip
    assert [entry["name"] for entry in answer["builtin"]][:3] == ["run", "name", "state"]


def test_the_table_has_a_row_per_run_and_none_for_joined_ones(client: FlaskClient) -> None:
    header, values = table(client, "run", "lr", "opt", "amp", "loss.min", "acc.at(loss.min)", "hp/acc", "last_step")
    assert header["runs"] == ["a", "b", "größe 2"]
    assert values == {
        "run": ["a", "b", "größe 2"], "lr": [0.1, 0.01, None], "opt": ["adam", "sgd", None], "amp": [1.0, None, None],
        "loss.min": pytest.approx([0.2, 1 / 3, 0.2]), "acc.at(loss.min)": pytest.approx([0.4, 0.2, 0.4]),
        "hp/acc": [0.5, 0.5, None], "last_step": [4, 2, 4],
    }  # fmt: skip
    assert [run["name"] for run in client.get("/api/runs").json["runs"]] == ["a", "b", "größe 2"]


def test_joined_tags_are_listed_under_the_row(client: FlaskClient) -> None:
    runs = client.get("/api/runs").json
    tags = {run["name"]: [runs["tags"][i] for i in runs["tag_sets"][run["tags"]]] for run in runs["runs"]}
    assert tags == {"a": ["acc", "hp/acc", "loss"], "b": ["acc", "hp/acc", "loss"], "größe 2": ["acc", "loss"]}


def test_a_column_that_is_not_understood_says_why_and_the_others_come(client: FlaskClient) -> None:
    header, values = table(client, "lrr", "lr", "loss.min <")
    assert values == {"lr": [0.1, 0.01, None]}
    assert header["columns"][0]["error"] == {"message": "unknown name `lrr`; did you mean `lr`?", "start": 0, "end": 3}
    assert header["columns"][2]["error"]["message"] == "expected a value after <"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", None), ("lr < 0.05", [1]), ("lr < 0.05 or lr is missing", [1, 2]), ("opt ~ 'a.*m'", [0]), ("GRÖSSE", [2]),
        ("grossartig", []),
        ("größe", [2]), ("adam", [0]), ("'größe 2'", [2]), ("amp", [0]), ("not amp", [1, 2]), ("opt != 'sgd'", [0, 2]), 
        ("opt in ['sgd']", [1]),
        ("loss.last == 0.2 and points > 5", [0, 2]), ("0.05 < lr <= 0.1", [0]), ("start > '2001-01-01'", [0, 1, 2]),
        ("state == 'finished'", [0, 1, 2]), ("acc.max - acc.min > 0.3", [0, 2]),
    ],
)  # fmt: skip
def test_filters(client: FlaskClient, query: str, found: list[int] | None) -> None:
    answer = client.post("/api/filter", json={"query": query}).json
    if found == []:
        assert answer["error"] is not None
    else:
        assert (answer["runs"], answer["error"]) == (found, None)


def test_a_filter_that_is_not_understood_says_where(client: FlaskClient) -> None:
    answer = client.post("/api/filter", json={"query": "lr < 1 and"}).json
    assert answer["error"] == {"message": "expected a value after and", "start": 7, "end": 10}


def test_only_rows_that_changed_come_again(client: FlaskClient, log: LogDir, logdir: Path) -> None:
    header, _ = table(client, "loss.last", "state")
    assert table(client, "loss.last", "state", since=header["version"])[0]["runs"] == []
    with SummaryWriter(logdir / "b") as writer:
        writer.add_scalar("loss", 7.0, 99)
    log.refresh()
    changed, values = table(client, "loss.last", since=header["version"])
    assert (changed["runs"], changed["rows_total"], values["loss.last"]) == (["b"], 3, [7.0])
    train(logdir / "new")
    log.refresh()
    assert table(client, "loss.last", since=changed["version"])[0]["runs"] == ["a", "b", "größe 2", "new"]


def test_a_state_that_changes_with_time_only_comes_again(
    client: FlaskClient, log: LogDir, logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = client.application.extensions["stepscope"].source
    assert states_version(source) == 0
    with SummaryWriter(logdir / "live") as writer:
        writer.add_scalar("loss", 1.0, 0)
        writer.flush()
        log.refresh()
        header, values = table(client, "state")
        assert dict(zip(header["runs"], values["state"], strict=True))["live"] == "running"
        version = states_version(source)
        later = time.time() + 3600
        monkeypatch.setattr(time, "time", lambda: later)
        assert states_version(source) > version
        changed, values = table(client, "state", "loss", since=header["version"])
    assert (changed["runs"], values) == (["live"], {"state": ["crashed"], "loss": [1.0]})
    assert changed["rows_total"] == 4


def test_changed_values_are_those_of_a_whole_table(client: FlaskClient, log: LogDir, logdir: Path) -> None:
    train(logdir / "text", opt="7")
    log.refresh()
    columns = ("name", "lr", "opt", "opt + 1", "loss.min", "hp/acc", "loss.at(acc.max)", "acc - loss", "points")
    header, _ = table(client, *columns)
    with SummaryWriter(logdir / "b") as writer:  # a restart
        writer.add_scalar("loss", -5.0, 1)
        writer.add_scalar("acc", 0.9, 1)
    log.refresh()
    changed, values = table(client, *columns, since=header["version"])
    whole, expected = table(client, *columns)
    assert "b" in changed["runs"] and -5.0 in values["loss.min"]
    places = [whole["runs"].index(run) for run in changed["runs"]]
    assert values == {name: [column[place] for place in places] for name, column in expected.items()}
    assert [column["kind"] for column in changed["columns"]] == [column["kind"] for column in whole["columns"]]


def test_names_and_notes_come_from_the_user_state(client: FlaskClient) -> None:
    changes = [
        {"path": ["runs", "a", "name"], "value": "The best"},
        {"path": ["runs", "a", "tags"], "value": ["x", "y"]},
    ]
    assert client.post("/api/state", json={"changes": changes}).status_code == 200
    assert table(client, "name", "tags")[1] == {"name": ["The best", "b", "größe 2"], "tags": ["x, y", None, None]}
    assert client.post("/api/filter", json={"query": "best"}).json["runs"] == [0]


def test_export_writes_the_rows_as_shown(client: FlaskClient) -> None:
    body = {"columns": ["name", "lr", "loss.last"], "runs": ["b", "a"], "format": "csv", "baseline": "a"}
    answer = client.post("/api/table/export", json=body)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="runs.csv"'
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["name", "lr", "loss.last", "loss.last Δ", "loss.last Δ%"]
    assert [row[:2] for row in rows[1:]] == [["b", "0.01"], ["a", "0.1"]]
    assert float(rows[1][4]) == pytest.approx(100 * (1 / 3 - 0.2) / 0.2)


@pytest.mark.parametrize("form", ["json", "markdown", "latex", "parquet"])
def test_every_format_is_written(client: FlaskClient, form: str) -> None:
    answer = client.post("/api/table/export", json={"columns": ["name", "start", "duration"], "format": form})
    assert answer.status_code == 200 and len(answer.data) > 50


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/table", []), ("/api/table", {"columns": "lr"}), ("/api/table", {"columns": ["lr"], "since": "x"}),
        ("/api/filter", {"query": 3}), ("/api/table/export", {"columns": ["lr"], "format": "exe"}),
        ("/api/table/export", {"columns": ["lrr"], "format": "csv"}), ("/api/table", {"columns": ["lr"] * 2000}),
        ("/api/table/export", {"columns": ["loss.last"], "format": "csv", "baseline": 3}),
    ],
)  # fmt: skip
def test_malformed_requests_are_refused_with_a_sentence(client: FlaskClient, path: str, body: object) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == 400 and len(answer.json["error"]) > 10


def test_an_empty_log_has_an_empty_table(tmp_path: Path) -> None:
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log, Settings(logdirs={"": str(tmp_path)}, index_dir="")).test_client()
        assert table(client, "name", "last_step")[1] == {"name": [], "last_step": []}
        assert client.post("/api/filter", json={"query": "points > 1"}).json["runs"] == []
        assert client.get("/api/columns").json["hparams"] == []


def test_nan_survives_and_is_not_missing(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_scalar("loss", math.nan, 0)
        writer.add_hparams({"lr": math.nan}, {"m": 1.0})
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log, Settings(logdirs={"": str(tmp_path)}, index_dir="")).test_client()
        for query, found in (("loss == nan", [0]), ("loss is missing", []), ("lr == nan", [0]), ("loss > 0", [])):
            assert client.post("/api/filter", json={"query": query}).json["runs"] == found
        assert client.get("/api/columns").json["hparams"][0]["values"] == ["NaN"]


def test_names_that_stand_for_several_things(tmp_path: Path) -> None:
    """The built-in column wins, then the hyperparameter; the long forms and `.last` reach the others."""
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_scalar("lr", 0.5, 0)
        writer.add_scalar("name", 7.0, 0)
        writer.add_text("lr", "slowly")
        writer.add_hparams({"lr": 0.1, "state": "cold"}, {})
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log, Settings(logdirs={"": str(tmp_path)}, index_dir="")).test_client()
        names = ["lr", "lr.last", "text.lr", "hparams.lr", "name", "name.last", "hparams.state"]
        values = table(client, *names)[1]
        assert [values[name] for name in names] == [[0.1], [0.5], ["slowly"], [0.1], ["a"], [7.0], ["cold"]]


def test_runs_and_files_that_vanish_leave_their_last_values(client: FlaskClient, log: LogDir, logdir: Path) -> None:
    with SummaryWriter(logdir / "c") as writer:
        writer.add_text("remark", "x")
    log.refresh()
    for path in (logdir / "c").iterdir():
        path.unlink()
    (logdir / "c").rmdir()
    assert table(client, "remark", "loss.last")[1]["remark"] == [None] * 4
    log.refresh()
    assert table(client, "run")[0]["runs"] == ["a", "b", "größe 2"]


def test_a_thousand_tags_and_long_texts(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "a") as writer:
        for number in range(1000):
            writer.add_scalar(f"norms/layer {number}", number, 0)
        writer.add_text("log", "long " * 10_000)
        writer.add_hparams({"config": "y" * 50_000}, {})
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log, Settings(logdirs={"": str(tmp_path)}, index_dir="")).test_client()
        assert len(client.get("/api/columns").json["scalars"]) == 1000
        values = table(client, *(f"norms/layer {number}" for number in range(500)), "log", "config")[1]
        assert values["norms/layer 499"] == [499] and len(values["log"][0]) <= 2_000
        query = "norms/layer 7 == 7 and `norms/layer 999`.max > norms/layer 998"
        assert client.post("/api/filter", json={"query": query}).json["runs"] == [0]


def test_steps_beyond_what_floats_can_count_come_as_whole_numbers(tmp_path: Path) -> None:
    far = 2**62 + 1
    with SummaryWriter(tmp_path / "far") as writer:
        writer.add_scalar("loss", 1.0, far)
    with open_logdir(tmp_path, index_dir=False) as log:
        header, values = table(create_app(log, Settings()).test_client(), "last_step")
    assert header["columns"][0]["array"]["dtype"] == "i8" and values["last_step"] == [far]
