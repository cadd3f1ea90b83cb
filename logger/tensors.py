"""TensorProto ⇄ numpy.

A tensor message holds its numbers in `tensor_content` (little-endian bytes) or in the repeated field of its type, where
a single value stands for the whole shape. Half and bfloat16 travel as bit patterns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from .proto import event_pb2 as pb
from .proto.event_pb2 import TensorProto, TensorShapeProto

Array = npt.NDArray[Any]

# Bytes that are filled in: a few of a damaged file must not ask for all the memory.
_MOST_FILLED = 1 << 26
FEW_FILLED = 1 << 16  # of kinds whose writers leave nothing out
_PLACE = 64  # bytes that a string takes besides its own

# DataType → (little-endian numpy type of the bytes, repeated field). Types numpy lacks are read from their bits.
_LAYOUT: dict[int, tuple[str, str]] = {
    pb.DT_FLOAT: ("<f4", "float_val"),
    pb.DT_DOUBLE: ("<f8", "double_val"),
    pb.DT_INT8: ("i1", "int_val"),
    pb.DT_INT16: ("<i2", "int_val"),
    pb.DT_INT32: ("<i4", "int_val"),
    pb.DT_INT64: ("<i8", "int64_val"),
    pb.DT_UINT8: ("u1", "int_val"),
    pb.DT_UINT16: ("<u2", "int_val"),
    pb.DT_UINT32: ("<u4", "uint32_val"),
    pb.DT_UINT64: ("<u8", "uint64_val"),
    pb.DT_BOOL: ("?", "bool_val"),
    pb.DT_HALF: ("<u2", "half_val"),
    pb.DT_BFLOAT16: ("<u2", "half_val"),
    pb.DT_COMPLEX64: ("<c8", "scomplex_val"),
    pb.DT_COMPLEX128: ("<c16", "dcomplex_val"),
    pb.DT_FLOAT8_E5M2: ("u1", "float8_val"),
    pb.DT_FLOAT8_E4M3FN: ("u1", "float8_val"),
    pb.DT_QINT8: ("i1", "int_val"),  # the whole numbers; what they stand for is not in the message
    pb.DT_QUINT8: ("u1", "int_val"),
    pb.DT_QINT16: ("<i2", "int_val"),
    pb.DT_QUINT16: ("<u2", "int_val"),
    pb.DT_QINT32: ("<i4", "int_val"),
    pb.DT_INT4: ("i1", "int_val"),  # a byte each
    pb.DT_UINT4: ("u1", "int_val"),
}

DTYPE_OF_NAME: dict[str, pb.DataType] = {
    "float32": pb.DT_FLOAT,
    "float64": pb.DT_DOUBLE,
    "int8": pb.DT_INT8,
    "int16": pb.DT_INT16,
    "int32": pb.DT_INT32,
    "int64": pb.DT_INT64,
    "uint8": pb.DT_UINT8,
    "uint16": pb.DT_UINT16,
    "uint32": pb.DT_UINT32,
    "uint64": pb.DT_UINT64,
    "bool": pb.DT_BOOL,
    "float16": pb.DT_HALF,
    "bfloat16": pb.DT_BFLOAT16,
    "complex64": pb.DT_COMPLEX64,
    "complex128": pb.DT_COMPLEX128,
    "float8_e5m2": pb.DT_FLOAT8_E5M2,
    "float8_e4m3fn": pb.DT_FLOAT8_E4M3FN,
}


_NAME_OF_DTYPE = {int(dtype): name for name, dtype in DTYPE_OF_NAME.items()}


def stored_type(dtype: int) -> str:
    """The name of a tensor's type in an event file: numpy's, or for those that numpy lacks "bfloat16", "qint8" …"""
    return _NAME_OF_DTYPE.get(dtype) or pb.DataType.Name(pb.DataType.ValueType(dtype)).removeprefix("DT_").lower()


def tensor_proto(array: Array) -> TensorProto:
    """A numpy array of any shape as a message. Strings (`str`, `bytes`, or objects of these) become DT_STRING.

    Raises TypeError for a dtype that event files have no type for.
    """
    if array.dtype.kind in "SUO":
        return string_tensor(array.ravel().tolist(), array.shape)
    dtype = DTYPE_OF_NAME.get(array.dtype.name)
    if dtype is None:
        raise TypeError(f"tensors of dtype {array.dtype} cannot be stored; use one of {', '.join(DTYPE_OF_NAME)}")
    little_endian = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return TensorProto(dtype=dtype, tensor_shape=_shape_proto(array.shape), tensor_content=little_endian.tobytes())


def string_tensor(strings: Iterable[str | bytes], shape: tuple[int, ...]) -> TensorProto:
    """A DT_STRING tensor; `strings` in C order. Raises TypeError for anything but `str` and `bytes`."""
    values = []
    for string in strings:
        if not isinstance(string, (str, bytes)):
            raise TypeError(f"a string tensor holds str or bytes, got {type(string).__name__}")
        values.append(string.encode("utf-8") if isinstance(string, str) else string)
    return TensorProto(dtype=pb.DT_STRING, tensor_shape=_shape_proto(shape), string_val=values)


def tensor_array(proto: TensorProto, most_filled: int = _MOST_FILLED) -> Array:
    """The message's values in its shape.

    DT_STRING gives an object array of `bytes`; bfloat16 and float8 give float32, half float16, as numpy has it;
    quantised and 4-bit types the whole numbers they are stored as.
    Raises ValueError when the type is unknown, the number of values does not fit the shape, or those that the message
    leaves out would take more than `most_filled` bytes.
    """
    shape = tuple(dim.size for dim in proto.tensor_shape.dim)
    if proto.dtype == pb.DT_STRING:
        values: Array = np.array(list(proto.string_val), dtype=object)
    elif proto.dtype in _LAYOUT:
        values = _numbers(proto)
    else:
        raise ValueError(f"tensor of unknown type {proto.dtype}")
    return _shaped(values, shape, most_filled)


def string_array(proto: TensorProto) -> Array:
    """A tensor of bytes. Raises ValueError for any other."""
    array = tensor_array(proto, FEW_FILLED)
    if array.dtype != object:
        raise ValueError(f"strings expected, got {array.dtype}")
    return array


def _numbers(proto: TensorProto) -> Array:
    """The stored values, flat, in the type they are shown in."""
    stored_type, field = _LAYOUT[proto.dtype]
    stored = np.dtype(stored_type)
    bits: Array
    if proto.tensor_content or field == "float8_val":
        content = proto.tensor_content or proto.float8_val
        if len(content) % stored.itemsize:
            raise ValueError(f"tensor content of {len(content)} bytes, want a multiple of {stored.itemsize}")
        bits = np.frombuffer(content, stored)
    elif stored.kind == "c":
        bits = np.array(getattr(proto, field), f"<f{stored.itemsize // 2}").view(stored)
    else:
        # int_val carries narrow types as int32: the cast back keeps their bits.
        wide = np.int64 if stored.kind in "iu" and stored != np.uint64 else stored
        values = np.fromiter(getattr(proto, field), wide)
        if field == "half_val" and ((values > 0xFFFF) | (values < -0x8000)).any():  # some writers extend the sign
            return _from_single(values, np.float16 if proto.dtype == pb.DT_HALF else np.float32)
        bits = values.astype(stored)
    if proto.dtype == pb.DT_HALF:
        return bits.view(np.float16)
    if proto.dtype == pb.DT_BFLOAT16:
        return (bits.astype(np.uint32) << 16).view(np.float32)
    if proto.dtype == pb.DT_FLOAT8_E5M2:
        return (bits.astype(np.uint16) << 8).view(np.float16).astype(np.float32)
    if proto.dtype == pb.DT_FLOAT8_E4M3FN:
        return _e4m3fn(bits)
    if proto.dtype == pb.DT_INT4:
        return (bits << 4) >> 4
    return bits & 0xF if proto.dtype == pb.DT_UINT4 else bits


def _from_single(bits: Array, dtype: type[np.floating[Any]]) -> Array:
    """PyTorch's `add_tensor` writes the 32 bits of a float where 16 belong; only those of 0 could be taken for them."""
    with np.errstate(over="ignore"):
        return (bits & 0xFFFFFFFF).astype(np.uint32).view(np.float32).astype(dtype)


def _e4m3fn(bits: Array) -> Array:
    """8-bit floats with 4 exponent and 3 mantissa bits, bias 7, no infinities, NaN where all seven bits are set."""
    exponent = (bits >> 3 & 0xF).astype(np.int32)
    mantissa = (bits & 0x7).astype(np.float32) / 8
    size = np.where(exponent == 0, np.ldexp(mantissa, -6), np.ldexp(1 + mantissa, exponent - 7))
    size = np.where((bits & 0x7F) == 0x7F, np.nan, size)
    return np.where(bits & 0x80, -size, size).astype(np.float32)


def _shaped(values: Array, shape: tuple[int, ...], most_filled: int) -> Array:
    count = math.prod(shape)
    if values.size == count:
        return values.reshape(shape)
    missing = count - values.size
    is_string = values.dtype == object
    if missing < 0 or min(shape, default=0) < 0 or (is_string and not values.size):
        raise ValueError(f"tensor of shape {shape} with {values.size} values")
    if missing * (_PLACE + len(values[-1]) if is_string else values.itemsize) > most_filled:
        raise ValueError(f"tensor of shape {shape} with {values.size} values: too many to fill in")
    # The last value stands for all that follow; one value alone fills the shape.
    rest = np.empty(missing, values.dtype)
    rest[:] = values[-1] if values.size else 0
    return np.concatenate((values, rest)).reshape(shape)


def _shape_proto(shape: tuple[int, ...]) -> TensorShapeProto:
    return TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in shape])
