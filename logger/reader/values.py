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
from ..proto.event_pb2 import HistogramProto, Summary
from ..proto.plugins_pb2 import HParamsPluginData, Layout, MeshPluginData
from ..tensors import FEW_FILLED, string_array, tensor_array
from . import kinds
from .graph_values import decode_graph
from .media_values import decode_audio, decode_image
from .own_values import decode_confusion_matrix, decode_roc_curve, decode_table, decode_text
from .plain_messages import plain

__all__ = ["Histogram", "Mesh", "PrCurve", "decode_blob", "hparams_message"]

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Text: TypeAlias = str | Array

_MOST_EMPTY = 1 << 10  # rows or columns of a table without a text: as lists they take memory, though they hold nothing


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


def decode_blob(kind: str, code: int, content: bytes, data: bytes) -> Any:
    """The value in `data`, the message of a blob row; `content` is the plugin's message in the tag's metadata.

    Raises CorruptRecord when the message is not what its kind says.
    """
    try:
        if kind == kinds.GRAPHS:
            return decode_graph(code, data)
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
    table = _real_array(value).astype(np.float64).reshape(-1, 3)
    left, right, counts = table.T
    filled = np.flatnonzero(counts > 0)
    low = float(left[filled[0]]) if len(filled) else float("nan")
    high = float(right[filled[-1]]) if len(filled) else float("nan")
    with np.errstate(invalid="ignore", over="ignore"):  # infinite counts may cancel, large ones add up to infinity
        total = float(counts.sum())
    return Histogram(left, right, counts, low, high, total, float("nan"), float("nan"))


def _real_array(value: Summary.Value) -> Array:
    """The tensor of a kind that is drawn from its numbers. Raises ValueError for strings and complex numbers."""
    array = tensor_array(value.tensor, FEW_FILLED)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"numbers expected, got {'strings' if array.dtype == object else array.dtype}")
    return array


def _stored_histogram(stored: HistogramProto) -> Histogram:
    right, counts = np.array(stored.bucket_limit, np.float64), np.array(stored.bucket, np.float64)
    if len(right) != len(counts):
        raise ValueError(f"{len(right)} bucket limits and {len(counts)} counts")
    # The message holds right edges only. Writers may put an empty bucket below the minimum.
    left = np.concatenate([np.minimum(stored.min, right[:1]), right[:-1]])
    return Histogram(left, right, counts, stored.min, stored.max, stored.num, stored.sum, stored.sum_squares)


def _text(value: Summary.Value, content: bytes) -> Text:
    strings = string_array(value.tensor)
    if not strings.size and max(strings.shape) > _MOST_EMPTY:
        raise ValueError(f"texts of shape {strings.shape}, and none of them is there")
    text = np.empty(strings.shape, object)
    text.ravel()[:] = [item.decode("utf-8", "replace") for item in strings.ravel()]
    return text if text.ndim else str(text.item())


def _tensor(value: Summary.Value, content: bytes) -> Any:
    if value.HasField("tensor"):
        return tensor_array(value.tensor)
    return value.metadata.plugin_data.content


def _pr_curve(value: Summary.Value, content: bytes) -> PrCurve:
    table = _real_array(value)
    if table.ndim != 2 or len(table) != 6:
        raise ValueError(f"a PR curve has shape (6, n), got {table.shape}")
    return PrCurve(*table)


def _mesh(value: Summary.Value, content: bytes) -> Mesh:
    data = MeshPluginData.FromString(content)
    part = {1: "vertex", 2: "face", 3: "color"}.get(data.content_type, "")
    try:
        config = json.loads(data.json_config) if data.json_config else {}
    except (ValueError, RecursionError):
        config = {}
    return Mesh(data.name, part, _real_array(value), config if isinstance(config, dict) else {})


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
    strings = string_array(value.tensor).ravel().tolist()
    message = Layout.FromString(strings[0] if strings else b"")
    layout: dict[str, Any] = plain(message)
    return layout


_DECODERS: dict[str, Callable[[Summary.Value, bytes], Any]] = {
    kinds.HISTOGRAMS: _histogram,
    kinds.IMAGES: decode_image,
    kinds.AUDIO: decode_audio,
    kinds.TEXT: _text,
    kinds.TENSORS: _tensor,
    kinds.PR_CURVES: _pr_curve,
    kinds.MESHES: _mesh,
    kinds.HPARAMS: _hparams,
    kinds.CUSTOM_SCALARS: _layout,
    kinds.PLOTLY: decode_text,
    kinds.HTML: decode_text,
    kinds.TABLES: decode_table,
    kinds.CONFUSION_MATRICES: decode_confusion_matrix,
    kinds.ROC_CURVES: decode_roc_curve,
}
