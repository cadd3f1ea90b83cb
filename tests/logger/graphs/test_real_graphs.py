"""Graphs in event files that TensorFlow, Keras, torch and tensorboardX wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from graph_helpers import check, edges, output, used

from stepscope.logger import open_logdir
from stepscope.logger.graphs.model import GraphModel
from stepscope.logger.plugins import RUN_GRAPH_TAG

REAL_RUNS = Path(__file__).parents[4] / "shared" / "real_runs"
pytestmark = pytest.mark.skipif(not REAL_RUNS.exists(), reason="no ../shared/real_runs here")


def read(folder: str, run: str, tag: str | None = None) -> GraphModel:
    graph = open_logdir(REAL_RUNS / folder, index_dir=False).graph(run, tag)
    check(graph)
    return graph


@pytest.mark.parametrize(
    ("folder", "run", "tag"),
    [
        ("torch", "digits/h16_lr0.01", RUN_GRAPH_TAG),
        ("torch", "digits/h16_lr0.01", "step1"),  # times without a graph: the run's
        ("tensorboardX_h16", ".", RUN_GRAPH_TAG),
    ],
)
def test_torchs_graphs_have_modules_and_no_noise(folder: str, run: str, tag: str) -> None:
    graph = read(folder, run, tag)
    assert graph.title == "Net" and not graph.notes
    assert [node.op for node in graph.nodes if node.role == "op"] == [
        *("aten::linear", "aten::relu", "aten::linear", "aten::relu", "aten::linear"),
    ]
    assert set(used(graph, "Net/Linear[head]/73")) == {"head.weight", "head.bias"}
    assert [group.module for group in graph.groups][-1] == "head" and output(graph, "x") == "1×64"


def test_a_keras_model() -> None:
    graph = read("keras", "adam_1e-2/train")
    assert [node.op for node in graph.nodes] == [
        *("InputLayer", "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dropout", "Dense"),
    ]
    assert output(graph, "sequential_1/logits") == "float32 ?×10"
    assert sum(parameter.spec.elements or 0 for parameter in graph.parameters) == 160 + 4640 + 330


def test_functions_that_tensorflow_ran() -> None:
    graph = read("tf2_summary", ".")
    assert ("my_func/MatMul", "my_func/Relu") in edges(graph)
    step = "one_step_on_data/StatefulPartitionedCall"
    assert graph.groups[graph.group_at[step]].type == "one_step_on_data"
    assert (f"{step}/sequential_1/conv_1/convolution", f"{step}/sequential_1/conv_1/BiasAdd") in edges(graph)
    assert list(used(graph, f"{step}/sequential_1/hidden_1/MatMul")) == ["one_step_on_data/sequential_1/hidden_1"]
    assert not any(node.role == "missing" for node in graph.nodes)
