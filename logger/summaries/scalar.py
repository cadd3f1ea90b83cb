"""Scalars with metadata, or in more than 32 bits. Plain scalars are encoded in `scalar_records.py`."""

from __future__ import annotations

from typing import Any, SupportsFloat

import numpy as np

from .. import plugins
from ..proto.event_pb2 import Summary
from ..proto.plugins_pb2 import ScalarPluginData
from ..tensors import tensor_array, tensor_proto


def tensor_scalar_summary(
    tag: str, value: SupportsFloat, dtype: Any = np.float32, display_name: str = "", description: str = ""
) -> Summary:
    """One number as a tensor of no dimensions, with the scalars plugin's metadata."""
    content = ScalarPluginData().SerializeToString()
    with np.errstate(over="ignore"):
        tensor = tensor_proto(np.asarray(float(value), dtype))
    metadata = plugins.metadata(plugins.SCALARS, content, display_name, description)
    return Summary(value=[Summary.Value(tag=tag, tensor=tensor, metadata=metadata)])


def scalar_of(value: Summary.Value) -> float | None:
    """The number in a summary value, None when it is no scalar."""
    if value.HasField("simple_value"):
        return value.simple_value
    if value.HasField("tensor") and value.metadata.plugin_data.plugin_name == plugins.SCALARS:
        return float(tensor_array(value.tensor).reshape(-1)[0])
    return None
