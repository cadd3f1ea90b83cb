"""What an EventAccumulator returns: tuples with the field names that TensorBoard uses.

TensorBoard's own were tuples once and are dataclasses now: scripts for either find what they use, `_asdict` and
unpacking as well as `dataclasses.asdict`.
"""

from __future__ import annotations

from dataclasses import fields, make_dataclass
from typing import Any, NamedTuple, TypeVar

from ..proto.event_pb2 import HistogramProto, TensorProto

__all__ = [
    "AudioEvent", "CompressedHistogramEvent", "HistogramEvent", "HistogramValue", "ImageEvent", "ScalarEvent",
    "TensorEvent",
]  # fmt: skip


_Class = TypeVar("_Class")


def _as_dataclass(named_tuple: _Class) -> _Class:
    """The class, for the functions of `dataclasses` a dataclass of the same fields."""
    marked: Any = named_tuple
    own = fields(make_dataclass("Fields", marked._fields, repr=False, eq=False))
    marked.__dataclass_fields__ = {field.name: field for field in own}
    return named_tuple


@_as_dataclass
class ScalarEvent(NamedTuple):
    """A number; `wall_time` is in seconds since the epoch, here and below."""

    wall_time: float
    step: int
    value: float


@_as_dataclass
class HistogramValue(NamedTuple):
    """Counts of values: bucket i reaches from the limit before it up to bucket_limit[i]."""

    min: float
    max: float
    num: float
    sum: float
    sum_squares: float
    bucket_limit: list[float]
    bucket: list[float]

    @classmethod
    def of(cls, stored: HistogramProto) -> HistogramValue:
        """From the stored message."""
        edges, counts = list(stored.bucket_limit), list(stored.bucket)
        return cls(stored.min, stored.max, stored.num, stored.sum, stored.sum_squares, edges, counts)


@_as_dataclass
class HistogramEvent(NamedTuple):
    """A histogram."""

    wall_time: float
    step: int
    histogram_value: HistogramValue


@_as_dataclass
class CompressedHistogramEvent(NamedTuple):
    """A histogram as (basis point, value) pairs."""

    wall_time: float
    step: int
    compressed_histogram_values: list[tuple[int, float]]


@_as_dataclass
class ImageEvent(NamedTuple):
    """An encoded picture."""

    wall_time: float
    step: int
    encoded_image_string: bytes
    width: int
    height: int


@_as_dataclass
class AudioEvent(NamedTuple):
    """An encoded sound; `length_frames` samples a channel."""

    wall_time: float
    step: int
    encoded_audio_string: bytes
    content_type: str
    sample_rate: float
    length_frames: int


@_as_dataclass
class TensorEvent(NamedTuple):
    """A tensor as it was stored; `make_ndarray(event.tensor_proto)` is the array."""

    wall_time: float
    step: int
    tensor_proto: TensorProto
