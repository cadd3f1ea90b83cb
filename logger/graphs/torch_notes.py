"""What a graph says of the run that it was recorded in, and of what that run did not show."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from .torch_packed import is_packed
from .torch_recorder import Recorder, Weight

__all__ = ["run_note", "what_is_missing"]

_NAMED = 5  # of a list in a note


def run_note(torch: Any, recorder: Recorder, training: bool) -> str:
    """In which mode the model ran, with which torch, and how many modules were called."""
    mode = "training" if training else "evaluation"
    return (
        f"Recorded in one run of the model in {mode} mode, with torch {torch.__version__}:"
        f" {len(recorder.scopes) - 1} module calls."
    )


def what_is_missing(recorder: Recorder) -> list[str]:
    """A sentence for everything that the graph of a finished run does not show, or shows once for several."""
    notes = []
    same = [f"{name} is {first}" for name, first in recorder.inputs.items() if name != first]
    if same:
        notes.append(f"A tensor that was given under two names is drawn once: {_some(same)}.")
    if recorder.reads:
        reads = ", ".join(f"{name} ×{count}" for name, count in recorder.reads.items())
        notes.append(
            f"The model read values of tensors into Python ({reads}): no edge leads on from there, and where it"
            " decides by them, the graph shows the way that this input took."
        )
    if recorder.elsewhere:
        names = _some(list(recorder.elsewhere))
        notes.append(f"Called on other threads, where nothing can be watched: {names}.")
    return notes + _about_parameters(recorder)


def _about_parameters(recorder: Recorder) -> list[str]:
    """Modules that were not called, weights that are shared, parameters that nothing used."""
    notes = []
    places = {place for call in recorder.functions.calls for source, place in call.inputs if source < 0}
    used = {id(recorder.weights[place].tensor) for place in places}
    parameters = [weight for weight in recorder.weights if weight.kind == "parameter"]
    called = {scope.module for scope in recorder.scopes} | recorder.elsewhere.keys()
    silent = _silent_modules(recorder, called, used)
    if silent:
        seen = [*called, *(weight.name for weight in parameters if id(weight.tensor) in used)]
        notes.append(f"Not called in this run: {_some(_outermost(silent, filter(None, seen)))}.")
    tied = [f"{' and '.join(weight.tied[:_NAMED])} is {weight.name}" for weight in parameters if weight.tied]
    if tied:
        notes.append(f"Weights that modules share count once: {_some(tied)}.")
    unused = [weight for weight in parameters if id(weight.tensor) not in used]
    if unused:
        what = "was seen to use" if recorder.elsewhere else "used"
        listed = _some([weight.name for weight in unused])
        notes.append(f"Parameters that no operation {what}, {_size(unused):,} of {_size(parameters):,}: {listed}.")
    return notes


def _silent_modules(recorder: Recorder, called: Collection[str | None], used: Collection[int]) -> list[str]:
    """Names of the modules that neither ran nor lent a parameter (`used`: ids of tensors) to what ran."""
    return [
        name
        for module, name in recorder.module_names.items()
        if name not in called
        and (module._parameters or not module._modules)
        and not any(id(parameter) in used for parameter in module._parameters.values())
        and not _is_container(module)
        and not any(map(is_packed, vars(module).values()))
    ]


def _outermost(silent: list[str], active: Iterable[str]) -> list[str]:
    """The modules around silent ones in which nothing was active: "experts.3" for "experts.3.0" and "experts.3.1"."""
    busy = {""}
    for name in active:
        while name not in busy:
            busy.add(name)
            name = name.rpartition(".")[0]
    found = []
    for name in silent:
        while (around := name.rpartition(".")[0]) not in busy:
            name = around
        found.append(name)
    return list(dict.fromkeys(found))


def _is_container(module: Any) -> bool:
    return type(module).__name__ in ("ModuleList", "ModuleDict", "ParameterList", "ParameterDict", "Sequential")


def _size(weights: Iterable[Weight]) -> int:
    return sum(weight.tensor.numel() for weight in weights)


def _some(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
