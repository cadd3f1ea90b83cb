"""What groups hold together, whatever uses a parameter how often."""

from __future__ import annotations

import math

import pytest
from graph_logs import layered_model

from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.logger.graphs.model import GraphModel, Parameter, TensorSpec
from stepscope.webapp.graph.details import node_details
from stepscope.webapp.graph.group_tree import GroupTree
from stepscope.webapp.graph.scene import make_scene
from stepscope.webapp.graph.sums import Sums, group_sums

WEIGHT = TensorSpec("float32", (10, 10))


def sums_of(model: GraphModel) -> Sums:
    return group_sums(model, GroupTree(model))


def shared(*groups: str, kind: str = "parameter", spec: TensorSpec = WEIGHT) -> GraphModel:
    """One weight that a node in each of these groups uses."""
    builder = GraphBuilder()
    weight = builder.parameter(Parameter("weight", spec, kind))  # type: ignore[arg-type]
    for path in groups:
        builder.node(builder.group(path.split("/")), "op", "linear", parameters=(weight,))
    return builder.build("shared", "stepscope")


@pytest.mark.parametrize(
    "groups", [("a/b", "a/c"), ("a/b", "a/b"), ("a/b", "a"), ("a/b/x/y", "a/c", "d"), ("d", "a/b", "d", "a/c", "a/b")]
)
def test_a_weight_that_several_use_counts_once_in_each_group(groups: tuple[str, ...]):
    model = shared(*groups)
    sums = sums_of(model)
    for place, group in enumerate(model.groups):
        uses = any(path == group.path or path.startswith(f"{group.path}/") or not group.path for path in groups)
        assert sums.parameters[place] == (100 if uses else 0), group.path


def test_a_weight_that_nothing_uses_counts_where_its_module_is():
    builder = GraphBuilder()
    moe = builder.group(["moe"], module="moe")
    gate = builder.parameter(Parameter("moe.gate.weight", WEIGHT))
    builder.node(builder.group(["moe", "gate"], module="moe.gate"), "linear", "linear", parameters=(gate,))
    builder.parameter(Parameter("moe.experts.3.weight", WEIGHT))
    builder.parameter(Parameter("moe.norm.count", WEIGHT, "buffer"))
    model = builder.build("experts", "stepscope")
    sums = sums_of(model)
    assert [sums.parameters[place] for place in (0, moe, model.group_at["moe/gate"])] == [200, 200, 100]
    assert sums.buffers[0] == 0
    details = node_details(model, GroupTree(model), sums, "moe/")
    assert {one["name"]: one["idle"] for one in details["parameters"]} == {
        "moe.gate.weight": False,
        "moe.experts.3.weight": True,
    }
    assert make_scene(model, []).boxes.parameters == [200]


def test_buffers_are_no_parameters():
    sums = sums_of(shared("a", kind="buffer"))
    assert (sums.parameters[0], sums.buffers[0]) == (0, 100)


def test_what_nobody_knows_is_not_zero():
    sums = sums_of(shared("a"))
    assert math.isnan(sums.time[0])
    assert math.isnan(sums.activation_bytes[0])


@pytest.mark.parametrize(
    ("op", "expected"), [("linear", 400), ("aten.view.default", 0), ("relu_", 0), ("__add__", 400), ("setitem", 0)]
)
def test_views_make_no_memory(op: str, expected: int):
    builder = GraphBuilder()
    builder.node(0, "one", op, outputs=(WEIGHT,))
    assert sums_of(builder.build("one", "stepscope")).activation_bytes[0] == expected


@pytest.mark.parametrize(("in_place", "expected"), [(True, 0), (False, 400)])
def test_functions_that_work_in_place_make_no_memory(in_place: bool, expected: int):
    builder = GraphBuilder()
    builder.node(0, "one", "relu", outputs=(WEIGHT,), attributes={"inplace": in_place})
    assert sums_of(builder.build("one", "stepscope")).activation_bytes[0] == expected


def test_sizes_beyond_all_bounds_are_added():
    assert sums_of(shared("a", spec=TensorSpec("float32", (10**200, 10**200)))).parameters[0] > 1e50


def test_sums_go_up_the_tree():
    model = layered_model(3, blocks=2)
    sums, at = sums_of(model), model.group_at
    assert sums.flops[at["net/layers.1"]] == 2 * sums.flops[at["net/layers.1/fc0"]]
    assert sums.nodes[at["net"]] == 9
    assert sums.flops[0] == sum(node.flops or 0 for node in model.nodes)
