"""Two graphs as one: what was added, removed and changed, in the list and in the picture."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from graph_logs import layered_model, write_graphs

from stepscope.logger import open_logdir
from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.logger.graphs.model import GraphModel, Parameter, TensorSpec
from stepscope.webapp import Settings, create_app
from stepscope.webapp.graph.diffing import diff_models

Changes = dict[str, tuple[str, dict[str, tuple[str, str]]]]


def changes(a: GraphModel, b: GraphModel) -> Changes:
    """id → (status, field → (before, after))."""
    return {one.id: (one.status, {what.field: what[1:] for what in one.what}) for one in diff_models(a, b).changes}


def with_node(model: GraphModel, where: str, **fields: Any) -> GraphModel:
    """The same graph with another node in the place of this one."""
    nodes = [replace(node, **fields) if node.path == where else node for node in model.nodes]
    return replace(model, nodes=nodes)


def test_a_graph_does_not_differ_from_itself() -> None:
    comparison = diff_models(layered_model(3), layered_model(3))
    assert not comparison.changes
    assert set(comparison.status) == {"same"}


def test_what_only_one_graph_has_is_added_or_removed() -> None:
    longer = changes(layered_model(2), layered_model(3))
    assert longer["net/layers.2/add"] == ("added", {})
    assert longer["net/layers.2/"] == ("added", {})
    assert longer["y"] == ("changed", {"inputs": ("add", "add")})
    shorter = changes(layered_model(3), layered_model(2))
    assert shorter["net/layers.2/fc0/linear"] == ("removed", {})


def test_changed_shapes_attributes_and_operations_are_told_with_both_values() -> None:
    before, linear = layered_model(2), "net/layers.1/fc0/linear"
    shape = (TensorSpec("float16", (32, 64)),)
    after = with_node(before, linear, op="matmul", outputs=shape, attributes={"bias": True, "scale": float("inf")})
    status, what = changes(before, after)[linear]
    assert status == "changed"
    assert what == {
        "op": ("linear", "matmul"),
        "shape": ("32×128", "32×64"),
        "dtype": ("float32", "float16"),
        "bias": ("false", "true"),
    }


def test_parameter_counts_are_told_of_the_node_and_of_every_module_around_it() -> None:
    before, after = layered_model(3), layered_model(3)
    after.parameters[1] = Parameter("layers.2.fc0.weight", TensorSpec("float32", (128, 256)))
    found = changes(before, after)
    counts = ("16,384", "32,768")
    assert found["net/layers.2/fc0/linear"][1]["parameters"] == counts
    assert found["net/layers.2/fc0/linear"][1]["layers.2.fc0.weight"] == ("float32 128×128", "float32 128×256")
    assert found["net/layers.2/"][1] == {"parameters": counts}
    assert found["net/"][1] == {"parameters": ("32,768", "49,152")}
    assert "net/layers.1/" not in found


def experts(width: int, used: int) -> GraphModel:
    """A module that has two experts and uses one of them."""
    graph = GraphBuilder()
    group = graph.group(["net"], type="Net", module="net")
    weights = [graph.parameter(Parameter(f"net.{one}", TensorSpec("float32", (width,)))) for one in range(2)]
    graph.node(group, f"expert{used}", "linear", parameters=(weights[used],))
    return graph.build("experts", "stepscope")


def test_sums_are_those_of_the_second_graph_whatever_was_removed_or_is_not_used() -> None:
    comparison = diff_models(experts(10, used=0), experts(20, used=1))
    net = comparison.model.group_at["net"]
    assert comparison.sums.parameters[net] == 40
    assert comparison.sums.nodes[net] == 2  # one was removed, one added: both are drawn
    assert diff_models(experts(10, 0), GraphBuilder().build("", "")).sums.parameters[1] == 20  # as it was


def test_levels_are_matched_by_the_parameters_that_operations_use() -> None:
    other = layered_model(2)
    addmm = with_node(other, "net/layers.1/fc0/linear", path="net/layers.1/fc0/addmm", op="aten.addmm")
    found = changes(layered_model(2), addmm)
    assert found["net/layers.1/fc0/addmm"][1]["op"] == ("linear", "aten.addmm")
    assert "net/layers.1/fc0/linear" not in found


def test_graphs_with_nothing_in_common_are_drawn_beside_each_other_with_a_note() -> None:
    builder = GraphBuilder()
    builder.node(0, "other", "relu")
    comparison = diff_models(layered_model(1), builder.build("Other", "onnx"))
    assert {"added", "removed"} == set(comparison.status)
    assert "different models" in comparison.model.notes[-1]


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Any]:
    """asked("scene") posts for run "a" against run "b", whose middle layer differs."""
    odd = with_node(layered_model(12), "net/layers.5/add", attributes={"alpha": 2})
    write_graphs(tmp_path / "a", {"graph": [(0, layered_model(12))]})
    write_graphs(tmp_path / "b", {"graph": [(0, odd)]})
    pair = {name: {"run": name, "tag": "graph"} for name in "ab"}
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log, Settings(index_dir="")).test_client()

        def ask(route: str, **body: Any) -> Any:
            if route == "diff":
                query = {name: json.dumps(graph) for name, graph in pair.items()}
                return client.get("/api/graph/diff", query_string=query).json
            return client.post(f"/api/graph/{route}", json={"g": pair, "open": ["net/"], **body}).json

        yield ask


def test_folds_do_not_hide_what_differs(asked: Any) -> None:
    boxes = asked("scene")["boxes"]
    status = dict(zip(boxes["id"], boxes["status"], strict=True))
    assert status["net/layers.5/"] == "changed"
    assert status["net/"] == "changed"  # the frame around it
    folds = [name for name, kind in zip(boxes["id"], boxes["kind"], strict=True) if kind == "fold"]
    assert folds and all(status[name] == "same" for name in folds)


def test_a_closed_group_with_one_difference_is_changed(asked: Any) -> None:
    answer = asked("values", by="status", ids=["net/", "x"], open=[])
    assert answer["values"] == ["changed", "same"]


def test_the_list_of_differences_counts_and_names_them(asked: Any) -> None:
    answer = asked("diff")
    assert answer["summary"] == {"added": 0, "removed": 0, "changed": 1, "same": 25}
    what = [{"field": "alpha", "a": "", "b": "2"}]
    assert answer["changes"] == [
        {"id": "net/layers.5/add", "label": "net/layers.5/add", "status": "changed", "what": what}
    ]


def test_edges_have_a_status() -> None:
    comparison = diff_models(layered_model(1), layered_model(2))
    model, edges = comparison.model, comparison.model.edges
    ends = {
        (model.nodes[source].path, model.nodes[target].path): int(code)
        for source, target, code in zip(edges.source, edges.target, comparison.edges, strict=True)
    }
    assert ends["net/layers.0/add", "y"] == 2  # removed
    assert ends["net/layers.1/add", "y"] == 1  # added
    assert ends["x", "net/layers.0/fc0/linear"] == 0
