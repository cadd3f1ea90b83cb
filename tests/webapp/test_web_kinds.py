"""The catalog of kinds, and the forms of tensors and of values that nobody here knows."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from picture_files import encoded
from PIL import Image
from test_web_blobs import address, columns

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.proto import event_pb2 as pb
from stepscope.logger.proto.event_pb2 import Event, Summary, TensorProto
from stepscope.logger.records import frame
from stepscope.logger.tensors import tensor_proto
from stepscope.webapp.app import create_app
from stepscope.webapp.media.tensors import preview, statistics

REAL_RUNS = Path(__file__).parents[3] / "shared" / "real_runs"


def client_of(folder: Path) -> FlaskClient:
    return create_app(open_logdir(folder, index_dir=False)).test_client()


def write_values(folder: Path, *values: Summary.Value) -> None:
    """One event file that holds these values at step 0."""
    folder.mkdir(parents=True, exist_ok=True)
    events = [Event(step=0, wall_time=1e9, summary=Summary(value=[value])) for value in values]
    (folder / "events.out.tfevents.1.host").write_bytes(b"".join(frame(event.SerializeToString()) for event in events))


def unknown(tag: str, array: Any = None, content: bytes = b"") -> Summary.Value:
    """A value of a plugin that nobody knows."""
    value = Summary.Value(tag=tag)
    value.metadata.plugin_data.plugin_name, value.metadata.plugin_data.content = "mystery", content
    if array is not None:
        value.tensor.CopyFrom(tensor_proto(np.asarray(array)))
    return value


def catalog(client: FlaskClient) -> dict[str, dict[str, set[str]]]:
    """run → kind → tags."""
    found = client.get("/api/kinds").json
    tags = found["tags"]
    lines = [*found["runs"], *([part["name"], part["set"]] for part in found["parts"])]
    return {
        run: {kind: {tags[i] for i in places} for kind, places in found["sets"][place].items()} for run, place in lines
    }


def form(client: FlaskClient, name: str, run: str, kind: str, tag: str, index: int = -1) -> Any:
    return client.get(address(name, run, kind, tag, columns(client, kind, tag, run)[run], index))


def test_the_catalog_tells_which_run_has_which_tags(tmp_path: Path) -> None:
    for run in ("a", "b"):
        with SummaryWriter(tmp_path / run) as writer:
            writer.add_scalar("loss", 1, 0)
            writer.add_tensor("weights", np.zeros(3), 0)
            writer.add_text("note", "hi", 0)
    write_values(tmp_path / "c", unknown("what"))
    client = client_of(tmp_path)
    same = {"tensors": {"weights"}, "text": {"note/text_summary"}}
    assert catalog(client) == {"a": same, "b": same, "c": {"mystery": {"what"}}}
    assert len(client.get("/api/kinds").json["sets"]) == 2


def test_the_catalog_is_sent_once_while_no_tag_comes(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_text("note", "hi", 0)
    client = client_of(tmp_path)
    etag = client.get("/api/kinds").headers["ETag"]
    assert client.get("/api/kinds", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/api/kinds", headers={"If-None-Match": '"other"'}).status_code == 200


def test_runs_that_are_joined_answer_with_their_row(tmp_path: Path) -> None:
    """What `add_hparams` wrote beside a run is the run's; the parts of a session are lines of their own."""
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_scalar("loss", 1, 0)
        writer.add_text("note", "hi", 0)
        writer.add_hparams({"lr": 0.1}, {"acc": 1.0}, run_name="trial")
    with SummaryWriter(tmp_path / "s") as writer:
        writer.add_hparams({"lr": 0.1}, {"acc": 1.0}, run_name=".")
    with SummaryWriter(tmp_path / "s" / "validation") as writer:
        writer.add_tensor("confusion", np.eye(2), 0)
    client = client_of(tmp_path)
    assert catalog(client) == {
        "a": {"text": {"note/text_summary"}}, "s": {}, "s/validation": {"tensors": {"confusion"}},
    }  # fmt: skip
    (part,) = client.get("/api/kinds").json["parts"]
    assert (part["name"], part["part"], client.get("/api/kinds").json["runs"][part["row"]][0]) == (
        "s/validation", "validation", "s",
    )  # fmt: skip


def test_tags_whose_pictures_move_are_told_apart(tmp_path: Path) -> None:
    frames = [Image.fromarray(np.full((8, 8, 3), shade, np.uint8)) for shade in (0, 90, 180)]
    moving = {"save_all": True, "append_images": frames[1:], "duration": 50}
    pictures = {
        "gif": encoded(frames[0], "GIF", **moving),
        "webp": encoded(frames[0], "WEBP", **moving),
        "apng": encoded(frames[0], "PNG", **moving),
        "still gif": encoded(frames[0], "GIF"),
        "still png": encoded(frames[0], "PNG"),
        "no picture": b"GIF89a nothing more",
    }
    values = [
        Summary.Value(tag=tag, image=Summary.Image(height=8, width=8, encoded_image_string=data))
        for tag, data in pictures.items()
    ]
    write_values(tmp_path, *values)
    found = client_of(tmp_path).get("/api/kinds").json
    assert {found["tags"][place] for place in found["animated"]} == {"gif", "webp", "apng"}


def test_a_tensor_in_figures_and_as_files(tmp_path: Path) -> None:
    array = np.array([[1.5, -2, np.nan], [np.inf, 0, 4]], np.float32)
    with SummaryWriter(tmp_path) as writer:
        writer.add_tensor("w", array, 3)
    client = client_of(tmp_path)
    told = form(client, "summary", ".", "tensors", "w").json
    assert (told["dtype"], told["shape"], told["count"]) == ("float32", [2, 3], 6)
    assert told["statistics"] == {
        "min": -2,
        "max": 4,
        "mean": 0.875,
        "std": float(np.std([1.5, -2, 0, 4])),
        "nan": 1,
        "inf": 1,
    }
    assert told["preview"]["values"] == [[1.5, -2, "NaN"], ["Infinity", 0, 4]]
    npy = form(client, "npy", ".", "tensors", "w")
    assert "w_3.npy" in npy.headers["Content-Disposition"]
    np.testing.assert_array_equal(np.load(io.BytesIO(npy.data)), array)
    assert form(client, "bytes", ".", "tensors", "w").data == array.tobytes()


def test_types_that_numpy_lacks_are_told_by_their_own_name(tmp_path: Path) -> None:
    brain = unknown("brain", np.zeros(0))
    brain.tensor.CopyFrom(TensorProto(dtype=pb.DT_BFLOAT16, tensor_content=b"\xc0\x3f\x00\xc0"))
    brain.tensor.tensor_shape.dim.add(size=2)
    whole = unknown("whole", np.zeros(0))
    whole.tensor.CopyFrom(TensorProto(dtype=pb.DT_QINT8, int_val=[-128, 127]))
    whole.tensor.tensor_shape.dim.add(size=2)
    write_values(tmp_path, brain, whole)
    client = client_of(tmp_path)
    told = {tag: form(client, "summary", ".", "mystery", tag).json for tag in ("brain", "whole")}
    assert [(one["dtype"], one["preview"]["values"]) for one in told.values()] == [
        ("bfloat16", [[1.5, -2]]),
        ("qint8", [[-128, 127]]),
    ]
    read = np.load(io.BytesIO(form(client, "npy", ".", "mystery", "brain").data))
    assert (read.dtype, read.tolist()) == (np.float32, [1.5, -2])


def test_texts_and_bytes_of_unknown_plugins(tmp_path: Path) -> None:
    words = np.array([b"hello", b"\xff\x00"], dtype=object)
    write_values(tmp_path, unknown("words", words, b"version 2"), unknown("bare", None, bytes(range(128))))
    client = client_of(tmp_path)
    told = form(client, "summary", ".", "mystery", "words").json
    assert (told["form"], told["strings"], told["plugin"]) == ("strings", ["hello", "\ufffd\0"], "mystery")
    assert told["metadata"] == {"size": 9, "text": "version 2"}
    assert np.load(io.BytesIO(form(client, "npy", ".", "mystery", "words").data)).tolist()[0] == "hello"
    bare = form(client, "summary", ".", "mystery", "bare").json
    assert (bare["form"], bare["size"], bare["hex"][:8]) == ("bytes", 128, "00 01 02")
    refused = form(client, "npy", ".", "mystery", "bare")
    assert refused.status_code == 422 and "no tensor" in refused.json["error"]
    assert form(client, "bytes", ".", "mystery", "bare").data == bytes(range(128))


def test_one_long_text_among_many_is_no_file_of_gigabytes(tmp_path: Path) -> None:
    """numpy gives every text the room of the longest."""
    words = np.array([b"x" * 100_000] + [b"a"] * 1_000, dtype=object)
    write_values(tmp_path, unknown("words", words))
    client = client_of(tmp_path)
    refused = form(client, "npy", ".", "mystery", "words")
    assert refused.status_code == 422 and "would take 400,400,000 bytes" in refused.json["error"]
    assert len(form(client, "bytes", ".", "mystery", "words").data) == 102_000


def test_a_value_that_is_broken_is_refused_with_a_sentence_and_can_still_be_had(tmp_path: Path) -> None:
    broken = Summary.Value(tag="t", tensor=TensorProto(dtype=1, tensor_content=b"abc"))
    write_values(tmp_path, broken)
    client = client_of(tmp_path)
    refused = form(client, "summary", ".", "tensors", "t")
    assert refused.status_code == 422
    assert "multiple of 4" in refused.json["error"] and "step 0" in refused.json["error"]
    assert form(client, "message", ".", "tensors", "t").data == broken.SerializeToString()


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.zeros((0, 3)), {"min": None, "mean": None, "nan": 0}),
        (np.full(4, np.nan), {"max": None, "nan": 4, "inf": 0}),
        (np.array([True, False]), {"min": 0, "max": 1, "mean": 0.5}),
        (np.array([2**63], np.uint64), {"max": "9223372036854775808"}),
        (np.array([3 + 4j]), {"min": 5.0, "max": 5.0}),
        (np.array([1e308, 1e308, -1e308]), {"mean": "Infinity", "min": -1e308}),
        (np.float16(60000) * np.ones(1000, np.float16), {"mean": 60000.0, "std": 0.0}),
    ],
)
def test_statistics_of_odd_tensors(array: Any, expected: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = statistics(array)
    assert {key: found[key] for key in expected} == expected


def test_a_large_tensor_is_shown_as_means_of_blocks() -> None:
    array = np.arange(480 * 960, dtype=np.float64).reshape(480, 960)
    array[:10, :10] = np.nan
    array[0, 10] = np.inf
    shown = preview(array)
    assert (shown["rows"], shown["columns"], shown["of"], shown["exact"]) == (48, 96, [480, 960], False)
    assert shown["values"][0][0] == "NaN"
    assert shown["values"][0][1] == pytest.approx(np.mean(array[:10, 10:20][np.isfinite(array[:10, 10:20])]), rel=1e-5)
    assert shown["values"][47][95] == pytest.approx(array[470:, 950:].mean(), rel=1e-5)


def test_rows_without_an_element_are_not_listed() -> None:
    """A message of a few bytes may tell of 2^40 of them."""
    shown = preview(np.zeros((1 << 40, 0)))
    assert (shown["values"], shown["of"]) == ([], [1 << 40, 0])


def test_block_means_of_the_largest_numbers_warn_nobody() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert preview(np.full((480, 960), 1e308))["values"][0][0] == "Infinity"


@pytest.mark.parametrize("name", ["summary", "bytes", "npy"])
def test_a_histogram_is_no_tensor(tmp_path: Path, name: str) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_histogram("h", np.arange(5), 0)
    answer = form(client_of(tmp_path), name, ".", "histograms", "h")
    assert answer.status_code == 422 and "no tensor" in answer.json["error"]


def test_axes_are_split_where_the_table_is_twice_as_wide_as_high() -> None:
    assert preview(np.zeros((64, 32, 3, 3)))["of"] == [64, 288]
    assert preview(np.zeros(5000))["of"] == [1, 5000]
    assert preview(np.float32(1))["of"] == [1, 1]


def test_values_that_a_restart_superseded_can_be_left_out(tmp_path: Path) -> None:
    for steps in ([0, 10, 20, 30], [10, 15]):
        with SummaryWriter(tmp_path) as writer:
            for step in steps:
                writer.add_tensor("t", np.zeros(1), step)
    client = client_of(tmp_path)
    asked = {"kind": "tensors", "tag": "t", "runs": ["."]}
    every = client.post("/api/blobs", json=asked).data
    assert client.post("/api/blobs", json={**asked, "segments": "all"}).data == every
    latest = client.post("/api/blobs", json={**asked, "segments": "latest"}).data
    assert len(latest) < len(every)
    refused = client.post("/api/blobs", json={**asked, "segments": "some"})
    assert refused.status_code == 400 and "latest" in refused.json["error"]


def test_files_of_a_run_and_of_those_joined_to_it(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_scalar("loss", 1, 0)
        writer.add_text("note", "hi", 0)
        writer.add_text("note", "hi", 1)
        writer.add_hparams({"lr": 0.1}, {"acc": 1.0}, run_name="trial")
    own, joined = client_of(tmp_path).get("/api/files?run=a").json
    assert (own["run"], joined["run"]) == ("a", "a/trial")
    assert own["values"] == {"scalars": 1, "text": 2}
    assert joined["values"]["scalars"] == 1 and joined["state"] == "ok"


@pytest.mark.skipif(not REAL_RUNS.is_dir(), reason="the real runs are not on this machine")
def test_every_value_of_real_runs_has_a_place_in_the_catalog() -> None:
    """Nothing in a log is dropped: what is neither a scalar nor has a page of its own is a card."""
    log = open_logdir(REAL_RUNS, index_dir=False)
    client = create_app(log).test_client()
    listed = catalog(client)
    elsewhere = {"scalars", "hparams", "custom_scalars", "graphs", "events"}
    for run in log.runs:
        kinds = {kind: set(tags) for kind, tags in log.tags(run).items() if kind not in elsewhere}
        assert listed.get(run, {}) == kinds, run
    found = client.get("/api/kinds").json
    assert {found["tags"][place] for place in found["animated"]} == {"vid"}
