"""Weights and shapes that follow from the configuration of layers are those that Keras 3.15 and tf-keras 2.21 have."""

from __future__ import annotations

import json
from typing import Any

import pytest
from graph_helpers import check, output, used

from stepscope.logger.graphs.keras_shapes import output_shape
from stepscope.logger.graphs.keras_weights import weights
from stepscope.logger.graphs.read_keras import read_keras

Shape = tuple[int | None, ...]
IMAGE: Shape = (None, 20, 18, 6)
STEPS: Shape = (None, 7, 5)


def inner(kind: str, name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": name, **config}}


LSTM = inner("LSTM", "lstm", units=4, return_sequences=True)
LSTM_CELLS = [inner("LSTMCell", "first", units=4), inner("GRUCell", "second", units=3)]
ATTENTION = {"num_heads": 2, "key_dim": 8}


@pytest.mark.parametrize(
    ("kind", "config", "given", "shape"),
    [
        (
            "Conv2D",
            {"filters": 4, "kernel_size": [3, 3], "data_format": "channels_first"},
            (None, 6, 20, 18),
            (4, 18, 16),
        ),
        ("Conv2DTranspose", {"filters": 4, "kernel_size": [3, 3], "padding": "valid"}, IMAGE, (22, 20, 4)),
        ("Conv2DTranspose", {"filters": 4, "kernel_size": [3, 3], "strides": 2, "padding": "same"}, IMAGE, (40, 36, 4)),
        ("SeparableConv2D", {"filters": 8, "kernel_size": [3, 3], "depth_multiplier": 2}, IMAGE, (18, 16, 8)),
        ("DepthwiseConv2D", {"kernel_size": [3, 3], "depth_multiplier": 2}, IMAGE, (18, 16, 12)),
        ("UpSampling2D", {"size": [2, 3]}, (None, 4, 5, 3), (8, 15, 3)),
        ("ZeroPadding2D", {"padding": [[1, 2], [3, 4]]}, (None, 4, 5, 3), (7, 12, 3)),
        ("Cropping1D", {"cropping": [1, 1]}, (None, 20, 6), (18, 6)),
        ("GlobalMaxPooling2D", {"keepdims": True}, IMAGE, (1, 1, 6)),
        ("Reshape", {"target_shape": [-1, 3]}, (None, 12), (4, 3)),
        ("Permute", {"dims": [3, 1, 2]}, (None, 3, 4, 5), (5, 3, 4)),
        ("Bidirectional", {"layer": LSTM}, STEPS, (7, 8)),
        ("Bidirectional", {"layer": LSTM, "merge_mode": "sum"}, STEPS, (7, 4)),
        ("TimeDistributed", {"layer": inner("Flatten", "flat")}, (None, 7, 10, 10, 3), (7, 300)),
        ("ConvLSTM2D", {"filters": 3, "kernel_size": [3, 3]}, (None, 5, 20, 18, 6), (18, 16, 3)),
        ("RNN", {"cell": inner("StackedRNNCells", "cells", cells=LSTM_CELLS)}, STEPS, (3,)),
        ("MultiHeadAttention", {**ATTENTION, "output_shape": 5}, (None, 7, 16), (7, 5)),
    ],
)
def test_shapes(kind: str, config: dict[str, Any], given: Shape, shape: Shape) -> None:
    assert output_shape(kind, config, [given]) == (None, *shape)


@pytest.mark.parametrize(
    ("kind", "config", "given", "found"),
    [
        (
            "SeparableConv2D",
            {"filters": 8, "kernel_size": [3, 3], "depth_multiplier": 2},
            [IMAGE],
            {"depthwise_kernel": (3, 3, 6, 2), "pointwise_kernel": (1, 1, 12, 8), "bias": (8,)},
        ),
        ("LayerNormalization", {"axis": [1, 2], "center": False}, [STEPS], {"gamma": (7, 5)}),
        ("BatchNormalization", {"axis": 1, "center": False}, [IMAGE], dict.fromkeys(
            ("gamma", "moving_mean", "moving_variance"), (20,))),
        ("Normalization", {"axis": -1}, [STEPS], {"mean": (5,), "variance": (5,), "count": ()}),
        ("Normalization", {"axis": -1, "mean": [0.5], "variance": [1.0]}, [STEPS], {}),
        ("PReLU", {"shared_axes": [1]}, [STEPS], {"alpha": (1, 5)}),
        (
            "EinsumDense",
            {"equation": "abc,cd->abd", "output_shape": [None, 6], "bias_axes": "d"},
            [STEPS],
            {"kernel": (5, 6), "bias": (6,)},
        ),
        (
            "RNN",
            {"cell": inner("StackedRNNCells", "cells", cells=LSTM_CELLS)},
            [STEPS],
            {
                "cells/first/kernel": (5, 16),
                "cells/first/recurrent_kernel": (4, 16),
                "cells/first/bias": (16,),
                "cells/second/kernel": (4, 9),
                "cells/second/recurrent_kernel": (3, 9),
                "cells/second/bias": (2, 9),
            },
        ),
        (
            "Bidirectional",
            {"layer": LSTM},
            [STEPS],
            {
                f"{way}_lstm/lstm_cell/{name}": shape
                for way in ("forward", "backward")
                for name, shape in (("kernel", (5, 16)), ("recurrent_kernel", (4, 16)), ("bias", (16,)))
            },
        ),
        (
            "Bidirectional",
            {"layer": inner("SimpleRNN", "there", units=2, use_bias=False),
             "backward_layer": inner("SimpleRNN", "back", units=3, use_bias=False)},
            [STEPS],
            {
                "forward_there/simple_rnn_cell/kernel": (5, 2),
                "forward_there/simple_rnn_cell/recurrent_kernel": (2, 2),
                "back/simple_rnn_cell/kernel": (5, 3),
                "back/simple_rnn_cell/recurrent_kernel": (3, 3),
            },
        ),
        (
            "TimeDistributed",
            {"layer": inner("Dense", "dense", units=4)},
            [STEPS],
            {"dense/kernel": (5, 4), "dense/bias": (4,)},
        ),
        (
            "MultiHeadAttention",
            {**ATTENTION, "value_dim": 3, "use_bias": False},
            [(None, 7, 16), (None, 9, 12)],
            {
                "query/kernel": (16, 2, 8),
                "key/kernel": (12, 2, 8),
                "value/kernel": (12, 2, 3),
                "attention_output/kernel": (2, 3, 16),
            },
        ),
    ],
)  # fmt: skip
def test_weights(kind: str, config: dict[str, Any], given: list[Shape], found: dict[str, Shape]) -> None:
    assert {weight.name: weight.shape for weight in weights(kind, config, given)} == found


def test_statistics_are_not_trained() -> None:
    assert [weight.trains for weight in weights("BatchNormalization", {}, [IMAGE])] == [True, True, False, False]
    assert [weight.trains for weight in weights("Dense", {"units": 2, "trainable": False}, [IMAGE])] == [False, False]


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("Dense", {"units": 1e999}),
        ("Dense", {"units": "many"}),
        ("MultiHeadAttention", {**ATTENTION, "output_shape": [["5"]]}),
        ("EinsumDense", {"equation": "ab", "output_shape": {}}),
        ("Bidirectional", {"layer": inner("Bidirectional", "b", layer=LSTM)}),
        ("Bidirectional", {"layer": 3}),
        ("RNN", {"cell": inner("StackedRNNCells", "cells", cells=[])}),
        ("ZeroPadding2D", {"padding": "wide"}),
        ("Permute", {"dims": [9]}),
    ],
)
def test_odd_configurations_say_nothing(kind: str, config: dict[str, Any]) -> None:
    assert weights(kind, config, [STEPS, STEPS]) == []
    assert kind == "Bidirectional" or output_shape(kind, config, [STEPS, STEPS]) is None


def test_a_layer_in_a_model_has_them_and_its_flops() -> None:
    layers = [
        inner("InputLayer", "x", batch_shape=[None, 7, 5], dtype="float32"),
        inner("Bidirectional", "both", layer=LSTM, dtype="float32"),
        inner("Attention", "unknown here", dtype="float32"),
    ]
    graph = read_keras(json.dumps({"class_name": "Sequential", "config": {"name": "net", "layers": layers}}).encode())
    check(graph)
    assert output(graph, "net/both") == "float32 ?×7×8"
    assert used(graph, "net/both")["both/backward_lstm/lstm_cell/recurrent_kernel"] == "float32 4×16"
    assert graph.nodes[graph.node_at["net/both"]].flops == 2 * 7 * 2 * (5 * 16 + 4 * 16)
