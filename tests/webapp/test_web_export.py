"""GET and POST /api/export (tidy tables), POST /api/report."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from web_helpers import START, write_run

from stepscope.logger import LogDir, open_logdir
from stepscope.webapp import Settings, create_app
from stepscope.webapp import report_data as report_data_module
from stepscope.webapp.report_data import ReportQuestion, report_data
from stepscope.webapp.report_texts import rendered_texts

VIEW = {
    "stepscope_view": 1,
    "title": "Mine: ½",
    "sections": [{"charts": [{"type": "line", "series": [{"tag": "loss"}]}]}],
}


def rows_of(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


def test_everything_is_one_tidy_table(client: FlaskClient, log: LogDir) -> None:
    answer = client.get("/api/export")
    assert answer.content_type.startswith("text/csv") and "scalars.csv" in answer.headers["Content-Disposition"]
    rows = rows_of(answer.data)
    assert len(rows) == log.status().scalar_points
    assert rows[0] == {"run": "a", "tag": "loss", "step": "0", "wall_time": repr(START + 20), "value": "1.0"}
    assert [row["value"] for row in rows if row["tag"] == "unusual"] == ["1.0", "nan", "inf", "-inf", "2.0"]


def test_runs_and_tags_can_be_chosen(client: FlaskClient) -> None:
    rows = rows_of(client.get("/api/export?run=a&run=b/2&tag=loss").data)
    assert {(row["run"], row["tag"]) for row in rows} == {("a", "loss"), ("b/2", "loss")}
    assert client.get("/api/export?run=nobody").status_code == 404
    assert client.get("/api/export?format=xls").status_code == 400


def test_groups_are_downloaded_with_their_bands(client: FlaskClient, log: LogDir) -> None:
    members = [{"name": "both", "runs": ["a", "b/2"]}, {"name": "one", "runs": ["a"]}]
    groups = {"center": "mean", "band": "minmax", "members": members}
    question = {"series": [{"tag": "loss"}], "groups": groups, "smoothing": 0.5}
    answer = client.post("/api/export", json={**question, "format": "csv"})
    rows = rows_of(answer.data)
    band, smoothed = ["center", "low", "high", "runs"], ["smoothed", "smoothed_low", "smoothed_high"]
    assert list(rows[0]) == ["group", "tag", "step", "wall_time", *band, *smoothed]
    latest = {run: log.scalars(run, "loss").latest() for run in ("a", "b/2")}
    at = {run: dict(zip(series.step.tolist(), series.value.tolist(), strict=True)) for run, series in latest.items()}
    shared = sorted(at["a"].keys() & at["b/2"].keys())
    assert shared
    both = {int(row["step"]): row for row in rows if row["group"] == "both"}
    for step in shared:
        values = [at["a"][step], at["b/2"][step]]
        found = [float(both[step][name]) for name in band]
        assert found == pytest.approx([sum(values) / 2, min(values), max(values), 2])
    assert [float(row["center"]) for row in rows if row["group"] == "one"] == pytest.approx(list(at["a"].values()))
    assert json.loads(client.post("/api/export", json={**question, "format": "json"}).data)[0]["runs"] in (1, 2)


def test_what_is_drawn_along_another_scalar_comes_with_it(client: FlaskClient) -> None:
    members = [{"name": "one", "runs": ["a"]}]
    along = {"series": [{"tag": "loss", "runs": ["a"]}], "x": {"tag": "loss"}, "format": "csv"}
    runs = rows_of(client.post("/api/export", json=along).data)
    assert [row["x"] for row in runs] == [row["value"] for row in runs] != []
    groups = rows_of(client.post("/api/export", json={**along, "groups": {"band": "none", "members": members}}).data)
    assert [row["x"] for row in groups] == [row["center"] for row in groups] != []


def test_json_is_the_same_table(client: FlaskClient) -> None:
    rows = json.loads(client.get("/api/export?format=json&run=a&tag=unusual").data)
    assert [row["value"] for row in rows] == [1.0, "NaN", "Infinity", "-Infinity", 2.0]
    assert rows[0] == {"run": "a", "tag": "unusual", "step": 0, "wall_time": START + 20, "value": 1.0}
    assert json.loads(client.get("/api/export?format=json&tag=none").data) == []


def test_parquet_is_the_same_table(client: FlaskClient) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(client.get("/api/export?format=parquet").data))
    rows = rows_of(client.get("/api/export").data)
    assert table.column_names == ["run", "tag", "step", "wall_time", "value"]
    assert table.column("run").to_pylist() == [row["run"] for row in rows]
    np.testing.assert_array_equal(table.column("value").to_numpy(), [float(row["value"]) for row in rows])


def test_parquet_without_pyarrow_says_what_to_install(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = client.get("/api/export?format=parquet")
    assert answer.status_code == 501 and "pip install pyarrow" in answer.json["error"]


def shown(client: FlaskClient, **body: Any) -> list[dict[str, str]]:
    answer = client.post("/api/export", json={"pixels": 10, **body})
    assert answer.status_code == 200, answer.json
    return rows_of(answer.data)


def test_what_is_shown_has_all_points_of_the_range(client: FlaskClient) -> None:
    rows = shown(client, series=[{"tag": "loss", "runs": ["a", "b/10"]}], range=[2, 30])
    assert [int(row["step"]) for row in rows if row["run"] == "a"] == list(range(2, 31))
    assert [int(row["step"]) for row in rows if row["run"] == "b/10"] == list(range(2, 10))


def test_smoothed_values_are_a_column(client: FlaskClient) -> None:
    rows = shown(client, series=[{"tag": "loss", "runs": ["b/2"]}], smoothing=0.5)
    average, weight, expected = 0.0, 0.0, []
    for step in range(10):
        average, weight = 0.5 * average + 0.5 * step, 0.5 * weight + 0.5
        expected.append(average / weight)
    np.testing.assert_allclose([float(row["smoothed"]) for row in rows], expected)
    assert "smoothed" not in shown(client, series=[{"tag": "loss", "runs": ["b/2"]}])[0]


def test_formulas_can_be_downloaded(client: FlaskClient) -> None:
    rows = shown(client, series=[{"formula": "loss * 2", "runs": ["b/2"]}])
    assert rows[3]["tag"] == "loss * 2" and float(rows[3]["value"]) == 6.0


def test_a_formula_that_cannot_be_understood_is_refused_before_anything_is_sent(client: FlaskClient) -> None:
    series = [{"tag": "loss", "runs": ["a"]}, {"formula": "loss + (", "runs": ["a"]}]
    answer = client.post("/api/export", json={"series": series})
    assert answer.status_code == 400 and answer.json["error"]


@pytest.fixture
def evil(tmp_path: Path) -> Iterator[FlaskClient]:
    folder = tmp_path / "evil"
    write_run(folder / "=cmd()", {'+sum("a",1)\n': [(0, math.nan)], "-0.5": [(0, 1.0)]})
    with open_logdir(folder, index_dir=False) as log:
        yield create_app(log, Settings(logdirs={"": str(folder)}, index_dir="")).test_client()


def test_names_that_a_spreadsheet_would_run_are_made_harmless(evil: FlaskClient) -> None:
    rows = rows_of(evil.get("/api/export").data)
    assert {row["run"] for row in rows} == {"'=cmd()"}
    assert {row["tag"] for row in rows} == {'\'+sum("a",1)\n', "-0.5"}
    assert {row["run"] for row in json.loads(evil.get("/api/export?format=json").data)} == {"=cmd()"}


@pytest.mark.parametrize("tag", ["two\nlines", "a\rb", 'quo"te, comma', " "])
def test_any_name_is_one_field_of_its_line(tmp_path: Path, tag: str) -> None:
    write_run(tmp_path / "run", {tag: [(0, 0.5), (1, 0.25)]})
    with open_logdir(tmp_path, index_dir=False) as log:
        rows = rows_of(create_app(log).test_client().get("/api/export").data)
    assert [(row["tag"], row["value"]) for row in rows] == [(tag, "0.5"), (tag, "0.25")]


def test_a_report_is_one_file_with_a_policy_of_its_own(client: FlaskClient) -> None:
    answer = client.post("/api/report", json={"view": VIEW, "runs": ["a", "b/2"]})
    assert answer.status_code == 200 and answer.content_type.startswith("text/html")
    assert "<title>Mine: ½</title>" in answer.data.decode() and "sandbox" in answer.headers["Content-Security-Policy"]
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ({"view": VIEW, "runs": ["gone"]}, 404, "none of the 1 runs"),
        ({"view": {"title": "x"}, "runs": []}, 400, "stepscope_view"),
        ({"view": VIEW}, 400, "runs"),
        ({"runs": []}, 400, "view"),
    ],
)
def test_a_report_of_nothing_is_refused(client: FlaskClient, body: Any, status: int, sentence: str) -> None:
    answer = client.post("/api/report", json=body)
    assert answer.status_code == status and sentence in answer.json["error"]


@pytest.mark.parametrize(
    ("chart", "settings", "sentence"),
    [
        ({"type": "line", "series": [1]}, {}, "series: expected a list of objects"),
        ({"type": "line", "margins": [3]}, {}, "margins: expected a list of objects"),
        ({"type": "bar", "column": "loss", "grouping": 3}, {}, "grouping: expected an object"),
        ({"type": "bar", "column": "loss"}, {"grouping": "lr"}, "grouping: expected an object"),
        ({"type": "line", "series": [{"tag": "loss"}]}, {"grouping": {"by": [1]}}, "grouping.by: expected an object"),
        ({"type": "line", "series": [{"tag_regex": "(l|l|lo|o|s)+$x"}]}, {}, ""),
    ],
)
def test_a_chart_that_means_nothing_takes_no_report_down(
    log: LogDir, chart: dict[str, Any], settings: dict[str, Any], sentence: str
) -> None:
    view = {"stepscope_view": 1, "settings": settings, "sections": [{"charts": [chart]}]}
    data = report_data(log, ReportQuestion(view, ["a"], {}, {}, "logs"))
    head = json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])
    assert sentence in head["charts"][0].get("error", "")


def test_a_report_of_too_many_points_is_reduced_then_refused(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_data_module, "_MOST_BYTES", 100)
    answer = client.post("/api/report", json={"view": VIEW, "runs": ["a", "b/2"]})
    assert answer.status_code == 400 and "show fewer runs or fewer charts" in answer.json["error"]


def test_what_people_wrote_is_rendered_for_a_report() -> None:
    charts = [{"type": "text", "text": "**bold** <script>x</script>"}, {"type": "line"}, None]
    view = {"description": " ", "sections": [{"charts": charts}]}
    found = rendered_texts(view, {"a": {"note": "- item"}, "b": {"note": "x" * 1_000_000}, "c": {}})
    assert found["**bold** <script>x</script>"].strip() == "<p><strong>bold</strong> </p>"
    assert "<li>item</li>" in found["- item"]
    assert len(found) == 2  # the long note stays as it was written


def test_a_table_may_have_more_tags_than_a_chart(client: FlaskClient) -> None:
    series = [{"tag": f"none/{i}", "runs": ["a"]} for i in range(200)]
    rows = shown(client, series=[*series, {"tag": "loss", "runs": ["a"]}])
    assert len(rows) == 50
    assert client.post("/api/export", json={"series": [3]}).status_code == 400
    assert client.post("/api/export", json={"series": [{"tag": "loss", "runs": 3}]}).status_code == 400
