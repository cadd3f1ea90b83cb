"""What was recorded of a torch module → a GraphModel for each level."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .builder import GraphBuilder
from .model import GraphModel, Node, Parameter, TensorSpec
from .torch_inputs import settings_of
from .torch_names import argument_names, function_name, operation_name
from .torch_recorder import Scope, Weight
from .torch_sources import shown_path, source_of_class
from .torch_trail import Call, Shape, Trail, shape_of

__all__ = ["Recorded", "graph_of", "scope_labels"]


@dataclass
class Recorded:
    """One run of a model."""

    title: str
    functions: Trail
    operations: Trail
    scopes: Sequence[Scope]
    weights: Sequence[Weight]
    modules: Mapping[Any, str]  # with their names
    attributes: Mapping[str, Any]  # of the whole: mode, arguments that are no tensors
    notes: list[str] = field(default_factory=list)
    inputs: Mapping[str, str] = field(default_factory=dict)  # name → the first name of the same tensor


def graph_of(recorded: Recorded, trail: Trail, level: str, notes: Sequence[str] = ()) -> GraphModel:
    """The graph of one level."""
    builder = GraphBuilder()
    groups = _groups(builder, recorded)
    used = {place for call in trail.calls for source, place in call.inputs if source < 0}
    parameters = [
        builder.parameter(_parameter(weight)) if weight.kind != "constant" or place in used else -1
        for place, weight in enumerate(recorded.weights)
    ]
    dropped = _without_effect(trail.calls)
    places: dict[int, int] = {}
    for index, call in enumerate(trail.calls):
        if index in dropped:
            continue
        places[index] = _add(builder, groups[call.scope], call, parameters)
        for into, (source, output) in enumerate(call.inputs):
            if source in places:
                builder.edge(places[source], places[index], output, into)
    builder.notes += [*recorded.notes, *notes, *_flops_note(builder.nodes)]
    if dropped:
        builder.notes.append(f"Left out, because nothing leads to them or on from them: {len(dropped)} operations.")
    return builder.build(recorded.title, "stepscope", level)


def scope_labels(scopes: Sequence[tuple[int, str | None, str]]) -> list[str]:
    """The last part of each scope's path, of (parent, module, class): "layers.0", in the second call "layers.0@1"."""
    labels: list[str] = []
    met: Counter[tuple[int, str]] = Counter()
    for parent, module, kind in scopes:
        if parent < 0:
            labels.append("")
            continue
        outer = scopes[parent][1] or ""
        label = kind if not module or module == outer else module.removeprefix(f"{outer}." if outer else "")
        call = met[parent, label]
        met[parent, label] += 1
        labels.append(f"{label}@{call}" if call else label)
    return labels


def _groups(builder: GraphBuilder, recorded: Recorded) -> list[int]:
    """The place of each scope's group."""
    labels = scope_labels([(scope.parent, scope.module, scope.name) for scope in recorded.scopes])
    parts: list[tuple[str, ...]] = []
    places = []
    settings = {name: settings_of(module) for module, name in recorded.modules.items()}
    for scope, label in zip(recorded.scopes, labels, strict=True):
        parts.append((*parts[scope.parent], label) if scope.parent >= 0 else ())
        told_settings = settings.get(scope.module, "") if scope.module is not None else ""
        attributes = {"settings": told_settings} if told_settings else {}
        told = {
            "type": scope.name,
            "module": scope.module,
            "call": scope.call,
            "source": source_of_class(scope.kind),
            "attributes": attributes if parts[-1] else {**attributes, **recorded.attributes},
        }
        places.append(builder.group(parts[-1], **told))
    return places


def _parameter(weight: Weight) -> Parameter:
    tensor = weight.tensor
    spec = spec_of(shape_of(tensor))
    trainable, tied = bool(tensor.requires_grad), tuple(weight.tied)
    return Parameter(weight.name, spec, weight.kind, trainable, tied)  # type: ignore[arg-type]


@functools.lru_cache(4096)
def spec_of(shape: Shape) -> TensorSpec:
    """A recorded tensor."""
    dtype, sizes, device = shape
    known = None if sizes is None else tuple(int(size) if isinstance(size, int) else str(size) for size in sizes)
    return TensorSpec(str(dtype).removeprefix("torch."), known, str(device))


def _add(builder: GraphBuilder, group: int, call: Call, parameters: Sequence[int]) -> int:
    used = tuple(dict.fromkeys(parameters[place] for source, place in call.inputs if source < 0))
    outputs = tuple(map(spec_of, call.outputs))
    device = outputs[0].device if outputs else ""
    if call.role != "op":
        told = {"role": call.role, "outputs": outputs, "parameters": used, "device": device}
        return builder.node(group, call.function, call.role, **told)
    op = function_name(call.function)
    file, line = (call.within or call).source
    return builder.node(
        group,
        operation_name(op),
        op,
        outputs=outputs,
        parameters=used,
        attributes=_attributes(call),
        device=device,
        source=f"{shown_path(file)}:{line}" if file else "",
        flops=call.flops,
        time=call.time if device == "cpu" else None,
    )


def _attributes(call: Call) -> dict[str, Any]:
    """The arguments that are no tensors and say something, by name."""
    if not call.told:
        return {}
    names = _names(call.function)
    attributes: dict[str, Any] = {}
    for key, value in call.told:
        if value is None or value is ... or (isinstance(value, list) and ... in value):
            continue
        if isinstance(key, str) or key < len(names):
            attributes[key if isinstance(key, str) else names[key]] = value
        else:
            attributes.setdefault("arguments", []).append(value)
    return attributes


@functools.lru_cache(4096)
def _names(function: Any) -> tuple[str, ...]:
    return argument_names(function)


def _without_effect(calls: Sequence[Call]) -> set[int]:
    """Counters that are advanced, memory that nobody takes: nothing of the run goes in, nothing comes out."""
    consumed = {source for call in calls for source, _ in call.inputs}
    return {
        index
        for index, call in enumerate(calls)
        if call.role == "op" and index not in consumed and all(source < 0 for source, _ in call.inputs)
    }


def _flops_note(nodes: Sequence[Node]) -> list[str]:
    counted = sum(node.flops is not None for node in nodes)
    return [
        f"FLOPs are those of matrix products, convolutions, attention and recurrent layers: {counted} of"
        f" {len(nodes)} nodes; a multiply-add counts as two."
    ]
