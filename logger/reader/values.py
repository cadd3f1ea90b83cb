"""Blobs decoded: what `log.images(run, tag)[i]` and its kin return."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from google.protobuf.message import DecodeError

from ..errors import CorruptRecord
from ..proto.event_pb2 import HistogramProto, Summary, TaggedRunMetadata, TensorProto
from ..proto.plugins_pb2 import HParamsPluginData, Layout, MeshPluginData
from ..tensors import tensor_array
from . import kinds
from . import layout as L
from .plain_messages import plain

__all__ = ["Audio", "Graph", "Histogram", "Image", "Mesh", "PrCurve", "decode_blob", "hparams_message"]

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Text: TypeAlias = str | Array


@dataclass(frozen=True)
class Histogram:
    """Buckets as they were stored: bucket i counts the values in left[i] … right[i]."""

    left: Floats
    right: Floats
    counts: Floats
    min: float
    max: float
    num: float
    sum: float  # NaN where the writer stored buckets alone
    sum_squares: float


@dataclass(frozen=True)
class Image:
    """One or several encoded pictures of one size, logged together."""

    width: int
    height: int
    mime: str
    samples: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        """The first picture, encoded; empty where there is none."""
        return self.samples[0] if self.samples else b""


@dataclass(frozen=True)
class Audio:
    """One or several encoded sounds, logged together. What the writer did not say is None."""

    mime: str
    samples: tuple[bytes, ...]
    labels: tuple[str, ...]
    sample_rate: float | None
    channels: int | None
    frames: int | None

    @property
    def data(self) -> bytes:
        """The first sound, encoded; empty where there is none."""
        return self.samples[0] if self.samples else b""


@dataclass(frozen=True)
class PrCurve:
    """Counts and ratios at n thresholds, evenly spaced from 0 to 1."""

    true_positives: Array
    false_positives: Array
    true_negatives: Array
    false_negatives: Array
    precision: Array
    recall: Array


@dataclass(frozen=True)
class Mesh:
    """One part of a mesh: `part` is "vertex", "face" or "color", `data` has shape (batch, n, 3)."""

    name: str
    part: str
    data: Array
    config: dict[str, Any]


@dataclass(frozen=True)
class Graph:
    """A model graph: `format` is "graph_def", "run_metadata" (serialised messages) or "keras" (JSON)."""

    format: str
    data: bytes


def decode_blob(kind: str, code: int, content: bytes, data: bytes) -> Any:
    """The value in `data`, the message of a blob row; `content` is the plugin's message in the tag's metadata.

    Raises CorruptRecord when the message is not what its kind says.
    """
    try:
        if kind == kinds.GRAPHS:
            return _graph(code, data)
        value = Summary.Value.FromString(data)
        decode = _DECODERS.get(kind)
        if decode is not None:
            return decode(value, content)
        return tensor_array(value.tensor) if value.HasField("tensor") else value.metadata.plugin_data.content
    except (DecodeError, ValueError, struct.error, OverflowError, MemoryError) as error:
        raise CorruptRecord(f"the stored value is no valid {kind}: {error}") from error


# --- one function per kind --------------------------------------------------------------------------------------------


def _histogram(value: Summary.Value, content: bytes) -> Histogram:
    if value.HasField("histo"):
        return _stored_histogram(value.histo)
    table = tensor_array(value.tensor).astype(np.float64).reshape(-1, 3)
    left, right, counts = table.T
    filled = np.flatnonzero(counts > 0)
    low = float(left[filled[0]]) if len(filled) else float("nan")
    high = float(right[filled[-1]]) if len(filled) else float("nan")
    return Histogram(left, right, counts, low, high, float(counts.sum()), float("nan"), float("nan"))


def _stored_histogram(stored: HistogramProto) -> Histogram:
    right, counts = np.array(stored.bucket_limit, np.float64), np.array(stored.bucket, np.float64)
    if len(right) != len(counts):
        raise ValueError(f"{len(right)} bucket limits and {len(counts)} counts")
    # The message holds right edges only. Writers may put an empty bucket below the minimum.
    left = np.concatenate([np.minimum(stored.min, right[:1]), right[:-1]])
    return Histogram(left, right, counts, stored.min, stored.max, stored.num, stored.sum, stored.sum_squares)


def _image(value: Summary.Value, content: bytes) -> Image:
    if value.HasField("image"):
        stored = value.image
        data = stored.encoded_image_string
        return Image(stored.width, stored.height, _image_type(data), (data,))
    strings = _strings(value.tensor).ravel().tolist()
    if len(strings) < 2:
        raise ValueError(f"an image tensor begins with width and height, got {len(strings)} strings")
    samples = tuple(strings[2:])
    return Image(int(strings[0]), int(strings[1]), _image_type(samples[0]) if samples else "", samples)


def _image_type(data: bytes) -> str:
    if data.startswith(b"\x89PNG"):
        return "image/png"
    if data.startswith(b"\xff\xd8"):
        return "image/jpeg"
    if data.startswith(b"GIF8"):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"BM"):
        return "image/bmp"
    return "image/svg+xml" if data.lstrip()[:4] in (b"<svg", b"<?xm") else "application/octet-stream"


def _audio(value: Summary.Value, content: bytes) -> Audio:
    if value.HasField("audio"):
        stored = value.audio
        mime = stored.content_type or "audio/wav"
        return Audio(
            mime, (stored.encoded_audio_string,), ("",), stored.sample_rate, stored.num_channels, stored.length_frames
        )
    strings = _strings(value.tensor)
    pairs = strings.reshape(-1, 2) if strings.ndim == 2 and strings.shape[1] == 2 else strings.reshape(-1, 1)
    samples = tuple(row[0] for row in pairs)
    labels = tuple(row[1].decode("utf-8", "replace") if len(row) > 1 else "" for row in pairs)
    rate, channels, frames = _wave_header(samples[0]) if samples else (None, None, None)
    return Audio("audio/wav", samples, labels, rate, channels, frames)


def _wave_header(data: bytes) -> tuple[float | None, int | None, int | None]:
    """(sample rate, channels, frames) of a WAV file; None where they cannot be told."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None, None, None
    position, rate, channels, frame_size = 12, None, None, 0
    while position + 8 <= len(data):
        name, size = data[position : position + 4], struct.unpack_from("<I", data, position + 4)[0]
        if name == b"fmt " and size >= 16:
            _, channels, rate, _, frame_size = struct.unpack_from("<HHIIH", data, position + 8)
        elif name == b"data":
            return rate, channels, size // frame_size if frame_size else None
        position += 8 + size + size % 2
    return rate, channels, None


def _text(value: Summary.Value, content: bytes) -> Text:
    strings = _strings(value.tensor)
    text = np.empty(strings.shape, object)
    text.ravel()[:] = [item.decode("utf-8", "replace") for item in strings.ravel()]
    return text if text.ndim else str(text.item())


def _tensor(value: Summary.Value, content: bytes) -> Any:
    if value.HasField("tensor"):
        return tensor_array(value.tensor)
    return value.metadata.plugin_data.content


def _pr_curve(value: Summary.Value, content: bytes) -> PrCurve:
    table = tensor_array(value.tensor)
    if table.ndim != 2 or len(table) != 6:
        raise ValueError(f"a PR curve has shape (6, n), got {table.shape}")
    return PrCurve(*table)


def _mesh(value: Summary.Value, content: bytes) -> Mesh:
    data = MeshPluginData.FromString(content)
    part = {1: "vertex", 2: "face", 3: "color"}.get(data.content_type, "")
    try:
        config = json.loads(data.json_config) if data.json_config else {}
    except json.JSONDecodeError:
        config = {}
    return Mesh(data.name, part, tensor_array(value.tensor), config if isinstance(config, dict) else {})


def hparams_message(content: bytes) -> HParamsPluginData:
    """The hparams plugin's message, which stands in a tag's metadata. Raises CorruptRecord."""
    if content.strip() == b"{}":  # old writers put JSON here
        return HParamsPluginData()
    try:
        return HParamsPluginData.FromString(content)
    except DecodeError as error:
        raise CorruptRecord(f"the stored value is no valid hparams message: {error}") from error


def _hparams(value: Summary.Value, content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = plain(hparams_message(value.metadata.plugin_data.content or content))
    return found


def _layout(value: Summary.Value, content: bytes) -> dict[str, Any]:
    strings = _strings(value.tensor).ravel().tolist()
    message = Layout.FromString(strings[0] if strings else b"")
    layout: dict[str, Any] = plain(message)
    return layout


def _graph(code: int, data: bytes) -> Graph:
    if code == L.CODE_GRAPH:
        return Graph("graph_def", data)
    if code == L.CODE_META_GRAPH:
        return Graph("graph_def", _field(data, 2))
    if code == L.CODE_RUN_METADATA:
        return Graph("run_metadata", TaggedRunMetadata.FromString(data).run_metadata)
    value = Summary.Value.FromString(data)
    strings = _strings(value.tensor).ravel().tolist()
    text = strings[0] if strings else b""
    return Graph("keras" if text[:1] == b"{" else "run_metadata", text)


def _field(message: bytes, number: int) -> bytes:
    """The content of a length-delimited field; the messages around a graph are not worth a declaration."""
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        if key & 7 != 2:
            raise ValueError("unexpected field in a MetaGraphDef")
        size, position = _varint(message, position)
        if key >> 3 == number:
            return message[position : position + size]
        position += size
    return b""


def _varint(message: bytes, position: int) -> tuple[int, int]:
    """(value, position behind it)."""
    value = 0
    for count, byte in enumerate(message[position : position + 10]):
        value |= (byte & 127) << 7 * count
        if byte < 128:
            return value, position + count + 1
    raise ValueError("a number without an end")


def _strings(tensor: TensorProto) -> Array:
    """A tensor of bytes."""
    array = tensor_array(tensor)
    if array.dtype != object:
        raise ValueError(f"strings expected, got {array.dtype}")
    return array


_DECODERS: dict[str, Callable[[Summary.Value, bytes], Any]] = {
    kinds.HISTOGRAMS: _histogram,
    kinds.IMAGES: _image,
    kinds.AUDIO: _audio,
    kinds.TEXT: _text,
    kinds.TENSORS: _tensor,
    kinds.PR_CURVES: _pr_curve,
    kinds.MESHES: _mesh,
    kinds.HPARAMS: _hparams,
    kinds.CUSTOM_SCALARS: _layout,
}
