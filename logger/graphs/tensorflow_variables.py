"""Which nodes of a TensorFlow graph stand for variables and weights, and what those are called.

A variable belongs to the operations that use it: neither it nor the reading of it is an operation.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..proto import event_pb2 as pb
from .graph_def_attributes import dtype_name, shape_tuple
from .graph_def_nodes import RawNode
from .model import Parameter, TensorSpec

__all__ = ["variable_parameters"]

_VARIABLES = frozenset(("VarHandleOp", "Variable", "VariableV2", "AutoReloadVariable"))
_INPUTS = frozenset(("_Arg", "_DeviceArg", "Placeholder"))
_FEWEST_WEIGHTS = 16  # a constant of fewer numbers is a setting
_COUNTED = frozenset(("moving_mean", "moving_variance", "global_step", "iteration", "learning_rate", "seed"))
_COUNTED_ENDS = ("_power", "/seed_generator_state")


def variable_parameters(nodes: Sequence[RawNode], calls: Collection[str] = ()) -> tuple[dict[str, Parameter], set[str]]:
    """(name of a node → the parameter that it stands for, names of nodes that only read one).

    `calls`: scopes that are there because a function was called; names of parameters do without them.
    """
    found: dict[str, Parameter] = {}
    handles: set[str] = set()
    for node in nodes:
        if node.op in _VARIABLES or (node.op in _INPUTS and _type(node) == pb.DT_RESOURCE):
            handles.add(node.name)
    read = {node.inputs[0].name: node for node in nodes if _reads(node)}
    by_name = {node.name: node for node in nodes if node.name in handles}
    for name, node in by_name.items():
        if node.op in _VARIABLES or name in read:  # other resources are iterators, tables and the like
            found[name] = _variable(node, read.get(name), by_name, calls)
    frozen = {node.inputs[0].name for node in nodes if _reads(node) and node.op == "Identity"}
    for node in nodes:
        if node.op == "Const" and (weights := _weights(node, node.name in frozen)):
            found[node.name] = weights
    return found, {node.name for node in nodes if _reads(node) and node.inputs[0].name in found}


def _reads(node: RawNode) -> bool:
    """Whether a node does nothing but give the value of a variable, if it is one. Waiting for an update is more."""
    if node.op not in ("ReadVariableOp", "Identity") or len(node.texts) != 1:
        return False
    source = node.inputs[0]
    return not source.control and (node.op == "ReadVariableOp" or node.name == f"{source.name}/read")


def _variable(
    node: RawNode, reader: RawNode | None, variables: dict[str, RawNode], calls: Collection[str]
) -> Parameter:
    name = _shared_name(node) or node.name
    if node.op in _INPUTS and reader is not None:  # captured: who reads it is told better than what it was called
        name = _without_calls(reader.name, calls).removesuffix("/ReadVariableOp").removesuffix("/Cast")
    spec = _variable_spec(node, reader)
    slot_of = node.name.rpartition("/")[0]  # an optimizer's: "dense/kernel/Adam" beside "dense/kernel"
    counted = (
        slot_of in variables
        or name.rsplit("/", 1)[-1] in _COUNTED
        or name.endswith(_COUNTED_ENDS)
        or (spec.dtype and not spec.dtype.startswith(("float", "bfloat", "complex")))
    )
    return Parameter(name, spec, "buffer" if counted else "parameter", not counted)


def _without_calls(name: str, calls: Collection[str]) -> str:
    parts = name.split("/")
    return "/".join(part for end, part in enumerate(parts, 1) if "/".join(parts[:end]) not in calls)


def _variable_spec(node: RawNode, reader: RawNode | None) -> TensorSpec:
    attributes = node.attributes
    dtype = dtype_name(attributes["dtype"].type) if "dtype" in attributes else ""
    if "shape" in attributes and node.op not in _INPUTS:
        return TensorSpec(dtype, shape_tuple(attributes["shape"].shape))
    known = reader.outputs if reader is not None else ()
    return known[0] if known else TensorSpec("" if node.op in _INPUTS else dtype)


def _weights(node: RawNode, is_read: bool) -> Parameter | None:
    """A constant of many numbers, or one that is read like a variable, as frozen graphs have them."""
    specs = node.outputs
    if (
        not specs
        or (not is_read and (specs[0].elements or 0) < _FEWEST_WEIGHTS)
        or not specs[0].dtype.startswith(("float", "bfloat"))
    ):
        return None
    return Parameter(node.name, specs[0], "constant", trainable=False)


def _type(node: RawNode) -> int:
    attributes = node.attributes
    for key in ("dtype", "T"):
        if key in attributes:
            return int(attributes[key].type)
    return 0


def _shared_name(node: RawNode) -> str:
    attributes = node.attributes
    text = attributes["shared_name"].s if "shared_name" in attributes else b""
    return bytes(text).decode("utf-8", "replace")
