"""The modules of a torch model with their parameters, where there is no input to run it with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .builder import GraphBuilder
from .model import GraphModel, Parameter, TensorSpec
from .torch_inputs import is_wrapper, module_names, settings_of
from .torch_names import class_name
from .torch_sources import source_of_class

__all__ = ["module_tree", "names_of_tensors"]


def module_tree(torch: Any, model: Any) -> GraphModel:
    """A group for each module, in it a node with the module's own parameters; no data flows."""
    builder = GraphBuilder()
    names = {module: name for module, name in module_names(model).items() if not is_wrapper(module)}
    builder.notes.append(
        f"The {len(names)} modules of the model with their parameters, as torch {torch.__version__} lists them."
        " No input was given, so nothing is known of operations, shapes and order: add_graph(model, inputs) has these."
    )
    tied = names_of_tensors(names)
    for module, name in names.items():
        parts = name.split(".") if name else []
        settings = settings_of(module)
        attributes = {"settings": settings} if settings else {}
        kind = class_name(module)
        told = {"type": kind, "module": name, "source": source_of_class(type(module)), "attributes": attributes}
        group = builder.group(parts, **told)
        held = [(key, tensor) for key, tensor in _own_tensors(module) if tensor is not None]
        if held or not module._modules:
            places = tuple(builder.parameter(_parameter(torch, tied[id(tensor)], tensor)) for _, tensor in held)
            builder.node(group, kind, kind, parameters=places, attributes=attributes)
    return builder.build(class_name(model), "stepscope", "modules")


def _own_tensors(module: Any) -> list[tuple[str, Any]]:
    return [*module._parameters.items(), *module._buffers.items()]


def names_of_tensors(modules: Mapping[Any, str]) -> dict[int, list[str]]:
    """All names of each parameter and buffer, by its id."""
    found: dict[int, list[str]] = {}
    for module, name in modules.items():
        for key, tensor in _own_tensors(module):
            found.setdefault(id(tensor), []).append(f"{name}.{key}" if name else key)
    return found


def _parameter(torch: Any, names: Sequence[str], tensor: Any) -> Parameter:
    from torch.nn.parameter import is_lazy

    sizes = None if is_lazy(tensor) else tuple(tensor.shape)
    spec = TensorSpec(str(tensor.dtype).removeprefix("torch."), sizes, str(tensor.device))
    kind: Any = "parameter" if isinstance(tensor, torch.nn.Parameter) else "buffer"
    return Parameter(names[0], spec, kind, bool(tensor.requires_grad), tuple(names[1:]))
