"""torch.export as the second level: beside the training, within a time limit, with a note when it does not work."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
import torch._dynamo  # so that the forked processes need not: it takes seconds
from test_add_graph import logged
from test_torch_recorder import arrows
from torch import Tensor, nn
from torch_models import DictInputs, Encoder, Residual, Tied, all_models

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.graphs.blob import decode
from stepscope.logger.graphs.forked_work import ForkedWork, can_fork
from stepscope.logger.graphs.model import GraphModel

pytestmark = pytest.mark.skipif(not can_fork(), reason="torch.export runs in a forked process, on Linux")


def exported(folder: Path, model: Any, *args: Any, **told: Any) -> GraphModel:
    with SummaryWriter(folder) as writer:
        writer.add_graph(model, args, export_limit=60, **told)
    return logged(folder, "graph/aten")


def test_the_program_has_the_groups_names_and_flops_of_the_run(tmp_path: Path) -> None:
    words = torch.arange(10).reshape(2, 5)
    graph, run = exported(tmp_path, Encoder(), words), logged(tmp_path, "graph")
    assert "From torch.export" in graph.notes[0]
    assert {group.path for group in graph.groups} <= {group.path for group in run.groups}
    assert {one.name for one in graph.parameters} == {one.name for one in run.parameters}
    assert sum(node.flops or 0 for node in graph.nodes) == sum(node.flops or 0 for node in run.nodes)
    assert [node.path for node in graph.nodes if node.role != "op"] == ["words", "output"]
    linear = next(node for node in graph.nodes if node.path == "head/linear")
    assert (linear.op, str(linear.outputs[0])) == ("aten.linear", "float32 2×5×50")
    assert "torch_models.py:" in linear.source


def test_a_weight_that_modules_share_is_one_parameter_in_the_program(tmp_path: Path) -> None:
    graph = exported(tmp_path, Tied(), torch.arange(5))
    assert [(one.name, one.tied) for one in graph.parameters] == [("embedding.weight", ("head.weight",))]
    assert [node.op for node in graph.nodes if node.parameters] == ["aten.embedding", "aten.linear"]


class Twice(nn.Module):
    """A module under two names; two arguments; a result of a class that torch does not know."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.second = nn.Sequential(self.first, nn.ReLU())

    def forward(self, x: Tensor, y: Tensor) -> Any:
        return SimpleNamespace(sum=self.second(self.first(x)) + y, y=y * 2)


def test_results_of_any_class_can_be_exported(tmp_path: Path) -> None:
    graph = exported(tmp_path, Twice(), torch.ones(2, 4), torch.ones(2, 4))
    assert "From torch.export" in graph.notes[0]
    assert [node.path for node in graph.nodes if node.role != "op"] == ["x", "y", "output.sum", "output.y"]
    assert [one.name for one in graph.parameters] == ["first.weight", "first.bias"]


def test_a_tensor_given_twice_is_one_input(tmp_path: Path) -> None:
    x = torch.ones(2, 4)
    program, run = exported(tmp_path, Twice(), x, x), logged(tmp_path, "graph")
    for graph in (program, run):
        assert [node.path for node in graph.nodes if node.role == "input"] == ["x"]
        assert {target for source, target in arrows(graph) if source == "x"} == {"first/linear", "add", "mul"}
    assert "A tensor that was given under two names is drawn once: y is x." in run.notes


def test_both_values_are_there_and_the_program_is_the_newer_one(tmp_path: Path) -> None:
    model, args, kwargs = all_models()["dict inputs"]
    exported(tmp_path, model, *args, kwargs=kwargs)
    log = open_logdir(tmp_path)
    first, last = (decode(graph.data) for graph in log.graphs(log.runs[0], "graph/aten"))
    assert any("as they ran" in note for note in first.notes) and "From torch.export" in last.notes[0]
    for graph in (first, last):
        names = [node.path for node in graph.nodes if node.role in ("input", "output")]
        assert names == ["batch.words", "batch.numbers", "output.logits", "output.more.0"]


def test_training_mode_leaves_out_what_only_counts(tmp_path: Path) -> None:
    model = Residual()
    graph = exported(tmp_path, model, torch.ones(2, 4, 8, 8), mode="train")
    assert not any(node.op.startswith("aten.add") and not node.outputs[0].shape for node in graph.nodes)
    assert model.norm.num_batches_tracked == 0


class Contexts(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.cell = nn.Linear(4, 4), nn.LSTMCell(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            seen = self.first(x).tanh()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            narrow = self.first(seen)
        return self.cell(narrow.float())[0] + seen


def test_parts_under_autocast_and_no_grad_are_shown_as_any_other(tmp_path: Path) -> None:
    graph, run = exported(tmp_path, Contexts(), torch.ones(2, 4)), logged(tmp_path, "graph")
    assert not any("wrap" in node.op for node in graph.nodes)
    assert arrows(graph) >= {
        ("x", "first/linear"),
        ("first/linear", "tanh"),
        ("tanh", "first@1/linear"),
        ("tanh", "add"),
    }
    assert sum(node.flops or 0 for node in graph.nodes) == sum(node.flops or 0 for node in run.nodes) == 640


def test_a_model_that_cannot_be_exported_keeps_what_ran(tmp_path: Path) -> None:
    model, args, _ = all_models()["deciding"]
    graph = exported(tmp_path, model, *args)
    (note,) = [note for note in graph.notes if "torch.export" in note]
    assert "could not tell them for every input: GuardOnDataDependent" in note
    assert any(node.op == "aten.addmm" for node in graph.nodes)


class Slow(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        if torch.compiler.is_exporting():
            time.sleep(60)
        return x + 1


def test_the_time_limit_holds(tmp_path: Path) -> None:
    start = time.monotonic()
    with SummaryWriter(tmp_path) as writer:
        writer.add_graph(Slow(), torch.ones(2), export_limit=0.5)
        assert time.monotonic() - start < 20, "this call does not wait"
    assert time.monotonic() - start < 40
    assert any("stopped after 0.5 s" in note for note in logged(tmp_path, "graph/aten").notes)


def test_waiting_for_it_or_doing_without(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_graph(DictInputs(), *all_models()["dict inputs"][1], export=True, export_limit=60)
        writer.flush()
        assert "From torch.export" in logged(tmp_path / "a", "graph/aten").notes[0]
    with SummaryWriter(tmp_path / "b") as writer:
        writer.add_graph(nn.Linear(2, 2), torch.ones(1, 2), export=False)
    log = open_logdir(tmp_path / "b")
    assert len(log.graphs(log.runs[0], "graph/aten")) == 1


def test_work_in_a_copy_of_the_process() -> None:
    results: list[tuple[bytes, str]] = []

    def sending(send: Callable[[bytes], None]) -> None:
        send(b"one")
        send(b"two" * 100_000)

    def failing(send: Callable[[bytes], None]) -> None:
        send(b"three")
        raise KeyError("what is missing\nand more")

    for work in (sending, failing, lambda send: os._exit(3)):
        ForkedWork(work, 30, lambda *result: results.append(result)).join()
    assert [result for result, _ in results if result] == [b"one", b"two" * 100_000, b"three"]
    failures = [failure for _, failure in results if failure]
    assert failures == ["KeyError: 'what is missing\\nand more'", "its process ended without a result"]


def test_flush_brings_what_ran_and_does_not_wait_for_more(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_graph(Slow(), torch.ones(2), export_limit=3)
        writer.flush()
        notes = " ".join(logged(tmp_path, "graph/aten").notes)
        assert "as they ran" in notes and "stopped" not in notes
