"""A light look gives the same graph as a close one, with the same FLOPs, and notices the same writes."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch_models import all_models

from stepscope.logger.graphs.torch_capture import Mode, levels_of
from stepscope.logger.graphs.torch_modes import Aside, operation_mode


class Products(nn.Module):
    """Everything that has FLOPs."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.up = nn.Conv2d(4, 6, 3, groups=2), nn.ConvTranspose2d(6, 4, 3, stride=2, bias=False)
        self.line, self.gru = nn.Conv1d(4, 2, 3), nn.GRU(8, 5, batch_first=True)
        self.attention = nn.MultiheadAttention(8, 2, kdim=6, vdim=4)
        self.plain = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        picture = self.up(self.conv(x))
        rows = x[:, 0]
        keys, values = rows[..., :6].transpose(0, 1), rows[..., :4].transpose(0, 1)
        attended, _ = self.attention(rows.transpose(0, 1), keys, values)
        same, _ = self.plain(rows, rows, rows, need_weights=False)
        left = rows @ rows.mT + torch.bmm(rows, rows.mT) + torch.einsum("bij,bkj->bik", rows, rows)
        direct = F.scaled_dot_product_attention(x, x, x)
        stretched = F.scaled_dot_product_attention(x[:1], x, x)
        return picture, attended, same, left, direct, stretched, self.gru(rows)[0], self.line(rows[:, :4])


class Writes(nn.Module):
    """Writes into its input and its weights in every way."""

    def __init__(self) -> None:
        super().__init__()
        self.linear, self.embedding = nn.Linear(4, 4), nn.Embedding(4, 4, max_norm=0.1)
        self.act, self.drop = nn.ReLU(inplace=True), nn.Dropout(0.5, inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        self.drop(self.act(x))
        F.elu(x, 1.0, True)
        torch.add(x, 1, out=x)
        x += 1
        x[0] = 3
        self.linear.weight.data.view(-1)[0] = 5.0
        return self.linear(x) + self.embedding(torch.arange(4))


MODELS: dict[str, Any] = all_models() | {
    "products": (Products(), (torch.ones(2, 4, 8, 8),), {}),
    "writes": (Writes(), (torch.ones(4, 4),), {}),
}


@pytest.mark.parametrize("mode", ["eval", "train"])
@pytest.mark.parametrize("name", MODELS)
def test_light_and_close_agree(name: str, mode: Mode) -> None:
    model, args, kwargs = MODELS[name]
    before = {key: value.clone() for key, value in model.state_dict().items()}
    inputs = [value.clone() for value in args if isinstance(value, Tensor)]
    close, light = (levels_of("call", model, args, kwargs, mode, elsewhere).first() for elsewhere in (False, True))
    shown = [
        [(node.path, node.outputs, node.flops, node.source, node.parameters) for node in graph.nodes]
        for graph in (light, close)
    ]
    assert shown[0] == shown[1]
    assert light.edges.source.tolist() == close.edges.source.tolist()
    assert light.parameters == close.parameters and light.notes == close.notes
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())
    assert all(map(torch.equal, inputs, [value for value in args if isinstance(value, Tensor)]))


def test_a_mode_is_put_aside_in_torch_2_0_too(monkeypatch: pytest.MonkeyPatch) -> None:
    pop = torch._C._pop_torch_dispatch_stack
    monkeypatch.setattr(torch._C, "_pop_torch_dispatch_stack", lambda: pop(None))  # type: ignore[misc]
    seen: list[Any] = []

    def watch(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        seen.append(function)
        return function(*args, **kwargs)

    mode, one = operation_mode(watch), torch.ones(1)
    with mode:
        with Aside(mode):
            one.neg()
        assert not seen
        one.neg()
    assert len(seen) == 1
