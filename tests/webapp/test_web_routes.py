"""The small routes: page, static files, status, runs, files, downloads, errors."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from web_helpers import START, event_bytes, write_run

from stepscope.logger import LogDir, open_logdir
from stepscope.webapp import Settings, create_app
from stepscope.webapp.log_source import LogSource

EVIL = "<img src=x onerror=alert(1)>"


def static_paths(client: FlaskClient) -> list[str]:
    """What the page loads, as it says itself."""
    return re.findall(r'(?:src|href)="(static/[^"]+)"', client.get("/").text)


def test_the_page_names_its_files_by_version(client: FlaskClient):
    page = client.get("/")
    assert page.content_type == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-cache"
    paths = static_paths(client)
    assert any(path.endswith("page.css") for path in paths)
    assert all(client.get(f"/{path}").status_code == 200 for path in paths)


def test_scripts_are_javascript_and_kept_for_ever(client: FlaskClient):
    styles = next(path for path in static_paths(client) if path.endswith("page.css"))
    answer = client.get(f"/{styles.removesuffix('page.css')}scalars/page.js")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]


def test_files_of_another_version_are_not_kept(client: FlaskClient):
    answer = client.get("/static/0.0-old/main.js")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_version_changes_with_the_files(tmp_path: Path):
    (tmp_path / "index.html").write_text("static/dev/x.js")
    client = create_app(LogSource(lambda: None), static_folder=tmp_path).test_client()  # type: ignore[arg-type, return-value]
    before = client.get("/").text
    (tmp_path / "new.js").write_text("1")
    assert client.get("/").text != before


def test_plotly_comes_from_its_package(client: FlaskClient):
    answer = client.get("/static/any/plotly.min.js")
    assert answer.status_code == 200
    assert b"plotly.js v" in answer.data[:200]


def test_text_is_compressed_for_those_who_take_it(client: FlaskClient):
    url = "/static/any/main.js"
    zipped, plain = client.get(url, headers={"Accept-Encoding": "gzip"}), client.get(url)
    assert (zipped.headers.get("Content-Encoding"), plain.headers.get("Content-Encoding")) == ("gzip", None)
    assert gzip.decompress(zipped.data) == plain.data


@pytest.mark.parametrize(
    "name",
    ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "lib/../../app.py", "package.json", "x" * 5000, "\0"],
)
def test_nothing_outside_the_folder_is_served(client: FlaskClient, name: str):
    assert client.get(f"/static/v/{name}").status_code == 404


def test_status(client: FlaskClient, logdir: Path):
    status = client.get("/api/status").json
    assert status["ready"] is True
    assert (status["runs"], status["scalar_points"]) == (3, 76)
    assert status["bytes_read"] == status["bytes_total"] > 0
    assert status["files"] == {"count": 3, "damaged": 0, "truncated": 0, "unreadable": 0}
    assert [(root["path"], root["state"]) for root in status["logdirs"]] == [(str(logdir), "ok")]


@pytest.mark.parametrize("kind", ["missing", "empty"])
def test_a_log_directory_without_runs_says_what_was_looked_at(tmp_path: Path, kind: str):
    folder = tmp_path / "logs"
    if kind == "empty":
        folder.mkdir()
    with open_logdir(folder, index_dir=False) as log:
        client = create_app(log).test_client()
        assert client.get("/").status_code == 200
        (root,) = client.get("/api/status").json["logdirs"]
        assert (root["path"], root["state"]) == (str(folder), kind)
        assert client.get("/api/runs").json["runs"] == []
        write_run(folder / "late", {"x": [(0, 1.0)]})
        log.refresh()
        assert [run["name"] for run in client.get("/api/runs").json["runs"]] == ["late"]


def test_before_the_log_is_open_the_status_answers():
    source = LogSource(lambda: None, {"": "somewhere"})  # type: ignore[arg-type, return-value]
    status = create_app(source).test_client().get("/api/status").json
    assert (status["ready"], status["phase"]) == (False, "starting")
    assert status["logdirs"] == [{"name": "", "path": "somewhere", "state": "unread", "detail": ""}]


def test_a_log_that_cannot_be_opened_says_why(caplog: pytest.LogCaptureFixture):
    def fail() -> LogDir:
        raise PermissionError("not yours")

    source = LogSource(fail, {"": "secret"})
    source.start()
    client = create_app(source).test_client()
    answer = client.get("/api/runs")
    assert answer.status_code == 503
    assert "not yours" in answer.json["error"]
    status = client.get("/api/status").json
    assert (status["phase"], status["logdirs"][0]["state"]) == ("failed", "unreadable")


def test_runs_in_natural_order_with_shared_tag_sets(client: FlaskClient):
    answer = client.get("/api/runs").json
    tags = {run["name"]: [answer["tags"][i] for i in answer["tag_sets"][run["tags"]]] for run in answer["runs"]}
    assert list(tags) == ["a", "b/2", "b/10"]
    assert tags == {"a": ["loss", "unusual"], "b/2": ["acc/top1", "loss"], "b/10": ["loss"]}
    first = answer["runs"][0]
    assert (first["start"], first["last_step"], first["points"], first["damaged"]) == (START + 20, 49, 55, 0)


def test_equal_tag_sets_are_sent_once(tmp_path: Path):
    for i in range(5):
        write_run(tmp_path / str(i), {"x": [(0, 1.0)], "y": [(0, 1.0)]})
    with open_logdir(tmp_path, index_dir=False) as log:
        answer = create_app(log).test_client().get("/api/runs").json
    assert (len(answer["runs"]), answer["tags"], answer["tag_sets"]) == (5, ["x", "y"], [[0, 1]])


def test_long_lists_are_compressed_for_those_who_take_it(tmp_path: Path):
    for i in range(300):
        write_run(tmp_path / f"run{i}", {"x": [(0, 1.0)]})
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log).test_client()
        zipped, plain = client.get("/api/runs", headers={"Accept-Encoding": "gzip"}), client.get("/api/runs")
        assert gzip.decompress(zipped.data) == plain.data
        assert len(zipped.data) < len(plain.data) / 4
        short = client.get("/api/status", headers={"Accept-Encoding": "gzip"})
        assert short.json["runs"] == 300


def test_names_that_are_markup_stay_text(tmp_path: Path):
    write_run(tmp_path / EVIL, {EVIL: [(0, 1.0)]})
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log).test_client()
        runs = client.get("/api/runs")
        assert runs.content_type == "application/json"
        assert (runs.json["runs"][0]["name"], runs.json["tags"]) == (EVIL, [EVIL])
        download = client.get("/api/download", query_string={"run": EVIL, "tag": EVIL, "format": "csv"})
        assert "<" not in download.headers["Content-Disposition"]
        missing = client.get("/api/download", query_string={"run": EVIL + "?", "tag": EVIL})
        assert (missing.status_code, missing.content_type) == (404, "application/json")


def test_csv_holds_every_point(client: FlaskClient):
    answer = client.get("/api/download", query_string={"run": "a", "tag": "unusual", "format": "csv"})
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["Wall time", "Step", "Value"]
    assert [row[2] for row in rows[1:]] == ["1.0", "nan", "inf", "-inf", "2.0"]
    assert [float(row[0]) for row in rows[1:]] == [START + 20 + i / 2 for i in range(5)]


def test_json_holds_every_point(client: FlaskClient):
    answer = client.get("/api/download", query_string={"run": "a", "tag": "unusual", "format": "json"}).json
    assert (answer["run"], answer["tag"], answer["step"]) == ("a", "unusual", [0, 1, 2, 3, 4])
    assert answer["value"] == [1.0, "NaN", "Infinity", "-Infinity", 2.0]


def test_downloads_choose_segments(tmp_path: Path):
    write_run(tmp_path, {"x": [(0, 1.0), (1, 1.0)]}, START, "0")
    write_run(tmp_path, {"x": [(1, 2.0), (2, 2.0)]}, START + 9, "1")
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log).test_client()

        def lines(segments: str) -> list[str]:
            query = {"run": ".", "tag": "x", "segments": segments}
            return [line.split(",", 1)[1] for line in client.get("/api/download", query_string=query).text.split()[2:]]

        assert lines("all") == ["0,1.0", "1,1.0", "1,2.0", "2,2.0"]
        assert lines("latest") == ["0,1.0", "1,2.0", "2,2.0"]
        assert lines("separate") == ["0,1.0,0", "1,1.0,0", "1,2.0,1", "2,2.0,1"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"run": "a"}, 400),
        ({"tag": "loss"}, 400),
        ({"run": ["a", "a"], "tag": "loss"}, 400),
        ({"run": "a", "tag": "loss", "format": "xlsx"}, 400),
        ({"run": "a", "tag": "loss", "segments": "some"}, 400),
        ({"run": "../a", "tag": "loss"}, 404),
        ({"run": "none", "tag": "loss"}, 404),
        ({"run": "a", "tag": "none"}, 404),
    ],
)
def test_downloads_that_cannot_be(client: FlaskClient, query: dict[str, Any], status: int):
    answer = client.get("/api/download", query_string=query)
    assert answer.status_code == status
    assert answer.json["error"]


def test_files_and_their_damage(tmp_path: Path):
    path = write_run(tmp_path / "r", {"x": [(step, 1.0) for step in range(100)]})
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log, Settings(logdirs={"": str(tmp_path)})).test_client()
        (file,) = client.get("/api/files?run=r").json
        assert file["path"] == f"r/{path.name}"
        assert (file["state"], file["size"]) == ("damaged", len(data))
        assert file["damage"][0].keys() == {"offset", "length", "reason"}
        assert client.get("/api/runs").json["runs"][0]["damaged"] == 1


@pytest.mark.parametrize("query", ["", "?run=none", "?run=../.."])
def test_files_of_unknown_runs(client: FlaskClient, query: str):
    assert client.get(f"/api/files{query}").status_code in (400, 404)


@pytest.mark.parametrize(
    ("method", "path", "status"), [("get", "/nothing", 404), ("post", "/api/runs", 405), ("get", "/api/scalars", 405)]
)
def test_unknown_paths_and_methods_get_json(client: FlaskClient, method: str, path: str, status: int):
    answer = getattr(client, method)(path, **({"json": {}} if method == "post" else {}))
    assert answer.status_code == status
    assert path in answer.json["error"]


def test_a_failing_handler_answers_and_logs(
    client: FlaskClient, log: LogDir, monkeypatch: pytest.MonkeyPatch, caplog: Any
):
    def fail() -> Any:
        raise ZeroDivisionError("unexpected")

    monkeypatch.setattr(log, "snapshot", fail)
    answer = client.get("/api/runs")
    assert answer.status_code == 500
    assert answer.json == {"error": "/api/runs failed: ZeroDivisionError: unexpected"}
    assert "Traceback" in caplog.text


def test_path_prefix(log: LogDir):
    client = create_app(log, Settings(path_prefix="/boards/one")).test_client()
    assert client.get("/boards/one/api/status").status_code == 200
    assert client.get("/boards/one/").status_code == 200
    assert [client.get(path).headers["Location"] for path in ("/", "/boards/one")] == ["/boards/one/"] * 2
    outside = client.get("/api/status")
    assert outside.status_code == 404
    assert outside.json == {"error": "there is nothing at /api/status (this dashboard lives at /boards/one/)"}


def test_times_that_are_not_finite_never_make_invalid_json(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "events.out.tfevents.1.host").write_bytes(event_bytes(0, math.inf, "loss", 1.0))
    with open_logdir(tmp_path, index_dir=False) as log:
        text = create_app(log).test_client().get("/api/runs").text
    run = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))["runs"][0]
    assert (run["start"], run["last"]) == (None, None)
