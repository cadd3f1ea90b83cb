"""add_graph: what a torch module did when it was called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from writer_helpers import accumulated, events

from stepscope.logger import SummaryWriter
from stepscope.logger.proto.graph_pb2 import GraphDef
from stepscope.logger.summaries.torch_graph import torch_graph


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(4)
        self.linear = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + torch.relu(self.linear(self.norm(x)))


class Branching(nn.Module):
    """Depends on its data, is called with a keyword, calls a module twice, returns a dict."""

    def __init__(self) -> None:
        super().__init__()
        self.block = Block()
        self.dropout = nn.Dropout()

    def forward(self, x: torch.Tensor, *, twice: torch.Tensor) -> dict[str, Any]:
        x = self.dropout(self.block(x))
        if twice.item():
            x = self.block(x)
        return {"logits": x, "more": [x.mean()]}


def _nodes(graph: GraphDef) -> dict[str, Any]:
    return {node.name: node for node in graph.node}


def test_scopes_edges_and_shapes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU())
    with SummaryWriter(tmp_path) as writer:
        writer.add_graph(model, torch.rand(2, 3), verbose=True)
    (data,) = [event.graph_def for event in events(tmp_path) if event.graph_def]
    nodes = _nodes(GraphDef.FromString(data))
    assert "Linear[0]" in capsys.readouterr().out
    linear = nodes["Sequential/Linear[0]/linear"]
    assert list(linear.input) == ["input/0", "Sequential/Linear[0]/weight", "Sequential/Linear[0]/bias"]
    assert [dim.size for dim in linear.attr["_output_shapes"].list.shape[0].dim] == [2, 4]
    assert list(nodes["output/0"].input) == ["Sequential/ReLU[1]/relu"]
    assert nodes["Sequential/Linear[0]/weight"].op == "Parameter"
    theirs = accumulated(tmp_path).Graph()
    assert [node.name for node in theirs.node] == list(nodes)


def test_control_flow_keywords_and_dicts() -> None:
    graph = torch_graph("call", Branching(), {"x": torch.rand(5, 4), "twice": torch.tensor(True)})
    nodes = _nodes(graph)
    assert {"input/x", "input/twice", "output/0", "output/1"} <= nodes.keys()
    assert "Branching/Block[block]/Linear[linear]/linear" in nodes
    assert "Branching/Block[block]_1/Linear[linear]_1/linear" in nodes, "the second call of the same module"
    once = torch_graph("call", Branching(), {"x": torch.rand(5, 4), "twice": torch.tensor(False)})
    assert len(once.node) < len(graph.node)
    known = set()
    for node in graph.node:
        assert set(node.input) <= known, "every edge comes from a node before"
        known.add(node.name)


@pytest.mark.parametrize("training", [True, False])
def test_the_model_is_as_before(training: bool) -> None:
    model = Branching().train(training)
    model.block.norm.eval()
    state = {name: value.clone() for name, value in model.state_dict().items()}
    random_state = torch.random.get_rng_state()
    torch_graph("call", model, {"x": torch.rand(5, 4, generator=torch.Generator()), "twice": torch.tensor(True)})
    assert torch.equal(torch.random.get_rng_state(), random_state)
    assert (model.training, model.dropout.training, model.block.norm.training) == (training, training, False)
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())


def test_a_transformer_shows_its_inside() -> None:
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    nodes = _nodes(torch_graph("call", nn.TransformerEncoder(layer, 2), torch.rand(1, 3, 8)))
    assert any("TransformerEncoderLayer[1]/Linear[linear2]" in name for name in nodes)
    assert torch.backends.mha.get_fastpath_enabled()


def test_an_error_of_the_model_passes_and_leaves_it_as_it_was(tmp_path: Path) -> None:
    model = nn.Linear(3, 4).train()
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(RuntimeError, match="mat1 and mat2"):
            writer.add_graph(model, torch.rand(2, 5))
        with pytest.raises(TypeError, match=r"add_graph: expected a torch.nn.Module, got builtins.str"):
            writer.add_graph("model", torch.rand(2, 5))
        with pytest.raises(TypeError, match="input_to_model is needed"):
            writer.add_graph(model)
    assert model.training and not model._forward_hooks


def test_wrappers_are_looked_through() -> None:
    inner = nn.Linear(2, 2)
    assert _nodes(torch_graph("call", nn.DataParallel(inner), torch.rand(1, 2))).keys() >= {"Linear/linear"}
