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
        ("aten.matmul", [(2, 6, 4), (4, 5)], []),
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


def tensorflow_flops(op: str, given: list[Shape], weights: list[Shape], result: Shape, equation: str = "") -> float:
    """Of one operation of TensorFlow."""
    inputs = [(f"x{place}", sizes) for place, sizes in enumerate(given)]
    names = [*(name for name, _ in inputs), *(f"w{place}" for place in range(len(weights)))]
    shapes = {name: list(sizes) for name, sizes in inputs}
    message = graph_def(*((name, "Placeholder", []) for name, _ in inputs), ("y", op, names), **shapes, y=list(result))
    for place, sizes in enumerate(weights):
        variable(message, f"w{place}", list(sizes))
    if equation:
        message.node[len(inputs)].attr["equation"].s = equation.encode()
    graph = read_graph_def(message.SerializeToString())
    return graph.nodes[graph.node_at["y"]].flops or 0


def test_a_transposed_matrix_is_told_by_its_sizes() -> None:
    assert tensorflow_flops("MatMul", [(32, 48), (32, 48)], [], (48, 48)) == 2 * 48 * 48 * 32
    assert tensorflow_flops("MatMul", [(32, 48), (10, 48)], [], (32, 10)) == 2 * 32 * 10 * 48
    assert tensorflow_flops("MatMul", [(-1, 48), (32, 10)], [], (48, 10)) == 2 * 32 * 48 * 10
    assert tensorflow_flops("BatchMatMulV2", [(4, 7, 8), (4, 7, 8)], [], (4, 7, 7)) == 2 * 4 * 7 * 7 * 8


def test_gradients_of_a_convolution_take_what_it_takes() -> None:
    image, kernel, result = (2, 9, 9, 4), (3, 3, 4, 6), (2, 7, 7, 6)
    forward = tensorflow_flops("Conv2D", [image], [kernel], result)
    assert forward == 2 * 2 * 7 * 7 * 6 * 3 * 3 * 4
    assert tensorflow_flops("Conv2DBackpropInput", [(4,), result], [kernel], image) == forward
    assert tensorflow_flops("Conv2DBackpropInput", [(4,), kernel, result], [], image) == forward
    assert tensorflow_flops("Conv2DBackpropFilter", [image, (4,), result], [], kernel) == forward


@pytest.mark.parametrize(
    ("equation", "given", "weights", "result", "flops"),
    [
        ("abc,cde->abde", [(2, 7, 16)], [(16, 2, 8)], (2, 7, 2, 8), 2 * 2 * 7 * 16 * 2 * 8),
        ("aecd,abcd->acbe", [(2, 9, 2, 8), (2, 7, 2, 8)], [], (2, 2, 7, 9), 2 * 2 * 9 * 2 * 8 * 7),
        ("...x,xy->...y", [(2, 7, 5)], [(5, 4)], (2, 7, 4), 2 * 2 * 7 * 5 * 4),
        ("cde,abc->abde", [(2, 7, 16)], [(16, 2, 8)], (2, 7, 2, 8), 2 * 2 * 7 * 16 * 2 * 8),
        ("bi,bj->ij", [(-1, 3), (-1, 3)], [], (3, 3), 2 * 3 * 3),
        ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 5)], [], (2, 5), 0),
        ("abc,d->", [(2, 3), (3,)], [], (3,), 0),
        ("", [(2, 3), (3, 3)], [], (2, 3), 0),
    ],
)
def test_einsum_is_counted_by_its_equation(
    equation: str, given: list[Shape], weights: list[Shape], result: Shape, flops: float
) -> None:
    assert tensorflow_flops("Einsum", given, weights, result, equation) == flops


def test_equations_of_the_same_sizes_are_told_apart() -> None:
    builder = GraphBuilder()
    spec, cube = (TensorSpec("float32", (4, 4)),), (TensorSpec("float32", (4, 4)),)
    x = builder.node(0, "x", "input", outputs=spec)
    for name, equation in (("product", "ij,jk->ik"), ("rows", "ij,ij->ij")):
        node = builder.node(0, name, "Einsum", outputs=cube, attributes={"equation": equation})
        builder.edge(x, node, 0, 0)
        builder.edge(x, node, 0, 1)
    graph = with_flops(builder.build("", "onnx"))
    assert [node.flops for node in graph.nodes] == [None, 2 * 64, 2 * 16]


def test_an_unknown_batch_is_one_example() -> None:
    message = graph_def(("x", "Placeholder", []), ("y", "MatMul", ["x", "w"]), x=[-1, 4], y=[-1, 3])
    variable(message, "w", [4, 3])
    graph = read_graph_def(message.SerializeToString())
    assert graph.nodes[graph.node_at["y"]].flops == 24
    assert graph.notes == ["FLOPs are those of one example where the size of the batch is not known."]
