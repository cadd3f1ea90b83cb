"""TensorFlow's attributes and types as plain values. Attributes are converted when somebody looks at them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ..proto import event_pb2 as pb
from ..proto.graph_pb2 import AttrValue, NodeDef
from ..tensors import tensor_array
from .model import Dimension, TensorSpec

__all__ = [
    "GraphDefAttributes",
    "attribute_value",
    "dtype_name",
    "known_spec",
    "output_specs",
    "shape_tuple",
    "tensor_spec",
]

_SPELLED = {"float": "float32", "double": "float64", "half": "float16", "invalid": ""}
_NAME_OF_DTYPE: dict[int, str] = {}
_HIDDEN = {"_output_shapes"}  # said by the outputs
_LISTED = 64  # entries of a list
_FEW = 16  # values of a tensor
_LONGEST = 1024  # characters of a text
_TRUE_OR_FALSE = {
    *("Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual", "ApproximateEqual", "LogicalAnd", "IsNan"),
    *("LogicalOr", "LogicalNot", "IsInf", "IsFinite", "All", "Any", "VarIsInitializedOp", "OptionalHasValue"),
}
# Where the type of an output is written, before "T", the type of most inputs.
_TYPED_LISTS = ("Tout", "output_types", "component_types", "Toutput_types", "dtypes")
_TYPED_BY = (*_TYPED_LISTS, "dtype", "DstT", "out_type", "output_type", "Tparams", "T")
_KEY_OF_OP: dict[str, str] = {}  # an operation has nearly always the same attributes
_MOST_OPS = 4096


def dtype_name(number: int) -> str:
    """A DataType as numpy spells it; "" where it says nothing."""
    name = _NAME_OF_DTYPE.get(number)
    if name is None:
        known = pb.DataType.DESCRIPTOR.values_by_number.get(number)
        plain = known.name.removeprefix("DT_").removesuffix("_REF").lower() if known else f"type {number}"
        name = _NAME_OF_DTYPE[number] = _SPELLED.get(plain, plain)
    return name


def shape_tuple(shape: Any) -> tuple[Dimension, ...] | None:
    """A TensorShapeProto; None for an unknown rank or size."""
    sizes = tuple([dim.size for dim in shape.dim])
    if sizes and min(sizes) < 0:
        return tuple([size if size >= 0 else None for size in sizes])
    return None if shape.unknown_rank else sizes


@lru_cache(maxsize=4096)
def known_spec(dtype: str, shape: tuple[Dimension, ...] | None = None) -> TensorSpec:
    """The same object for the same type and shape: thousands of nodes have the same few."""
    return TensorSpec(dtype, shape)


def tensor_spec(tensor: Any) -> TensorSpec:
    """Type and shape of a TensorProto."""
    return known_spec(dtype_name(tensor.dtype), shape_tuple(tensor.tensor_shape))


def output_specs(op: str, attributes: Mapping[str, Any]) -> tuple[TensorSpec, ...]:
    """What is known of the outputs of an operation with these AttrValues."""
    if op == "Const" and "value" in attributes:
        return (tensor_spec(attributes["value"].tensor),)
    dtypes = _output_dtypes(op, attributes)
    shapes = attributes.get("_output_shapes")
    if shapes is not None:
        return _shaped(dtypes, shapes.SerializeToString())
    shape = attributes.get("shape")
    if shape is not None and shape.WhichOneof("value") == "shape":
        return tuple([known_spec(dtype, shape_tuple(shape.shape)) for dtype in dtypes])
    return tuple([known_spec(dtype) for dtype in dtypes]) if any(dtypes) else ()


@lru_cache(maxsize=4096)
def _shaped(dtypes: tuple[str, ...], message: bytes) -> tuple[TensorSpec, ...]:
    """With the shapes in an AttrValue, which are the same for many nodes."""
    shapes = [shape_tuple(shape) for shape in AttrValue.FromString(message).list.shape[:_LISTED]]
    if not shapes:
        return tuple([known_spec(dtype) for dtype in dtypes]) if any(dtypes) else ()
    if len(dtypes) != len(shapes):
        dtypes = dtypes[:1] * len(shapes)
    return tuple(map(known_spec, dtypes, shapes))


def _output_dtypes(op: str, attributes: Mapping[str, Any]) -> tuple[str, ...]:
    key = _KEY_OF_OP.get(op)
    value = attributes.get(key) if key else None
    if value is None:
        key = next((key for key in _TYPED_BY if key in attributes), "")
        value = attributes.get(key)
        if key and len(_KEY_OF_OP) < _MOST_OPS:  # elsewhere the same operation may say more
            _KEY_OF_OP[op] = key
    if op in _TRUE_OR_FALSE:
        return ("bool",)
    if value is None:
        return ("",)
    if key in _TYPED_LISTS:
        return tuple([dtype_name(number) for number in value.list.type[:_LISTED]])
    return (dtype_name(value.type),)


class GraphDefAttributes(Mapping[str, Any]):
    """Attributes of a serialised NodeDef as values of JSON's types."""

    __slots__ = ("_content", "_more", "_values")

    def __init__(self, content: bytes, more: Mapping[str, Any] | None = None) -> None:
        self._content = content
        self._more = more
        self._values: dict[str, Any] | None = None

    def _all(self) -> dict[str, Any]:
        if self._values is None:
            messages = NodeDef.FromString(self._content).attr
            self._values = {name: attribute_value(messages[name]) for name in sorted(messages) if name not in _HIDDEN}
            self._values.update(self._more or {})
        return self._values

    def __getitem__(self, name: str) -> Any:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())


def attribute_value(value: Any) -> Any:
    """An AttrValue as a value of JSON's types; what is long is described or cut."""
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "list":
        entries = [entry for _, listed in value.list.ListFields() for entry in listed[: _LISTED + 1]]
        field = value.list.ListFields()[0][0].name if entries else ""
        shown = [_plain(field, entry) for entry in entries[:_LISTED]]
        return [*shown, "…"] if len(entries) > _LISTED else shown
    return _plain(kind, getattr(value, kind))


def _plain(kind: str, value: Any) -> Any:
    if kind == "s":
        return _text(value)
    if kind == "type":
        return dtype_name(value)
    if kind == "shape":
        return shape_text(value)
    if kind == "tensor":
        return _tensor(value)
    if kind == "func":
        return value.name
    if kind == "f" and not math.isfinite(value):
        return str(value)
    return value


def shape_text(shape: Any) -> str:
    """A TensorShapeProto as text: "32×?", "scalar", "unknown"."""
    sizes = shape_tuple(shape)
    return "unknown" if sizes is None else str(TensorSpec("", sizes))


def _text(value: bytes) -> str:
    text = bytes(value[: 4 * _LONGEST]).decode("utf-8", "replace")
    return text if len(value) <= _LONGEST else f"{text[:_LONGEST]}… ({len(value):,} bytes)"


def _tensor(tensor: Any) -> Any:
    """Few values as they are, many as their type and shape."""
    spec = tensor_spec(tensor)
    if spec.elements is None or spec.elements > _FEW:
        return str(spec)
    try:
        values = tensor_array(tensor, 1 << 16).tolist()
    except ValueError:
        return str(spec)
    return _readable(values)


def _readable(value: Any) -> Any:
    if isinstance(value, list):
        return [_readable(entry) for entry in value]
    if isinstance(value, bytes):
        return _text(value)
    if isinstance(value, complex) or (isinstance(value, float) and not math.isfinite(value)):
        return str(value)
    return value
