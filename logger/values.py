"""Values of any framework → Python numbers and numpy arrays. No framework is imported: torch is looked up where loaded.

What is taken here is a copy: the caller may change its buffer at once. Values on a CUDA device are copied to pinned
memory in stream order without waiting for the device, and read when the copy is done, on the background thread.
"""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable, Iterable
from typing import Any, SupportsFloat

import numpy as np
import numpy.typing as npt

from .errors import WriterError

Array = npt.NDArray[Any]

_INT64_MAX = 2**63 - 1

# Types whose values give a Python number without a closer look → how. Torch's tensors come in when one is first met.
_QUICK: dict[type, Callable[[Any], object]] = {
    float: float,
    int: int,
    np.float64: np.float64.item,
    np.float32: np.float32.item,
    np.ndarray: np.ndarray.item,
}


def quick_number(value: object) -> float | None:
    """What `number` gives, for the usual kinds of plain values, several times as fast; None for anything else."""
    read = _QUICK.get(value.__class__)
    if read is None:
        return None
    try:
        found = read(value)
        return float(found) if found.__class__ is float or found.__class__ is int else None
    except (ValueError, RuntimeError, OverflowError):  # more than one number, or one too large: `number` has the words
        return None


def _quick_item(tensor: Any) -> object:
    """A CUDA value must not be waited for."""
    return None if tensor.is_cuda else tensor.item()


def number(call: str, value: object) -> SupportsFloat:
    """One real number: a float, or a PendingArray (which has `__float__`) for a value on a CUDA device.

    Raises TypeError or ValueError when `value` is not exactly one real number; `call` opens the sentence.
    """
    if isinstance(value, (float, int)):
        return _float(value)
    if isinstance(value, (str, bytes, type(None), complex, np.complexfloating, np.datetime64, np.timedelta64)):
        raise TypeError(f"{call}: expected one number, got {described(value)}")
    if isinstance(value, (np.floating, np.integer, np.bool_)):
        return float(value)
    if is_torch_tensor(value):
        _QUICK.setdefault(sys.modules["torch"].Tensor, _quick_item)
        return _torch_number(call, value)
    shape = getattr(value, "shape", None)
    if shape is not None and math.prod(shape) != 1:
        raise ValueError(f"{call}: expected one number, got {described(value)}")
    return _duck_number(call, value)


def _duck_number(call: str, value: Any) -> float:
    for read in (_by_item, _by_float, _by_array):
        try:
            return read(value)
        except (TypeError, ValueError, AttributeError):
            continue
    raise TypeError(f"{call}: expected one number, got {described(value)}")


def _by_item(value: Any) -> float:
    item = value.item()
    if isinstance(item, (complex, str, bytes)):
        raise TypeError
    return _float(item)


def _by_float(value: Any) -> float:
    return _float(value)


def _float(value: Any) -> float:
    """`float`, with infinity for what is beyond it."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _by_array(value: Any) -> float:
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind in "OSUcMm":
        raise TypeError
    return float(array.reshape(()))


def step_number(call: str, step: object) -> int:
    """`global_step` as an int64. None is 0; floats are cut, as `int()` does.

    Raises TypeError when it is no number, ValueError when it does not fit 64 bits.
    """
    if step is None:
        return 0
    try:
        whole = operator.index(step)  # type: ignore[arg-type]
    except TypeError:
        try:
            whole = int(float(number(call, step)))
        except (TypeError, ValueError, OverflowError) as error:
            raise TypeError(f"{call}: global_step must be an integer, got {described(step)}") from error
    if not -_INT64_MAX - 1 <= whole <= _INT64_MAX:
        raise ValueError(f"{call}: global_step must fit 64 bits, got {whole}")
    return whole


def array(call: str, value: object, *, what: str = "an array") -> Array | PendingArray:
    """A copy of `value` as a numpy array, or a PendingArray when it lies on a CUDA device.

    Lists and tuples of numbers or of arrays of equal shape are taken as arrays. Half-precision types numpy lacks come
    as float32. Raises TypeError when `value` is no array of numbers, booleans or strings.
    """
    if is_torch_tensor(value):
        return _torch_array(call, value)
    if isinstance(value, (list, tuple)) and any(is_torch_tensor(item) for item in value):
        value = [np.asarray(_torch_array(call, item)) if is_torch_tensor(item) else item for item in value]
    try:
        taken = np.array(value)  # a copy, always
    except (TypeError, ValueError) as error:
        raise TypeError(f"{call}: expected {what}, got {described(value)}") from error
    if taken.dtype.kind == "V" and taken.dtype.names is None:  # bfloat16 and the 8-bit floats of ml_dtypes
        taken = taken.astype(np.float32)
    if taken.dtype == object and taken.size and all(isinstance(one, str) for one in taken.flat):
        taken = taken.astype(str)  # strings of pandas and polars
    if taken.dtype == object:
        raise TypeError(f"{call}: expected {what}, got {described(value)}")
    return taken


class PendingArray:
    """An array on its way from a CUDA device: `shape` and `nbytes` now, the values when the copy is done.

    `host` is the pinned tensor that receives it, `done` a CUDA event recorded behind the copy.
    """

    def __init__(self, host: Any, done: Any) -> None:
        self._host = host
        self._done = done
        self.shape: tuple[int, ...] = tuple(host.shape)
        self.nbytes: int = host.numel() * host.element_size()
        self.dtype_name: str = str(host.dtype).removeprefix("torch.")

    @property
    def ready(self) -> bool:
        """Whether the copy is done; asks the driver, never waits."""
        return bool(self._done.query())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Waits for this one copy (not for the device), then gives the values."""
        self._done.synchronize()
        values: Array = self._host.numpy()
        return values if dtype is None else values.astype(dtype)

    def __float__(self) -> float:
        return float(np.asarray(self).reshape(()))


def is_torch_tensor(value: object) -> bool:
    """Whether this is a tensor of torch, where torch is loaded."""
    torch = sys.modules.get("torch")
    tensor_type = getattr(torch, "Tensor", None)
    return tensor_type is not None and isinstance(value, tensor_type)


def _torch_number(call: str, tensor: Any) -> SupportsFloat:
    if tensor.numel() != 1:
        raise ValueError(f"{call}: expected one number, got {described(tensor)}")
    if tensor.is_complex():
        raise TypeError(f"{call}: expected one number, got {described(tensor)}")
    if tensor.is_cuda:
        return _from_cuda(call, tensor.detach())
    if tensor.is_meta:
        raise TypeError(f"{call}: expected one number, got a tensor on the meta device, which holds no values")
    return float(tensor.item())


def _torch_array(call: str, tensor: Any) -> Array | PendingArray:
    if tensor.is_meta:
        raise TypeError(f"{call}: expected an array, got a tensor on the meta device, which holds no values")
    tensor = tensor.detach()
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.layout is not sys.modules["torch"].strided:
        tensor = tensor.to_dense()
    tensor = tensor.resolve_conj().resolve_neg()
    if tensor.is_floating_point() and (tensor.element_size() == 1 or "bfloat16" in str(tensor.dtype)):
        tensor = tensor.float()
    if tensor.is_cuda:
        return _from_cuda(call, tensor)
    # numpy's copy: torch's would wake its thread pool, which takes longer than copying.
    return np.array(tensor.cpu().numpy())


def _from_cuda(call: str, tensor: Any) -> PendingArray:
    """Start the copy to pinned memory on the current stream, and mark its end there."""
    cuda = sys.modules["torch"].cuda
    stream = cuda.current_stream(tensor.device)
    if cuda.is_current_stream_capturing():
        raise WriterError(
            f"{call}: the value lies on a stream that is capturing a CUDA graph, where nothing has been computed yet;"
            " log it after replaying the graph"
        )
    host = tensor.to("cpu", non_blocking=True)  # pinned, because non-blocking
    done = cuda.Event(blocking=True)  # a waiting background thread sleeps instead of spinning
    stream.record_event(done)
    return PendingArray(host, done)


def described(value: object) -> str:
    """What came, for the end of an error sentence."""
    if value is None:
        return "None"
    if isinstance(value, (str, bytes)):
        kind = "the string" if isinstance(value, str) else "the bytes"
        return f"{kind} {value!r}" if len(value) <= 40 else f"{kind} {value[:40]!r}…"
    if isinstance(value, (complex, np.complexfloating)):
        return f"the complex number {value}"
    shape = getattr(value, "shape", None)
    if isinstance(shape, Iterable):  # a tuple, a torch.Size, a TensorShape
        dtype = str(getattr(value, "dtype", ""))
        odd = "complex" in dtype or "str" in dtype or dtype in ("object", "bool") or dtype.startswith(("<U", "|S"))
        return f"an array of shape {tuple(shape)}" + (f" and type {dtype}" if odd else "")
    if isinstance(value, (list, tuple, dict, set)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
