"""A torch module can be run without a trace: what the run changes is as before afterwards.

Kept are random states, the attributes of every module (and with them modes, hooks, counters), buffers, gradients and
what `requires_grad` says. Parameters and inputs are copied only when an operation is about to write into them.
"""

from __future__ import annotations

import contextlib
import operator
import random
import sys
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ..garbage import without_collecting

__all__ = ["Untouched", "storage_of", "without_shortcuts"]


def storage_of(tensor: Any) -> int:
    """What tells one piece of memory from another while it lives; 0 for tensors without."""
    try:
        return int(tensor.untyped_storage()._cdata)
    except (RuntimeError, NotImplementedError, ValueError):
        return 0


class Untouched:
    """Remembers a model and its inputs at the beginning of the block, and restores them at the end."""

    def __init__(self, torch: Any, model: Any, inputs: Iterable[Any]) -> None:
        from torch.nn.parameter import is_lazy

        self._torch = torch
        self._modules = list(model.modules())
        self._parameters = [one for one in model.parameters() if not is_lazy(one)]
        self._buffers = [one for one in model.buffers() if not is_lazy(one)]
        self._inputs = list(inputs)
        self._ending = contextlib.ExitStack()
        self._guarded: dict[int, Any] | None = None  # memory → parameter or input, made when it is first needed

    def __enter__(self) -> Untouched:
        tensors = [*self._parameters, *self._buffers, *self._inputs]
        with self._torch.no_grad():
            for keep in (
                _random_states(self._torch, self._modules, tensors),
                without_shortcuts(self._torch),
                _values(self._torch, self._buffers),
                _gradients(tensors),
                _attributes(self._modules),
                _sharded(self._modules),
                _modes_of_scripts(self._modules),
            ):
                self._ending.enter_context(keep)
        return self

    def __exit__(self, *error: Any) -> None:
        with self._torch.no_grad():
            self._ending.close()

    def before_write(self, tensor: Any) -> None:
        """Keep the value of a parameter or input that shares its memory with `tensor`."""
        if self._guarded is None:
            self._guarded = {storage_of(one): one for one in (*self._parameters, *self._inputs)}
            self._guarded.pop(0, None)
        guarded = self._guarded.pop(storage_of(tensor), None)
        if guarded is not None:
            self._ending.enter_context(_values(self._torch, [guarded]))


@contextlib.contextmanager
def _random_states(torch: Any, modules: list[Any], tensors: list[Any]) -> Iterator[None]:
    devices = {tensor.device for tensor in tensors} - {torch.device("cpu"), torch.device("meta")}
    of_devices = []
    for device in devices:
        of_type: Any = getattr(torch, device.type, None)
        if hasattr(of_type, "get_rng_state"):
            of_devices.append((of_type, device, of_type.get_rng_state(device)))
    generators = {
        value: value.get_state()
        for module in modules
        for value in vars(module).values()
        if isinstance(value, torch.Generator)
    }
    of_torch, of_python, of_numpy = torch.get_rng_state(), random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        torch.set_rng_state(of_torch)
        random.setstate(of_python)
        np.random.set_state(of_numpy)
        for of_type, device, state in of_devices:
            of_type.set_rng_state(state, device)
        for generator, state in generators.items():
            generator.set_state(state)


@contextlib.contextmanager
def without_shortcuts(torch: Any) -> Iterator[None]:
    """Within the block nothing hides operations: attention in one piece, compiled functions, casts of weights kept."""
    fast_path, cache = torch.backends.mha.get_fastpath_enabled(), torch.is_autocast_cache_enabled()
    with contextlib.ExitStack() as stack:
        stack.enter_context(without_collecting())  # thousands of small records
        if "torch._dynamo" in sys.modules and hasattr(torch.compiler, "set_stance"):
            stack.enter_context(torch.compiler.set_stance("force_eager"))
        torch.backends.mha.set_fastpath_enabled(False)
        torch.set_autocast_cache_enabled(False)
        try:
            yield
        finally:
            torch.backends.mha.set_fastpath_enabled(fast_path)
            torch.set_autocast_cache_enabled(cache)


@contextlib.contextmanager
def _values(torch: Any, tensors: list[Any]) -> Iterator[None]:
    """Written only where they changed, past the version counters: a backward pass may be waiting for them."""
    copies = [(tensor, tensor.detach().clone()) for tensor in tensors if not tensor.is_meta]
    try:
        yield
    finally:
        for tensor, copy in copies:
            if tensor.shape != copy.shape:
                tensor.data = copy
            elif not torch.equal(tensor, copy):
                tensor.data.copy_(copy)


@contextlib.contextmanager
def _gradients(tensors: list[Any]) -> Iterator[None]:
    """Gradients are put aside, so that none is added to."""
    leaves = [(tensor, tensor.requires_grad, tensor.grad) for tensor in tensors if tensor.is_leaf]
    for tensor, _, gradient in leaves:
        if gradient is not None:
            tensor.grad = None
    try:
        yield
    finally:
        for tensor, wanted, gradient in leaves:
            if tensor.requires_grad != wanted:
                tensor.requires_grad_(wanted)
            if tensor.grad is not gradient:
                tensor.grad = gradient


_CONTAINERS = (dict, OrderedDict, list, set, deque)


@contextlib.contextmanager
def _attributes(modules: list[Any]) -> Iterator[None]:
    """The attributes of every module, and what is directly in those that are lists, dicts or sets."""
    held = [(vars(module), dict(vars(module))) for module in modules]
    filled = [
        (value, value.copy() if value else ())  # most are dicts of no hooks
        for _, attributes in held
        for value in attributes.values()
        if type(value) in _CONTAINERS
    ]
    try:
        yield
    finally:
        for now, before in held:
            now.update(before)
            if len(now) > len(before):
                for name in now.keys() - before.keys():
                    del now[name]
        for container, content in filled:
            if container or content:
                _refill(container, content)


@contextlib.contextmanager
def _sharded(modules: list[Any]) -> Iterator[None]:
    """Modules of `fully_shard` hold their own parts of the weights again, not those put together for a run."""
    sharding = [module for module in modules if any(kind.__name__ == "FSDPModule" for kind in type(module).__mro__)]
    for module in sharding:
        module.reshard()
    try:
        yield
    finally:
        for module in sharding:
            module.reshard()


@contextlib.contextmanager
def _modes_of_scripts(modules: list[Any]) -> Iterator[None]:
    """Scripted and traced modules keep whether they train in their program, not among their attributes."""
    modes = [(module, module.training) for module in modules if "training" not in vars(module)]
    try:
        yield
    finally:
        for module, training in modes:
            if module.training != training:
                module.training = training


def _refill(container: Any, before: Any) -> None:
    if not before:
        container.clear()
    elif isinstance(container, dict):
        same = list(container) == list(before)
        if not same or not all(map(operator.is_, container.values(), before.values())):
            container.clear()
            container.update(before)
    elif len(container) != len(before) or not all(map(operator.is_, container, before)):
        container.clear()
        (container.update if isinstance(container, set) else container.extend)(before)
