"""add_graph of torch modules: what one run of a model shows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch
from graph_helpers import used
from torch import Tensor, nn
from torch_models import Deciding, Encoder, Residual, Shared, Tied, all_models

from stepscope.logger.graphs.blob import decode, encode
from stepscope.logger.graphs.model import GraphModel, TensorSpec
from stepscope.logger.graphs.torch_capture import Mode, levels_of

MODELS = all_models()


def functions(model: Any, *args: Any, mode: Mode = "eval", **kwargs: Any) -> GraphModel:
    return levels_of("call", model, args, kwargs, mode).first()


def arrows(graph: GraphModel) -> set[tuple[str, str]]:
    """(from, to) by the paths of the nodes."""
    ends = zip(graph.edges.source.tolist(), graph.edges.target.tolist(), strict=True)
    return {(graph.nodes[source].path, graph.nodes[target].path) for source, target in ends}


@pytest.mark.parametrize("mode", ["eval", "train"])
@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_captured_whole(name: str, mode: Mode) -> None:
    model, args, kwargs = MODELS[name]
    levels = levels_of("call", model, args, kwargs, mode)
    assert levels.second is not None
    for graph in levels.first(), levels.second(""):
        joined = {*graph.edges.source.tolist(), *graph.edges.target.tolist()}
        alone = [node.path for place, node in enumerate(graph.nodes) if place not in joined]
        assert alone == [], "every node has a neighbour"
        assert {node.role for node in graph.nodes} == {"input", "op", "output"}
        assert all(node.outputs and node.outputs[0].shape is not None for node in graph.nodes)
        used = {graph.parameters[place].name for node in graph.nodes for place in node.parameters}
        missed = {name for name, _ in model.named_parameters()} - used
        assert missed == ({"negative.weight", "negative.bias"} if name == "deciding" else set())


@pytest.mark.parametrize("inputs", [(torch.zeros(1, 2, dtype=torch.long),), None])
def test_weights_that_modules_share_are_one_with_both_names(inputs: tuple[Tensor, ...] | None) -> None:
    graph = decode(encode(levels_of("call", Tied(), inputs, None, "eval").first()))
    (weight,) = graph.parameters
    assert (weight.name, weight.tied) == ("embedding.weight", ("head.weight",))
    assert inputs is None or any("head.weight is embedding.weight" in note for note in graph.notes)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_packed_weights_of_quantised_modules_are_their_parameters() -> None:
    quantize = torch.ao.quantization.quantize_dynamic
    model = quantize(nn.Sequential(nn.Linear(4, 3), nn.ReLU()), {nn.Linear}, dtype=torch.qint8)
    graph = functions(model, torch.ones(2, 4))
    assert used(graph, "0/linear_dynamic") == {"0.weight": "qint8 3×4", "0.bias": "float32 3"}
    assert not any("Not called" in note or "no operation used" in note for note in graph.notes)


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
@pytest.mark.parametrize("inputs", [(torch.ones(2, 4),), None])
def test_scripts_are_named_by_the_classes_they_were_made_of(inputs: tuple[Tensor, ...] | None) -> None:
    script = torch.jit.trace(nn.Sequential(nn.Linear(4, 3), nn.ReLU()), torch.ones(2, 4))  # type: ignore[no-untyped-call]
    graph = levels_of("call", script, inputs, None, "eval").first()
    assert graph.title == "Sequential"
    assert inputs or [group.type for group in graph.groups] == ["Sequential", "Linear", "ReLU"]


def test_operations_of_a_model_that_is_all_torchs_name_the_line_in_their_module() -> None:
    graph = functions(nn.Sequential(nn.Linear(4, 3), nn.ReLU()), torch.ones(2, 4))
    files = {node.op: node.source.rpartition(":")[0] for node in graph.nodes if node.role == "op"}
    assert files == {"linear": "torch/nn/modules/linear.py", "relu": "torch/nn/modules/activation.py"}


def test_functions_lie_in_their_modules_with_what_they_need() -> None:
    graph = functions(Residual(), torch.ones(2, 4, 8, 8))
    assert [node.path for node in graph.nodes] == ["x", "conv/conv2d", "norm/batch_norm", "add", "relu", "output"]
    assert arrows(graph) >= {("x", "conv/conv2d"), ("x", "add"), ("norm/batch_norm", "add"), ("relu", "output")}
    conv = graph.nodes[1]
    assert conv.outputs == (TensorSpec("float32", (2, 4, 8, 8), "cpu"),)
    assert [graph.parameters[place].name for place in conv.parameters] == ["conv.weight"]
    assert conv.flops == 2 * (2 * 4 * 8 * 8) * (4 * 3 * 3)
    assert conv.source.endswith(f"torch_models.py:{Residual.forward.__code__.co_firstlineno + 1}")
    group = graph.groups[conv.group]
    assert (group.path, group.module, group.type) == ("conv", "conv", "Conv2d")
    assert "kernel_size=(3, 3)" in group.attributes["settings"]
    kinds = {parameter.name: parameter.kind for parameter in graph.parameters}
    assert kinds["norm.running_mean"] == "buffer" and kinds["norm.weight"] == "parameter"


def test_modules_called_again_are_numbered() -> None:
    graph = functions(Shared(), torch.ones(2, 4))
    assert [group.path for group in graph.groups[:4]] == ["", "shared", "shared@1", "shared@2"]
    blocks = ["blocks.0", "blocks.0/0", "blocks.0/1", "blocks.1", "blocks.1/0", "blocks.1/1"]
    assert [group.path for group in graph.groups[4:]] == blocks
    assert [(group.module, group.call) for group in graph.groups[1:4]] == [("shared", 0), ("shared", 1), ("shared", 2)]
    assert len(graph.parameters) == 6, "counted once"


def test_both_levels_have_the_same_groups_and_flops() -> None:
    model, words = Encoder(), torch.arange(10).reshape(2, 5)
    levels = levels_of("call", model, words, None, "eval")
    assert levels.second is not None
    first, second = levels.first(), levels.second("")
    assert {group.path for group in second.groups} == {group.path for group in first.groups}
    assert sum(node.flops or 0 for node in first.nodes) == sum(node.flops or 0 for node in second.nodes) > 0
    assert len(second.nodes) > 2 * len(first.nodes), "attention is not one piece"
    assert "layers.layers.1/linear2" in first.group_at or "layers/layers.1/linear2" in first.group_at
    assert any(node.op == "aten.addmm" for node in second.nodes)


def test_inputs_are_named_as_the_model_names_them() -> None:
    model, args, kwargs = MODELS["dict inputs"]
    graph = functions(model, *args, **kwargs)
    assert [node.path for node in graph.nodes if node.role == "input"] == ["batch.words", "batch.numbers"]
    assert [node.path for node in graph.nodes if node.role == "output"] == ["output.logits", "output.more.0"]
    assert graph.groups[0].attributes["argument scale"] == 2.0


def test_the_graph_says_what_it_does_not_show() -> None:
    notes = " ".join(functions(Deciding(), torch.ones(2, 4)).notes)
    assert "bool" in notes and "the way that this input took" in notes
    assert "Not called in this run: negative." in notes
    assert "no operation used, 20 of 40: negative.weight, negative.bias" in notes
    assert "evaluation mode" in notes


def test_modules_that_were_not_called_are_named_as_a_whole() -> None:
    model = Deciding()
    model.negative = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4))
    assert "Not called in this run: negative." in functions(model, torch.ones(2, 4)).notes


class Threaded(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(self.inner, x).result() + 1


def test_modules_on_other_threads_are_not_said_to_be_uncalled() -> None:
    notes = " ".join(functions(Threaded(), torch.ones(2, 4)).notes)
    assert "Called on other threads, where nothing can be watched: inner." in notes
    assert "no operation was seen to use, 20 of 20" in notes and "Not called" not in notes


def test_another_model_on_another_thread_is_not_told_of() -> None:
    class Beside(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(nn.Softmax(-1), x).result()
            return x + 1

    assert "Softmax" not in " ".join(functions(Beside(), torch.ones(2, 4)).notes)


class InPlace(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        kept = torch.zeros(2, 4)
        kept[:, 1:] = x[:, 1:]
        view = kept.view(-1)
        view.mul_(2)
        x.add_(1)
        return kept.T + x.T


def test_writing_in_place_is_a_step_of_its_own() -> None:
    found = arrows(functions(InPlace(), torch.ones(2, 4)))
    assert {("zeros", "setitem"), ("getitem", "setitem"), ("setitem", "view"), ("view", "mul_")} <= found
    assert {("mul_", "T"), ("x", "add_"), ("add_", "T_1")} <= found, "memory written through a view"


class Constants(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = torch.arange(4.0)  # no buffer

    def forward(self, x: Tensor) -> Tensor:
        return x + self.table


def test_tensors_that_are_not_registered_are_constants_of_their_users() -> None:
    graph = functions(Constants(), torch.ones(2, 4))
    (parameter,) = graph.parameters
    assert (parameter.name, parameter.kind) == ("table", "constant")


def test_scripted_modules_show_their_operations() -> None:
    with pytest.warns(DeprecationWarning):
        inner = torch.jit.script(nn.Linear(4, 4))
    found = arrows(functions(nn.Sequential(inner, nn.ReLU()), torch.ones(2, 4)))
    assert ("0/addmm", "1/relu") in found


def test_wrappers_are_looked_through() -> None:
    plain = functions(nn.Sequential(nn.Linear(2, 2)), torch.ones(1, 2))
    for wrapped in (
        nn.DataParallel(nn.Sequential(nn.Linear(2, 2))),
        torch.compile(nn.Sequential(nn.Linear(2, 2)), backend="eager"),
        torch.compile(nn.DataParallel(nn.Sequential(nn.Linear(2, 2))), backend="eager"),
        nn.Sequential(torch.compile(nn.Linear(2, 2), backend="eager")),
    ):
        graph = functions(wrapped, torch.ones(1, 2))
        assert [node.path for node in graph.nodes] == [node.path for node in plain.nodes]
        assert [one.name for one in graph.parameters] == ["0.weight", "0.bias"]


def test_without_inputs_there_is_the_tree_of_modules() -> None:
    levels = levels_of("call", Encoder(), None, None, "eval")
    graph = levels.first()
    assert levels.second is None and graph.level == "modules" and not len(graph.edges)
    assert "layers/layers/1/linear1" in graph.group_at
    assert {one.name for one in graph.parameters} == {name for name, _ in Encoder().named_parameters()}
    assert "No input was given" in graph.notes[0]


class Branches(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.yes, self.no = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cond(  # type: ignore[no-any-return]
            x.sum() > 0, lambda v: self.yes(v), lambda v: self.no(v), (x,)
        )


def test_the_branch_that_ran_is_looked_into() -> None:
    levels = levels_of("call", Branches(), torch.ones(2, 4), None, "eval", elsewhere=True)
    graph = levels.first()
    assert ("x", "yes/linear") in arrows(graph) and ("yes/linear", "output") in arrows(graph)
    assert any("cond ×1" in note for note in graph.notes)
