"""Tensors as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import plugins
from ..proto.event_pb2 import Summary
from ..tensors import DTYPE_OF_NAME, tensor_proto

_MOST_BYTES = 2**31 - 2**16  # a protobuf message ends at 2 GB


def check_tensor(call: str, nbytes: int, dtype: np.dtype[Any] | None) -> None:
    """Raises ValueError when the tensor is too large for a message, TypeError when event files lack its type.

    `dtype` is None for a tensor that is on its way from a device.
    """
    if dtype is not None and dtype.kind not in "SU" and dtype.name not in DTYPE_OF_NAME:
        raise TypeError(f"{call}: event files have no type for {dtype}; use one of {', '.join(DTYPE_OF_NAME)}")
    if nbytes > _MOST_BYTES:
        raise ValueError(f"{call}: a tensor of {nbytes} bytes does not fit the 2 GB of one event")


def tensor_summary(tag: str, array: Any) -> Summary:
    """Values and shape of any numeric, boolean or string array."""
    value = Summary.Value(tag=tag, metadata=plugins.metadata(plugins.TENSOR), tensor=tensor_proto(np.asarray(array)))
    return Summary(value=[value])
