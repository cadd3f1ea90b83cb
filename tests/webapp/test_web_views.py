"""GET /api/views: saved views, files beside the runs, layouts of logs; what is wrong with one is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from stepscope.logger import LogDir, SummaryWriter, open_logdir
from stepscope.logger.compare.patterns import Pattern
from stepscope.webapp import Settings, create_app
from stepscope.webapp.log_source import LogSource
from stepscope.webapp.portable_patterns import portable
from stepscope.webapp.view_files import ViewFiles
from stepscope.webapp.view_format import read_view, view_problems

VIEW: dict[str, Any] = {
    "stepscope_view": 1,
    "title": "Loss",
    "settings": {"smoothing": {"kind": "ema", "amount": 0.6}, "runs": "a or b"},
    "sections": [{"title": "", "charts": [{"type": "line", "series": [{"tag": "loss", "axis": "left"}], "later": 1}]}],
}


@pytest.fixture
def client(log: LogDir, logdir: Path, tmp_path: Path) -> FlaskClient:
    settings = Settings(logdirs={"": str(logdir)}, index_dir=str(tmp_path / "index"))
    return create_app(log, settings).test_client()


def save(client: FlaskClient, name: str, view: Any) -> Any:
    return client.post("/api/state", json={"changes": [{"path": ["views", name], "value": view}]})


def line_chart(**fields: Any) -> dict[str, Any]:
    return {**VIEW, "sections": [{"title": "", "charts": [{"type": "line", **fields}]}]}


def test_a_view_saved_downloaded_and_put_beside_the_runs_is_the_same(client: FlaskClient, logdir: Path) -> None:
    assert save(client, "mine", VIEW).status_code == 200
    (saved,) = client.get("/api/views").json
    assert saved == {"name": "mine", "source": "state", "view": VIEW}
    (logdir / "views").mkdir()
    (logdir / "views" / "shared.view.json").write_text(json.dumps(saved["view"]))
    _, file = client.get("/api/views").json
    assert file["name"] == "shared" and file["source"] == "file" and file["view"] == VIEW


def test_files_come_change_and_go(client: FlaskClient, logdir: Path) -> None:
    path = logdir / "one.view.json"
    path.write_text(json.dumps(VIEW))
    assert [view["name"] for view in client.get("/api/views").json] == ["one"]
    path.write_text(json.dumps({**VIEW, "title": "Another"}))
    assert client.get("/api/views").json[0]["view"]["title"] == "Another"
    path.unlink()
    assert client.get("/api/views").json == []


def test_the_version_of_the_files_changes_with_them(logdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepscope.webapp.view_files._LOOK_EVERY", -1)
    files = ViewFiles(lambda: [str(logdir)])
    before = files.version()
    assert files.version() == before
    (logdir / "one.view.json").write_text("{}")
    assert files.version() != before


def test_files_of_log_directories_that_come_later_are_found(logdir: Path, tmp_path: Path) -> None:
    """A folder that a pattern matches while the dashboard runs, and one that is made after it started."""
    settings = Settings(logdirs={"": str(tmp_path / "made later")}, index_dir=str(tmp_path / "index"))
    source = LogSource(lambda: open_logdir(logdir, index_dir=False), settings.logdirs)
    source._open()
    client = create_app(source, settings).test_client()
    assert client.get("/api/views").json == []
    (tmp_path / "made later" / "views").mkdir(parents=True)
    (tmp_path / "made later" / "views" / "one.view.json").write_text(json.dumps(VIEW))
    assert [view["name"] for view in client.get("/api/views").json] == ["one"]
    (logdir / "two.view.json").write_text(json.dumps(VIEW))
    source.replace(open_logdir(logdir, index_dir=False), {"new": str(logdir)})
    assert [view["name"] for view in client.get("/api/views").json] == ["two"]
    source.close()


def test_a_broken_file_takes_no_other_view_down(client: FlaskClient, logdir: Path) -> None:
    save(client, "saved", VIEW)
    (logdir / "good.view.json").write_text(json.dumps(VIEW))
    (logdir / "broken.view.json").write_bytes(b"\xff\x00{")
    (logdir / "folder.view.json").mkdir()
    (logdir / "views").mkdir(mode=0)
    found = {entry["name"]: "error" in entry for entry in client.get("/api/views").json}
    assert found == {"saved": False, "good": False, "broken": True}


def test_a_file_with_the_name_of_a_saved_view_gets_a_longer_one(client: FlaskClient, logdir: Path) -> None:
    save(client, "same", VIEW)
    (logdir / "same.view.json").write_text(json.dumps(VIEW))
    assert [view["name"] for view in client.get("/api/views").json] == ["same", "same.view.json"]


def test_links_out_of_the_log_directory_are_not_followed(client: FlaskClient, logdir: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.view.json"
    secret.write_text(json.dumps(VIEW))
    (logdir / "link.view.json").symlink_to(secret)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "far.view.json").write_text(json.dumps(VIEW))
    (logdir / "views").symlink_to(tmp_path / "elsewhere")
    assert client.get("/api/views").json == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "it is not JSON: line 1"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "expected an object"),
        ('{"sections": []}', 'it lacks "stepscope_view": 1'),
        ('{"stepscope_view": 2, "sections": []}', "of version 2; this stepscope reads version 1"),
        ('{"stepscope_view": 1, "sections": 3}', "sections: expected a list"),
        ('{"stepscope_view": 1, "sections": [{"charts": 1}]}', "charts: expected a list"),
        ('{"stepscope_view": NaN}', "NaN, which is not JSON"),
        ('{"stepscope_view": 1, "sections": [], "x": -1e999}', "holds -1e999, which is beyond the largest number"),
    ],
)
def test_a_file_that_cannot_be_opened_says_why(client: FlaskClient, logdir: Path, text: str, sentence: str) -> None:
    (logdir / "bad.view.json").write_text(text)
    (entry,) = client.get("/api/views").json
    assert sentence in entry["error"] and "bad.view.json" in entry["error"] and "view" not in entry


def test_a_bad_view_is_not_saved(client: FlaskClient) -> None:
    answer = save(client, "v", {"title": "no version"})
    assert answer.status_code == 400 and "the view 'v'" in answer.json["error"]


@pytest.mark.parametrize(
    ("chart", "sentence"),
    [
        ({"type": "pie"}, "the type 'pie' is not one of"),
        ({"type": "line"}, "neither series nor margins"),
        ({"type": "line", "series": [{"axis": "left"}]}, "one of tag, formula and tag_regex"),
        ({"type": "line", "series": [{"tag_regex": "("}]}, "no regular expression"),
        ({"type": "line", "series": [{"tag_regex": "a{99999999999999999999}"}]}, "no regular expression"),
        ({"type": "line", "series": [{"tag": "a"}], "grouping": "lr"}, "grouping: expected an object"),
        ({"type": "line", "margins": [{"value": "a"}]}, "value, lower and upper"),
        ({"type": "line", "series": [{"tag": "a"}], "lines": [{"axis": "z", "value": 1}]}, "reference line"),
        ({"type": "scatter", "x_column": "lr"}, "needs y_column"),
        ({"type": "bar"}, "needs column"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_named(chart: dict[str, Any], sentence: str) -> None:
    good = VIEW["sections"][0]["charts"][0]
    view = {**VIEW, "sections": [{"title": "first", "charts": [good]}, {"charts": [good, {**chart, "title": "T"}]}]}
    (problem,) = view_problems(read_view(json.dumps(view).encode()))
    assert problem.startswith("chart 2 of section 2 ('T'): ") and sentence in problem


def test_layouts_of_the_log_are_views(tmp_path: Path) -> None:
    layout = {"curves": {"both": ["Multiline", ["loss/.*"]], "band": ["Margin", ["m", "m/low", "m/high"]]}}
    for run in ("one", "two"):
        with SummaryWriter(str(tmp_path / "logs" / run)) as writer:
            writer.add_custom_scalars(layout)
    with open_logdir(tmp_path / "logs", index_dir=False) as log:
        client = create_app(log, Settings(logdirs={"": str(tmp_path / "logs")}, index_dir="")).test_client()
        (entry,) = client.get("/api/views").json  # both runs wrote the same
    assert (entry["name"], entry["source"], entry["run"]) == ("Custom scalars", "log", "one")
    (section,) = entry["view"]["sections"]
    assert section["title"] == "curves" and "problems" not in entry
    assert section["charts"] == [
        {"type": "line", "title": "both", "series": [{"tag_regex": "loss/.*", "axis": "left"}]},
        {"type": "line", "title": "band", "margins": [{"value": "m", "lower": "m/low", "upper": "m/high"}]},
    ]


@pytest.mark.parametrize(
    ("pattern", "shared"),
    [
        ("loss/.*", "loss/.*"),
        ("(?i)acc/.*", "(?i:acc/.*)"),
        ("(?P<kind>a|b)x(?P=kind)", "(a|b)x(?:\\1)"),
        ("\\Aloss\\Z", "^loss$"),
        ("(?#all of them)loss[(?P<x>]\\(?", "loss[(?P<x>]\\(?"),
        ("(", "("),
    ],
)
def test_patterns_of_layouts_are_written_so_that_browsers_understand_them(pattern: str, shared: str) -> None:
    assert portable(pattern) == shared
    if pattern != "(":
        tags = ["loss", "ACC/1", "acc/2", "axa", "axb", "loss(", "my loss"]
        one, two = ([bool(match) for match in Pattern(text).searches(tags)] for text in (pattern, shared))
        assert one == two
