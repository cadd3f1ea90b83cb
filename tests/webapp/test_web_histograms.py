"""Histograms over HTTP: the buckets exactly as they were stored."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from web_helpers import REAL_RUNS

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.proto.event_pb2 import Event, HistogramProto
from stepscope.logger.records import frame, read_records
from stepscope.logger.tensors import tensor_array, tensor_proto
from stepscope.webapp.app import create_app
from stepscope.webapp.media.count_coding import coded_counts, varints
from stepscope.webapp.media.percentiles import SHARES, percentiles

HUGE = float(np.finfo(np.float64).max)


def client_of(folder: Path) -> FlaskClient:
    return create_app(open_logdir(folder, index_dir=False)).test_client()


def ask(client: FlaskClient, tag: str, *runs: str, **more: Any) -> dict[str, dict[str, Any]]:
    """The answer by run, arrays read and edges put together as a page does it."""
    answer = client.post("/api/histograms", json={"tag": tag, "runs": runs, **more})
    assert answer.status_code == 200, answer.text
    body = answer.data
    (length,) = struct.unpack_from("<I", body, 4)
    header, base = json.loads(body[8 : 8 + length]), 8 + length

    def column(place: dict[str, Any], count: int) -> np.ndarray[Any, Any]:
        return np.frombuffer(body, f"<{place['dtype']}", count, base + place["at"])

    found = {}
    for entry in header["series"]:
        places, sent = entry["arrays"], entry["sent"]
        single = {name: column(place, sent) for name, place in places.items() if name not in {"counts", "percentiles"}}
        if "percentiles" in places:
            single["percentiles"] = column(places["percentiles"], sent * len(SHARES)).reshape(sent, -1)
        buckets = single["buckets"].tolist()
        if "counts" in places:
            counts = counts_of(body, base + places["counts"]["at"], sum(buckets), entry["counts"], places["counts"])
            rights = rights_of(header["edges"], places, single, buckets, column)
            ends = np.cumsum(buckets)[:-1]
            single |= {
                "counts": np.split(counts, ends),
                "right": np.split(np.concatenate([np.empty(0), *rights]), ends),
            }
            lefts = [
                np.append(left, right[:-1])[: len(right)] for left, right in zip(single["left"], rights, strict=True)
            ]
            single["left"] = np.split(column(places["lefts"], sum(buckets)), ends) if "lefts" in places else lefts
        found[entry["run"]] = {**entry, **single}
    return found


def counts_of(body: bytes, at: int, count: int, coding: str, place: dict[str, Any]) -> np.ndarray[Any, Any]:
    if coding == "number":
        return np.frombuffer(body, f"<{place['dtype']}", count, at)
    numbers = []
    for _ in range(count):
        number = shift = 0
        while True:
            byte = body[at]
            at += 1
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        numbers.append(number)
    if coding == "difference":
        return np.cumsum([-(number + 1) // 2 if number % 2 else number // 2 for number in numbers])
    return np.array(numbers)


def rights_of(
    edges: dict[str, Any],
    places: dict[str, Any],
    single: dict[str, Any],
    buckets: list[int],
    column: Callable[[dict[str, Any], int], np.ndarray[Any, Any]],
) -> list[np.ndarray[Any, Any]]:
    """The right edges of each histogram, by the rules of bucket_edges.py."""
    starts = np.cumsum([0, *buckets])
    if edges["kind"] in {"even", "spread"}:
        found = []
        for i, n in enumerate(buckets):
            first, last = float(single["first"][i] if edges["kind"] == "even" else single["left"][i]), single["last"][i]
            gaps, shift = (max(1, n - 1), 0) if edges["kind"] == "even" else (max(1, n), 1)
            step = (float(last) - first) / gaps
            found.append(np.array([first + (j + shift) * step for j in range(n - 1)] + [last] * (n > 0)))
        return found
    if edges["kind"] == "plain":
        return np.split(column(places["right"], starts[-1]), starts[1:-1])
    pool = column(edges["pool"], edges["n"])
    if edges["kind"] == "shared":
        return [pool[begin : begin + n] for begin, n in zip(single["begin"], buckets, strict=True)]
    return np.split(pool[column(places["right"], starts[-1])], starts[1:-1])


def stored(folder: Path) -> dict[str, list[tuple[int, HistogramProto | np.ndarray[Any, Any]]]]:
    """(step, message or table) of every histogram of a run, by tag, straight from its event files."""
    found: dict[str, list[tuple[int, Any]]] = {}
    for path in sorted(folder.glob("*tfevents*")):
        with path.open("rb") as file:
            for record in read_records(file):
                event = Event.FromString(record)
                for value in event.summary.value:
                    if value.HasField("histo"):
                        found.setdefault(value.tag, []).append((event.step, value.histo))
                    elif (
                        value.HasField("tensor") and len(value.tensor.tensor_shape.dim) == 2 and value.tensor.dtype == 2
                    ):
                        found.setdefault(value.tag, []).append((event.step, tensor_array(value.tensor)))
    return found


def assert_exact(entry: dict[str, Any], messages: list[tuple[int, Any]]) -> None:
    assert entry["step"].tolist() == [step for step, _ in messages]
    for i, (_, message) in enumerate(messages):
        if isinstance(message, HistogramProto):
            assert entry["right"][i].tolist() == list(message.bucket_limit)
            assert entry["counts"][i].tolist() == list(message.bucket)
            assert (entry["min"][i], entry["max"][i], entry["num"][i]) == (message.min, message.max, message.num)
        else:
            found = np.stack([entry["left"][i], entry["right"][i], entry["counts"][i]], axis=1)
            assert np.array_equal(found, message)


@pytest.mark.skipif(not REAL_RUNS.is_dir(), reason="the real runs are not beside this checkout")
@pytest.mark.parametrize("run", ["torch/digits/h16_lr0.1", "tensorboardX_h16", "tf2_summary"])
def test_buckets_of_other_writers_are_those_of_the_file(run: str) -> None:
    client = client_of(REAL_RUNS)
    messages = stored(REAL_RUNS / run)
    assert messages
    for tag, expected in messages.items():
        assert_exact(ask(client, tag, run)[run], expected)


@pytest.mark.parametrize("bins", ["tensorflow", "auto", 17, [0.0, 0.1, 0.5, 4.0]])
def test_buckets_of_our_writer_are_those_of_the_file(tmp_path: Path, bins: Any) -> None:
    rng = np.random.default_rng(0)
    with SummaryWriter(tmp_path / "run") as writer:
        for step in range(40):
            writer.add_histogram("weights", rng.normal(step / 20, 1.0, 500), step, bins=bins)
    assert_exact(ask(client_of(tmp_path), "weights", "run")["run"], stored(tmp_path / "run")["weights"])


def write_tables(folder: Path, *tables: Any) -> FlaskClient:
    """A run with these v2 tensors and v1 messages, a step each."""
    folder.mkdir()
    records = [frame(Event(file_version="brain.Event:2").SerializeToString())]
    for step, table in enumerate(tables):
        event = Event(step=step, wall_time=1e9 + step)
        value = event.summary.value.add(tag="h")
        if isinstance(table, HistogramProto):
            value.histo.CopyFrom(table)
        else:
            value.metadata.plugin_data.plugin_name = "histograms"
            value.tensor.CopyFrom(tensor_proto(np.array(table, np.float64).reshape(-1, 3)))
        records.append(frame(event.SerializeToString()))
    (folder / "events.out.tfevents.1.x").write_bytes(b"".join(records))
    return client_of(folder)


def test_odd_buckets_come_as_they_are(tmp_path: Path) -> None:
    tables = [
        [],
        [(1.0, 1.0, 0.0), (1.0, 1.0, 7.0)],  # zero width: all values the same
        [(0.0, 1.0, 2.5), (3.0, 4.0, 1e-3)],  # a gap between two, counts that are no whole numbers
        [(-np.inf, 0.0, 3.0), (0.0, np.inf, 4.0)],
    ]
    entry = ask(write_tables(tmp_path / "run", *tables), "h", ".")["."]
    assert entry["n"] == entry["sent"] == 4
    assert_exact(entry, [(step, np.array(table).reshape(-1, 3)) for step, table in enumerate(tables)])


def test_a_run_without_a_bucket_leaves_the_others_theirs(tmp_path: Path) -> None:
    write_tables(tmp_path / "some", [(0, 1, 5), (1, 7, 2), (7, 8, 1)])
    write_tables(tmp_path / "none", [])
    found = ask(client_of(tmp_path), "h", "none", "some")
    assert found["some"]["right"][0].tolist() == [1, 7, 8]
    assert found["none"]["right"][0].tolist() == []


def test_values_in_no_bucket_and_infinities_are_counted(tmp_path: Path) -> None:
    values = np.array([0.5, -2.0, np.nan, np.nan, np.inf, -np.inf, -np.inf, -np.inf])
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_histogram("h", values, 0)
        writer.add_histogram("h", values[:2], 1)
    entry = ask(client_of(tmp_path), "h", "run")["run"]
    assert [entry[name].tolist() for name in ("outside", "high", "low")] == [[2, 0], [1, 0], [3, 0]]


def test_one_broken_value_leaves_the_others(tmp_path: Path) -> None:
    broken = HistogramProto(bucket_limit=[1.0, 2.0], bucket=[1.0])
    entry = ask(write_tables(tmp_path / "run", [(0, 1, 2)], broken, [(0, 1, 3)]), "h", ".")["."]
    assert entry["index"].tolist() == [0, 2]
    assert [problem["step"] for problem in entry["problems"]] == [1]
    assert "2 bucket limits and 1 counts" in entry["problems"][0]["error"]


@pytest.fixture(scope="module")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """1,000 histograms: one a step up to 499, then one in ten steps."""
    folder = tmp_path_factory.mktemp("logs")
    with SummaryWriter(folder / "run") as writer:
        for step in [*range(500), *range(500, 5500, 10)]:
            writer.add_histogram_raw("h", 0.0, 1.0, 3, 1.0, 1.0, [0.5, 1.0], [1, 2], step, walltime=1e9 + step)
    return client_of(folder)


def test_steps_are_chosen_evenly_with_the_first_and_the_last(long_run: FlaskClient) -> None:
    entry = ask(long_run, "h", "run", steps=101)["run"]
    assert entry["n"] == 1000
    step = entry["step"]
    assert (step[0], step[-1]) == (0, 5490)
    assert len(step) == 101 and 40 <= np.diff(step[1:]).min() <= np.diff(step[1:]).max() <= 70


def test_a_part_of_the_axis_is_asked_for_with_its_neighbours(long_run: FlaskClient) -> None:
    entry = ask(long_run, "h", "run", steps=64, range=[1000, 1100], x="relative")["run"]
    assert entry["step"].tolist() == list(range(990, 1120, 10))


def test_of_a_run_that_grew_only_what_is_new_comes(tmp_path: Path) -> None:
    def log(*steps: int) -> None:
        with SummaryWriter(tmp_path / "run") as writer:
            for step in steps:
                writer.add_histogram_raw("h", 0.0, 1.0, 3, 1.0, 1.0, [0.5, 1.0], [1, 2], step, walltime=1e9 + step)

    log(*range(100))
    client = client_of(tmp_path)
    first = ask(client, "h", "run", steps=11)["run"]
    told = {"run": [first["n"], first["check"]]}
    assert (first["n"], first["from"], first["step"].tolist()[-1]) == (100, 0, 99)
    again = ask(client, "h", "run", steps=11, known=told)["run"]
    assert (again["n"], again["from"], again["sent"], again["check"]) == (100, 100, 0, first["check"])

    log(*range(100, 125))
    client = client_of(tmp_path)
    grown = ask(client, "h", "run", steps=11, known=told)["run"]
    assert (grown["n"], grown["from"]) == (125, 100)
    assert grown["step"].tolist() == [111, 124], "two of ten columns of 12.4 steps end behind what is known"
    assert grown["index"].tolist() == [111, 124]
    assert grown["counts"][0].tolist() == [1, 2]
    within = ask(client, "h", "run", steps=11, range=[90, 110], known=told)["run"]["step"].tolist()
    assert within[0] == 101 and within[-1] == 111, "with the next one beyond"
    assert ask(client, "h", "run", steps=11, range=[20, 40], known=told)["run"]["sent"] == 0

    assert ask(client, "h", "run", steps=11, known={"run": [100, 7]})["run"]["from"] == 0, "they are other values"
    assert ask(client, "h", "run", steps=11, known={"run": [900, first["check"]]})["run"]["from"] == 0
    refused = client.post("/api/histograms", json={"tag": "h", "runs": ["run"], "known": {"run": ["x", 1]}})
    assert refused.status_code == 400 and "known" in refused.json["error"]


def test_one_value_comes_with_its_sums(long_run: FlaskClient) -> None:
    blobs = long_run.post("/api/blobs", json={"kind": "histograms", "tag": "h", "runs": ["run"]}).data
    (length,) = struct.unpack_from("<I", blobs, 4)
    place = json.loads(blobs[8 : 8 + length])["series"][0]["arrays"]["crc"]["at"]
    crc = np.frombuffer(blobs, "<u4", 1000, 8 + length + place)[250]
    entry = ask(long_run, "h", "run", at={"run": f"250-{crc:08x}"})["run"]
    assert entry["step"].tolist() == [250] and entry["sum"].tolist() == [1.0] and entry["sum_squares"].tolist() == [1.0]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"runs": []}, "tag"),
        ({"tag": "h", "runs": ["run"], "steps": 1}, "steps"),
        ({"tag": "h", "runs": ["run"], "parts": ["x"]}, "parts"),
        ({"tag": "h", "runs": ["run"], "at": {"run": "what"}}, "id"),
    ],
)
def test_what_is_wrong_with_a_question_is_said(long_run: FlaskClient, body: Any, says: str) -> None:
    answer = long_run.post("/api/histograms", json=body)
    assert answer.status_code == 400 and says in answer.json["error"]


def test_percentiles_are_those_of_the_samples_up_to_the_width_of_a_bucket() -> None:
    samples = np.random.default_rng(1).normal(3.0, 2.0, 20_000)
    counts, edges = np.histogram(samples, bins=200)
    found = percentiles(
        edges[:-1], edges[1:], counts.astype(float), np.array([0, 200]), np.array([samples.min()]),
        np.array([samples.max()]),
    )[0]  # fmt: skip
    assert np.abs(found - np.quantile(samples, SHARES)).max() < edges[1] - edges[0]
    assert (found[0], found[-1]) == (samples.min(), samples.max())


def test_percentiles_divide_a_bucket_evenly_and_cut_it_at_the_extremes() -> None:
    left, right = np.array([-HUGE, 0.0, 4.0, 0.0]), np.array([0.0, 4.0, HUGE, 1.0])
    counts, offsets = np.array([1.0, 2.0, 1.0, 0.0]), np.array([0, 3, 4])
    shares = np.array([0.0, 0.125, 0.25, 0.5, 0.75, 1.0])
    found = percentiles(left, right, counts, offsets, np.array([-2.0, 0.0]), np.array([6.0, 0.0]), shares)
    assert found[0].tolist() == [-2.0, -1.0, 0.0, 2.0, 4.0, 6.0]
    assert np.isnan(found[1]).all()


def test_percentiles_are_those_of_tensorboard() -> None:
    compressor = pytest.importorskip("tensorboard.plugins.distribution.compressor")
    from tensorboard.compat.proto.summary_pb2 import HistogramProto as Theirs

    samples = np.random.default_rng(2).exponential(size=1000)
    counts, edges = np.histogram(samples, bins=30)
    message = Theirs(
        min=samples.min(), max=samples.max(), num=1000, bucket_limit=edges[1:].tolist(), bucket=counts.tolist()
    )
    expected = [value for _, value in compressor.compress_histogram_proto(message)]
    low, high = np.array([samples.min()]), np.array([samples.max()])
    found = percentiles(edges[:-1], edges[1:], counts.astype(float), np.array([0, 30]), low, high)[0]
    assert np.allclose(found, expected, rtol=1e-12)


def test_percentiles_come_alone_where_nothing_else_is_asked_for(long_run: FlaskClient) -> None:
    entry = ask(long_run, "h", "run", steps=10, parts=["percentiles"])["run"]
    assert entry["percentiles"].shape == (10, len(SHARES)) and "counts" not in entry["arrays"]
    assert entry["percentiles"][0].tolist() == pytest.approx(np.interp(SHARES, [0, 1 / 3, 1], [0, 0.5, 1]).tolist())


def test_one_histogram_by_its_place_among_those_the_page_knows(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "a") as writer:
        for step in range(3):
            writer.add_histogram("h", np.full(4, float(step)), step, walltime=1.7e9 + step)
    client = client_of(tmp_path)
    check = ask(client, "h", "a")["a"]["check"]
    found = ask(client, "h", "a", at={"a": [1, 3, check]})["a"]
    assert (found["index"].tolist(), found["step"].tolist(), found["sum"].tolist()) == ([1], [1], [4.0])
    assert ask(client, "h", "a", at={"a": [1, 3, check + 1]})["a"]["sent"] == 0  # other values by now
    assert ask(client, "h", "a", at={"a": [3, 3, check]})["a"]["sent"] == 0
    refused = client.post("/api/histograms", json={"tag": "h", "runs": ["a"], "at": {"a": [1, 3, -1]}})
    assert refused.status_code == 400 and refused.json["error"].startswith("at: expected")


def test_whole_numbers_take_as_few_bytes_as_they_need() -> None:
    assert varints(np.array([0, 127, 128, 300, 2**32 - 1])).tolist() == [
        0, 127, 128, 1, 172, 2, 255, 255, 255, 255, 15,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "coding"),
    [
        ([0, 3, 127, 5], "varint"),
        ([*[2**31 - 1] * 3, *[2**31 - 40] * 3], "difference"),
        ([2**31, 2**32 - 1, 2**32 - 1], "varint"),
        ([1000.5, 1000.5], "number"),
        ([2**32, 1], "number"),
        ([], "varint"),
    ],
    ids=["small", "alike", "beyond 31 bits", "fractions", "beyond 32 bits", "none"],
)
def test_counts_come_back_however_they_are_coded(counts: list[float], coding: str) -> None:
    used, code = coded_counts(np.array(counts, np.float64))
    assert used == coding
    place = {"dtype": f"{code.dtype.kind}{code.dtype.itemsize}"}
    assert counts_of(code.tobytes(), 0, len(counts), used, place).tolist() == counts


def test_many_histograms_take_few_bytes_for_those_who_take_gzip(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    with SummaryWriter(tmp_path / "a") as writer:
        for step in range(128):
            writer.add_histogram("h", rng.normal(step / 128, 1, 10_000), step, bins=100)
    client, question = client_of(tmp_path), {"tag": "h", "runs": ["a"]}
    plain = client.post("/api/histograms", json=question)
    zipped = client.post("/api/histograms", json=question, headers={"Accept-Encoding": "gzip"})
    assert (plain.headers.get("Content-Encoding"), zipped.headers.get("Content-Encoding")) == (None, "gzip")
    assert zipped.headers["Vary"] == "Accept-Encoding" and gzip.decompress(zipped.data) == plain.data
    assert len(zipped.data) < 14_000  # 12,800 buckets with counts of one and two bytes


def test_what_a_restart_superseded_is_left_out_where_it_is_not_wanted(tmp_path: Path) -> None:
    for purge, values in ((None, range(6)), (3, range(3, 5))):
        with SummaryWriter(tmp_path / "a", purge_step=purge) as writer:
            for step in values:
                writer.add_histogram("h", np.arange(10.0), step, walltime=step + (100 if purge else 0))
    client = client_of(tmp_path)
    assert ask(client, "h", "a", segments="latest")["a"]["step"].tolist() == [0, 1, 2, 3, 4]
    assert ask(client, "h", "a")["a"]["step"].tolist() == [0, 1, 2, 3, 3, 4, 4, 5]
    wrong = client.post("/api/histograms", json={"tag": "h", "runs": ["a"], "segments": "some"})
    assert wrong.status_code == 400 and "segments" in wrong.json["error"]


def test_huge_counts_of_one_histogram_leave_the_percentiles_of_others(recwarn: pytest.WarningsRecorder) -> None:
    edges, counts = np.array([0.0, 1.0, 2.0]), np.array([1.7e308, 1.7e308, 1.0, 3.0])
    both = percentiles(
        np.tile(edges[:-1], 2), np.tile(edges[1:], 2), counts, np.array([0, 2, 4]), np.zeros(2), np.full(2, 2.0)
    )
    alone = percentiles(edges[:-1], edges[1:], counts[2:], np.array([0, 2]), np.zeros(1), np.full(1, 2.0))
    np.testing.assert_allclose(both[1], alone[0], rtol=1e-12)
    np.testing.assert_allclose(both[0], 2 * SHARES)
    assert not recwarn.list
