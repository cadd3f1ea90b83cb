"""ONNX models as graphs, read without the onnx package; it only makes the models here."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from graph_helpers import check, edges, output, used

from stepscope.logger.graphs.files import open_graph_file
from stepscope.logger.graphs.model import GraphModel
from stepscope.logger.graphs.read_onnx import read_onnx
from stepscope.logger.scalar_records import varint

onnx = pytest.importorskip("onnx")
FLOAT = onnx.TensorProto.FLOAT


def info(name: str, *shape: Any) -> Any:
    return onnx.helper.make_tensor_value_info(name, FLOAT, shape)


def model(nodes: list[Any], inputs: list[Any], outputs: list[Any], weights: list[Any] = [], **told: Any) -> Any:  # noqa: B006
    return onnx.helper.make_model(onnx.helper.make_graph(nodes, "g", inputs, outputs, weights), **told)


def weight(name: str, *shape: int) -> Any:
    return onnx.helper.make_tensor(name, FLOAT, shape, [0.0] * max(1, int(onnx.numpy_helper.np.prod(shape))))


def read(made: Any) -> GraphModel:
    graph = read_onnx(made.SerializeToString())
    check(graph)
    return graph


def test_weights_belong_to_nodes_and_scopes_to_names() -> None:
    gemm = onnx.helper.make_node("Gemm", ["x", "w", "b"], ["h"], name="/layers.0/linear/Gemm", alpha=0.5, transB=1)
    relu = onnx.helper.make_node("Relu", ["h"], ["y"], name="/layers.0/Relu")
    graph = read(
        model([gemm, relu], [info("x", "batch", 4)], [info("y", "batch", 3)], [weight("w", 3, 4), weight("b", 3)])
    )
    assert edges(graph) == {
        ("x", "layers.0/linear/Gemm"),
        ("layers.0/linear/Gemm", "layers.0/Relu"),
        ("layers.0/Relu", "y"),
    }
    assert used(graph, "layers.0/linear/Gemm") == {"w": "float32 3×4", "b": "float32 3"}
    assert (output(graph, "x"), output(graph, "layers.0/Relu")) == ("float32 batch×4", "float32 batch×3")
    assert graph.groups[graph.group_at["layers.0/linear"]].module == "layers.0.linear"
    assert graph.nodes[graph.node_at["layers.0/linear/Gemm"]].attributes == {"alpha": 0.5, "transB": 1}


def test_modules_that_torch_wrote_down() -> None:
    node = onnx.helper.make_node("Add", ["x", "x"], ["add"], name="node_add")
    for key, value in (
        ("pkg.torch.onnx.name_scopes", "['', 'layers.0', 'layers.0.a', 'add']"),
        ("pkg.torch.onnx.class_hierarchy", "['m.Net', 'm.Block', 'torch.nn.modules.Linear', 'aten.add']"),
        ("pkg.torch.onnx.stack_trace", 'File "/home/me/model.py", line 31, in forward\n    return x + x'),
    ):
        node.metadata_props.add(key=key, value=value)
    graph = read(model([node], [info("x", 2)], [info("add", 2)]))
    group = graph.groups[graph.group_at["layers.0/a"]]
    assert (group.type, group.module) == ("Linear", "layers.0.a")
    assert graph.nodes[graph.node_at["layers.0/a/add"]].source == "/home/me/model.py:31"


def test_functions_and_branches_are_drawn() -> None:
    helper = onnx.helper
    inner = helper.make_node("Mul", ["a", "a"], ["r"])
    function = helper.make_function("mine", "Square", ["a"], ["r"], [inner], [helper.make_opsetid("", 18)])
    call = helper.make_node("Square", ["x"], ["s"], name="square", domain="mine")
    then, other = (
        helper.make_graph([helper.make_node(op, ["s"], [f"{op}_out"])], op, [], [info(f"{op}_out", 2)])
        for op in ("Neg", "Abs")
    )
    choose = helper.make_node("If", ["c"], ["y"], name="choose", then_branch=then, else_branch=other)
    condition = helper.make_tensor_value_info("c", onnx.TensorProto.BOOL, [])
    graph = read(model([call, choose], [info("x", 2), condition], [info("y", 2)], functions=[function]))
    assert graph.groups[graph.group_at["square"]].type == "Square"
    assert {
        ("x", "square/r"),
        ("square/r", "choose/then_branch/Neg_out"),
        ("choose/then_branch/Neg_out", "choose"),
    } <= edges(graph)


def test_a_file_of_a_gigabyte_is_opened_without_its_weights(tmp_path: Path) -> None:
    size = 1 << 30
    made = model([onnx.helper.make_node("MatMul", ["x", "w"], ["y"])], [info("x", 4, 16384)], [info("y", 4, 16384)])
    graph = made.graph.SerializeToString()
    head = onnx.TensorProto(name="w", data_type=FLOAT, dims=[16384, 16384]).SerializeToString() + b"\x4a" + varint(size)
    tensor = b"\x2a" + varint(len(head) + size) + head
    with (tmp_path / "big.onnx").open("wb") as file:
        file.write(b"\x08\x08\x3a" + varint(len(graph) + len(tensor) + size) + graph + tensor)
        file.truncate(file.tell() + size)
    found = open_graph_file(tmp_path / "big.onnx")
    assert used(found, "y") == {"w": "float32 16384×16384"} and not found.notes


def test_bad_models_are_drawn_as_far_as_they_go() -> None:
    helper = onnx.helper
    nodes = [
        helper.make_node("Add", ["gone", ""], ["a"], name="same"),
        helper.make_node("Add", ["later", "a"], ["b"], name="same"),
        helper.make_node("Neg", ["b"], ["later"], name="größe//🙂"),
    ]
    graph = read(model(nodes, [], [info("never", 1)]))
    assert len(graph.nodes) == 6 and sum(node.role == "missing" for node in graph.nodes) == 2
    data = model(nodes, [], []).SerializeToString()
    cut = read_onnx(data[: len(data) - 30])
    check(cut)
    assert any("damaged" in note for note in cut.notes)


@pytest.mark.parametrize("data", [b"", b"\x08\x08", struct.pack("<q", 5), b"\x00" * 1000])
def test_what_is_no_onnx_is_said(data: bytes) -> None:
    with pytest.raises(ValueError, match="no ONNX model"):
        read_onnx(data)
