"""The timeline over HTTP: rows, tiles, one slice, searches, ranges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from profile_answers import arrays_of, told
from trace_files import events_of_steps, write_trace

from stepscope.logger import open_logdir
from stepscope.webapp import Settings, create_app

TRACE = "run/rank0.pt.trace.json"
STEPS = 40


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder: Path = tmp_path_factory.mktemp("timeline")
    write_trace(folder / TRACE, events_of_steps(steps=STEPS))
    with open_logdir(folder, index_dir=False) as log:
        yield create_app(log, Settings(index_dir="", logdirs={"": str(folder)})).test_client()


def asked(client: FlaskClient, what: str, status: int = 200) -> Any:
    path, _, query = what.partition("?")
    return told(client, f"timeline{path}?p={TRACE}&rank=0&{query}", status).json


def test_rows_curves_and_steps(client: FlaskClient) -> None:
    info = asked(client, "")
    assert [(band["group"], band["title"], band["count"]) for band in info["bands"]] == [
        ("Steps", "steps", STEPS),
        ("Main thread", "thread 1", 4 * STEPS),
        ("GPU 0", "stream 7", STEPS),
        ("GPU 0", "stream 8", STEPS),
    ]
    assert [curve["title"] for curve in info["curves"]][:2] == ["GPU 0 utilization", "GPU 0 stream 7 queue"]
    assert info["steps"][0] == {"name": "ProfilerStep#3", "start": 0, "duration": 100_000}


def test_tiles_hold_every_slice_once(client: FlaskClient) -> None:
    header, arrays = arrays_of(told(client, f"timeline/tiles?p={TRACE}&ask=0:12:0:2:0-3:0").data)
    begun = arrays["0.from"] >= 0
    assert arrays["0.count"][begun].sum() == 7 * STEPS
    assert arrays["0.total"][begun].sum() == STEPS * (100 + 10 + 2 + 4 + 2 + 40 + 20) * 1000
    assert len(arrays["0.counts"]) == 2 * sum(header["parts"][0]["lanes"])
    assert len(arrays["0.most"]) == 2 * 512


def test_the_overview_has_all_slices_on_each_level(client: FlaskClient) -> None:
    header, arrays = arrays_of(told(client, f"timeline/overview?p={TRACE}&rank=0").data)
    for number in range(len(header["parts"])):
        assert arrays[f"{number}.count"][arrays[f"{number}.from"] >= 0].sum() == 7 * STEPS


def test_a_kernel_leads_to_its_call_and_its_operator(client: FlaskClient) -> None:
    match = asked(client, "/search?q=gemm&index=1")["match"]
    slice = asked(client, f"/slice?row={match['row']}")
    assert {link["link"]: link["name"] for link in slice["links"]} == {
        "launch": "cudaLaunchKernel",
        "operator": "aten::mm",
    }
    assert slice["launch_delay"] == 12_000
    assert slice["arguments"]["stream"] == 7


def test_an_operator_leads_to_its_kernels_and_what_it_lies_in(client: FlaskClient) -> None:
    match = asked(client, "/search?q=aten::mm")["match"]
    slice = asked(client, f"/slice?row={match['row']}")
    assert [(link["link"], link["duration"]) for link in slice["links"]] == [("work", 40_000)]
    assert [around["name"] for around in slice["stack"]] == ["ProfilerStep#3"]
    assert slice["self"] == 8000
    beside = asked(client, f"/beside?row={match['row']}&by=1")
    assert beside["name"] == "c10d::allreduce_"


def test_searching_counts_all_and_goes_round(client: FlaskClient) -> None:
    found = asked(client, "/search?q=NCCL&index=-1")
    assert (found["total"], found["index"], sum(found["bins"])) == (STEPS, STEPS - 1, STEPS)
    assert asked(client, "/search?q=nccl&near=150000")["index"] == 1
    assert asked(client, "/search?q=stream=8")["total"] == STEPS
    assert asked(client, "/search?q=nobody")["match"] is None


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("q=gemm%20and%20dur%20%3E%2039us", STEPS),
        ("q=gemm%20and%20dur%20%3E%2040us", 0),
        ("q=kind%20=%20kernel%20and%20start%20%3C%200.2%20ms", 4),
        ("q=^aten.*m$&mode=regex", STEPS),
        ("q=^aten.*m$", 0),
        ("q=name%20!~%20^(aten|cuda|c10d|Prof)&mode=regex", 2 * STEPS),
        ("q=correlation%20=%2011", 2),
        ("q=stream%20!=%208", STEPS),
    ],
)
def test_a_search_takes_patterns_and_conditions(client: FlaskClient, query: str, total: int) -> None:
    assert asked(client, f"/search?{query}")["total"] == total


def test_a_search_through_ranks_goes_by_their_common_clock(tmp_path: Path) -> None:
    for rank in range(2):
        distributed = {"distributedInfo": {"rank": rank, "world_size": 2}}
        write_trace(tmp_path / f"rank{rank}.pt.trace.json", events_of_steps(steps=3), **distributed)
    with open_logdir(tmp_path, index_dir=False) as log:
        page = create_app(log, Settings(index_dir="", logdirs={"": str(tmp_path)})).test_client()
        [profile] = page.get("/api/profiles").json["profiles"]
        search = f"timeline/search?p={profile['id']}&q=gemm&ranks=0:0,1:50000&index="
        found = [told(page, f"{search}{index}").json for index in range(6)]
    assert [answer["match"]["rank"] for answer in found] == [0, 1, 0, 1, 0, 1]
    assert found[0]["ranks"] == [{"rank": 0, "total": 3}, {"rank": 1, "total": 3}]
    assert found[0]["total"] == sum(found[0]["bins"]) == 6


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("q=(&mode=regex", "'(' is no regular expression"),
        ("q=dur%20%3E%205", "dur > 1 ms, got '5'"),
        ("q=name%20%3E%20a", "name is a text: it is compared by"),
    ],
)
def test_what_is_typed_half_is_told_and_no_error(client: FlaskClient, query: str, problem: str) -> None:
    answer = asked(client, f"/search?{query}")
    assert problem in answer["problem"]
    assert (answer["total"], answer["match"]) == (0, None)


def test_a_range_counts_only_what_lies_in_it(client: FlaskClient) -> None:
    answer = asked(client, "/range?from=0&to=50000")
    columns = {column["name"]: column["values"] for column in answer["table"]["columns"]}
    rows = dict(
        zip(columns["name"], zip(columns["count"], columns["total"], columns["self"], strict=True), strict=True)
    )
    assert rows["ProfilerStep#3"] == (1, 50_000, 36_000)
    assert rows["<img src=x onerror=alert(1)>gemm"] == (1, 30_000, 30_000)
    assert answer["devices"]["busy"] == 30_000
    only = asked(client, "/range?from=0&to=100000&bands=3")["table"]["columns"][0]["values"]
    assert only == ["ncclDevKernel_AllReduce_Sum"]


def test_the_critical_path_is_told_as_pieces(client: FlaskClient) -> None:
    header, pieces = arrays_of(told(client, f"timeline/path?p={TRACE}&rank=0&from=0&to=100000").data)
    assert header["total"] >= 80_000
    assert (pieces["begin"][1:] >= pieces["begin"][:-1] + pieces["duration"][:-1]).all()
    lanes = [lane for band in asked(client, "")["bands"] for lane in [band["title"]] * band["lanes"]]
    assert {lanes[lane] for lane in pieces["lane"]} == {"steps", "thread 1"}


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        ("/tiles?ask=0:12:0:2:0-9:", "there are 4, counted from 0"),
        ("/tiles?ask=0:12:5:5:0:", "up to 64 tiles"),
        ("/tiles?ask=nonsense", "expected RANK:LEVEL:FIRST:LAST:BANDS:CURVES"),
        ("/slice?row=99999", "has no slice 99999"),
        ("/range?bands=0", "expected the range"),
        ("/search?q=a&mode=glob", "expected words or regex"),
        ("/search?q=a&ranks=0", "such as 0:0,1:-250"),
        ("/search?q=a&ranks=7:0", "has no rank 7"),
    ],
)
def test_what_is_not_there_is_told(client: FlaskClient, what: str, problem: str) -> None:
    path, _, query = what.partition("?")
    answer = client.get(f"/api/profile/timeline{path}?p={TRACE}&rank=0&{query}")
    assert answer.status_code in (400, 404, 422)
    assert problem in answer.json["error"]
