"""Figures, HTML pages and tables: what is read back is what was given."""

from __future__ import annotations

import json
from collections import namedtuple
from dataclasses import make_dataclass
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import plotly.graph_objects as go
import polars
import pyarrow
import pytest
import torch
from PIL import Image

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.summaries.plotly_json import plotly_json
from stepscope.logger.table_columns import Table
from stepscope.logger.taken_objects import take_copy

NAN = float("nan")


def _read(folder: Path) -> Any:
    return open_logdir(folder)


def _table(folder: Path, rows: Any, **options: Any) -> Table:
    with SummaryWriter(folder) as writer:
        writer.add_table("t", rows, 3, **options)
    series = _read(folder).tables(".", "t")
    assert list(series.step) == [3]
    return series[0]


def _plain(table: Table) -> dict[str, list[Any]]:
    """Cells by column, None where they are missing."""
    return {
        column.name: [None if gone else cell for cell, gone in zip(column.values.tolist(), column.missing, strict=True)]
        for column in table.columns
    }


def _kinds(table: Table) -> dict[str, str]:
    return {column.name: column.kind for column in table.columns}


# --- figures ----------------------------------------------------------------------------------------------------------

FIGURES: dict[str, Any] = {
    "object": lambda: go.Figure(go.Scatter(x=[1, 2, 3], y=np.array([0.5, np.nan, 2.0]))),
    "with frames": lambda: go.Figure(go.Scatter(x=[1]), frames=[go.Frame(data=[go.Scatter(x=[2])])]),
    "dict of arrays": lambda: {
        "data": [{"type": "scatter", "y": torch.tensor([1.0, 2.0]), "x": pandas.Series([1, 2])}]
    },
    "dict of objects": lambda: {"data": [go.Bar(x=["a"], y=[1])], "layout": go.Layout(title="t")},
    "text": lambda: '{"data": [{"y": [1, 2]}], "layout": {}}',
    "text with half a character": lambda: '{"data": [], "layout": {"title": "\ud83d"}}',
    "text with NaN": lambda: '{"data": [{"y": [1, NaN, -Infinity]}]}',
    "times": lambda: {"data": [{"x": np.array(["2024-05-01", "NaT"], "M8[s]"), "y": [datetime(2024, 5, 1), 2.5]}]},
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_json_that_browsers_read(tmp_path: Path, name: str) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_plotly("figure", FIGURES[name](), 1)
    text = _read(tmp_path).plotly(".", "figure")[0]
    assert isinstance(json.loads(text, parse_constant=lambda word: pytest.fail(word))["data"], list)
    if name == "object":
        assert go.Figure(json.loads(text)) == go.Figure(go.Scatter(x=[1, 2, 3], y=[0.5, None, 2.0]))


def _mixed_figure(rng: np.random.Generator) -> dict[str, Any]:
    many = rng.random((3, 5000))
    return {
        "data": [
            {"x": many[0], "y": many[1].tolist(), "text": ["a", None, 1.5] * 2000, "z": many, "ids": many.T},
            {"x": many[0].astype(np.float32), "marker": {"color": [np.float64(0.5), NAN] * 1500}},
            {"y": [pandas.Timestamp("2024-05-01"), pandas.NaT], "x": [[0.5, np.inf], ()], "z": np.zeros((2, 0))},
        ],
        "layout": {1: {"deep": [[[]]]}, "names": {f"k{i}": [i] for i in range(200)}},
    }


def test_a_figure_of_many_numbers_is_written_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figure, longest = _mixed_figure(np.random.default_rng(0)), 0
    dumps = json.dumps

    def measured(*arguments: Any, **options: Any) -> str:
        nonlocal longest
        text = dumps(*arguments, **options)
        longest = max(longest, len(text))
        return text

    with SummaryWriter(tmp_path) as writer:
        monkeypatch.setattr("stepscope.logger.summaries.plotly_json.json.dumps", measured)
        writer.add_plotly("figure", figure)
        writer.flush()
    assert 0 < longest < 100_000, "for as long as the json module writes, training stands still"
    first, second, third = json.loads(_read(tmp_path).plotly(".", "figure")[0])["data"]
    many = figure["data"][0]["z"]
    assert (first["x"], first["y"], first["z"], first["ids"]) == (
        many[0].tolist(),
        many[1].tolist(),
        many.tolist(),
        many.T.tolist(),
    )
    assert first["text"] == ["a", None, 1.5] * 2000 and second["marker"]["color"] == [0.5, None] * 1500
    assert np.array_equal(np.float32(second["x"]), many[0].astype(np.float32)) and len(str(second["x"][0])) < 12
    assert third == {"y": ["2024-05-01T00:00:00", None], "x": [[0.5, None], []], "z": [[], []]}


def test_large_and_small_parts_of_a_figure_are_what_they_were_at_the_call(tmp_path: Path) -> None:
    figure = _mixed_figure(np.random.default_rng(1))
    before = json.loads(plotly_json(figure))
    with SummaryWriter(tmp_path) as writer:
        writer.add_plotly("figure", figure)
        first, second, _ = figure["data"]
        for array in (first["x"], first["z"], first["ids"], second["x"]):
            array[:] = -1
        first["y"].clear()
        second["marker"]["color"][0] = 7
        figure["layout"]["names"]["k150"].append(1)
    assert json.loads(_read(tmp_path).plotly(".", "figure")[0]) == before


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_an_axis_of_many_curves_is_copied_once(kind: Any) -> None:
    x = np.zeros(100_000)
    given = kind(x)
    taken = take_copy("add_plotly('x')", {"data": [{"x": given, "y": np.zeros(10)} for _ in range(10)]}, "the figure")
    x += 1
    assert taken.nbytes < 2 * x.nbytes
    first, second = (curve["x"] for curve in taken.read()["data"][:2])
    assert first is second and not first.any()


def test_a_figure_within_itself_is_lost_and_said(tmp_path: Path) -> None:
    trace: dict[str, Any] = {"y": [1]}
    trace["self"] = trace
    with SummaryWriter(tmp_path) as writer, pytest.warns(RuntimeWarning, match=r"lost add_plotly.*nested too deep"):
        writer.add_plotly("figure", {"data": [trace]})
        writer.flush()


def test_a_figure_is_what_it_was_at_the_call(tmp_path: Path) -> None:
    numbers = np.zeros(3, np.float32) + np.float32(0.1)
    figure = {"data": [{"y": numbers}], "layout": {"title": {"text": "before"}}}
    with SummaryWriter(tmp_path) as writer:
        writer.add_plotly("figure", figure)
        numbers[:] = 7
        figure["layout"]["title"]["text"] = "after"
    found = json.loads(_read(tmp_path).plotly(".", "figure")[0])
    assert found == {"data": [{"y": [0.1, 0.1, 0.1]}], "layout": {"title": {"text": "before"}}}


@pytest.mark.parametrize(
    ("figure", "sentence"),
    [
        (5, "expected a Plotly figure, a dict or a str of JSON, got int"),
        ("no figure", r"expected a figure as JSON \(\{…\}\), got the string 'no figure'"),
        ({"layout": {}}, r'expected a figure with "data" \(a list of traces\), got the keys \[\'layout\'\]'),
        ({"data": {"x": 1}}, r'expected "data" as a list of traces \(dicts\), got a dict of 1'),
        ({"data": [{"x": (one for one in "ab")}]}, "the figure cannot be copied"),
    ],
)
def test_what_is_no_figure_is_said_at_the_call(tmp_path: Path, figure: Any, sentence: str) -> None:
    with (
        SummaryWriter(tmp_path) as writer,
        pytest.raises((TypeError, ValueError), match=rf"^add_plotly\('x'\): {sentence}"),
    ):
        writer.add_plotly("x", figure)


# --- HTML -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["<h1>Größe</h1>", "x" * 100_000, ""])
def test_html_is_kept_as_it_is(tmp_path: Path, text: str) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_html("page", text, 4)
    assert _read(tmp_path).html(".", "page")[0] == text
    (file,) = tmp_path.glob("*tfevents*")
    assert file.stat().st_size < 5000, "what repeats is compressed"


def test_html_must_be_text(tmp_path: Path) -> None:
    with (
        SummaryWriter(tmp_path) as writer,
        pytest.raises(TypeError, match=r"^add_html\('x'\): expected the HTML as a str"),
    ):
        writer.add_html("x", Path("report.html"))  # type: ignore[arg-type]


# --- tables -----------------------------------------------------------------------------------------------------------

CELLS = {"name": ["a", "ü"], "loss": [0.5, NAN], "count": [1, 2], "good": [True, False]}

TABLES: dict[str, Any] = {
    "rows of dicts": [dict(zip(CELLS, row, strict=True)) for row in zip(*CELLS.values(), strict=True)],
    "columns": CELLS,
    "columns of arrays": {"name": CELLS["name"], **{name: np.array(CELLS[name]) for name in ("loss", "count", "good")}},
    "pandas": pandas.DataFrame(CELLS),
    "polars": polars.DataFrame(CELLS),
    "pyarrow": pyarrow.table(CELLS),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_any_kind(tmp_path: Path, name: str) -> None:
    table = _table(tmp_path, TABLES[name])
    assert _kinds(table) == {"name": "text", "loss": "number", "count": "int", "good": "bool"}
    found = _plain(table)
    assert (found["name"], found["count"], found["good"]) == (["a", "ü"], [1, 2], [True, False])
    assert found["loss"][0] == 0.5 and np.isnan(found["loss"][1])


def test_rows_as_lists_and_arrays(tmp_path: Path) -> None:
    assert _plain(_table(tmp_path / "lists", [[1, "x"], (2, None)], columns=["n", "s"])) == {
        "n": [1, 2],
        "s": ["x", None],
    }
    assert _plain(_table(tmp_path / "unnamed", [[1.5, 2]])) == {"0": [1.5], "1": [2]}
    assert _plain(_table(tmp_path / "array", np.eye(2), columns=["a", "b"])) == {"a": [1, 0], "b": [0, 1]}
    assert _plain(_table(tmp_path / "tensor", torch.eye(2))) == {"0": [1, 0], "1": [0, 1]}
    point = namedtuple("point", "x y")
    assert _plain(_table(tmp_path / "named", [point(1, 2), point(3, 4)])) == {"x": [1, 3], "y": [2, 4]}
    counted = make_dataclass("Counted", ["s", "n"])
    assert _plain(_table(tmp_path / "data", [counted("a", 1), counted("b", 2)])) == {
        "s": ["a", "b"],
        "n": [1, 2],
    }
    records = np.array([(1, 0.5)], [("i", "i4"), ("f", "f4")])
    assert _kinds(_table(tmp_path / "records", records)) == {"i": "int", "f": "number"}
    assert _table(tmp_path / "nothing", []).columns == ()


def test_columns_are_chosen_and_ordered(tmp_path: Path) -> None:
    rows = [{"a": 1, "b": 2}, {"b": 3, "c": 4}]
    assert _plain(_table(tmp_path / "all", rows)) == {"a": [1, None], "b": [2, 3], "c": [None, 4]}
    assert _plain(_table(tmp_path / "two", rows, columns=["b", "a"])) == {"b": [2, 3], "a": [1, None]}
    frame = pandas.DataFrame({"x": [1.0, 2.0]}, index=pandas.Index(["p", "q"], name="row"))
    assert _plain(_table(tmp_path / "index", frame)) == {"row": ["p", "q"], "x": [1.0, 2.0]}


def test_an_index_may_be_called_as_a_column_is(tmp_path: Path) -> None:
    frame = pandas.DataFrame({"epoch": [1.5, 2.5]}, index=pandas.Index([5, 6], name="epoch"))
    columns = _table(tmp_path, frame).columns
    assert [(one.name, one.values.tolist()) for one in columns] == [("epoch", [5, 6]), ("epoch", [1.5, 2.5])]


def test_a_series_is_a_table_of_one_column(tmp_path: Path) -> None:
    counts = pandas.Series(["cat", "dog", "cat"], name="pet").value_counts()
    assert _plain(_table(tmp_path / "pandas", counts)) == {"pet": ["cat", "dog"], "count": [2, 1]}
    assert _plain(_table(tmp_path / "polars", polars.Series("n", [1, None]))) == {"n": [1, None]}


def test_names_of_several_levels_are_words(tmp_path: Path) -> None:
    frame = pandas.DataFrame({"g": ["a", "b", "a"], "loss": [1, 2, 3]}).groupby("g", as_index=False).agg(["max", "min"])
    found = {"g": ["a", "b"], "loss / max": [3, 2], "loss / min": [1, 2]}
    assert _plain(_table(tmp_path / "all", frame)) == found
    assert _plain(_table(tmp_path / "one", frame, columns=[("loss", "min")])) == {"loss / min": [1, 2]}


@pytest.mark.parametrize(
    ("cells", "kind", "found"),
    [
        ([1, 2.5, None], "number", [1.0, 2.5, None]),
        ([True, 2], "int", [1, 2]),
        ([2**70, 1], "text", [str(2**70), "1"]),
        ([np.float32(0.5), torch.tensor(2)], "number", [0.5, 2.0]),
        (["a", 1, NAN], "text", ["a", "1", None]),
        ([None, None], "text", [None, None]),
        ([date(2024, 5, 1), None], "time", [datetime(2024, 5, 1), None]),
        ([datetime(2024, 5, 1, 2, tzinfo=timezone(timedelta(hours=2)))], "time", [datetime(2024, 5, 1)]),
        ([pandas.Timestamp("2024-05-01"), pandas.NaT], "time", [datetime(2024, 5, 1), None]),
        ([np.array([1, 2])], "text", ["[1, 2]"]),
        ([{"a": 1}], "text", ["{'a': 1}"]),
    ],
)
def test_the_type_of_a_column_holds_all_its_cells(
    tmp_path: Path, cells: list[Any], kind: str, found: list[Any]
) -> None:
    table = _table(tmp_path, {"c": cells})
    assert (_kinds(table)["c"], _plain(table)["c"]) == (kind, found)


def test_pictures_in_cells(tmp_path: Path) -> None:
    red = np.zeros((4, 6, 3), np.uint8) + np.array([255, 0, 0], np.uint8)
    cells = [red, red / 255.0, torch.tensor(red).permute(2, 0, 1), Image.fromarray(red), red[..., 0], None]
    (column,) = _table(tmp_path, [{"picture": cell} for cell in cells]).columns
    assert column.kind == "image" and column.missing.tolist() == [False] * 5 + [True]
    shown = [np.asarray(Image.open(BytesIO(cell))) for cell in column.values[:-1]]
    assert all(np.array_equal(picture, red) for picture in shown[:4])
    assert shown[4].shape == (4, 6, 3) and shown[4].min() == 255


def test_a_table_is_what_it_was_at_the_call(tmp_path: Path) -> None:
    rows, picture = [{"n": 1}], np.zeros((2, 2), np.uint8)
    with SummaryWriter(tmp_path) as writer:
        writer.add_table("t", rows)
        writer.add_table("p", [{"p": picture}])
        rows[0]["n"] = 2
        picture[:] = 255
    log = _read(tmp_path)
    assert _plain(log.tables(".", "t")[0]) == {"n": [1]}
    assert np.asarray(Image.open(BytesIO(log.tables(".", "p")[0].columns[0].values[0]))).max() == 0


@pytest.mark.parametrize("library", [pandas.DataFrame, polars.DataFrame, pyarrow.table])
def test_a_frame_is_what_it_was_at_the_call(tmp_path: Path, library: Any) -> None:
    cells = np.arange(9000.0)
    frame = library({"n": cells, "w": ["x"] * 9000})
    with SummaryWriter(tmp_path) as writer:
        writer.add_table("t", frame)
        cells[:] = -1  # pyarrow and polars do not copy it
        if library is pandas.DataFrame:
            frame["n"] += 1
            frame.iloc[0, 1] = "y"
    found = _plain(_read(tmp_path).tables(".", "t")[0])
    assert found["n"] == list(range(9000)) and found["w"] == ["x"] * 9000


def test_objects_in_a_frame_are_what_they_were_at_the_call(tmp_path: Path) -> None:
    cell = [1]
    with SummaryWriter(tmp_path) as writer:
        writer.add_table("pandas", pandas.DataFrame({"c": [cell]}))
        writer.add_table("polars", polars.DataFrame({"c": polars.Series([cell], dtype=polars.Object)}))
        cell.append(2)
    log = _read(tmp_path)
    assert [_plain(log.tables(".", tag)[0]) for tag in ("pandas", "polars")] == [{"c": ["[1]"]}] * 2


@pytest.mark.parametrize(
    "cells",
    [pandas.Series([1, None], dtype="Int64"), polars.Series([1, None]), pyarrow.array([1, None])],
    ids=["pandas", "polars", "pyarrow"],
)
def test_columns_of_data_frames_are_columns(tmp_path: Path, cells: Any) -> None:
    table = _table(tmp_path, {"c": cells})
    assert (_kinds(table), _plain(table)) == ({"c": "int"}, {"c": [1, None]})


@pytest.mark.parametrize(
    ("rows", "columns", "sentence"),
    [
        (5, None, r"expected rows \(a list of dicts or of lists\), a dict of columns or a data frame, got int"),
        ("abc", None, r"expected rows .*, got the string 'abc'"),
        ({"a": [1], "b": [1, 2]}, None, r"expected columns of one length, got \{'a': 1, 'b': 2\}"),
        ({"a": "text"}, None, "expected column 'a' as a list or an array, got the string 'text'"),
        ([{"a": 1}, 7], None, "expected rows as dicts or as lists, all alike, got a dict of 1 in row 0"),
        ([[1, 2], [1]], None, "expected 2 cells in each row, got 1 in row 1"),
        ([[1, 2]], ["a"], "expected 1 cells in each row, got 2 in row 0"),
        ([[1]], "a", "expected columns as a list of names, got the string 'a'"),
        (np.zeros(3), None, r"expected an array with named fields or of shape \(rows, columns\), got \(3,\)"),
    ],
)
def test_what_is_no_table_is_said_at_the_call(tmp_path: Path, rows: Any, columns: Any, sentence: str) -> None:
    with (
        SummaryWriter(tmp_path) as writer,
        pytest.raises((TypeError, ValueError), match=rf"^add_table\('x'\): {sentence}"),
    ):
        writer.add_table("x", rows, columns=columns)
