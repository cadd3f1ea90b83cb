"""Logged tables and confusion matrices as the page gets them."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from stepscope.logger import LogDir, SummaryWriter, open_logdir
from stepscope.webapp import Settings, create_app

Get = Callable[..., Any]


@pytest.fixture
def get(tmp_path: Path) -> Iterator[Get]:
    """The last value of a tag: get("cells", kind, tag, row=3) → the answer; what is logged is logged before."""
    opened: list[tuple[LogDir, FlaskClient]] = []

    def ask(form: str, kind: str, tag: str, **args: Any) -> Any:
        if not opened:
            log = open_logdir(tmp_path, index_dir=False)
            settings = Settings(logdirs={"": str(tmp_path)}, logdir_text="", index_dir="")
            opened.append((log, create_app(log, settings).test_client()))
        log, client = opened[0]
        series = log.blobs(".", kind, tag)
        name = f"{series.step[-1]}-{series.crc[-1]:08x}"
        return client.get(f"/api/blob/{form}", query_string={"run": ".", "kind": kind, "tag": tag, "id": name, **args})

    yield ask
    for log, _ in opened:
        log.close()


def unpack(data: bytes) -> tuple[dict[str, Any], Callable[[dict[str, Any], int], np.ndarray]]:
    """The header of a frame, and how to read one of its arrays."""
    (length,) = struct.unpack("<I", data[4:8])
    return json.loads(data[8 : 8 + length]), lambda place, count: np.frombuffer(
        data, "<" + place["dtype"], count, 8 + length + place["at"]
    )


def test_columns_are_sent_with_their_types(tmp_path: Path, get: Get) -> None:
    when = datetime(2026, 5, 1, 12, tzinfo=timezone.utc)
    rows = [
        {"n": 1.5, "whole": 7, "long": 2**60 + 1, "yes": True, "text": "a", "when": when},
        {"n": float("nan"), "whole": None, "long": 1, "yes": False, "text": "b", "when": None},
        {"n": None, "whole": -2, "long": 3, "yes": None, "text": "a", "when": when},
    ]
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_table("t", rows, 0)
    header, array = unpack(get("cells", "tables", "t").data)
    columns = {column["title"]: column for column in header["columns"]}
    values = {title: array(column["array"], header["rows"]) for title, column in columns.items()}
    assert [column["kind"] for column in header["columns"]] == ["number", "int", "text", "bool", "text", "time"]
    assert np.array_equal(values["n"], [1.5, np.nan, np.nan], equal_nan=True)
    assert columns["n"]["nan"] == [1]  # logged as such; the other one is empty
    assert np.array_equal(values["whole"], [7, np.nan, -2], equal_nan=True)
    assert columns["long"]["strings"][0] == str(2**60 + 1)  # every digit
    assert np.array_equal(values["yes"], [1, 0, np.nan], equal_nan=True)
    assert [columns["text"]["strings"][code] for code in values["text"]] == ["a", "b", "a"]
    assert values["when"][0] == when.timestamp()


def test_pictures_of_cells_are_sent_small_and_empty_ones_are_none(tmp_path: Path, get: Get) -> None:
    pixels = np.arange(300 * 200 * 3, dtype=np.uint8).reshape(200, 300, 3)
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_table("t", [{"i": 0, "p": pixels}, {"i": 1, "p": None}], 0)
    answer = get("picture", "tables", "t", row=0, column=1, size=30)
    assert Image.open(io.BytesIO(answer.data)).size == (30, 20)
    assert answer.headers["X-Width"] == "300"
    for row, column in ((1, 1), (0, 0), (9, 1), (0, 9)):
        assert get("picture", "tables", "t", row=row, column=column).status_code == 404


def test_tables_are_saved_as_csv_and_json(tmp_path: Path, get: Get) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_table("a/b", [{"x": 1.5, "t": 'say "a,b"'}, {"x": float("inf"), "t": None}], 3)
    answer = get("csv", "tables", "a/b")
    assert answer.text == 'x,t\n1.5,"say ""a,b"""\nInfinity,\n'
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert get("json", "tables", "a/b").json == {
        "columns": [{"name": "x", "kind": "number"}, {"name": "t", "kind": "text"}],
        "rows": [[1.5, 'say "a,b"'], ["Infinity", None]],
    }


@pytest.mark.parametrize(
    ("matrix", "dtype"),
    [([[3, 1], [0, 5]], "u4"), ([[0.5, 1.5], [0.0, 2.0]], "f8"), ([[2**40, 1], [0, 5]], "f8")],
    ids=["counts", "weights", "large"],
)
def test_confusion_matrices_are_sent_as_stored(tmp_path: Path, get: Get, matrix: Any, dtype: str) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_confusion_matrix("m", np.array(matrix), global_step=1, class_names=["cat", "dog"])
    header, array = unpack(get("matrix", "confusion_matrices", "m").data)
    assert (header["classes"], header["names"]) == (2, ["cat", "dog"])
    assert header["arrays"]["matrix"]["dtype"] == dtype
    assert array(header["arrays"]["matrix"], 4).reshape(2, 2).tolist() == matrix


def test_figures_are_sent_as_they_are_or_say_what_is_wrong(tmp_path: Path, get: Get) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_plotly("good", {"data": [{"y": [1, 2]}], "layout": {"title": "<b>x</b>"}}, 0)
        writer.add_plotly("nan", '{"data": [{"y": [1, 2]}], "layout": {}}', 0)
        writer.add_plotly("no list", '{"data": 3}', 0)
        writer.add_plotly("layout", '{"data": [], "layout": []}', 0)
    answer = get("figure", "plotly", "good")
    assert answer.json == {"data": [{"y": [1, 2]}], "layout": {"title": "<b>x</b>"}}
    assert answer.content_type == "application/json"
    assert get("download", "plotly", "good").headers["Content-Disposition"].startswith("attachment")
    for tag, said in (("no list", 'an object with "data", a list of traces'), ("layout", 'its "layout" is no dict')):
        answer = get("figure", "plotly", tag)
        assert answer.status_code == 422
        assert said in answer.json["error"]
