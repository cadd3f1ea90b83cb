"""Tensors as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import plugins
from ..proto.event_pb2 import Summary
from ..tensors import tensor_proto

_MOST_BYTES = 2**31 - 2**16  # a protobuf message ends at 2 GB


def check_tensor(call: str, nbytes: int) -> None:
    """Raises ValueError when the tensor is too large for a message."""
    if nbytes > _MOST_BYTES:
        raise ValueError(f"{call}: a tensor of {nbytes} bytes does not fit the 2 GB of one event")


def tensor_summary(tag: str, array: Any) -> Summary:
    """Values and shape of any numeric, boolean or string array."""
    value = Summary.Value(tag=tag, metadata=plugins.metadata(plugins.TENSOR), tensor=tensor_proto(np.asarray(array)))
    return Summary(value=[value])
