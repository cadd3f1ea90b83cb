"""Records one run of a torch module: every function that it calls, and every ATen operation that these lead to.

The model is watched, not traced: whatever its `forward` does (branches on data, dicts, keyword arguments) is recorded
as it happened. One run gives both levels. Names and graphs are made of the records later, see torch_graphs.py.
"""

from __future__ import annotations

import contextlib
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .torch_flops import flops_of
from .torch_inputs import is_wrapper, module_names, named_tensors
from .torch_sources import SourceLines
from .torch_state import Untouched
from .torch_trail import Call, Origin, Trail, tensors_in

__all__ = ["Recorder", "Scope", "Weight"]

_READS = ("item", "tolist", "__bool__", "__int__", "__float__", "__index__", "numpy", "__len__", "__contains__")
_NOTHING = Call(None, 0)
_SIMPLE = (int, float, bool, str, type(None), complex)


@dataclass(slots=True)
class Scope:
    """One call of a module."""

    parent: int
    module: str | None  # dotted name, None for modules that the model does not hold
    kind: type
    call: int = 0


@dataclass(slots=True)
class Weight:
    """A parameter, a buffer, or another tensor that was there before."""

    name: str
    tensor: Any
    kind: str = "parameter"
    used: bool = field(default=False)


class Recorder:
    """Watches a model while `watching` is open. `functions` and `operations` hold what was seen."""

    def __init__(self, torch: Any, model: Any, state: Untouched, with_operations: bool = True) -> None:
        self.functions, self.operations = Trail(), Trail()
        self.scopes = [Scope(-1, "", type(model))]
        self.weights: list[Weight] = []
        self.reads: Counter[str] = Counter()
        self.with_operations = with_operations
        self._torch, self._model, self._state = torch, model, state
        self._names = module_names(model)
        self._calls: Counter[str] = Counter()
        self._open = [0]  # scopes that are running
        self._entered: list[Any] = []  # their modules
        self._sources = SourceLines(torch)
        self._weight_at: dict[int, int] = {}
        self._now: Call | None = None  # the function that is running
        self._written: list[Any] = []  # by it
        self._thread = threading.get_ident()
        self._weigh()

    def _weigh(self) -> None:
        for module, name in self._names.items():
            for kind, held in (("parameter", module._parameters), ("buffer", module._buffers)):
                for key, tensor in held.items():
                    if tensor is not None and id(tensor) not in self._weight_at:
                        self._add_weight(Weight(f"{name}.{key}" if name else key, tensor, kind))

    def _add_weight(self, weight: Weight) -> Origin:
        self._weight_at[id(weight.tensor)] = len(self.weights)
        self.weights.append(weight)
        return -1, len(self.weights) - 1

    @property
    def module_calls(self) -> Counter[str]:
        """How often each module was called, by name."""
        return self._calls

    @property
    def module_names(self) -> dict[Any, str]:
        """Module → name, of all that the model holds."""
        return self._names

    # The run.

    def take_inputs(self, named: dict[str, Any]) -> dict[str, Any]:
        """Note every tensor among the arguments as an input; what else there is, by name."""
        others = {}
        for argument, value in named.items():
            for name, tensor in named_tensors(self._torch, argument, value):
                if not isinstance(tensor, self._torch.Tensor):
                    others[name] = tensor
                    continue
                for trail in (self.functions, self.operations):
                    trail.note(Call(name, 0, "input"), [tensor])
        return others

    def take_outputs(self, result: Any) -> None:
        """Note every tensor that the model returned."""
        for name, tensor in named_tensors(self._torch, "output", result):
            if isinstance(tensor, self._torch.Tensor):
                for trail in (self.functions, self.operations):
                    call = Call(name, 0, "output")
                    call.inputs = [self._origin(trail, tensor)]
                    trail.note(call, [])
                    call.outputs = [(str(tensor.dtype), tuple(tensor.shape), str(tensor.device))]

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Hooks on every module for the scopes, modes for functions and operations."""
        from torch.nn.modules import module as hooks

        from .torch_modes import function_mode, operation_mode

        entering = hooks.register_module_forward_pre_hook(self._enter)
        leaving = hooks.register_module_forward_hook(self._leave, always_call=True)
        try:
            with contextlib.ExitStack() as modes:
                if any(type(module).__name__ == "OptimizedModule" for module in self._names):
                    modes.enter_context(warnings.catch_warnings())
                    warnings.filterwarnings("ignore", "Using `torch.compile")  # with hooks: they are expected twice
                if self.with_operations:
                    modes.enter_context(operation_mode(self.operation))
                modes.enter_context(function_mode(self.function))
                yield
        finally:
            entering.remove()
            leaving.remove()

    def _enter(self, module: Any, _: Any) -> None:
        if (module is self._model and not self._entered) or threading.get_ident() != self._thread:
            return
        self._entered.append(module)
        name = self._names.get(module)
        if is_wrapper(module) or name == "":
            self._open.append(self._open[-1])
            return
        call = 0
        if name is not None:
            call = self._calls[name]
            self._calls[name] += 1
        self.scopes.append(Scope(self._open[-1], name, type(module), call))
        self._open.append(len(self.scopes) - 1)

    def _leave(self, module: Any, *_: Any) -> None:
        if threading.get_ident() == self._thread and any(module is one for one in self._entered):
            while self._entered.pop() is not module:
                self._open.pop()
            self._open.pop()

    def function(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run a torch function and note what it did."""
        if self._now is not None or threading.get_ident() != self._thread:
            return function(*args, **kwargs)
        call = self._now = Call(function, self._open[-1])
        self._written = []
        try:
            result = function(*args, **kwargs)
        finally:
            self._now = None
        tensor = self._torch.Tensor
        outputs = [result] if isinstance(result, tensor) else list(tensors_in(tensor, result))
        name = getattr(function, "__name__", "")
        if not outputs:
            if name in _READS:
                self.reads[name.strip("_")] += 1
            outputs = self._written[:1] or ([args[0]] if name == "__setitem__" else [])
        if outputs and not (name == "__get__" and any(outputs[0] is one for one in args)):
            self._fill(call, args, kwargs)
            self._note(self.functions, call, args, kwargs, outputs, self._written)
        return result

    def operation(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run an ATen operation and note what it did, and what it means for the function it belongs to."""
        from .torch_modes import written_arguments

        written = [one for one in written_arguments(function, args, kwargs) if isinstance(one, self._torch.Tensor)]
        for tensor in written:
            self._state.before_write(tensor)
        if threading.get_ident() != self._thread:
            return function(*args, **kwargs)
        outside = self._now
        self._now = outside or _NOTHING  # the operation itself is a function too
        start = time.perf_counter()
        try:
            result = function(*args, **kwargs)
        finally:
            self._now = outside
        taken = time.perf_counter() - start
        flops = flops_of(function, args, kwargs, result)
        if outside is not None:
            outside.time = (outside.time or 0.0) + taken
            if flops is not None:
                outside.flops = (outside.flops or 0.0) + flops
            self._written += written
        outputs = list(tensors_in(self._torch.Tensor, result)) or written[:1]
        if outputs:
            for trail in (self.operations,) if outside is not None else (self.operations, self.functions):
                call = Call(function, self._open[-1])
                call.flops, call.time = flops, taken
                self._fill(call, args, kwargs, outside)
                self._note(trail, call, args, kwargs, outputs, written)
        return result

    def _fill(self, call: Call, args: tuple[Any, ...], kwargs: dict[str, Any], outside: Call | None = None) -> None:
        """The line, and the arguments that are no tensors."""
        if outside is not None and not outside.source[0]:
            outside.source = self._sources.line(4)
        if outside is not None:
            call.source = outside.source
        elif not call.source[0]:
            call.source = self._sources.line(4)
        tensor = self._torch.Tensor
        for place, value in enumerate(args):
            if not isinstance(value, tensor):
                call.told.append((place, _simple(tensor, value)))
        for name, value in kwargs.items():
            if not isinstance(value, tensor):
                call.told.append((name, _simple(tensor, value)))

    def _note(self, trail: Trail, call: Call, args: Any, kwargs: Any, outputs: list[Any], written: list[Any]) -> None:
        given = list(tensors_in(self._torch.Tensor, (args, kwargs)))
        call.inputs = [self._origin(trail, tensor) for tensor in given]
        if not written and call.inputs and all(place < 0 for place, _ in call.inputs) and self._is_view(call.function):
            for tensor in outputs:
                trail.alias(tensor, call.inputs[0])
            return
        place = trail.note(call, outputs)
        for tensor in written:
            trail.wrote(tensor, (place, 0))

    @staticmethod
    def _is_view(function: Any) -> bool:
        """Whether an ATen operation shows its argument in another shape."""
        return getattr(function, "is_view", False) is True

    def _origin(self, trail: Trail, tensor: Any) -> Origin:
        origin = trail.origin(tensor)
        if origin is None:
            place = self._weight_at.get(id(tensor))
            origin = self._add_weight(self._constant(tensor)) if place is None else (-1, place)
        if origin[0] < 0:
            self.weights[origin[1]].used = True
        return origin

    def _constant(self, tensor: Any) -> Weight:
        """A tensor that is neither made in this run nor registered: named by the attribute that holds it, if any."""
        module = self._entered[-1] if self._entered else self._model
        name = self._names.get(module) or ""
        key = next((key for key, value in vars(module).items() if value is tensor), f"constant_{len(self.weights)}")
        return Weight(f"{name}.{key}" if name else key, tensor, "constant")


def _simple(kind: type, value: Any, deep: int = 0) -> Any:
    """An argument without tensors: they would be kept alive."""
    if isinstance(value, _SIMPLE):
        return value
    if isinstance(value, kind):
        return ...
    if isinstance(value, (list, tuple)) and deep < 3:
        return [_simple(kind, item, deep + 1) for item in value[:32]]
    return str(value)[:200] if type(value).__module__.startswith("torch") or isinstance(value, slice) else ...
