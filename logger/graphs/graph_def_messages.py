"""The NodeDefs of a serialised graph, taken apart without making a message of each.

Of thousands of nodes most differ in name and inputs only: what is behind those is parsed once and shared.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from ..proto.graph_pb2 import NodeDef
from .graph_def_attributes import GraphDefAttributes, dtype_name, output_specs, shape_tuple
from .model import TensorSpec
from .wire import Buffer, Tree, without_long

__all__ = ["NodeKind", "NodeKinds", "NodeParts"]

_LONG = 1 << 16  # bytes of a constant that is not looked at
_LARGEST_NODE = 1 << 20
_NODE_TREE: Tree = {5: {2: {8: {}}}}  # attr → value → tensor
# First bytes of fields: number << 3 | 2.
_NAME, _OP, _INPUT, _DEVICE = 0x0A, 0x12, 0x1A, 0x22


class Held(NamedTuple):
    """What an operation that holds a variable or an input says of it."""

    number: int  # a DataType; 0 where it does not say
    dtype: str
    spec: TensorSpec | None  # None where it says no shape
    behind: TensorSpec | None  # of the variable that it is a handle of, where it says so
    argument: int | None  # which of a function's it is
    shared_name: str  # what all that use it call it; "" for its own name


class NodeKind:
    """What nodes share that are alike in all but name and inputs.

    content     a serialised NodeDef with what they share beside the operation
    attributes  as values of JSON's types
    """

    def __init__(self, op: str, content: bytes, message: NodeDef) -> None:
        self.op, self.content = op, content
        self.device: str = message.device
        self.outputs: tuple[TensorSpec, ...] = output_specs(op, message.attr)
        self.attributes = GraphDefAttributes(content)

    @property
    def messages(self) -> Mapping[str, Any]:
        """Name → AttrValue, parsed anew: a message that is kept keeps more memory than it takes."""
        return NodeDef.FromString(self.content).attr

    @cached_property
    def functions(self) -> list[tuple[str, str]]:
        """(what it is in the operation, name) of the functions that it is told to use."""
        found = []
        for key, value in sorted(self.messages.items()):
            listed = value.list.func if value.HasField("list") else [value.func] if value.HasField("func") else []
            names = [called.name for called in listed]
            found += [(f"{key}_{number}" if len(names) > 1 else key, name) for number, name in enumerate(names)]
        return found

    @cached_property
    def held(self) -> Held:
        """What it says of the value that it holds."""
        messages = self.messages
        dtype = dtype_name(messages["dtype"].type) if "dtype" in messages else ""
        shared = bytes(messages["shared_name"].s) if "shared_name" in messages else b""
        behind = None
        if "_handle_shapes" in messages and messages["_handle_shapes"].list.shape:
            dtypes = messages["_handle_dtypes"].list.type if "_handle_dtypes" in messages else []
            shape = shape_tuple(messages["_handle_shapes"].list.shape[0])
            behind = TensorSpec(dtype_name(dtypes[0]) if dtypes else "", shape)
        return Held(
            number=next((int(messages[key].type) for key in ("dtype", "T") if key in messages), 0),
            dtype=dtype,
            spec=TensorSpec(dtype, shape_tuple(messages["shape"].shape)) if "shape" in messages else None,
            behind=behind,
            argument=messages["index"].i if "index" in messages else None,
            shared_name=shared.decode("utf-8", "replace"),
        )


NodeParts = tuple[str, NodeKind, list[str]]  # (name, kind, inputs) of a NodeDef


class NodeKinds:
    """The kinds of nodes that were met."""

    def __init__(self) -> None:
        self._known: dict[str, dict[bytes, NodeKind | None]] = {}

    def read(self, data: Buffer, begin: int, end: int) -> NodeParts:
        """The NodeDef data[begin:end]. Raises DecodeError or ValueError where it cannot be read."""
        content = data[begin:end]
        if end - begin > _LONG:
            content = without_long(data, begin, end, _LONG, _NODE_TREE)
            if len(content) > _LARGEST_NODE:
                raise ValueError(f"a node of {end - begin:,} bytes")
        try:
            name, op, inputs, rest = _taken_apart(content)
            kind = self._known[op][rest]
        except KeyError:
            kind = self.kind(op, rest)
        except (IndexError, UnicodeDecodeError, _NotPlain):
            kind = None
        return self._parsed(content) if kind is None else (name, kind, inputs)

    def kind(self, op: str, rest: bytes) -> NodeKind | None:
        """The kind of operations with this NodeDef; None where it holds a name or inputs. Raises DecodeError."""
        known = self._known.setdefault(op, {})
        if rest not in known:
            message = NodeDef.FromString(rest)
            is_plain = not message.name and not message.op and not message.input
            known[rest] = NodeKind(op, rest, message) if is_plain else None
        return known[rest]

    def _parsed(self, content: bytes) -> NodeParts:
        """As protobuf understands it."""
        message = NodeDef.FromString(content)
        name, op, inputs = message.name, message.op, list(message.input)
        for field in ("name", "op", "input"):
            message.ClearField(field)
        kind = self.kind(op, message.SerializeToString())
        assert kind is not None
        return name, kind, inputs


class _NotPlain(Exception):
    """Fields that are in no usual order or of no usual length."""


def _taken_apart(content: bytes) -> tuple[str, str, list[str], bytes]:
    """(name, operation, inputs, the rest) of a NodeDef whose fields are in the order of their numbers.

    Raises IndexError, UnicodeDecodeError or _NotPlain for others.
    """
    name = op = ""
    inputs: list[str] = []
    place, end = 0, len(content)
    while place < end and (key := content[place]) < _DEVICE:
        length, begin = content[place + 1], place + 2
        if length > 127:
            if content[begin] > 127:
                raise _NotPlain
            length, begin = length & 127 | content[begin] << 7, begin + 1
        place = begin + length
        if place > end:
            raise _NotPlain
        text = content[begin:place].decode()
        if key == _INPUT:
            inputs.append(text)
        elif key == _NAME:
            name = text
        elif key == _OP:
            op = text
        else:
            raise _NotPlain
    return name, op, inputs, content[place:]
