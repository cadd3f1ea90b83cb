"""Keras models as JSON, in the forms of Keras 2 and 3, as graphs of layers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from graph_helpers import check, edges, output, used

from stepscope.logger.graphs.model import GraphModel
from stepscope.logger.graphs.read_keras import read_keras


def layer(kind: str, name: str, inbound: Any = None, **config: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"class_name": kind, "config": {"name": name, "dtype": "float32", **config}, "name": name}
    if inbound is not None:
        found["inbound_nodes"] = inbound
    return found


def tensor(name: str, call: int = 0, shape: list[int | None] | None = None) -> dict[str, Any]:
    history = {"shape": shape, "dtype": "float32", "keras_history": [name, call, 0]}
    return {"class_name": "__keras_tensor__", "config": history}


def functional(layers: list[dict[str, Any]], inputs: Any, outputs: Any, name: str = "net") -> dict[str, Any]:
    config = {"name": name, "layers": layers, "input_layers": inputs, "output_layers": outputs}
    return {"class_name": "Functional", "config": config}


def read(model: Any) -> GraphModel:
    graph = read_keras(json.dumps(model).encode())
    check(graph)
    return graph


def test_keras_3_with_a_layer_called_twice() -> None:
    def call(*tensors: Any) -> dict[str, Any]:
        return {"args": list(tensors), "kwargs": {}}

    layers = [
        layer("InputLayer", "a", [], batch_shape=[None, 4]),
        layer("InputLayer", "b", [], batch_shape=[None, 4]),
        layer("Dense", "shared", [call(tensor("a")), call(tensor("b"))], units=3, use_bias=True),
        layer("Concatenate", "both", [call([tensor("shared", 0, [None, 3]), tensor("shared", 1, [None, 3])])], axis=-1),
    ]
    graph = read(functional(layers, [["a", 0, 0], ["b", 0, 0]], ["both", 0, 0]))
    assert edges(graph) == {
        *(("net/a", "net/shared"), ("net/b", "net/shared@1")),
        *(("net/shared", "net/both"), ("net/shared@1", "net/both")),
    }
    assert used(graph, "net/shared") == used(graph, "net/shared@1")
    assert used(graph, "net/shared") == {"shared/kernel": "float32 4×3", "shared/bias": "float32 3"}
    assert output(graph, "net/both") == "float32 ?×6" and graph.title == "net"


def test_keras_2_names_inputs_in_lists() -> None:
    layers = [
        layer("InputLayer", "x", [], batch_input_shape=[None, 8, 8, 3]),
        layer("Conv2D", "conv", [[["x", 0, 0, {}]]], filters=16, kernel_size=[3, 3], strides=[2, 2], padding="same"),
        layer("BatchNormalization", "norm", [[["conv", 0, 0, {}]]]),
        layer("MultiHeadAttention", "attend", [[["norm", 0, 0, {"value": ["conv", 0, 0]}]]]),
        layer("TFOpLambda", "add", [["attend", 0, 0, {"y": ["norm", 0, 0], "name": None}]]),
    ]
    graph = read(functional(layers, [["x", 0, 0]], [["add", 0, 0]]))
    assert ("net/conv", "net/attend") in edges(graph) and ("net/norm", "net/add") in edges(graph)
    assert output(graph, "net/conv") == "float32 ?×4×4×16"
    assert used(graph, "net/conv")["conv/kernel"] == "float32 3×3×3×16"
    kinds = {parameter.name: parameter.kind for parameter in graph.parameters}
    assert kinds["norm/gamma"] == "parameter" and kinds["norm/moving_mean"] == "buffer"


def test_models_in_models_are_groups() -> None:
    head = {
        "class_name": "Sequential",
        "config": {"name": "head", "layers": [layer("Dense", "d1"), layer("Dense", "d2")]},
    }
    outer = functional([layer("InputLayer", "x", [], batch_shape=[None, 4]), head], [["x", 0, 0]], [["head", 0, 0]])
    outer["config"]["layers"][1] |= {"name": "head", "inbound_nodes": [{"args": [tensor("x")], "kwargs": {}}]}
    outer["config"]["layers"].append(layer("Add", "end", [{"args": [[tensor("head"), tensor("x")]], "kwargs": {}}]))
    graph = read(outer)
    assert edges(graph) == {
        *(("net/x", "net/head/d1"), ("net/head/d1", "net/head/d2")),
        *(("net/head/d2", "net/end"), ("net/x", "net/end")),
    }
    group = graph.groups[graph.group_at["net/head"]]
    assert (group.type, group.module) == ("Sequential", "head")


@pytest.mark.parametrize("keras", [2, 3])
def test_calls_of_a_shared_model_are_told_apart(keras: int) -> None:
    """A model counts as a call what it was built from: Keras 2 begins with 1, Keras 3 in `output_layers` alone."""

    def call(*ends: tuple[str, int]) -> Any:
        return [[*end, 0, {}] for end in ends] if keras == 2 else {"args": [[tensor(*end) for end in ends]]}

    tower = functional(
        [
            layer("InputLayer", "in", [], batch_shape=[None, 4]),
            layer("Dense", "dense", [call(("in", 0))], units=2),
        ],
        [["in", 0, 0]],
        [["dense", 0, 0]],
        "tower",
    )
    inputs = [layer("InputLayer", name, [], batch_shape=[None, 4]) for name in "ab"]
    towers = {**tower, "name": "tower", "inbound_nodes": [call(("a", 0)), call(("b", 0))]}
    first = 1 if keras == 2 else 0
    far = layer("Subtract", "far", [call(("tower", first), ("tower", first + 1))])
    graph = read(functional([*inputs, towers, far], [["a", 0, 0], ["b", 0, 0]], [["far", 0, 0]]))
    assert {("net/tower/dense", "net/far"), ("net/tower@1/dense", "net/far")} <= edges(graph)

    pair = functional([*inputs, towers], [["a", 0, 0], ["b", 0, 0]], [["tower", 2, 0], ["tower", 1, 0]], "pair")
    pair = {**pair, "name": "pair", "inbound_nodes": [call(("a", 0), ("b", 0))]}
    head = layer("Dense", "head", [call(("pair", first))], units=1)
    graph = read(functional([*inputs, pair, head], [["a", 0, 0], ["b", 0, 0]], [["head", 0, 0]]))
    assert ("net/pair/tower@1/dense", "net/head") in edges(graph)  # the first output of the pair


def test_a_sequential_model_is_a_chain() -> None:
    layers = [
        layer("Embedding", "e", input_dim=10, output_dim=4),
        layer("LSTM", "l", units=5),
        layer("Dense", "d", units=2),
    ]
    layers[0]["config"]["batch_input_shape"] = [None, 7]
    for model in (
        {"class_name": "Sequential", "config": {"name": "net", "layers": layers}},
        {"class_name": "Sequential", "config": layers},  # Keras 1
    ):
        graph = read(model)
        assert len(graph.nodes) == 3 and len(graph.edges) == 2
    assert sum(parameter.spec.elements or 0 for parameter in graph.parameters) == 40 + 4 * 5 * (4 + 5 + 1) + 12


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "no Keras model"),
        (b"[1, 2]", "has no configuration"),
        (b'{"config": ' * 100_000, "too deep"),
        (b'{"config": {}, "x": NaN', "no Keras model"),
    ],
)
def test_what_is_no_model_is_said(text: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_keras(text)


def test_odd_models_are_drawn_as_far_as_they_go() -> None:
    def call(name: str) -> list[Any]:
        return [{"args": [tensor(name)], "kwargs": {}}]

    layers: list[Any] = [
        layer("Dense", "a", call("gone"), units="many"),
        layer("Dense", "a", call("b")),
        layer("Dense", "b", call("a"), kernel_size=None),
        layer("Conv2D", "größe//🙂", call("b"), kernel_size="x", filters=[3]),
        {"class_name": 5, "config": 7, "inbound_nodes": 3},
        "no layer",
        {"class_name": "Functional", "config": {"layers": [], "name": None}},
    ]
    graph = read(functional(layers, 5, {"x": [["b", 0, 10**30], ["b", -5, -7]]}))
    assert {node.role for node in graph.nodes} == {"op", "missing"}
    assert any("1 name is used twice" in note for note in graph.notes)
    assert any("does not say which layers" in note for note in graph.notes)
