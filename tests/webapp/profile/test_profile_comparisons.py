"""Many ranks, critical paths and comparisons over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from rank_files import write_ranks

from stepscope.logger import open_logdir
from stepscope.webapp import Settings, create_app


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Three ranks in "many", one in "slower", whose kernel has another name; four in "later", one of them damaged."""
    folder = tmp_path_factory.mktemp("logs")
    write_ranks(folder / "many")
    write_ranks(folder / "slower", ranks=1, gemm_us=60, kernel="other_gemm")
    write_ranks(folder / "later", ranks=4, gemm_us=40)
    (folder / "later" / "rank1.1700000000000.pt.trace.json").write_text('{"traceEvents": 1}')
    with open_logdir(folder, index_dir=False) as log:
        yield create_app(log, Settings(index_dir="", logdirs={"": str(folder)})).test_client()


def ask(client: FlaskClient, question: str, status: int = 200, **query: object) -> Any:
    while (answer := client.get(f"/api/profile/{question}", query_string=query)).status_code == 202:
        pass  # the server waits as well
    assert answer.status_code == status, answer.json
    return answer.json


def id_of(client: FlaskClient, run: str) -> str:
    found = client.get("/api/profiles").json or {}
    return next(each["id"] for each in found["profiles"] if each["run"] == run)


def column(table: dict[str, Any], name: str) -> list[Any]:
    return next(each["values"] for each in table["columns"] if each["name"] == name)


def test_all_ranks_are_answered_at_once(client: FlaskClient) -> None:
    tables = ask(client, "ranks", p=id_of(client, "many"))["tables"]

    assert column(tables["overlap"], "rank") == [0, 1, 2]
    assert column(tables["overlap"], "communication") == [250_000, 250_000, 100_000]
    assert column(tables["stragglers"], "verdict") == ["straggler", "", ""]
    assert column(tables["collectives"], "transfer") == [20_000] * 5
    assert len(column(tables["rank_steps"], "step")) == 15
    assert set(tables) == {
        "overlap", "rank_steps", "stragglers", "collectives", "collective_sizes", "clock_offsets"
    }  # fmt: skip


def test_the_critical_path_of_a_window(client: FlaskClient) -> None:
    profile = id_of(client, "many")
    whole, part = ask(client, "path", p=profile), ask(client, "path", p=profile, **{"from": 0, "to": 200_000})

    assert sum(column(whole["categories"], "time")) == whole["total"] == 4_200_000
    assert part["total"] == 200_000
    assert column(whole["steps"], "name") == [f"ProfilerStep#{step}" for step in range(1, 6)]


def test_an_empty_window_has_no_path(client: FlaskClient) -> None:
    told = ask(client, "path", p=id_of(client, "many"), **{"from": 300_000, "to": 400_000})

    assert "no operator, call or kernel" in told["problem"]


def test_two_profiles_are_compared(client: FlaskClient) -> None:
    told = ask(client, "diff", p=id_of(client, "slower"), other=id_of(client, "many"), other_rank=1)
    kernels = told["tables"]["kernels"]
    row = column(kernels, "name").index("other_gemm")

    assert told["steps"] == [5, 5]
    assert (column(kernels, "was")[row], column(kernels, "verdict")[row]) == ("gemm<float>", "slower")
    assert column(kernels, "change")[row] == pytest.approx(40_000)


def test_all_ranks_of_two_profiles_are_compared(client: FlaskClient) -> None:
    told = ask(client, "diff", p=id_of(client, "later"), other=id_of(client, "many"), ranks="all")
    kernels = told["tables"]["kernels"]

    assert column(told["tables"]["ranks"], "name") == ["Rank 0", "Rank 2"]
    assert column(kernels, "change")[column(kernels, "name").index("gemm<float>")] == pytest.approx(20_000)
    assert told["notes"][0].startswith("rank1.1700000000000.pt.trace.json: ")
    assert told["notes"][1:4] == [
        "Figures are means over 2 ranks: 0, 2.",
        "Only before, and left out: rank 1.",
        "Only after, and left out: rank 3.",
    ]
    profile = id_of(client, "later")
    assert "expected all" in ask(client, "diff", 400, p=profile, other=profile, ranks="some")["error"]


def test_what_is_not_there_is_said(client: FlaskClient) -> None:
    profile = id_of(client, "many")

    assert "nowhere" in ask(client, "diff", 404, p=profile, other="nowhere")["error"]
    assert "rank 7" in ask(client, "diff", 404, p=profile, other=profile, other_rank=7)["error"]
