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
from types import FunctionType
from typing import Any, Literal

from .torch_arguments import Sorter
from .torch_inputs import is_wrapper, module_names, named_tensors
from .torch_light import is_light, light_flops
from .torch_modes import Aside, function_mode, operation_mode
from .torch_names import class_name
from .torch_operations import Operation, operation_of
from .torch_packed import packed_weights
from .torch_sources import SourceLines
from .torch_state import Untouched
from .torch_trail import Call, Origin, Trail, shape_of

__all__ = ["Look", "Recorder", "Scope", "Weight"]

_READS = ("item", "tolist", "__bool__", "__int__", "__float__", "__index__", "numpy", "__len__", "__contains__")
_BRANCHING = ("cond", "while_loop")  # run functions of the model
_NOTHING = Call(None, 0)

# Both levels; functions with their FLOPs; functions alone.
Look = Literal["close", "light", "functions"]


@dataclass(slots=True)
class Scope:
    """One call of a module."""

    parent: int
    module: str | None  # dotted name, None for modules that the model does not hold
    kind: type
    name: str  # of the class
    call: int = 0
    source: tuple[str, int] = ("", 0)  # where a module of torch was called from


@dataclass(slots=True)
class Weight:
    """A parameter, a buffer, or another tensor that was there before."""

    name: str
    tensor: Any
    kind: str = "parameter"
    tied: list[str] = field(default_factory=list)  # its other names


class Recorder:
    """Watches a model while `watching` is open. `functions` and, looked at closely, `operations` hold what it saw."""

    def __init__(self, torch: Any, model: Any, state: Untouched, look: Look = "close") -> None:
        self.functions, self.operations = (Trail(self._weight, self._constant) for _ in range(2))
        self.scopes = [Scope(-1, "", type(model), class_name(model))]
        self.weights: list[Weight] = []
        self.reads: Counter[str] = Counter()
        self.inputs: dict[str, str] = {}  # name → the first name of the same tensor, mostly itself
        self.elsewhere: dict[str, None] = {}  # modules that another thread called
        self.look = look
        self._trails = (self.functions, self.operations) if look == "close" else (self.functions,)
        self._torch, self._model, self._state = torch, model, state
        self._names = module_names(model)
        self._calls: Counter[str] = Counter()
        self._open = [0]  # scopes that are running
        self._entered: list[Any] = []  # their modules
        self._sources = SourceLines(torch)
        self._sorter = Sorter(torch.Tensor)
        self._weight_at: dict[int, int] = {}
        self._now: Call | None = None  # the function that is running
        self._written: list[Any] = []  # by it
        self._modes: list[Any] = []  # that are at work: of operations, of functions
        self._aside: Aside | None = None  # while only some functions are looked into
        self._thread = threading.get_ident()
        self._weigh()

    def _weigh(self) -> None:
        for module, name in self._names.items():
            for kind, held in (("parameter", module._parameters), ("buffer", module._buffers)):
                for key, tensor in held.items():
                    if tensor is None:
                        continue
                    full = f"{name}.{key}" if name else key
                    known = self._weight_at.get(id(tensor))
                    if known is None:
                        self._add_weight(Weight(full, tensor, kind))
                    else:
                        self.weights[known].tied.append(full)
        for packed, held in packed_weights(self._torch, self._names):
            self._sorter.packed[id(packed)] = packed, [tensor for _, tensor in held]
            for name, tensor in held:
                self._add_weight(Weight(name, tensor))

    def _add_weight(self, weight: Weight) -> Origin:
        place = self._weight_at[id(weight.tensor)] = len(self.weights)
        self.weights.append(weight)
        return -1, place

    def _weight(self, tensor: Any) -> Origin | None:
        """The parameter, buffer or known constant that a tensor is."""
        place = self._weight_at.get(id(tensor))
        return None if place is None else (-1, place)

    def _constant(self, tensor: Any) -> Origin:
        """A tensor that is no parameter, and that was not made in this run."""
        module = self._entered[-1] if self._entered else self._model
        name = self._names.get(module) or ""
        key = next((key for key, value in vars(module).items() if value is tensor), f"constant_{len(self.weights)}")
        return self._add_weight(Weight(f"{name}.{key}" if name else key, tensor, "constant"))

    @property
    def module_names(self) -> dict[Any, str]:
        """Module → name, of all that the model holds."""
        return self._names

    # The run.

    def take_inputs(self, named: dict[str, Any]) -> dict[str, Any]:
        """Note every tensor among the arguments as an input; what else there is, by name."""
        others = {}
        given: dict[int, str] = {}
        for argument, value in named.items():
            for name, tensor in named_tensors(self._torch, argument, value):
                if not isinstance(tensor, self._torch.Tensor):
                    others[name] = tensor
                    continue
                first = self.inputs[name] = given.setdefault(id(tensor), name)
                if first != name:
                    continue
                for trail in self._trails:
                    trail.note(Call(name, 0, "input"), [tensor])
        return others

    def take_outputs(self, result: Any) -> None:
        """Note every tensor that the model returned."""
        for name, tensor in named_tensors(self._torch, "output", result):
            if isinstance(tensor, self._torch.Tensor):
                for trail in self._trails:
                    call = Call(name, 0, "output")
                    call.inputs = trail.origins([tensor])
                    trail.note(call, [])
                    call.outputs = [shape_of(tensor)]

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Hooks on every module for the scopes, modes for functions and operations."""
        from torch.nn.modules import module as hooks

        entering = hooks.register_module_forward_pre_hook(self._enter)
        leaving = hooks.register_module_forward_hook(self._leave, always_call=True)
        try:
            with contextlib.ExitStack() as modes:
                if any(type(module).__name__ == "OptimizedModule" for module in self._names):
                    modes.enter_context(warnings.catch_warnings())
                    warnings.filterwarnings("ignore", "Using `torch.compile")  # with hooks: they are expected twice
                if self.look != "functions":
                    operations = operation_mode(self.operation)
                    modes.enter_context(operations)
                    self._modes = [operations]
                    self._aside = Aside(operations) if self.look == "light" else None
                functions = function_mode(self.function)
                modes.enter_context(functions)
                self._modes.append(functions)
                yield
        finally:
            entering.remove()
            leaving.remove()

    def _enter(self, module: Any, _: Any) -> None:
        if threading.get_ident() != self._thread:
            if module in self._names or getattr(module, "_is_replica", False):  # of DataParallel; not another model
                self.elsewhere[self._names.get(module) or type(module).__name__] = None
            return
        if module is self._model and not self._entered:
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
        kind = type(module)
        source = self._source(2) if kind.__module__.startswith("torch.") else ("", 0)
        if not self._sources.is_users(source[0]):
            source = "", 0  # the whole model is torch's: each operation's own line says more than who called its module
        self.scopes.append(Scope(self._open[-1], name, kind, class_name(module), call, source))
        self._open.append(len(self.scopes) - 1)

    def _leave(self, module: Any, *_: Any) -> None:
        entered = self._entered
        if threading.get_ident() != self._thread or not any(one is module for one in reversed(entered)):
            return
        while entered.pop() is not module:
            self._open.pop()
        self._open.pop()

    def _source(self, depth: int) -> tuple[str, int]:
        """The user's line: within a module of torch's that one where it was called."""
        source = self.scopes[self._open[-1]].source
        return source if source[0] else self._sources.line(depth + 1)

    def function(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run a torch function and note what it did."""
        if self._now is not None:
            return function(*args, **kwargs)
        name = getattr(function, "__name__", "")
        if name in _BRANCHING:
            self.reads[name] += 1
            return self._branching(function, args, kwargs, self._modes[-1:])
        call = self._now = Call(function, self._open[-1])
        written: list[Any] = []
        self._written = written
        try:
            aside = self._aside
            if aside is not None and is_light(plain := _plain(name), args, kwargs) and aside.is_possible():
                start = time.perf_counter()
                with aside:
                    result = function(*args, **kwargs)
                call.time = time.perf_counter() - start
                call.flops = light_flops(plain, args, kwargs, result)
            else:
                result = function(*args, **kwargs)
        finally:
            self._now = None
        if name == "__get__" and (any(result is one for one in args) or not isinstance(result, self._torch.Tensor)):
            return result  # a shape, a device
        outputs = self._sorter.tensors(result)
        if not outputs:
            if name in _READS:
                self.reads[name.strip("_")] += 1
            outputs = written[:1] or ([args[0]] if name == "__setitem__" else [])
        if outputs:
            tensors, call.told = self._sorter.arguments(args, kwargs)
            call.source = self._source(2)
            call.inputs = self.functions.origins(tensors)
            self._note(self.functions, call, outputs, written)
        return result

    def operation(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run an ATen operation and note what it did, and what it means for the function it belongs to."""
        outside = self._now
        if getattr(function, "__name__", "") in _BRANCHING:
            return self._branching(function, args, kwargs, self._modes[:-1])
        known = operation_of(function)
        written = self._before_write(known, args, kwargs) if known.writes else []
        self._now = outside or _NOTHING  # the operation itself is a function too
        start = time.perf_counter()
        try:
            result = function(*args, **kwargs)
        finally:
            self._now = outside
        taken = time.perf_counter() - start
        flops = known.flops(args, kwargs, result)
        if outside is not None:
            outside.time = (outside.time or 0.0) + taken
            if flops is not None:
                outside.flops = (outside.flops or 0.0) + flops
            self._written += written
            if self.look == "light":
                return result
        outputs = self._sorter.tensors(result) or written[:1]
        if not outputs:
            return result
        tensors, told = self._sorter.arguments(args, kwargs)
        for trail in (self.operations, self.functions) if outside is None else (self.operations,):
            call = Call(function, self._open[-1])
            call.flops, call.time, call.told, call.within = flops, taken, told, outside
            if outside is None:
                call.source = self._source(2)
            origins = call.inputs = trail.origins(tensors)
            if known.is_view and origins and all(place < 0 for place, _ in origins):
                for tensor in outputs:  # a parameter in another shape is the parameter
                    trail.alias(tensor, origins[0])
            else:
                self._note(trail, call, outputs, written)
        return result

    def _branching(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], modes: list[Any]) -> Any:
        """Run what calls functions of the model, so that these are watched."""

        def watched(inner: Any) -> Any:
            def run(*given: Any, **named: Any) -> Any:
                outside, self._now = self._now, None
                try:
                    with contextlib.ExitStack() as stack:
                        for mode in modes:
                            stack.enter_context(mode)
                        return inner(*given, **named)
                finally:
                    self._now = outside

            return run

        return function(*[watched(one) if isinstance(one, FunctionType) else one for one in args], **kwargs)

    def _before_write(self, known: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """The tensors that an operation is going to write into; what must be restored of them is kept."""
        written = self._sorter.tensors(known.written(args, kwargs))
        for tensor in written:
            self._state.before_write(tensor)
        return written

    @staticmethod
    def _note(trail: Trail, call: Call, outputs: list[Any], written: list[Any]) -> None:
        place = trail.note(call, outputs)
        for tensor in written:
            trail.wrote(tensor, place)


def _plain(name: str) -> str:
    """A name without the underscores of operators; those of functions that write in place stay."""
    return name[2:-2] if name.startswith("__") else name
