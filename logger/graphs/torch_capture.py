"""add_graph's way from a torch module to graphs: the arguments, the run, both levels."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from .blob import encode
from .model import GraphModel
from .torch_graphs import Recorded, graph_of
from .torch_inputs import arguments, bound, named_tensors, unwrapped
from .torch_modules import module_tree
from .torch_names import class_name
from .torch_notes import run_note, what_is_missing
from .torch_recorder import Look, Recorder
from .torch_state import Untouched

__all__ = ["AS_RUN", "Levels", "Mode", "levels_of"]

Mode = Literal["eval", "train", "as is"]
AS_RUN = "ATen operations as they ran."


@dataclass(frozen=True)
class Levels:
    """The graphs of a model. They are made when they are asked for, which may be on another thread."""

    first: Callable[[], GraphModel]  # functions; modules where there was no input
    second: Callable[[str], GraphModel] | None  # ATen operations as they ran; takes a note to add
    elsewhere: Callable[[Callable[[bytes], None]], None] | None  # hands over encoded graphs of the second level
    nbytes: int  # that wait until then


def levels_of(
    call: str, model: Any, inputs: Any, kwargs: Mapping[str, Any] | None, mode: Mode, elsewhere: bool = False
) -> Levels:
    """Run the model once, if there are inputs, and return its graphs.

    With `elsewhere` there will be a copy of this process: operations are looked at there, if it can run the model.
    Raises TypeError when the model is no torch module, ValueError for a mode that there is not; an error of the model
    passes through.
    """
    import torch

    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"{call}: expected a torch.nn.Module, got {type(model).__module__}.{type(model).__qualname__}")
    if mode not in ("eval", "train", "as is"):
        raise ValueError(f"{call}: mode must be 'eval', 'train' or 'as is', got {mode!r}")
    if inputs is None and kwargs is None:
        tree = module_tree(torch, unwrapped(model))
        return Levels(lambda: tree, None, None, 0)
    model = unwrapped(model)
    positional, named = arguments(model, inputs, kwargs)
    model = _with_parameters(torch, model, positional, named)
    light = elsewhere and _runs_in_a_copy(torch, model)
    recorded = _record(torch, model, positional, named, mode, "light" if light else "close")
    nbytes = 500 * (len(recorded.functions.calls) + len(recorded.operations.calls))
    first = cache(lambda: graph_of(recorded, recorded.functions, "functions"))
    outputs = [call.function for call in recorded.functions.calls if call.role == "output"]

    def second(note: str) -> GraphModel:
        return graph_of(recorded, recorded.operations, "ATen ops", [note])

    def in_another_process(send: Callable[[bytes], None]) -> None:
        from .torch_export import export_blob

        torch.set_num_threads(1)  # the threads that share the work of an operation are not there
        if light:
            again = _record(torch, model, positional, named, mode, "close")
            send(encode(graph_of(again, again.operations, "ATen ops", [AS_RUN])))
        model.train(recorded.attributes["mode"] == "train")
        send(export_blob(torch, model, positional, named, recorded.inputs, outputs, recorded.attributes))

    watched = any(call.role == "op" for call in recorded.operations.calls) and not light
    return Levels(first, second if watched else None, in_another_process, nbytes)


def _runs_in_a_copy(torch: Any, model: Any) -> bool:
    """Whether a forked process can call the model: without devices, and without others that wait for its messages."""
    devices = {one.device.type for one in (*model.parameters(), *model.buffers())}
    distributed = torch.distributed.is_available() and torch.distributed.is_initialized()
    return {*devices, torch.empty(0).device.type} == {"cpu"} and not distributed


def _record(
    torch: Any, model: Any, positional: tuple[Any, ...], named: dict[str, Any], mode: Mode, look: Look
) -> Recorded:
    """Run the model once and return what was seen. An error of the model passes through."""
    recorder, others, notes = _run(torch, model, positional, named, mode, look)
    training = mode == "train" or (mode == "as is" and model.training)
    attributes = {"mode": "train" if training else "eval", **{f"argument {name}": others[name] for name in others}}
    recorded = Recorded(
        class_name(model),
        recorder.functions,
        recorder.operations,
        recorder.scopes,
        recorder.weights,
        recorder.module_names,
        {name: value for name, value in attributes.items() if isinstance(value, (str, int, float, bool, type(None)))},
    )
    recorded.inputs = recorder.inputs
    recorded.notes = [run_note(torch, recorder, training), *notes, *what_is_missing(recorder)]
    return recorded


def _with_parameters(torch: Any, model: Any, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """The model; a copy that ran once where its first run makes its parameters, for that cannot be undone."""
    from torch.nn.parameter import is_lazy

    if not any(is_lazy(one) for one in (*model.parameters(), *model.buffers())):
        return model
    empty = [one for one in model.buffers() if is_lazy(one)]  # torch can copy lazy parameters, but not these
    again = {id(one): torch.nn.UninitializedBuffer(device=one.device, dtype=one.dtype) for one in empty}
    model = copy.deepcopy(model, again)
    modes = [(module, module.training) for module in model.modules()]
    args, kwargs = torch.utils._pytree.tree_map(
        lambda one: one.clone() if isinstance(one, torch.Tensor) else one, (positional, named)
    )
    with Untouched(torch, torch.nn.Module(), ()):  # the random states
        model.eval()(*args, **kwargs)
    for module, training in modes:
        module.training = training
    return model


def _run(
    torch: Any, model: Any, positional: tuple[Any, ...], named: dict[str, Any], mode: Mode, look: Look
) -> tuple[Recorder, dict[str, Any], list[str]]:
    """Watched as closely as the model allows: as asked, then functions alone; without gradients, then with."""
    attempts: list[tuple[Look, bool, str]] = [
        (look, False, ""),
        (look, True, "Recorded with gradients, because the model needs them to run."),
        ("functions", True, "ATen operations could not be watched, nor FLOPs counted: {}"),
    ]
    failure: Exception | None = None
    for tried, with_gradients, note in attempts:
        try:
            recorder, others = _run_once(torch, model, positional, named, mode, tried, with_gradients)
        except Exception as error:
            failure = failure or error
        else:
            return recorder, others, [note.format(_short(failure))] if note else []
    assert failure is not None
    raise failure


def _run_once(
    torch: Any,
    model: Any,
    positional: tuple[Any, ...],
    named: dict[str, Any],
    mode: Mode,
    look: Look,
    with_gradients: bool,
) -> tuple[Recorder, dict[str, Any]]:
    given = bound(model, positional, named)
    if given is None:
        given = {**{f"input.{place}": value for place, value in enumerate(positional)}, **named}
    tensors = [
        value
        for name, item in given.items()
        for _, value in named_tensors(torch, name, item)
        if isinstance(value, torch.Tensor)
    ]
    with Untouched(torch, model, tensors) as state, torch.set_grad_enabled(with_gradients):
        if mode != "as is":
            model.train(mode == "train")
        recorder = Recorder(torch, model, state, look)
        others = recorder.take_inputs(given)
        with recorder.watching():
            result = model(*positional, **named)
        recorder.take_outputs(result)
    return recorder, others


def _short(error: object) -> str:
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0][:200] if str(error).strip() else ''}"
