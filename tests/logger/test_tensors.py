"""TensorProto ⇄ numpy, ours against TensorBoard's."""

from __future__ import annotations

from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from stepscope.logger import open_logdir
from stepscope.logger.proto import event_pb2 as pb
from stepscope.logger.tensors import DTYPE_OF_NAME, stored_type, string_tensor, tensor_array, tensor_proto

SMALL_FLOATS = {"bfloat16", "float8_e5m2", "float8_e4m3fn"}


def _array(name: str) -> np.ndarray:
    dtype = np.dtype(getattr(ml_dtypes, name) if name in SMALL_FLOATS else name)
    return np.arange(6).reshape(2, 3).astype(dtype)


@pytest.mark.parametrize("name", sorted(DTYPE_OF_NAME))
def test_every_type_comes_back(name: str) -> None:
    array = _array(name)
    back = tensor_array(tensor_proto(array))
    assert back.shape == (2, 3)
    # What numpy has no type for comes back as float32.
    assert back.dtype == (np.float32 if name in SMALL_FLOATS else array.dtype)
    np.testing.assert_array_equal(back, array.astype(back.dtype))


@pytest.mark.parametrize("name", sorted(set(DTYPE_OF_NAME) - SMALL_FLOATS))
def test_tensorboard_reads_our_tensors(name: str) -> None:
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.util.tensor_util import make_ndarray

    array = _array(name)
    np.testing.assert_array_equal(make_ndarray(TensorProto.FromString(tensor_proto(array).SerializeToString())), array)


@pytest.mark.parametrize("name", sorted(set(DTYPE_OF_NAME) - SMALL_FLOATS - {"complex64", "complex128"}))
def test_we_read_tensorboards_tensors(name: str) -> None:
    from tensorboard.util.tensor_util import make_tensor_proto

    array = _array(name)
    ours = pb.TensorProto.FromString(make_tensor_proto(array).SerializeToString())
    np.testing.assert_array_equal(tensor_array(ours), array)


def test_numbers_in_the_fields_of_their_type() -> None:
    dim = pb.TensorShapeProto.Dim
    shape = pb.TensorShapeProto(dim=[dim(size=2), dim(size=2)])
    halves = pb.TensorProto(dtype=pb.DT_HALF, tensor_shape=shape, half_val=np.float16([1, 2, 3, 4]).view("u2").tolist())
    assert tensor_array(halves).tolist() == [[1, 2], [3, 4]]
    signed = pb.TensorProto(dtype=pb.DT_HALF, tensor_shape=shape, half_val=[0x3C00, 0xBC00 - 0x10000, -0x8000, -0x400])
    assert tensor_array(signed).tolist() == [[1, -1], [0, -np.inf]]
    bytes_ = pb.TensorProto(dtype=pb.DT_INT8, tensor_shape=shape, int_val=[-1, 2, -128, 127])
    assert tensor_array(bytes_).tolist() == [[-1, 2], [-128, 127]]
    large = pb.TensorProto(dtype=pb.DT_UINT64, tensor_shape=shape, uint64_val=[2**64 - 1, 0, 1, 2**63])
    assert tensor_array(large).tolist() == [[2**64 - 1, 0], [1, 2**63]]
    filled = pb.TensorProto(dtype=pb.DT_FLOAT, tensor_shape=shape, float_val=[7.5])
    assert tensor_array(filled).tolist() == [[7.5, 7.5], [7.5, 7.5]]


def test_all_values_of_the_smallest_float_type() -> None:
    bits = np.arange(256, dtype=np.uint8)
    proto = pb.TensorProto(dtype=pb.DT_FLOAT8_E4M3FN, tensor_content=bits.tobytes())
    proto.tensor_shape.dim.add(size=256)
    want = bits.view(ml_dtypes.float8_e4m3fn).astype(np.float32)
    np.testing.assert_array_equal(tensor_array(proto), want)


@pytest.mark.parametrize(
    ("dtype", "values", "read"),
    [
        (pb.DT_QINT8, [-128, 127], "int8"),
        (pb.DT_QUINT8, [0, 255], "uint8"),
        (pb.DT_QINT16, [-5, 5], "int16"),
        (pb.DT_QUINT16, [0, 65535], "uint16"),
        (pb.DT_QINT32, [-(2**31), 7], "int32"),
        (pb.DT_INT4, [-8, 7], "int8"),
        (pb.DT_UINT4, [0, 15], "uint8"),
    ],
)
def test_quantised_and_narrow_types_are_their_whole_numbers(dtype: int, values: list[int], read: str) -> None:
    shape = pb.TensorShapeProto(dim=[pb.TensorShapeProto.Dim(size=2)])
    listed = tensor_array(pb.TensorProto(dtype=dtype, tensor_shape=shape, int_val=values))
    assert (listed.dtype.name, listed.tolist()) == (read, values)
    content = np.array(values, read).tobytes()
    packed = tensor_array(pb.TensorProto(dtype=dtype, tensor_shape=shape, tensor_content=content))
    assert (packed.dtype.name, packed.tolist()) == (read, values)
    assert stored_type(dtype) == pb.DataType.Name(dtype)[3:].lower()


def test_strings() -> None:
    proto = tensor_proto(np.array([["a", "ü"], ["", "c"]]))
    assert tensor_array(proto).tolist() == [[b"a", "ü".encode()], [b"", b"c"]]
    assert tensor_array(string_tensor([b"\xff"], ())).item() == b"\xff"


def test_what_does_not_fit_is_said() -> None:
    proto = pb.TensorProto(dtype=pb.DT_FLOAT, float_val=[1, 2, 3])
    proto.tensor_shape.dim.add(size=2)
    with pytest.raises(ValueError, match=r"shape \(2,\) with 3 values"):
        tensor_array(proto)
    with pytest.raises(ValueError, match="unknown type"):
        tensor_array(pb.TensorProto(dtype=0))
    with pytest.raises(TypeError, match="datetime64"):
        tensor_proto(np.zeros(1, "datetime64[s]"))
    with pytest.raises(TypeError, match="a string tensor holds str or bytes, got int"):
        tensor_proto(np.array(["a", 1], object))


def test_few_bytes_do_not_ask_for_much_memory() -> None:
    """Of a scalar that was left out numpy's zero stands; of millions of values nothing."""
    assert tensor_array(pb.TensorProto(dtype=pb.DT_FLOAT)).item() == 0
    for proto in (
        string_tensor([b"x" * 100_000], (1 << 20,)),
        string_tensor([b""], (1 << 24,)),
        pb.TensorProto(dtype=pb.DT_COMPLEX128, tensor_shape=string_tensor([], (1 << 23,)).tensor_shape),
        pb.TensorProto(dtype=pb.DT_FLOAT, tensor_shape=string_tensor([], (1 << 40, 1 << 40)).tensor_shape),
    ):
        with pytest.raises(ValueError, match="too many to fill in"):
            tensor_array(proto)


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_the_halves_of_pytorch_are_the_numbers_that_were_logged(name: str, tmp_path: Path) -> None:
    """Its writer puts the bits of 32-bit floats where those of 16-bit ones belong; TensorBoard fails at them."""
    torch = pytest.importorskip("torch")
    tensorboard = pytest.importorskip("torch.utils.tensorboard")
    logged = torch.tensor([[0.0, -0.0, 1.5], [-2.25, float("nan"), float("-inf")]], dtype=getattr(torch, name))
    with tensorboard.SummaryWriter(str(tmp_path)) as writer:
        writer.add_tensor("t", logged, 0)
        writer.add_tensor("zero", torch.zeros(3, dtype=logged.dtype), 0)
    with open_logdir(tmp_path, index_dir=False) as log:
        back = log.tensors(".", "t")[0]
        assert back.dtype == (np.float16 if name == "float16" else np.float32)
        np.testing.assert_array_equal(back, logged.float().numpy())
        assert log.tensors(".", "zero")[0].tolist() == [0.0, 0.0, 0.0]
