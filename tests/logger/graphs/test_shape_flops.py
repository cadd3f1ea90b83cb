"""FLOPs that follow from shapes are those that torch counts."""

from __future__ import annotations

import pytest
import torch
from graph_helpers import graph_def, variable
from torch.utils.flop_counter import FlopCounterMode

from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.logger.graphs.model import Parameter, TensorSpec
from stepscope.logger.graphs.read_graph_def import read_graph_def
from stepscope.logger.graphs.shape_flops import with_flops

Shape = tuple[int, ...]


@pytest.mark.parametrize(
    ("op", "inputs", "weights"),
    [
        ("aten.linear", [(2, 7, 4)], [(5, 4), (5,)]),
        ("aten.matmul", [(3, 2, 4), (3, 4, 5)], []),
        ("aten.bmm", [(3, 4, 4), (3, 4, 5)], []),
        ("aten.conv2d", [(2, 4, 9, 9)], [(6, 4, 3, 3), (6,)]),
        ("aten.conv1d", [(2, 4, 9)], [(6, 4, 3)]),
        ("aten.conv_transpose2d", [(2, 4, 9, 9)], [(4, 6, 2, 2), (6,)]),
    ],
)
def test_flops_are_torchs(op: str, inputs: list[Shape], weights: list[Shape]) -> None:
    with FlopCounterMode(display=False) as counter:
        result = getattr(torch.ops.aten, op.removeprefix("aten."))(*map(torch.zeros, [*inputs, *weights]))
    builder = GraphBuilder()
    places = tuple(
        builder.parameter(Parameter(f"w{index}", TensorSpec("float32", sizes))) for index, sizes in enumerate(weights)
    )
    node = builder.node(0, "op", op, outputs=(TensorSpec("float32", tuple(result.shape)),), parameters=places)
    for index, sizes in enumerate(inputs):
        builder.edge(builder.node(0, f"x{index}", "input", outputs=(TensorSpec("float32", sizes),)), node, 0, index)
    assert with_flops(builder.build("", "pt2")).nodes[node].flops == counter.get_total_flops()


def test_an_unknown_batch_is_one_example() -> None:
    message = graph_def(("x", "Placeholder", []), ("y", "MatMul", ["x", "w"]), x=[-1, 4], y=[-1, 3])
    variable(message, "w", [4, 3])
    graph = read_graph_def(message.SerializeToString())
    assert graph.nodes[graph.node_at["y"]].flops == 24
    assert graph.notes == ["FLOPs are those of one example where the size of the batch is not known."]
