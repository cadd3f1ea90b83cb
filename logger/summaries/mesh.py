"""Meshes and point clouds: vertices with faces and colours, one tensor each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from .. import plugins
from ..proto.event_pb2 import Summary
from ..proto.plugins_pb2 import MeshPluginData
from ..tensors import tensor_proto

_PARTS = {
    "VERTEX": MeshPluginData.VERTEX,
    "FACE": MeshPluginData.FACE,
    "COLOR": MeshPluginData.COLOR,
}


def check_part(call: str, part: str, shape: tuple[int, ...]) -> None:
    """Raises ValueError unless the shape is (batch, n, 3)."""
    if len(shape) != 3 or shape[2] != 3:
        raise ValueError(f"{call}: expected {part} of shape (batch, n, 3), got {shape}")


def config_text(call: str, config: Mapping[str, Any] | None) -> str:
    """The configuration as JSON, as it is now. Raises TypeError when it is no dict of what JSON can hold."""
    if config is None:
        return "{}"
    if not isinstance(config, Mapping):
        raise TypeError(f"{call}: config_dict must be a dict, got {type(config).__name__}")
    try:
        return json.dumps(dict(config), sort_keys=True)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{call}: config_dict cannot be written as JSON: {error}") from error


def mesh_summary(tag: str, parts: Mapping[str, Any], config: str) -> Summary:
    """`parts` maps VERTEX, FACE and COLOR to arrays of shape (batch, n, 3); `config` is JSON for three.js."""
    components = 0
    for part in parts:
        components |= 1 << _PARTS[part]
    values = []
    for part, taken in parts.items():
        array = np.asarray(taken).astype(np.float32)
        content = MeshPluginData(
            name=tag, content_type=_PARTS[part], components=components, shape=array.shape, json_config=config
        )
        metadata = plugins.metadata(plugins.MESH, content.SerializeToString())
        values.append(Summary.Value(tag=f"{tag}_{part}", metadata=metadata, tensor=tensor_proto(array)))
    return Summary(value=values)
