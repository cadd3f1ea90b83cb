"""Which nodes of a TensorFlow graph stand for variables and weights, and what those are called.

A variable belongs to the operations that use it: neither it nor the reading of it is an operation.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from ..proto import event_pb2 as pb
from .graph_def_attributes import known_spec
from .graph_def_nodes import RawNode
from .model import Parameter, TensorSpec

__all__ = ["variable_parameters"]

_VARIABLES = frozenset(("VarHandleOp", "Variable", "VariableV2", "AutoReloadVariable"))
_INPUTS = frozenset(("_Arg", "_DeviceArg", "Placeholder"))
_READERS = frozenset(("ReadVariableOp", "Identity"))
_FEWEST_WEIGHTS = 16  # a constant of fewer numbers is a setting
_COUNTED = frozenset(("moving_mean", "moving_variance", "global_step", "iteration", "learning_rate", "seed"))
_COUNTED_ENDS = ("_power", "/seed_generator_state")
# Scopes in which optimizers read what they keep for each weight; captured variables have no names of their own.
_OPTIMIZER = re.compile(
    r"(?:^|/)(?:adam\w?|adamax|nadam|sgd|rmsprop|adagrad|adadelta|adafactor|ftrl|lion|lamb|muon)(?:_\d+)?/",
    re.IGNORECASE,
)


def variable_parameters(
    nodes: Sequence[RawNode], calls: Collection[str] = (), behind: Mapping[str, TensorSpec] = MappingProxyType({})
) -> tuple[dict[str, Parameter], set[str]]:
    """(name of a node → the parameter that it stands for, names of nodes that only read one).

    calls   scopes that are there because a function was called; names of parameters do without them
    behind  names of arguments → what is known from elsewhere of the variables they are handles of
    """
    variables: dict[str, RawNode] = {}
    readers: list[tuple[RawNode, str]] = []  # with what they read
    constants: list[RawNode] = []
    for node in nodes:
        op = node.op
        if op in _VARIABLES or (op in _INPUTS and node.kind.held.number == pb.DT_RESOURCE):
            variables[node.name] = node
        elif op == "Const":
            constants.append(node)
        elif op in _READERS and (source := _read_by(node)):
            readers.append((node, source))
    read = {source: node for node, source in reversed(readers)}  # the first who reads one tells best what it is
    found: dict[str, Parameter] = {}
    for name, node in variables.items():
        if node.op in _VARIABLES or name in read:  # other resources are iterators, tables and the like
            spec = behind.get(name) or _variable_spec(node, read.get(name))
            found[name] = _variable(node, read.get(name), spec, variables, calls)
    frozen = {source for node, source in readers if node.op == "Identity"}
    for node in constants:
        if weights := _weights(node, node.name in frozen):
            found[node.name] = weights
    return found, {node.name for node, source in readers if source in found}


def _read_by(node: RawNode) -> str:
    """The variable that a node gives the value of and does nothing else; "" for others. Waiting for an update is more.

    It may turn out to be no variable.
    """
    if len(node.texts) != 1:
        return ""
    source = node.source(node.texts[0])
    reads = not source.control and (node.op == "ReadVariableOp" or node.name == f"{source.name}/read")
    return source.name if reads else ""


def _variable(
    node: RawNode, reader: RawNode | None, spec: TensorSpec, variables: dict[str, RawNode], calls: Collection[str]
) -> Parameter:
    name = node.kind.held.shared_name or node.name
    if node.op in _INPUTS and reader is not None:  # captured: who reads it is told better than what it was called
        name = _without_calls(reader.name, calls).removesuffix("/ReadVariableOp").removesuffix("/Cast")
    slot_of = node.name.rpartition("/")[0]  # an optimizer's: "dense/kernel/Adam" beside "dense/kernel"
    counted = (
        slot_of in variables
        or name.rsplit("/", 1)[-1] in _COUNTED
        or name.endswith(_COUNTED_ENDS)
        or (node.op in _INPUTS and _OPTIMIZER.search(name) is not None)
        or (spec.dtype and not spec.dtype.startswith(("float", "bfloat", "complex")))
    )
    return Parameter(name, spec, "buffer" if counted else "parameter", not counted)


def _without_calls(name: str, calls: Collection[str]) -> str:
    parts = name.split("/")
    return "/".join(part for end, part in enumerate(parts, 1) if "/".join(parts[:end]) not in calls)


def _variable_spec(node: RawNode, reader: RawNode | None) -> TensorSpec:
    held = node.kind.held
    if held.spec is not None and node.op not in _INPUTS:
        return held.spec
    if held.behind is not None:
        return held.behind
    known = reader.kind.outputs if reader is not None else ()
    return known[0] if known else known_spec("" if node.op in _INPUTS else held.dtype)


def _weights(node: RawNode, is_read: bool) -> Parameter | None:
    """A constant of many numbers, or one that is read like a variable, as frozen graphs have them."""
    specs = node.kind.outputs
    if (
        not specs
        or (not is_read and (specs[0].elements or 0) < _FEWEST_WEIGHTS)
        or not specs[0].dtype.startswith(("float", "bfloat"))
    ):
        return None
    return Parameter(node.name, specs[0], "constant", trainable=False)
