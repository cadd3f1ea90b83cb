"""Sounds of a log by their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..queries import Refused
from .blob_keys import BlobKey
from .samples import sampled_value

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.reader import BlobSeries

__all__ = ["clip", "content_type"]


def content_type(series: BlobSeries) -> str:
    """What TensorBoard calls the clips: WAV where the plugin's message says so, else bytes of any kind."""
    from google.protobuf.message import DecodeError

    from ...logger.proto.plugins_pb2 import AudioPluginData

    try:
        encoding = AudioPluginData.FromString(series.metadata.content).encoding
    except DecodeError:
        encoding = AudioPluginData.UNKNOWN
    return "audio/wav" if encoding == AudioPluginData.WAV else "application/octet-stream"


def clip(log: LogDir, key: BlobKey) -> bytes:
    """The encoded sound. Raises Refused (404)."""
    audio = sampled_value(log, "audio", key)
    if audio is None or not 0 <= key.part < len(audio.samples):
        raise Refused("there is no such clip (any more)", 404)
    data: bytes = audio.samples[key.part]
    return data
