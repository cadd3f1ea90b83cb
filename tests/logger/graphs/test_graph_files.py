"""Graph files opened by hand: what they are is told by their bytes, and whatever they hold, nothing is executed."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from graph_helpers import check, edges, graph_def, output, used

from stepscope.logger.graphs.blob import encode
from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.logger.graphs.files import open_graph_file
from stepscope.logger.graphs.json_form import as_json_form
from stepscope.logger.graphs.model import GraphModel, Parameter, TensorSpec
from stepscope.logger.graphs.read_graph_def import read_graph_def
from stepscope.logger.graphs.text_messages import read_text
from stepscope.logger.proto.graph_pb2 import GraphDef, MetaGraphDef

SMALL = graph_def(("x", "Placeholder", []), ("net/y", "Neg", ["x"]))


def archive(**files: bytes | str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/").replace("_json", ".json").replace("_pkl", ".pkl"), content)
    return stream.getvalue()


def saved_model(graph: GraphDef) -> bytes:
    """SavedModel: its version, then a MetaGraphDef."""
    meta = MetaGraphDef(graph_def=graph).SerializeToString()
    return b"\x08\x01\x12" + bytes([len(meta)]) + meta


KERAS = json.dumps(
    {"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "Dense", "config": {}}]}}
)
HDF5 = b"\x89HDF\r\n\x1a\n" + bytes(2000)  # names and places of what follows
OPENVINO = """<?xml version="1.0"?><net name="ov"><layers>
<layer id="0" name="x" type="Parameter">
  <output><port id="0" precision="FP32"><dim>1</dim><dim>4</dim></port></output></layer>
<layer id="1" name="w" type="Const">
  <output><port id="0" precision="FP16"><dim>4</dim><dim>3</dim></port></output></layer>
<layer id="2" name="net/mm" type="MatMul"><data transpose_a="false"/>
  <output><port id="2" precision="FP32"/></output></layer>
<layer id="3" name="y" type="Result"/></layers><edges><edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
<edge from-layer="1" from-port="0" to-layer="2" to-port="1"/>
<edge from-layer="2" from-port="2" to-layer="3" to-port="0"/></edges></net>"""


def by_name(value: object) -> str:
    """The name of a test; the bytes of an archive hold the time, and workers would call the test differently."""
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(
    ("name", "content", "format", "nodes"),
    [
        ("g.pb", SMALL.SerializeToString(), "graph_def", 2),
        ("saved_model.pb", saved_model(SMALL), "graph_def", 2),
        ("meta.pb", MetaGraphDef(graph_def=SMALL).SerializeToString(), "graph_def", 2),
        ("g.pbtxt", str(SMALL).encode(), "graph_def", 2),
        ("model.json", KERAS.encode(), "keras", 1),
        ("model.keras", archive(config_json=KERAS, metadata_json="{}"), "keras", 1),
        ("model.h5", HDF5 + KERAS.encode() + b'\x00{"loss": "mse"}' + bytes(99), "keras", 1),
        ("compiled.h5", HDF5 + b'{"optimizer": {"class_name": "Adam", "config": {}}}\x00' + KERAS.encode(), "keras", 1),
        ("model.xml", OPENVINO.encode(), "openvino", 3),
        ("ours.bin", encode(read_graph_def(SMALL.SerializeToString())), "graph_def", 2),
    ],
    ids=by_name,
)
def test_what_a_file_is_is_told_by_its_bytes(
    tmp_path: Path, name: str, content: bytes, format: str, nodes: int
) -> None:
    (tmp_path / "file").write_bytes(content)
    for graph in (open_graph_file(content, name), open_graph_file(tmp_path / "file"), open_graph_file(content)):
        check(graph)
        assert (graph.format, len(graph.nodes)) == (format, nodes)


def test_openvino_models_have_weights_and_shapes() -> None:
    graph = open_graph_file(OPENVINO.encode(), "m.xml")
    assert used(graph, "net/mm") == {"w": "float16 4×3"} and output(graph, "x") == "float32 1×4"
    assert edges(graph) == {("x", "net/mm"), ("net/mm", "y")}


def test_torch_exported_programs(tmp_path: Path) -> None:
    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = torch.nn.ModuleList([torch.nn.Linear(4, 4), torch.nn.BatchNorm1d(4)])

        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
            for layer in self.layers:
                x = layer(x)
            return torch.split(x.to(torch.float32), 2, 1)

    net = Net()
    net.layers.append(torch.nn.Linear(4, 4, bias=False))
    net.layers[2].weight = net.layers[0].weight
    program = torch.export.export(net.eval(), (torch.zeros(2, 4),))
    torch.export.save(program, tmp_path / "net.pt2")
    graph = open_graph_file(tmp_path / "net.pt2")
    check(graph)
    linear = next(node for node in graph.nodes if node.op == "aten.linear")
    assert graph.groups[linear.group].module == "layers.0" and graph.groups[linear.group].type == "Linear"
    assert used(graph, linear.path) == {"layers.0.weight": "float32 4×4", "layers.0.bias": "float32 4"}
    assert "test_graph_files.py:" in linear.source and str(linear.outputs[0]) == "float32 2×4"
    kinds = {parameter.name: parameter.kind for parameter in graph.parameters}
    assert kinds["layers.1.running_mean"] == "buffer" and kinds["layers.1.weight"] == "parameter"
    assert [node.role for node in graph.nodes].count("output") == 2
    tied = {parameter.name: parameter.tied for parameter in graph.parameters if parameter.tied}
    assert tied == {"layers.0.weight": ("layers.2.weight",)}
    assert not any("_assert" in node.op for node in graph.nodes)


class Touching:
    """Unpickled, it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (os.mkdir, (str(self.path),))


def test_pickles_are_never_executed(tmp_path: Path) -> None:
    import pickle

    trap = pickle.dumps(Touching(tmp_path / "executed"))
    program = json.dumps({"graph_module": {"graph": {"nodes": [{"target": "torch.ops.aten.relu.default"}]}}})
    graph = open_graph_file(archive(m__models__model_json=program, m__data__data_pkl=trap), "m.pt2")
    assert [node.op for node in graph.nodes] == ["aten.relu"]
    for content in (archive(m__data_pkl=trap), trap):
        with pytest.raises(ValueError, match="would have to be executed"):
            open_graph_file(content, "m.pt")
    assert not (tmp_path / "executed").exists()


def test_what_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="has more than 1,048,576 bytes; it is not read"):
        open_graph_file(archive(m__models__model_json=b" " * (64 << 20)), "bomb.pt2", limit=1 << 20)
    with pytest.raises(ValueError, match="at most 1,000 are read"):
        open_graph_file(bytes(2000), "large.pb", limit=1000)
    entities = (
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><net><layers><layer id="0" name="&b;"/></layers></net>'
    )
    with pytest.raises(ValueError, match="declares entities"):
        open_graph_file(entities.encode(), "a.xml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty", b""),
        ("zeros", bytes(1 << 20)),
        ("numbers", b"\x08\x00" * (1 << 19)),
        ("text", b"hello world"),
        ("deep.json", b'{"config":' * 100_000),
        ("deep.pbtxt", b"node { attr {" * 50_000),
        ("open.pbtxt", b'node { name: "' + b"a" * 100_000),
        ("hashes.pbtxt", b"#" * 100_000 + b"\n!"),
        ("comments.pbtxt", b"# a # b\n" * 50_000 + b"!"),
        ("page.html", b"<html><body>hello</body></html>"),
        ("weights.h5", HDF5 + bytes(100)),
        ("cut.h5", HDF5 + b'{"class_name": "Sequential", "config": {' + b'"' * 1001),
        ("deep.h5", HDF5 + b'{"class_name": "' + b'", "config": {"a": "' * 100_000),
        ("quotes.h5", HDF5 + b'{"class_name": "x", "a": "' + b'\\"' * 200_000),
        ("model.tflite", b"\x1c\x00\x00\x00TFL3" + bytes(100)),
        ("cut.zip", archive(m__models__model_json="{}" * 1000)[:100]),
        ("odd.pt2", archive(m__models__model_json='{"graph_module": {"graph": {"nodes": 5}}}')),
        ("nothing.zip", archive(readme="nothing")),
    ],
    ids=by_name,
)
def test_other_files_are_refused_with_a_sentence(name: str, content: bytes) -> None:
    with pytest.raises(ValueError, match=rf"The file '{name}'.*[.!]$"):
        open_graph_file(content, name)


def test_odd_programs_are_drawn_as_far_as_they_go() -> None:
    odd = {"target": 5, "inputs": [{"arg": {"as_tensor": {"name": "gone"}}}, 7, {"arg": 3}], "outputs": {"a": 1}}
    deep: Any = {
        "as_graph": {"name": "g", "graph": {"nodes": [{"target": "torch.ops.aten.neg.default"}], "outputs": []}}
    }
    nodes = [1, odd, {"target": "cond", "name": "same", "inputs": [{"name": "f", "arg": deep}]}, {"name": "same"}]
    program = {"graph_module": {"graph": {"nodes": nodes, "inputs": None, "tensor_values": []}, "signature": [3]}}
    graph = open_graph_file(archive(m__models__model_json=json.dumps(program)), "m.pt2")
    check(graph)
    assert {"aten.neg", "cond", "missing"} <= {node.op for node in graph.nodes}


def test_text_with_errors_is_drawn_around_them() -> None:
    text = """
    # a comment
    node { name: "a" op: "Add" attr { key: "T" value { type: DT_FLOAT } } experimental: { what: 1 } }
    node { name: "b" op: oops }
    node < name: 'c' "d"; op: "Neg", input: ["a", "\\142"] attr: { key: "f" value { f: inf } } >
    versions { producer: 0x16 }
    """
    graph = open_graph_file("\n".join(line.strip() for line in text.splitlines()).encode(), "g.pbtxt")
    check(graph)
    assert {node.path: node.op for node in graph.nodes} == {"a": "Add", "b": "unknown", "cd": "Neg"}
    assert edges(graph) == {("a", "cd"), ("b", "cd")}
    assert graph.notes == ["Line 4: op is told 'oops', which is no text in quotes."]
    assert graph.nodes[2].attributes["f"] == "inf"


@pytest.mark.parametrize(
    "text",
    [
        "meta_info_def {\n  tags: 'train'\n}\ngraph_def {\n  NODES\n}\nsignature_def {\n  key: 'x'\n}\n",
        "meta_info_def { tags: 'train' } graph_def < NODES >",
        "saved_model_schema_version: 1\nmeta_graphs {\n  graph_def {\n    NODES\n  }\n  saver_def {\n  }\n}\n",
    ],
    ids=["MetaGraphDef", "MetaGraphDef on one line", "SavedModel"],
)
def test_graphs_in_other_messages_are_found_in_their_text(text: str) -> None:
    nodes = "node {\n name: 'a'\n op: 'Const'\n }\n node {\n name: 'b'\n op: 'Neg'\n input: 'a'\n }"
    graph = open_graph_file(text.replace("NODES", nodes).encode(), "model.meta.txt")
    assert edges(graph) == {("a", "b")} and not graph.notes
    cut = open_graph_file(text.partition("NODES")[0].encode() + nodes.encode(), "model.meta.txt")
    assert edges(cut) == {("a", "b")} and cut.notes == ["The text ends within the message."]


def test_a_text_reads_as_protobuf_reads_it() -> None:
    from google.protobuf import text_format

    message = graph_def(("größe", "Add", ["a", "^b"]), ("v", "VarHandleOp", []), größe=[2, -1])
    message.node[1].attr["shared_name"].s = b'\x00\xff"quoted"\n'
    message.node[1].attr["k"].list.i.extend([-1, 1 << 60])
    message.library.function.add().ret["r"] = "x:z:0"
    for text in (text_format.MessageToString(message), text_format.MessageToString(message, as_one_line=True)):
        found = GraphDef()
        read_text(text, found, pytest.fail, lambda: False)
        assert found == message


def rich_graph() -> GraphModel:
    """Something of everything that a graph can say."""
    builder = GraphBuilder()
    builder.group(["net"], type="Net", module="", source="net.py:1", attributes={"mode": "eval"})
    inner = builder.group(["net", "a%2Fb@1"], type="Linear", module="a/b", call=1)
    weight = Parameter("a/b.weight", TensorSpec("float32", (4, 3), "cpu"), trainable=False, tied=("tied.weight",))
    places = tuple(builder.parameter(one) for one in (weight, Parameter("mean", TensorSpec("float16"), "buffer")))
    x = builder.node(0, "x", "input", role="input", outputs=(TensorSpec("int64", ("batch", None, 3)), TensorSpec()))
    y = builder.node(
        inner, "linear/0", "linear", outputs=(TensorSpec("float32", ()),), parameters=places, device="cpu",
        source="net.py:7", flops=24.0, time=1.5e-6, memory=48, attributes={"bias": True, "of": [1, {"k": None}]},
    )  # fmt: skip
    builder.edge(x, y, output=1, into=2)
    builder.edge(y, builder.node(0, "out", "output", role="output"), control=True)
    builder.notes.append("Two notes, one line.")
    return builder.build("Net", "stepscope", "functions")


def test_what_was_exported_as_json_opens_as_the_same_graph() -> None:
    model = rich_graph()
    again = open_graph_file(json.dumps(as_json_form(model)).encode(), "net.json")
    check(again)
    assert (again.title, again.format, again.level, again.notes) == ("Net", "stepscope", "functions", model.notes)
    assert again.groups == model.groups and again.nodes == model.nodes and again.parameters == model.parameters
    for column in ("source", "target", "output", "input", "control"):
        assert getattr(again.edges, column).tolist() == getattr(model.edges, column).tolist()


def test_an_exported_graph_may_hold_any_name() -> None:
    builder = GraphBuilder()
    builder.node(0, "graph_module", "call", attributes={"graph_module": 1})
    model = builder.build("Net", "stepscope", "functions")
    assert open_graph_file(json.dumps(as_json_form(model)).encode(), "net.json").nodes == model.nodes


@pytest.mark.parametrize("shape", [[2] * 400, [-1, 3]], ids=["400 dimensions", "below 0"])
def test_shapes_of_edited_json_that_no_tensor_has_are_unknown(shape: list[int]) -> None:
    told = {"stepscope_graph": 1, "nodes": [{"path": "a", "outputs": [{"dtype": "int8", "shape": shape}]}]}
    assert open_graph_file(json.dumps(told).encode(), "net.json").nodes[0].outputs == (TensorSpec("int8"),)


@pytest.mark.parametrize(
    "told, nodes",
    [
        ({}, None),
        ({"nodes": 5, "groups": {"a": 1}}, None),
        ({"nodes": [None, 3, {"path": 7}, {"path": "a/b"}]}, ["unnamed", "a/b"]),
        ({"nodes": [{"path": "a"}, {"path": "a", "inputs": [{"from": "gone"}, 1, {"from": 2}]}]}, ["a_1", "gone"]),
        (
            {"nodes": [{"path": "a", "role": [], "outputs": [{"shape": [1, []]}], "flops": 10**400, "memory": -1}]},
            ["a"],
        ),
        ({"nodes": [{"path": "a", "inputs": [{"from": "a", "output": 1 << 60, "input": -5}]}]}, ["a"]),
        ({"nodes": [{"path": "a", "parameters": ["w", 3]}], "parameters": [{"name": "w", "shape": "x"}]}, ["a"]),
        ({"groups": [{"path": "/" * 500 + "g/" * 500}], "nodes": [{"path": "//x//"}]}, ["%2F%2Fx/%2F%2F"]),
    ],
    ids=["empty", "no lists", "no rows", "missing", "odd fields", "odd ends", "odd parameters", "odd paths"],
)
def test_edited_json_gives_what_can_be_drawn(told: dict[str, Any], nodes: list[str] | None) -> None:
    content = json.dumps({"stepscope_graph": 1, **told}).encode()
    if nodes is None:
        with pytest.raises(ValueError, match="holds no nodes"):
            open_graph_file(content, "net.json")
        return
    graph = open_graph_file(content, "net.json")
    check(graph)
    assert {node.path for node in graph.nodes} >= set(nodes)
