"""Models whose tensors are not plain: nested, of classes of their own, wrapped by torch.vmap."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from graph_helpers import edges, output
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from stepscope.logger.graphs.model import GraphModel
from stepscope.logger.graphs.torch_capture import levels_of


def functions(model: Any, *args: Any) -> GraphModel:
    """As add_graph looks: not into every function, because a copy of the process will."""
    return levels_of("call", model, args, None, "eval", elsewhere=True).first()


@pytest.mark.filterwarnings("ignore:.*nested tensors:UserWarning")
@pytest.mark.parametrize(("layout", "shape"), [(torch.jagged, "float32 2×j"), (torch.strided, "float32")])
def test_rows_of_different_lengths(layout: Any, shape: str) -> None:
    rows = torch.nested.nested_tensor([torch.ones(2, 4), torch.ones(3, 4)], layout=layout)
    graph = functions(nn.Sequential(nn.Linear(4, 3), nn.ReLU()), rows)
    assert edges(graph) == {("input", "0/linear"), ("0/linear", "1/relu"), ("1/relu", "output")}
    assert output(graph, "0/linear").startswith(shape)


class Own(Tensor):
    """A class without behaviour."""


class Renamed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x.as_subclass(Own))


def test_a_tensor_that_changes_its_class_stays_connected() -> None:
    assert edges(functions(Renamed(), torch.ones(2, 4))) == {("x", "linear/linear"), ("linear/linear", "output")}


class Slopes(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.vmap(torch.func.grad(lambda row: self.linear(row).sum()))(x)  # type: ignore[no-any-return]


def test_what_comes_out_of_several_transforms_has_its_edge() -> None:
    assert "output" in {target for _, target in edges(functions(Slopes(), torch.ones(2, 4)))}


class Counting(TorchDispatchMode):  # type: ignore[misc]
    seen = 0

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.seen += 1
        return function(*args, **(kwargs or {}))


class Counted(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        with Counting() as counting:
            x = self.linear(x)
        return x + counting.seen


def test_modes_of_the_model_see_its_operations() -> None:
    x = torch.ones(2, 4)
    with Counting() as around:
        functions(nn.Sequential(nn.Linear(4, 4), nn.ReLU()), x)
    assert around.seen >= 2
    graph = functions(Counted(), x)
    assert graph.nodes[graph.node_at["add"]].attributes["other"] > 0
