"""A model graph in memory, whatever it was captured or read from: nodes in nested groups, edges, parameters, notes.

Names are paths: a group is "encoder/layers.0", a node "encoder/layers.0/linear". A "/" within a part of a path is
written "%2F". Paths are unique, the same in every run of the same model, and name nodes in addresses and in diffs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Edges", "GraphModel", "Group", "Node", "Parameter", "Role", "TensorSpec", "join_path"]

Role = Literal["op", "input", "output", "constant", "missing"]
Dimension = int | str | None  # a number, a name ("batch"), or unknown

_BITS = {"bool": 8, "complex64": 64, "complex128": 128, "bfloat16": 16, "half": 16, "float": 32, "double": 64}


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """What is known of a tensor without its values; dtypes are spelled as numpy does ("float32", "bfloat16")."""

    dtype: str = ""  # "" unknown
    shape: tuple[Dimension, ...] | None = None  # None: not even the rank is known
    device: str = ""

    @property
    def elements(self) -> int | None:
        """How many numbers; None where a dimension is unknown."""
        if self.shape is None or not all(isinstance(size, int) and size >= 0 for size in self.shape):
            return None
        return math.prod(self.shape)  # type: ignore[arg-type]

    @property
    def nbytes(self) -> int | None:
        """Bytes in memory; None where shape or dtype are unknown."""
        digits = "".join(filter(str.isdigit, self.dtype.split("_")[0]))  # float8_e4m3fn has 8 bits
        bits = _BITS.get(self.dtype) or int(digits or 0)
        count = self.elements
        return None if count is None or not bits else (count * bits + 7) // 8

    def __str__(self) -> str:
        """ "float32 32×128", "? ×?" parts that are unknown as "?"."""
        shape = "" if self.shape is None else "×".join("?" if size is None else str(size) for size in self.shape)
        return " ".join(part for part in (self.dtype, shape or ("scalar" if self.shape == () else "")) if part)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, buffer or constant that nodes use; never a node of its own."""

    name: str  # as the framework says: "encoder.layers.0.linear1.weight"
    spec: TensorSpec
    kind: Literal["parameter", "buffer", "constant"] = "parameter"
    trainable: bool = True
    tied: tuple[str, ...] = ()  # other names of the same tensor, in other modules


@dataclass(slots=True)
class Group:
    """A module, layer, function or scope: nodes and groups that belong together."""

    path: str  # "" for the root
    parent: int  # place in GraphModel.groups; the root's is -1
    type: str = ""  # class of the module: "TransformerEncoderLayer"
    module: str | None = None  # path of the module: "encoder.layers.0"; None where it is no module
    call: int = 0  # which call of the same module
    source: str = ""  # "model.py:31"
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(slots=True)
class Node:
    """One operation, input or output."""

    path: str
    op: str  # "linear", "aten.addmm", "MatMul"
    group: int = 0  # place in GraphModel.groups; always the group of the path
    role: Role = "op"
    outputs: tuple[TensorSpec, ...] = ()
    parameters: tuple[int, ...] = ()  # places in GraphModel.parameters
    attributes: Mapping[str, Any] = field(default_factory=dict)  # of JSON's types
    device: str = ""
    source: str = ""  # "model.py:31"
    flops: float | None = None  # of one call; a multiply-add counts as two
    time: float | None = None  # seconds it took
    memory: int | None = None  # bytes it took

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Edges:
    """Parallel arrays, one entry an edge, in the order of the targets' inputs."""

    source: NDArray[np.int32]  # place in GraphModel.nodes
    target: NDArray[np.int32]
    output: NDArray[np.int32]  # which output of the source
    input: NDArray[np.int32]  # which input of the target
    control: NDArray[np.bool_]  # an order rather than a tensor

    def __len__(self) -> int:
        return len(self.source)


@dataclass
class GraphModel:
    """A graph. `groups[0]` is the root; every group comes behind its parent."""

    title: str
    format: str  # what it came from: "stepscope", "graph_def", "keras", "onnx", "pt2", …
    groups: list[Group]
    nodes: list[Node]
    edges: Edges
    parameters: list[Parameter] = field(default_factory=list)
    level: str = ""  # "functions", "ATen ops", "modules", "layers"
    notes: list[str] = field(default_factory=list)  # what was and was not captured, and what was wrong, in sentences
    marks: Mapping[str, str] = field(default_factory=dict)  # of paths, of groups with "/": what sets like parts apart

    @cached_property
    def group_at(self) -> dict[str, int]:
        """Path → place of a group."""
        return {group.path: place for place, group in enumerate(self.groups)}

    @cached_property
    def node_at(self) -> dict[str, int]:
        """Path → place of a node."""
        return {node.path: place for place, node in enumerate(self.nodes)}

    @cached_property
    def idle(self) -> dict[int, list[int]]:
        """Group → the parameters that no node uses, of the module they are in: experts that this input did not need."""
        used = set(chain.from_iterable([node.parameters for node in self.nodes]))
        if len(used) == len(self.parameters):
            return {}
        places = reversed([*enumerate(self.groups)])  # of several calls of a module the first
        group_of = {group.path if group.module is None else group.module: place for place, group in places}
        found: dict[int, list[int]] = {}
        for place, parameter in enumerate(self.parameters):
            if place not in used and parameter.kind == "parameter":
                module = parameter.name
                while module and module not in group_of:
                    module = module.rpartition("." if "." in module else "/")[0]
                found.setdefault(group_of.get(module, 0), []).append(place)
        return found

    def spec_of(self, edge: int) -> TensorSpec | None:
        """The tensor that an edge carries, None where unknown."""
        outputs = self.nodes[self.edges.source[edge]].outputs
        output = int(self.edges.output[edge])
        return outputs[output] if not self.edges.control[edge] and 0 <= output < len(outputs) else None


def join_path(parts: Sequence[str]) -> str:
    """The path of these parts."""
    path = "/".join(parts)
    return path if path.count("/") == len(parts) - 1 else "/".join(part.replace("/", "%2F") for part in parts)
