"""A model that was recorded is as it was before."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from graph_helpers import edges
from torch import Tensor, nn
from torch_models import Residual, all_models

from stepscope.logger.graphs.torch_capture import Mode, levels_of


class Restless(nn.Module):
    """Changes everything that a run can change."""

    def __init__(self) -> None:
        super().__init__()
        self.norm, self.linear, self.dropout = nn.BatchNorm1d(4), nn.Linear(4, 4), nn.Dropout()
        self.generator = torch.Generator()
        self.register_buffer("steps", torch.zeros(()))
        self.calls, self.history, self.last = 0, [], None
        self.norm.eval()

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        self.history.append(self.calls)
        self.steps += 1
        self.linear.weight.data.clamp_(-0.01, 0.01)
        self.last = x.mul_(2) + torch.rand(4, generator=self.generator) + random.random() + np.random.rand()
        with torch.enable_grad():
            self.linear(self.last).sum().backward()
        self.extra = 1
        return self.dropout(self.linear(self.norm(self.last)))


def everything(model: Any) -> list[Any]:
    return [
        {name: value.clone() for name, value in model.state_dict().items()},
        {name: None if value.grad is None else value.grad.clone() for name, value in model.named_parameters()},
        [module.training for module in model.modules()],
        [(len(module._forward_hooks), len(module._forward_pre_hooks)) for module in model.modules()],
        torch.get_rng_state(),
        random.getstate(),
        np.random.get_state()[1].tolist(),
    ]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


@pytest.mark.parametrize("mode", ["eval", "train", "as is"])
@pytest.mark.parametrize("training", [True, False])
def test_nothing_is_changed(training: bool, mode: Mode) -> None:
    model, x = Restless().train(training), torch.ones(3, 4)
    model.linear.weight.grad = gradient = torch.ones(4, 4)
    held = dict(vars(model))
    before = everything(model)
    levels_of("call", model, x, None, mode)
    assert all(map(same, before, everything(model)))
    assert model.linear.weight.grad is gradient and model.linear.bias.grad is None
    assert torch.equal(x, torch.ones(3, 4))
    assert vars(model).keys() == held.keys() and model.calls == 0 and model.history == [] and model.last is None
    assert model.generator.initial_seed() == torch.Generator().initial_seed()


@pytest.mark.parametrize("name", all_models())
def test_a_backward_pass_that_waits_goes_on(name: str) -> None:
    model, args, kwargs = all_models()[name]
    model.train()
    result = model(*args, **kwargs)
    result = result["logits"] if isinstance(result, dict) else result
    levels_of("call", model, args, kwargs, "train")
    result.sum().backward()
    assert torch.backends.mha.get_fastpath_enabled() and torch.is_grad_enabled()


def test_lazy_parameters_stay_lazy() -> None:
    model, random_state = nn.Sequential(nn.LazyLinear(3), nn.LazyBatchNorm1d()), torch.get_rng_state()
    levels = levels_of("call", model, torch.ones(2, 5), None, "eval")
    graph = levels.first()
    assert len(graph.parameters) == 7 and levels.second is not None
    assert {node.path for node in graph.nodes} == {"input", "0/linear", "1/batch_norm", "output"}
    assert isinstance(model[0], nn.LazyLinear) and model[0].has_uninitialized_params()
    assert torch.equal(torch.get_rng_state(), random_state)


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
def test_scripted_modules_keep_their_mode() -> None:
    x = torch.ones(2, 4)
    model = nn.Sequential(torch.jit.script(nn.Linear(4, 4)), torch.jit.trace(nn.Linear(4, 4), x)).train()
    levels_of("call", model, x, None, "eval")
    assert all(module.training for module in model.modules())


def test_a_failing_model_is_left_as_it_was() -> None:
    model = Residual().train()
    with pytest.raises(RuntimeError, match="expected input"):
        levels_of("call", model, torch.ones(2, 3, 8, 8), None, "eval")
    assert model.training and model.norm.num_batches_tracked == 0
    assert not nn.modules.module._global_forward_hooks and not nn.modules.module._global_forward_pre_hooks


@pytest.mark.skipif(not torch.distributed.is_available(), reason="this torch has no torch.distributed")
def test_weights_that_processes_share_are_parts_again(tmp_path: Path) -> None:
    from torch.distributed import destroy_process_group, fsdp, init_process_group

    if not hasattr(fsdp, "fully_shard"):
        pytest.skip("this torch has no fully_shard")
    init_process_group("gloo", init_method=f"file://{tmp_path}/found", rank=0, world_size=1)
    try:
        model, x = nn.Sequential(nn.Linear(4, 3), nn.ReLU()), torch.ones(2, 4)
        fsdp.fully_shard(model)
        graph = levels_of("call", model, x, None, "eval").first()
        assert ("0/linear", "1/relu") in edges(graph)
        model(x).sum().backward()
        assert all(one.grad is not None for one in model.parameters())
    finally:
        destroy_process_group()


def test_only_modules_of_torch_are_put_back_into_their_parts() -> None:
    class Gathered(nn.Identity):
        def unshard(self) -> None:
            raise AssertionError

        reshard = unshard

    assert levels_of("call", Gathered(), torch.ones(2), None, "eval").first()


class NeedsGradients(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        x = x.requires_grad_()
        return torch.autograd.grad((x * x).sum(), x)[0]


def test_models_that_need_gradients_have_them() -> None:
    x = torch.ones(3)
    graph = levels_of("call", NeedsGradients(), x, None, "eval").first()
    assert any("with gradients" in note for note in graph.notes)
    assert not x.requires_grad and x.grad is None
