"""torch.export's program of a model → the same records as those of a run: ATen operations, valid for any such input."""

from __future__ import annotations

import contextlib
import functools
import operator
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

from .blob import encode
from .torch_arguments import Sorter
from .torch_graphs import Recorded, graph_of
from .torch_inputs import module_names, named_tensors
from .torch_modules import names_of_tensors
from .torch_names import class_name
from .torch_operations import operation_of
from .torch_recorder import Scope, Weight
from .torch_sources import SourceLines
from .torch_state import without_shortcuts
from .torch_trail import Call, Origin, Trail

__all__ = ["export_blob"]

_WRAPPERS = ("wrap_with_autocast", "wrap_with_set_grad_enabled")
_FRAME = re.compile(r'File "([^"\n]+)", line (\d+)')


def export_blob(
    torch: Any,
    model: Any,
    positional: tuple[Any, ...],
    named: dict[str, Any],
    inputs: Mapping[str, str],
    outputs: Sequence[str],
    attributes: Mapping[str, Any],
) -> bytes:
    """The encoded graph of the program. Changes the model where it lies on a device: only for a process of its own.

    `inputs` holds what a run called each input and the first of the same tensor, `outputs` the outputs.
    Raises whatever torch.export raises.
    """
    start = time.perf_counter()
    names_of = _names_of_stored(model)
    device = _to_meta(torch, model)
    positional, named = torch.utils._pytree.tree_map(lambda one: _meta(torch, one), (positional, named))
    _return_tensors_alone(torch, model)
    with without_shortcuts(torch), torch.enable_grad():
        program = torch.export.export(model, positional, named, strict=False)
    reader = _Reader(torch, model, program, inputs, outputs, device, names_of)
    recorded = Recorded(
        class_name(model), reader.trail, reader.trail, reader.scopes, reader.weights, module_names(model), attributes
    )
    seconds = time.perf_counter() - start
    mode = "training" if attributes["mode"] == "train" else "evaluation"
    note = (
        f"From torch.export (strict=False) of torch {torch.__version__} in {mode} mode, made in {seconds:.1f} s: the"
        " operations that every input of these shapes leads to."
    )
    return encode(graph_of(recorded, reader.trail, "ATen ops", [note]))


def _names_of_stored(model: Any) -> dict[str, list[str]]:
    """Each name of a parameter or buffer, also those through a module that is in several → what a run calls it."""
    held = names_of_tensors(module_names(model))
    stored = (*model.named_parameters(remove_duplicate=False), *model.named_buffers(remove_duplicate=False))
    return {_plain(name): held[id(tensor)] for name, tensor in stored if id(tensor) in held}


def _plain(name: str) -> str:
    """The name as if nothing were compiled."""
    return ".".join(part for part in name.split(".") if part != "_orig_mod")


def _return_tensors_alone(torch: Any, model: Any) -> None:
    """Have the model return a list: objects of other classes (data classes, caches of keys) cannot be exported."""
    forward = model.forward

    @functools.wraps(forward)
    def flat(*args: Any, **kwargs: Any) -> list[Any]:
        result = named_tensors(torch, "output", forward(*args, **kwargs))
        return [value for _, value in result if isinstance(value, torch.Tensor)]

    with contextlib.suppress(AttributeError, RuntimeError):  # of a script it cannot be replaced
        model.forward = flat


def _to_meta(torch: Any, model: Any) -> str:
    """Take parameters and buffers off their device, which a forked process cannot use; the device's name."""
    device = ""
    for module in model.modules():
        for held in (module._parameters, module._buffers):
            for key, tensor in held.items():
                if tensor is not None and tensor.device.type not in ("cpu", "meta"):
                    device = str(tensor.device)
                    held[key] = _meta(torch, tensor)
    return device


def _meta(torch: Any, value: Any) -> Any:
    if not isinstance(value, torch.Tensor) or value.device.type in ("cpu", "meta"):
        return value
    empty = torch.empty_strided(value.shape, value.stride(), dtype=value.dtype, device="meta")
    is_parameter = isinstance(value, torch.nn.Parameter)
    return torch.nn.Parameter(empty, value.requires_grad) if is_parameter else empty


class _Reader:
    """Goes through the nodes of an exported program in their order.

    `names_of`: name → all names of a parameter or buffer, of which a program may know each.
    """

    def __init__(
        self,
        torch: Any,
        model: Any,
        program: Any,
        given: Mapping[str, str],
        outputs: Sequence[str],
        device: str,
        names_of: Mapping[str, Sequence[str]],
    ) -> None:
        self.trail = Trail(lambda _: None, lambda _: (-1, 0))
        self.scopes = [Scope(-1, "", type(model), class_name(model))]
        self.weights: list[Weight] = []
        self._weight_at: dict[str, int] = {}
        self._names_of = names_of
        self._torch, self._program, self._device = torch, program, device
        self._sorter, self._sources = Sorter(torch.fx.Node), SourceLines(torch)
        self._classes = {name: type(module) for module, name in module_names(model).items()}
        self._scope_at: dict[tuple[str, ...], int] = {(): 0}
        self._origins: dict[Any, Origin | None] = {}
        self._results: dict[Any, list[Origin | None]] = {}  # of a wrapped part of the program
        self._stored = {spec.arg.name: spec for spec in program.graph_signature.input_specs if spec.target is not None}
        inputs = [node.name for node in program.graph.nodes if self._is_input(node)]
        named = given if len(given) == len(inputs) else {name: name for name in inputs}
        self._inputs, self._first_of = iter(named), named
        self._input_at: dict[str, Origin] = {}
        self._outputs = outputs
        for node in program.graph.nodes:
            getattr(self, f"_{node.op}", self._call_function)(node)

    def _is_input(self, node: Any) -> bool:
        tensor = isinstance(node.meta.get("val"), self._torch.Tensor)
        return node.op == "placeholder" and node.name not in self._stored and tensor

    def _placeholder(self, node: Any) -> None:
        spec = self._stored.get(node.name)
        if spec is not None:
            self._hold(node, spec.target, spec.kind.name.split("_")[0].lower())
        elif self._is_input(node):
            first = self._first_of[name := next(self._inputs)]
            if first == name:
                self._input_at[name] = (len(self.trail.calls), 0)
                self._note(node, Call(name, 0, "input"))
            self._origins[node] = self._input_at[first]

    def _get_attr(self, node: Any) -> None:
        self._hold(node, str(node.target), "constant")

    def _hold(self, node: Any, name: str, kind: str) -> None:
        """A parameter, buffer or constant: known to those who use it."""
        tensor = self._program.state_dict.get(name, self._program.constants.get(name))
        tensor = node.meta.get("val") if tensor is None else tensor
        if isinstance(tensor, self._torch.Tensor):
            plain = _plain(name)
            first, *others = self._names_of.get(plain, (plain,))
            place = self._weight_at.setdefault(first, len(self.weights))
            if place == len(self.weights):
                self.weights.append(
                    Weight(first, tensor, kind if kind in ("parameter", "buffer") else "constant", others)
                )
            self._origins[node] = (-1, place)

    def _wrapped(self, node: Any) -> bool:
        """Read the graph that a node calls, which holds what is under `torch.autocast` or `torch.no_grad()`."""
        if getattr(node.target, "__name__", "") not in _WRAPPERS:
            return False
        place, held = next((at, one) for at, one in enumerate(node.args) if getattr(one, "op", "") == "get_attr")
        given = iter(node.args[place + 1 :])
        for inner in getattr(node.graph.owning_module, held.target).graph.nodes:
            if inner.op == "placeholder":
                self._origins[inner] = self._origins.get(next(given, None))
            elif inner.op == "output":
                self._results[node] = [self._origins.get(result) for result in inner.args[0]]
            else:
                getattr(self, f"_{inner.op}", self._call_function)(inner)
        return True

    def _call_function(self, node: Any) -> None:
        if self._wrapped(node):
            return
        if node.target is operator.getitem and node.args[0] in self._results:
            self._origins[node] = self._results[node.args[0]][node.args[1]]
            return
        if node.target is operator.getitem and self._origins.get(node.args[0]) is not None:
            source, index = self._origins[node.args[0]] or (0, 0)
            self._origins[node] = (source, index + node.args[1])
            return
        given, told = self._sorter.arguments(node.args, node.kwargs)
        call = Call(node.target, self._scope(node.meta.get("nn_module_stack") or {}))
        call.inputs = [origin for one in given if (origin := self._origins.get(one)) is not None]
        call.told, call.source = told, self._source(node.meta.get("stack_trace") or "")
        args, kwargs = self._torch.fx.node.map_arg((node.args, node.kwargs), lambda one: one.meta.get("val"))
        call.flops = operation_of(node.target).flops(tuple(args), kwargs, node.meta.get("val"))
        self._note(node, call)

    def _note(self, node: Any, call: Call) -> None:
        value = node.meta.get("val")
        tensors = value if isinstance(value, (list, tuple)) else [value]
        for tensor in tensors:
            if isinstance(tensor, self._torch.Tensor):
                call.outputs.append((tensor.dtype, tensor.shape, self._device_of(tensor)))
        if call.outputs:
            self._origins[node] = (len(self.trail.calls), 0)
            self.trail.calls.append(call)

    def _device_of(self, tensor: Any) -> str:
        return self._device if tensor.device.type == "meta" and self._device else str(tensor.device)

    def _output(self, node: Any) -> None:
        specs = self._program.graph_signature.output_specs
        results = [result for result, spec in zip(node.args[0], specs, strict=False) if spec.kind.name == "USER_OUTPUT"]
        results = [one for one in results if isinstance(one, self._torch.fx.Node)]
        fitting = len(results) == len(self._outputs)
        names = self._outputs if fitting else [f"output.{place}" for place in range(len(results))]
        for name, result in zip(names, results, strict=True):
            call = Call(name, 0, "output")
            origin = self._origins.get(result)
            call.inputs = [] if origin is None else [origin]
            value = result.meta.get("val")
            if isinstance(value, self._torch.Tensor):
                call.outputs = [(value.dtype, value.shape, self._device_of(value))]
            self.trail.calls.append(call)

    def _scope(self, stack: Mapping[str, tuple[str, Any]]) -> int:
        """The scope of a module stack like {"L__self__l@1": ("l", class)}; made with its parents where it is new."""
        scope = 0
        keys: tuple[str, ...] = ()
        for key, (name, kind) in stack.items():
            plain = _plain(name.split("@")[0])
            if not plain:
                continue  # the model itself
            keys = (*keys, key)
            if keys not in self._scope_at:
                call = int(call) if (call := key.partition("@")[2]).isdigit() else 0
                known = self._classes.get(plain) or type(str(kind).rsplit(".", 1)[-1].strip("'>"), (), {})
                self._scope_at[keys] = len(self.scopes)
                self.scopes.append(Scope(scope, plain, known, known.__name__, call))
            scope = self._scope_at[keys]
        return scope

    def _source(self, trace: str) -> tuple[str, int]:
        """The innermost line of the user's in a stack trace; of torch's where there is none."""
        frames = [(file, int(line)) for file, line in _FRAME.findall(trace)]
        users = [frame for frame in frames if self._sources.is_users(frame[0])]
        return (users or frames or [("", 0)])[-1]
