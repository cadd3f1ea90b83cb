"""Meshes as TensorBoard looks at them: parts with tags of their own that name the mesh they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from google.protobuf.message import DecodeError

from ...logger.errors import LogError
from ...logger.proto.plugins_pb2 import MeshPluginData
from ..numbers import cleansed
from ..queries import Refused
from .stored import find_series, read_all

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.reader import BlobSeries

__all__ = ["mesh_entries", "mesh_tags", "part_bytes"]

_VERSION = 0  # of the plugin's message
_ALL_PARTS = sum(1 << number for number in MeshPluginData.ContentType.values() if number)  # writers may not say
_TYPES = {"VERTEX": np.float32, "FACE": np.int32, "COLOR": np.uint8}


def mesh_tags(log: LogDir) -> dict[str, dict[str, Any]]:
    """{run: {mesh: {samples}}}"""
    answer: dict[str, dict[str, Any]] = {}
    for run in log.runs:
        for message, _ in _parts(log, run):
            if message.shape:
                answer.setdefault(run, {})[message.name] = {"samples": message.shape[0]}
    return answer


def mesh_entries(log: LogDir, run: str, mesh: str) -> list[dict[str, Any]]:
    """Every value of every part, in order of step; the numbers themselves are left out."""
    entries = [
        {
            "wall_time": cleansed(wall),
            "step": step,
            "content_type": message.content_type,
            "components": message.components or _ALL_PARTS,
            "config": message.json_config,
            "data_shape": list(message.shape),
        }
        for message, series in _parts(log, run)
        if message.name == mesh
        for wall, step in zip(series.wall_time.tolist(), series.step.tolist(), strict=True)
    ]
    return sorted(entries, key=lambda entry: entry["step"])


def part_bytes(log: LogDir, run: str, mesh: str, part: str, step: float, sample: int) -> bytes:
    """The numbers of the values of a part at a step, one after the other. Raises Refused."""
    if part not in _TYPES:
        raise Refused(f"content_type: expected one of {', '.join(_TYPES)}, got {part[:80]!r}")
    found = []
    for message, series in _parts(log, run):
        if message.name == mesh and message.content_type == MeshPluginData.ContentType.Value(part):
            for index, value in read_all(series):
                if series.step[index] == step:
                    found.append(_sample(value.data, sample))
    return b"".join(array.astype(_TYPES[part]).tobytes() for array in found)


def _sample(batch: Any, sample: int) -> Any:
    if not -len(batch) <= sample < len(batch):
        raise Refused(f"sample: there are {len(batch)}, got {sample}")
    return batch[sample]


def _parts(log: LogDir, run: str) -> Iterator[tuple[MeshPluginData, BlobSeries]]:
    """The parts of all meshes of a run; none where there is no such run."""
    try:
        tags = log.tags(run).get("meshes", [])
    except LogError:
        return
    for tag in tags:
        series = find_series(log, run, "meshes", tag)
        if series is None:
            continue
        try:
            message = MeshPluginData.FromString(series.metadata.content)
        except DecodeError:
            continue
        if message.version == _VERSION:
            yield message, series
