"""A torch module → GraphDef: one run of the model, every operation noted under the module it happens in.

The model is called once, in evaluation mode and without gradients, and watched: whatever its `forward` does (branches
on data, dicts, keyword arguments) is recorded as it happened. Modes, buffers and random state are as before afterwards.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ..proto.event_pb2 import DT_INVALID, DataType, TensorShapeProto
from ..proto.graph_pb2 import AttrValue, GraphDef, NodeDef, VersionDef
from ..tensors import DTYPE_OF_NAME

_PRODUCER = 22


def torch_graph(call: str, model: Any, inputs: Any) -> GraphDef:
    """The graph of `model(*inputs)`; a dict of inputs is passed by keyword, one tensor as the only argument.

    Raises TypeError when the model is no torch module or no inputs are given; an error of the model passes through.
    """
    import torch

    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"{call}: expected a torch.nn.Module, got {type(model).__module__}.{type(model).__qualname__}")
    if inputs is None:
        raise TypeError(f"{call}: input_to_model is needed, the arguments to call the model with")
    positional, named = _arguments(inputs)
    watched = _unwrapped(model)
    recorder = _Recorder(watched)
    with _as_before(torch, watched), torch.no_grad(), recorder.watching(torch, positional, named):
        output = watched(*positional, **named)
    recorder.note_outputs(output)
    return GraphDef(node=recorder.nodes, versions=VersionDef(producer=_PRODUCER))


def _arguments(inputs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if isinstance(inputs, Mapping):
        return (), dict(inputs)
    return (tuple(inputs) if isinstance(inputs, (tuple, list)) else (inputs,)), {}


def _unwrapped(model: Any) -> Any:
    """The module inside torch.compile's and the data-parallel wrappers, whose own calls would hide it."""
    while True:
        if hasattr(model, "_orig_mod"):
            model = model._orig_mod
        elif type(model).__name__ in ("DataParallel", "DistributedDataParallel", "FullyShardedDataParallel"):
            model = model.module
        else:
            return model


@contextlib.contextmanager
def _as_before(torch: Any, model: Any) -> Iterator[None]:
    """Evaluation mode within the block; afterwards each module's mode, each buffer and the random state as before."""
    modes = {module: module.training for module in model.modules()}
    buffers = [(buffer, buffer.detach().clone()) for buffer in model.buffers()]
    devices = sorted({tensor.device.index for tensor in model.parameters() if tensor.is_cuda})
    fast_path = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # it would run a whole encoder layer as one operation
    try:
        with torch.random.fork_rng(devices):
            model.eval()
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fast_path)
        for module, training in modes.items():
            module.training = training
        with torch.no_grad():
            for buffer, value in buffers:
                buffer.copy_(value)


class _Recorder:
    """Collects the nodes while a model runs. Tensors are followed by identity, and kept so that none is reused."""

    def __init__(self, model: Any) -> None:
        self.nodes: list[NodeDef] = []
        self._root = type(model).__name__
        self._scopes: list[str] = []
        self._calls: Counter[str] = Counter()
        self._names: Counter[str] = Counter()
        self._producer: dict[int, str] = {}
        self._kept: list[Any] = []
        self._modules = {module: name for name, module in model.named_modules()}
        named = [*model.named_parameters(), *model.named_buffers()]
        self._parameters = {id(tensor): (name, tensor) for name, tensor in named}

    @contextlib.contextmanager
    def watching(self, torch: Any, positional: tuple[Any, ...], named: Mapping[str, Any]) -> Iterator[None]:
        """Hooks on every module for the scopes, a function mode for the operations."""
        for place, value in [*enumerate(positional), *named.items()]:
            for tensor in _tensors(value):
                self._produced(self._add("Placeholder", f"input/{place}", [], [tensor]), tensor)
        hooks = []
        for module in self._modules:
            hooks.append(module.register_forward_pre_hook(self._enter))
            hooks.append(module.register_forward_hook(self._leave, always_call=True))
        try:
            with _function_mode(torch, self._operation):
                yield
        finally:
            for hook in hooks:
                hook.remove()

    def note_outputs(self, output: Any) -> None:
        """A node for each tensor that the model returns."""
        for index, tensor in enumerate(_tensors(output)):
            self._add("Output", f"output/{index}", self._sources([tensor]), [tensor])

    def _enter(self, module: Any, _arguments: Any) -> None:
        name = self._modules[module]
        call = self._calls[name]
        self._calls[name] += 1
        label = f"{type(module).__name__}[{name.rsplit('.', 1)[-1]}]" if name else self._root
        self._scopes.append(label if call == 0 else f"{label}_{call}")

    def _leave(self, *_: Any) -> None:
        self._scopes.pop()

    def _operation(self, function: Any, arguments: Any, results: Any) -> None:
        outputs = _tensors(results)
        name = getattr(function, "__name__", type(function).__name__)
        if not outputs or name in ("__get__", "__set__"):
            return
        node = self._add(name, self._scoped(name), self._sources(_tensors(arguments)), outputs)
        for tensor in outputs:
            self._produced(node, tensor)

    def _scoped(self, name: str) -> str:
        path = "/".join((*self._scopes, name.strip("_") or name))
        self._names[path] += 1
        return path if self._names[path] == 1 else f"{path}_{self._names[path] - 1}"

    def _sources(self, tensors: list[Any]) -> list[str]:
        """The nodes that made these tensors; a parameter becomes a node when it is first used."""
        sources = []
        for tensor in tensors:
            if id(tensor) not in self._producer and id(tensor) in self._parameters:
                name, parameter = self._parameters[id(tensor)]
                self._produced(self._add("Parameter", self._scoped(name.rsplit(".", 1)[-1]), [], [parameter]), tensor)
            if id(tensor) in self._producer:
                sources.append(self._producer[id(tensor)])
        return list(dict.fromkeys(sources))

    def _produced(self, node: str, tensor: Any) -> None:
        self._producer[id(tensor)] = node
        self._kept.append(tensor)

    def _add(self, op: str, name: str, inputs: list[str], outputs: list[Any]) -> str:
        shapes = AttrValue.ListValue(shape=[_shape(tensor) for tensor in outputs])
        attributes = {"_output_shapes": AttrValue(list=shapes), "dtype": AttrValue(type=_dtype(outputs[0]))}
        self.nodes.append(NodeDef(name=name, op=op, input=inputs, device=str(outputs[0].device), attr=attributes))
        return name


def _function_mode(torch: Any, note: Any) -> Any:
    """A mode that runs every torch function as it is and reports it."""

    class Watch(torch.overrides.TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            kwargs = kwargs or {}
            results = function(*args, **kwargs)
            note(function, (args, kwargs), results)
            return results

    return Watch()


def _tensors(value: Any) -> list[Any]:
    """The tensors in nested lists, tuples, dicts and dataclasses, in order."""
    if hasattr(value, "is_floating_point") and hasattr(value, "untyped_storage"):
        return [value]
    if isinstance(value, Mapping):
        return [tensor for item in value.values() for tensor in _tensors(item)]
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in _tensors(item)]
    if hasattr(value, "__dataclass_fields__"):
        return [tensor for name in value.__dataclass_fields__ for tensor in _tensors(getattr(value, name, None))]
    return []


def _shape(tensor: Any) -> TensorShapeProto:
    return TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in tensor.shape])


def _dtype(tensor: Any) -> DataType:
    return DTYPE_OF_NAME.get(str(tensor.dtype).removeprefix("torch."), DT_INVALID)
