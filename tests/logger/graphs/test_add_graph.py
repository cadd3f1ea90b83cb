"""SummaryWriter.add_graph: what the log holds, and what TensorBoard finds in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch_models import all_models

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.graphs.blob import decode
from stepscope.logger.graphs.model import GraphModel

MODELS = all_models()


def logged(folder: Path, tag: str) -> GraphModel:
    """The graph under the tag of the only run."""
    log = open_logdir(folder)
    (run,) = log.runs
    graph = log.graphs(run, tag)[-1]
    assert graph.format == "stepscope"
    return decode(graph.data)


@pytest.mark.parametrize("name", MODELS)
def test_the_log_holds_both_levels(tmp_path: Path, name: str) -> None:
    model, args, kwargs = MODELS[name]
    with SummaryWriter(tmp_path) as writer:
        writer.add_graph(model, args, kwargs=kwargs, export=False)
    functions, operations = logged(tmp_path, "graph"), logged(tmp_path, "graph/aten")
    assert (functions.level, operations.level) == ("functions", "ATen ops")
    assert functions.title == type(model).__name__
    assert any("evaluation mode" in note for note in functions.notes)


def test_tensorboard_shows_the_same_nodes(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    model, args, kwargs = MODELS["residual"]
    with SummaryWriter(tmp_path) as writer:
        writer.add_graph(model, args, kwargs=kwargs, export=False)
    accumulator = EventAccumulator(str(tmp_path))
    accumulator.Reload()
    theirs = {node.name: node for node in accumulator.Graph().node}
    ours = logged(tmp_path, "graph")
    assert list(theirs) == [node.path for node in ours.nodes]
    conv = theirs["conv/conv2d"]
    assert (list(conv.input), conv.op, conv.device) == (["x"], "conv2d", "cpu")
    assert [dim.size for dim in conv.attr["_output_shapes"].list.shape[0].dim] == [2, 4, 8, 8]
    assert list(conv.attr["parameters"].list.s) == ["conv.weight float32 4×4×3×3".encode()]


class Takes(nn.Module):
    """Remembers what it is called with."""

    def forward(self, x: Any, mask: Any = None, *, factor: Any = 1) -> Tensor:
        found = x["a"] if isinstance(x, dict) else x[0] if isinstance(x, list) else x
        return found * factor if mask is None else found * mask


@pytest.mark.parametrize(
    ("inputs", "kwargs", "names"),
    [
        (torch.ones(2), None, ["x"]),
        ((torch.ones(2), torch.ones(2)), None, ["x", "mask"]),
        ([torch.ones(2), torch.ones(2)], {"factor": torch.ones(2)}, ["x", "mask", "factor"]),
        ([torch.ones(2), torch.ones(2), torch.ones(2)], None, ["x.0", "x.1", "x.2"]),  # more than it takes: one list
        ({"x": torch.ones(2), "factor": torch.ones(2)}, None, ["x", "factor"]),
        ({"a": torch.ones(2)}, None, ["x.a"]),  # no name that it takes: one dict
        ({"a": torch.ones(2)}, {"mask": torch.ones(2)}, ["x.a", "mask"]),
        (({"a": torch.ones(2)}, torch.ones(2)), None, ["x.a", "mask"]),
        (None, {"x": torch.ones(2)}, ["x"]),
    ],
)
def test_inputs_in_every_form(tmp_path: Path, inputs: Any, kwargs: Any, names: list[str]) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_graph(Takes(), inputs, kwargs=kwargs, export=False)
    assert [node.path for node in logged(tmp_path, "graph").nodes if node.role == "input"] == names


def test_tags_steps_and_printing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_graph(nn.Linear(2, 3), torch.ones(1, 2), True, export=False, tag="critic", step=7)
    log = open_logdir(tmp_path)
    assert log.graphs(log.runs[0], "critic").step.tolist() == [7]
    assert "linear" in capsys.readouterr().out


def test_what_cannot_be_logged_is_said_in_a_sentence(tmp_path: Path) -> None:
    model = nn.Linear(3, 4).train()
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(RuntimeError, match="mat1 and mat2"):
            writer.add_graph(model, torch.rand(2, 5))
        with pytest.raises(TypeError, match=r"add_graph\('graph'\): expected a torch.nn.Module, got builtins.str"):
            writer.add_graph("model", torch.rand(2, 5))
        with pytest.raises(ValueError, match="mode must be 'eval', 'train' or 'as is', got 'test'"):
            writer.add_graph(model, torch.rand(2, 3), mode="test")
    assert model.training
