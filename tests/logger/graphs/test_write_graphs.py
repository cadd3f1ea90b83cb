"""Graphs of ONNX, OpenVINO and Keras models in the log: whole, and as TensorBoard shows them."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from graph_helpers import check, edges, used

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.compat import EventAccumulator
from stepscope.logger.errors import TagNotFound

KERAS = {
    "class_name": "Sequential",
    "config": {
        "name": "net",
        "layers": [
            {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 4]}},
            {"class_name": "Dense", "config": {"name": "dense", "units": 3, "dtype": "float32"}},
            {"class_name": "Mine", "config": {"name": "mine"}},
        ],
    },
}


def onnx_model() -> Any:
    onnx = pytest.importorskip("onnx")
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    given, made = (helper.make_tensor_value_info(name, floats, [1, 4]) for name in ("in", "out"))
    bias = helper.make_tensor("bias", floats, [4], [0.0] * 4)
    nodes = [
        helper.make_node("Add", ["in", "bias"], ["sum"], name="/block/Add"),
        helper.make_node("LeakyRelu", ["sum"], ["out"], name="/block/act/LeakyRelu", alpha=0.5),
    ]
    return helper.make_model(helper.make_graph(nodes, "g", [given], [made], [bias]))


def test_onnx_models_keep_their_modules(tmp_path: Path) -> None:
    model = onnx_model()
    file = tmp_path / "m.onnx"
    file.write_bytes(model.SerializeToString())
    for name, argument in (("file", file), ("model", model)):
        with SummaryWriter(tmp_path / name) as writer:
            writer.add_onnx_graph(argument, tag="onnx", step=7)
        log = open_logdir(tmp_path / name, index_dir=False)
        graph = log.graph(".", "onnx", 7)
        check(graph)
        assert graph.groups[graph.group_at["block/act"]].module == "block.act"
        assert used(graph, "block/Add") == {"bias": "float32 4"}
        stored = EventAccumulator(str(tmp_path / name)).Reload().Graph()
        assert {node.name: (node.op, list(node.input)) for node in stored.node} == {
            "in": ("Placeholder", []),
            "block/Add": ("Add", ["in"]),
            "block/act/LeakyRelu": ("LeakyRelu", ["block/Add"]),
            "out": ("Output", ["block/act/LeakyRelu"]),
        }
    with pytest.raises(TagNotFound, match="has no value at step 3; it has 7"):
        log.graph(".", "onnx", 3)


def test_keras_models_and_their_json(tmp_path: Path) -> None:
    def array(name: str, *shape: int) -> Any:
        return SimpleNamespace(name=name, path=f"net/mine/{name}", shape=shape, dtype=np.dtype("float32"))

    weights = [array("scale", 3), array("offset", 3)]
    mine = SimpleNamespace(name="mine", weights=weights, trainable_weights=weights[:1])
    model = SimpleNamespace(name="net", layers=[mine], to_json=lambda: json.dumps(KERAS))
    with SummaryWriter(tmp_path) as writer:
        writer.add_keras_graph(model)
        writer.add_keras_graph(json.dumps(KERAS), tag="json")
    log = open_logdir(tmp_path, index_dir=False)
    graph = log.graph(".", "graph")
    assert edges(graph) == {("net/x", "net/dense"), ("net/dense", "net/mine")}
    assert used(graph, "net/dense") == {"dense/kernel": "float32 4×3", "dense/bias": "float32 3"}
    assert used(graph, "net/mine") == {"mine/scale": "float32 3", "mine/offset": "float32 3"}
    assert [parameter.kind for parameter in graph.parameters][-2:] == ["parameter", "buffer"]
    assert len(log.graph(".", "json").nodes) == 3


def test_a_keras_model_that_is_a_class_has_its_layers(tmp_path: Path) -> None:
    def refuse() -> str:
        raise NotImplementedError

    inner = SimpleNamespace(name="inner", layers=[SimpleNamespace(name="dense", weights=[])])
    model = SimpleNamespace(name="mine", layers=[inner], to_json=refuse)
    with SummaryWriter(tmp_path) as writer:
        writer.add_keras_graph(model)
    graph = open_logdir(tmp_path, index_dir=False).graph(".")
    assert [node.path for node in graph.nodes] == ["mine/inner/dense"] and "without connections" in graph.notes[0]


@pytest.mark.parametrize(
    ("method", "argument", "error", "sentence"),
    [
        ("add_onnx_graph", 5, TypeError, r"path of an ONNX file .*, got int"),
        ("add_onnx_graph", None, TypeError, r"path of an ONNX file .*, got NoneType"),
        ("add_openvino_graph", 5, TypeError, "path of an OpenVINO XML file, got int"),
        ("add_keras_graph", 5, TypeError, "a Keras model or its JSON, got int"),
        ("add_keras_graph", "{}", ValueError, "no Keras model"),
        ("add_onnx_graph", "nowhere.onnx", FileNotFoundError, "nowhere.onnx"),
    ],
)
def test_what_is_no_model_is_said(
    tmp_path: Path, method: str, argument: Any, error: type[Exception], sentence: str
) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(error, match=sentence):
        getattr(writer, method)(argument)


def test_openvino_models_need_no_package(tmp_path: Path) -> None:
    text = '<net name="m"><layers><layer id="0" name="x" type="Parameter"/></layers></net>'
    (tmp_path / "m.xml").write_text(text, "utf-8")
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_openvino_graph(tmp_path / "m.xml")
    assert open_logdir(tmp_path / "run", index_dir=False).graph(".").format == "openvino"
