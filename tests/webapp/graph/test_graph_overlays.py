"""What was measured, laid over a graph: tables of modules and numbers, statistics of logged histograms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from graph_logs import layered_model, write_graphs

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.logger.graphs.model import Parameter, TensorSpec
from stepscope.webapp import Settings, create_app
from stepscope.webapp.graph.histogram_statistics import families, moments_of
from stepscope.webapp.graph.named_parts import NamedParts
from stepscope.webapp.graph.number_tables import parse_tables

FILE = {"content_type": "application/octet-stream"}


@pytest.fixture
def names() -> NamedParts:
    """Of a torch model with a module in a list, and of a layer of Keras, "dense"."""
    builder = GraphBuilder()
    block = builder.group(["layer1.0"], type="Block", module="layer1.0")
    weight = builder.parameter(Parameter("layer1.0.weight", TensorSpec("float32", (4, 4))))
    builder.node(block, "linear", "linear", parameters=(weight,))
    builder.node(0, "dense", "Dense")
    return NamedParts(builder.build("Net", "stepscope"))


@pytest.mark.parametrize(
    "tag, kind",
    [
        ("layer1.0.weight", "parameters"),
        ("weights/layer1.0.weight", "parameters"),
        ("gradients/layer1.0.weight", "gradients"),
        ("layer1/0/weight_grad", "gradients"),
        ("layer1.0.weight.grad", "gradients"),
        ("grad/module.layer1.0.weight", "gradients"),
        ("Net/layer1.0/weight/histogram", "parameters"),
        ("activations/layer1.0", "activations"),
        ("layer1/0", "activations"),
        ("layer1.0.output", "activations"),
        ("dense/kernel_0", "parameters"),
        ("sequential/dense/kernel:0", "parameters"),
        ("dense/kernel_0_grad", "gradients"),
        ("ema/layer1.0.weight", "ema parameters"),
    ],
)
def test_histograms_are_known_by_the_names_that_people_give_them(names: NamedParts, tag: str, kind: str) -> None:
    assert list(families([tag], names)) == [kind]


def test_histograms_of_something_else_are_left_out(names: NamedParts) -> None:
    assert families(["lr", "data/images", "layer2.0.weight_of_it"], names) == {}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Any]:
    """A run with a graph of two layers, and histograms of its weights' gradients: 1 … 4, then 10 times that."""
    write_graphs(tmp_path / "run", {"graph": [(0, layered_model(6))]})
    with SummaryWriter(tmp_path / "run") as writer:
        for step, factor in ((1, 100.0), (2, 1.0)):
            writer.add_histogram("gradients/layers.1.fc0.weight", np.arange(1.0, 5.0) * factor, step)
            writer.add_histogram("gradients/layers.2.fc0.weight", np.arange(1.0, 5.0) * -10 * factor, step)
    with open_logdir(tmp_path, index_dir=False) as log:
        yield create_app(log, Settings(index_dir="")).test_client()


def values(client: Any, by: str, ids: list[str], **view: Any) -> Any:
    answer = client.post("/api/graph/values", json={"g": {"run": "run"}, "by": by, "ids": ids, "open": [], **view})
    assert answer.status_code == 200, answer.json
    return answer.json["values"]


def dropped(client: Any, content: str, name: str = "t.csv", status: int = 200) -> Any:
    answer = client.post(f"/api/graph/table?name={name}&run=run", data=content.encode(), **FILE)
    assert answer.status_code == status, answer.json
    return answer.json


def test_the_scene_lists_what_it_can_be_coloured_by(client: Any) -> None:
    dropped(client, "net/layers.0,1")
    graph = client.post("/api/graph/scene", json={"g": {"run": "run"}, "open": None}).json["graph"]
    assert [one["title"] for one in graph["overlays"]] == [
        "t",
        "gradients · mean",
        "gradients · standard deviation",
        "gradients · greatest absolute value",
        "gradients · norm",
    ]


def test_boxes_are_coloured_by_what_their_operations_make(client: Any) -> None:
    scene = client.post("/api/graph/scene", json={"g": {"run": "run"}, "open": []}).json
    assert "activations" in scene["graph"]["has"] and "memory" not in scene["graph"]["has"], "none was measured"
    size = 32 * 128 * 4
    ids = ["net/layers.0/fc0/linear", "net/layers.0/", "net/", "x"]
    assert values(client, "activations", ids) == [size, 2 * size, 12 * size, None]
    assert values(client, "activations", ["net/layers.0/*6"], open=["net/"]) == [12 * size]


def test_a_box_has_the_statistics_of_the_newest_histograms_of_its_parameters(client: Any) -> None:
    ids = ["net/layers.1/fc0/linear", "net/layers.2/", "net/", "x"]
    one, other = np.arange(1.0, 5.0), np.arange(1.0, 5.0) * -10
    both = np.concatenate([one, other])
    norms = [np.linalg.norm(one), np.linalg.norm(other), np.linalg.norm(both)]
    assert values(client, "histogram:gradients:norm", ids) == [*(pytest.approx(norm) for norm in norms), None]
    assert values(client, "histogram:gradients:mean", ids)[:3] == [2.5, -25.0, pytest.approx(both.mean())]
    assert values(client, "histogram:gradients:std", ids)[2] == pytest.approx(both.std())
    assert values(client, "histogram:gradients:max", ids)[:3] == [4.0, 40.0, 40.0]


def test_histograms_are_read_once_as_long_as_nothing_was_added(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = values(client, "histogram:gradients:norm", ["net/"])
    monkeypatch.setattr("stepscope.webapp.graph.run_histograms.moments_of", None)
    assert values(client, "histogram:gradients:norm", ["net/"]) == before
    assert values(client, "histogram:gradients:max", ["net/"]) == [40.0]


def test_buckets_without_sums_give_nearly_the_same(client: Any) -> None:
    from stepscope.logger.reader.values import Histogram

    numbers = np.random.default_rng(0).normal(3.0, 2.0, 10_000)
    counts, edges = np.histogram(numbers, 200)
    nan = float("nan")
    buckets = Histogram(edges[:-1], edges[1:], counts.astype(float), numbers.min(), numbers.max(), 10_000.0, nan, nan)
    moments = moments_of(buckets)
    assert moments is not None
    assert moments.total == pytest.approx(numbers.sum(), rel=1e-3)
    assert moments.squares == pytest.approx((numbers**2).sum(), rel=1e-3)


def test_a_table_colours_the_modules_it_names_and_sums_those_below_others(client: Any) -> None:
    told = dropped(
        client, "module,device time (ms)\nlayers.0,2\nnet/layers.1/fc0,3\nlayers.2,5\nlayers.2.fc0,4\nno,1\n"
    )
    assert (told["matched"], told["unmatched"], told["title"]) == (4, 1, "t · device time")
    assert "'no'" in told["notes"][0]
    ids = ["net/layers.0/", "net/layers.1/", "net/layers.2/", "net/layers.2/fc0/", "net/layers.2/fc0/linear", "net/"]
    found = values(client, told["by"], ids)
    assert found == [pytest.approx(second / 1000) for second in (2, 3, 5, 4, 4, 10)]


def test_a_fold_has_the_sum_of_its_members(client: Any) -> None:
    by = dropped(client, '{"layers.0": 1, "layers.1": 2, "layers.2": 4, "layers.5": 8}', "t.json")["by"]
    scene = client.post("/api/graph/scene", json={"g": {"run": "run"}, "open": ["net/"]}).json
    fold = next(name for name, kind in zip(scene["boxes"]["id"], scene["boxes"]["kind"], strict=True) if kind == "fold")
    assert fold == "net/layers.0/*6"
    assert values(client, by, [fold], open=["net/"]) == [1 + 2 + 4 + 8]


def test_a_repeat_in_an_open_fold_has_what_lies_in_it_not_its_module(tmp_path: Path) -> None:
    builder = GraphBuilder()
    last = builder.node(0, "x", "input", role="input")
    for step in range(4):
        cell = builder.node(builder.group(["net", f"cell@{step}"], type="Cell"), "linear", "linear")
        rest = [builder.node(builder.group(["net"]), f"op{place}_{step}", f"op{place}") for place in range(9)]
        for node in (cell, *rest):
            builder.edge(last, node)
            last = node
    write_graphs(tmp_path / "run", {"graph": [(0, builder.build("Net", "stepscope"))]})
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log, Settings(index_dir="")).test_client()
        by = dropped(client, '{"net": 100, "cell@1": 2}', "t.json")["by"]
        view = {"open": ["net/"], "unfold": ["net/cell@0/*4"]}
        scene = client.post("/api/graph/scene", json={"g": {"run": "run"}, **view}).json
        second = scene["boxes"]["id"][scene["boxes"]["label"].index("2 of 4")]
        assert values(client, by, [second], **view) == [2]


@pytest.mark.parametrize(
    "content, rows, unit",
    [
        ("a.b,1.5\nc,2", {"a.b": 1.5, "c": 2.0}, ""),
        ("module\ttime (us)\na\t2\n", {"a": 2e-6}, "s"),
        ("cost;path\n3;a\n;b\n", {"a": 3.0}, ""),
        ("# a comment\nname,value\n'a',1\n", {"'a'": 1.0}, ""),
        ('{"a": 1, "b": "2"}', {"a": 1.0, "b": 2.0}, ""),
        ('{"title": "T", "unit": "ms", "combine": "max", "values": {"a": 1}}', {"a": 1e-3}, "s"),
        ('[{"module": "a", "value": 1}, {"module": "b", "seconds": 2}]', {"a": 1.0, "b": 2.0}, ""),
        ('[["a", 1]]', {"a": 1.0}, ""),
    ],
)
def test_tables_come_in_many_forms(content: str, rows: dict[str, float], unit: str) -> None:
    table = parse_tables(content.encode(), "table")[0]
    assert (table.rows, table.unit) == (pytest.approx(rows), unit)


@pytest.mark.parametrize(
    "content",
    [
        '[{"module": "a", "time (ms)": 2, "calls": 3}, {"calls": 1, "module": "b", "time (ms)": null}]',
        '{"a": {"time (ms)": 2, "calls": 3}, "b": {"calls": 1}}',
        "module,time (ms),calls\na,2,3\nb,,1",
    ],
)
def test_every_column_of_numbers_is_a_table(content: str) -> None:
    found = [(table.title, dict(table.rows), table.unit, table.notes) for table in parse_tables(content.encode(), "t")]
    assert found == [("t · time", {"a": 0.002}, "s", ()), ("t · calls", {"a": 3.0, "b": 1.0}, "", ())]


@pytest.mark.parametrize(
    "content, tables",
    [
        (
            '{"a": 3.0, "b": 4.0, "all": {"flops": 7, "params": 9}}',
            [("t", {"a": 3.0, "b": 4.0}), ("t · flops", {"all": 7.0}), ("t · params", {"all": 9.0})],
        ),
        ('[["a", {"c": 1, "d": 2}], ["b", 3]]', [("t · c", {"a": 1.0}), ("t · d", {"a": 2.0}), ("t", {"b": 3.0})]),
    ],
)
def test_numbers_beside_records_are_a_table_of_their_own(content: str, tables: Any) -> None:
    assert [(table.title, dict(table.rows)) for table in parse_tables(content.encode(), "t")] == tables


def test_titles_of_columns_are_cut() -> None:
    content = "module," + "x" * 5_000 + "\na,1\n"
    assert len(parse_tables(content.encode(), "t")[0].title) == 200


@pytest.mark.parametrize(
    "content, why",
    [
        ("", "no row with a path and a number"),
        ("a,b\nc,d\n", "no row with a path and a number"),
        ("{", "no JSON"),
        ('{"combine": "median", "values": {"a": 1}}', "one of sum, mean and max"),
        ("a,nan\nb,inf", "no row with a path and a number"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(client: Any, content: str, why: str) -> None:
    assert why in dropped(client, content, status=422)["error"]


def test_a_table_that_is_not_open_any_more_is_told(client: Any) -> None:
    body = {"g": {"run": "run"}, "by": "table:0123", "ids": ["net/"], "open": []}
    answer = client.post("/api/graph/values", json=body)
    assert answer.status_code == 404
    assert "open it again" in answer.json["error"]
