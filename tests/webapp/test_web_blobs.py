"""Values that are no scalars, over HTTP: where they are, and their bytes."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.webapp.app import create_app
from stepscope.webapp.media.columns import first_check


@pytest.fixture
def log_folder(tmp_path: Path) -> Path:
    """Two runs with pictures at three steps."""
    for run in ("a", "b"):
        with SummaryWriter(tmp_path / "logs" / run) as writer:
            for step in (0, 10, 2**53 + 1):
                writer.add_image("sample", np.full((3, 4, 5), step % 251, np.uint8), step, walltime=1e9 + step % 100)
    return tmp_path / "logs"


@pytest.fixture
def client(log_folder: Path) -> FlaskClient:
    """A client of a dashboard of that log."""
    return create_app(open_logdir(log_folder, index_dir=False)).test_client()


def columns(client: FlaskClient, kind: str, tag: str, *runs: str) -> dict[str, dict[str, Any]]:
    """The answer of /api/blobs by run, arrays read."""
    return {entry["run"]: entry for entry in series_told(client, {"kind": kind, "tag": tag, "runs": runs})}


def series_told(client: FlaskClient, query: dict[str, Any]) -> list[dict[str, Any]]:
    """The answer of /api/blobs, arrays read."""
    answer = client.post("/api/blobs", json=query)
    assert answer.status_code == 200, answer.text
    body = answer.data
    assert body[:4] == b"SSB1"
    (length,) = struct.unpack_from("<I", body, 4)

    def column(entry: dict[str, Any], name: str) -> Any:
        place = entry["arrays"][name]
        if "first" in place:
            more = np.zeros(entry["n"])
            if "at" in place:
                more[1:] = np.frombuffer(body, f"<{place['dtype']}", entry["n"] - 1, 8 + length + place["at"])
            return (place["first"] + place["least"] * np.arange(entry["n"]) + more.cumsum()) * place["unit"]
        return np.frombuffer(body, f"<{place['dtype']}", entry["n"], 8 + length + place["at"])

    series = json.loads(body[8 : 8 + length])["series"]
    return [{**entry, **{name: column(entry, name) for name in entry["arrays"]}} for entry in series]


def address(form: str, run: str, kind: str, tag: str, entry: dict[str, Any], index: int) -> str:
    return f"/api/blob/{form}?run={run}&kind={kind}&tag={tag}&id={int(entry['step'][index])}-{entry['crc'][index]:08x}"


def test_columns_say_where_the_values_of_each_run_are(client: FlaskClient) -> None:
    found = columns(client, "images", "sample", "a", "b", "no such run")
    assert list(found) == ["a", "b"]
    assert found["a"]["step"].tolist() == [0, 10, float(2**53 + 1)]
    assert found["a"]["wall"].tolist() == [1e9, 1e9 + 10, 1e9 + (2**53 + 1) % 100]
    assert found["a"]["bytes"].min() > 0 and len(set(found["a"]["crc"].tolist())) == 3


def test_columns_of_many_values_are_sent_as_exact_differences(tmp_path: Path) -> None:
    walls = [1.7e9 + index + 0.1 * (index % 7) for index in range(500)]
    with SummaryWriter(tmp_path) as writer:
        for index, wall in enumerate(walls):
            writer.add_tensor("even", np.zeros(1), 10 * index, walltime=wall)
            writer.add_tensor("uneven", np.zeros(1), index**2, walltime=2e9 - wall)
    client = create_app(open_logdir(tmp_path, index_dir=False)).test_client()
    even, uneven = (columns(client, "tensors", tag, ".")["."] for tag in ("even", "uneven"))
    assert even["step"].tolist() == list(range(0, 5000, 10)) and even["wall"].tolist() == walls
    assert uneven["step"].tolist() == [index**2 for index in range(500)]
    assert uneven["wall"].tolist() == [2e9 - wall for wall in walls]
    body = client.post("/api/blobs", json={"kind": "tensors", "tag": "even", "runs": ["."]}).data
    assert len(body) < 500 * 9 + 600


def test_values_that_a_page_has_are_not_sent_again(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step in (3, 2**40, 2**53 + 1):
            writer.add_tensor("t", np.full(1, step), step, walltime=1.7e9 + step % 1000)
    log = open_logdir(tmp_path, index_dir=False)
    client, series = create_app(log).test_client(), log.tensors(".", "t")
    query = {"kind": "tensors", "tag": "t", "runs": ["."]}

    def sent(count: int, check: int) -> tuple[int, int]:
        [entry] = series_told(client, {"asked": [{**query, "known": {".": [count, check]}}]})
        assert entry["step"].tolist() == series.step[entry["from"] :].astype("f8").tolist()
        return entry["from"], entry["n"]

    for count in range(4):
        assert sent(count, first_check(series, count)) == (count, 3 - count)
    assert sent(2, first_check(series, 2) + 1) == sent(4, 0) == (0, 3)  # other values; fewer than the page had
    [whole], [nameless] = (series_told(client, {"asked": [{**query, "names": names}]}) for names in (True, False))
    assert whole["check"] == nameless["check"] == first_check(series, 3)
    assert whole["crc"].tolist() == series.crc.tolist() and "crc" not in nameless["arrays"]
    refused = client.post("/api/blobs", json={"asked": [{**query, "known": {".": "all"}}]})
    assert (refused.status_code, refused.json["error"][:6]) == (400, "known:")


def test_the_checksum_of_values_is_of_any_steps_and_times() -> None:
    step, wall = np.array([-3, 2**40 + 5, 2**60]), np.array([1.7e9 + 0.75, np.nan, -2.5])
    values: Any = SimpleNamespace(step=step, wall_time=wall, crc=np.array([0xABC, 0xFFFFFFFF, 7], np.uint32))
    assert [first_check(values, count) for count in range(4)] == [0, 2594964545, 2594964527, 2594964492]


def test_many_tags_are_answered_together_and_those_that_are_not_there_left_out(client: FlaskClient) -> None:
    asked = [
        {"kind": "images", "tag": "none", "runs": ["a"]},
        {"kind": "images", "tag": "sample", "runs": ["b", "a"]},
        {"kind": "audio", "tag": "sample", "runs": ["a"]},
    ]
    found = series_told(client, {"asked": asked})
    assert [(entry["asked"], entry["run"], entry["step"][1]) for entry in found] == [(1, "b", 10), (1, "a", 10)]
    refused = client.post("/api/blobs", json={"asked": [{"kind": "images", "runs": ["a"]}]})
    assert (refused.status_code, refused.json["error"]) == (400, "expected kind and tag as strings")


def test_raw_bytes_are_those_that_were_logged(client: FlaskClient, log_folder: Path) -> None:
    series = open_logdir(log_folder, index_dir=False).images("b", "sample")
    entry = columns(client, "images", "sample", "b")["b"]
    for index in range(3):
        answer = client.get(address("raw", "b", "images", "sample", entry, index))
        assert answer.data == series[index].data
        assert answer.content_type == "image/png"
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("run=a&kind=images&tag=sample&id=10-00000000", 404, "has no value"),
        ("run=a&kind=images&tag=sample&id=ten", 400, "<step>-<checksum>"),
        ("run=a&kind=images&tag=sample", 400, "parameter id"),
        ("run=x&kind=images&tag=sample&id=1-1", 404, "no run 'x'"),
        ("run=a&kind=images&tag=other&id=1-1", 404, "no images 'other'"),
        ("run=a&kind=images&tag=sample&id=1-1&sample=-1", 400, "sample"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(
    client: FlaskClient, query: str, status: int, sentence: str
) -> None:
    answer = client.get(f"/api/blob/raw?{query}")
    assert (answer.status_code, sentence in answer.json["error"]) == (status, True), answer.text


def test_a_form_that_does_not_exist_names_those_that_do(client: FlaskClient) -> None:
    entry = columns(client, "images", "sample", "a")["a"]
    answer = client.get(address("nonsense", "a", "images", "sample", entry, 0))
    assert answer.status_code == 404 and "raw" in answer.json["error"]


def test_what_is_no_picture_and_no_sound_is_only_ever_a_download(tmp_path: Path) -> None:
    from stepscope.webapp.media.forms import sniff

    assert sniff(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>") == ("", ".bin")
    assert sniff(b"<html><script>alert(1)</script>") == ("", ".bin")
    assert sniff(b"") == ("", ".bin")
    assert sniff(b"\0\0\0\x20ftypavif\0\0\0\0") == ("image/avif", ".avif")  # a picture in the boxes of a film


def test_a_value_whose_file_is_gone_says_so(client: FlaskClient, log_folder: Path) -> None:
    entry = columns(client, "images", "sample", "a")["a"]
    for file in (log_folder / "a").iterdir():
        file.unlink()
    answer = client.get(address("raw", "a", "images", "sample", entry, 0))
    assert answer.status_code == 410 and "cannot be read" in answer.json["error"]


def test_answers_are_kept_in_bounded_memory() -> None:
    from stepscope.webapp.media.blob_cache import AnswerCache
    from stepscope.webapp.media.forms import Answer

    cache = AnswerCache(most=9000, largest=4000)
    made: list[int] = []

    def answer(key: int, size: int) -> Answer:
        return cache.get(key, lambda: (made.append(key), Answer(bytes(size), "image/png"))[1])

    for key in range(10):
        answer(key, 3000)
    assert cache.nbytes <= 9000
    answer(9, 3000)
    assert made == list(range(10))  # the last one was still there
    answer(0, 3000)
    assert made == [*range(10), 0]  # the first was not
    answer(77, 5000)
    answer(77, 5000)
    assert made[-2:] == [77, 77]  # too large to be worth its place
    for key in range(100, 200):
        answer(key, 1)
    answer(100, 1)
    assert made[-1] == 100  # many small ones take memory, too
