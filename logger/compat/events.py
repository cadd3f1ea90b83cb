"""What an EventAccumulator returns: tuples with the field names that TensorBoard uses."""

from __future__ import annotations

from typing import NamedTuple

from ..proto.event_pb2 import HistogramProto, TensorProto

__all__ = [
    "AudioEvent", "CompressedHistogramEvent", "HistogramEvent", "HistogramValue", "ImageEvent", "ScalarEvent",
    "TensorEvent",
]  # fmt: skip


class ScalarEvent(NamedTuple):
    """A number; `wall_time` is in seconds since the epoch, here and below."""

    wall_time: float
    step: int
    value: float


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


class HistogramEvent(NamedTuple):
    """A histogram."""

    wall_time: float
    step: int
    histogram_value: HistogramValue


class CompressedHistogramEvent(NamedTuple):
    """A histogram as (basis point, value) pairs."""

    wall_time: float
    step: int
    compressed_histogram_values: list[tuple[int, float]]


class ImageEvent(NamedTuple):
    """An encoded picture."""

    wall_time: float
    step: int
    encoded_image_string: bytes
    width: int
    height: int


class AudioEvent(NamedTuple):
    """An encoded sound; `length_frames` samples a channel."""

    wall_time: float
    step: int
    encoded_audio_string: bytes
    content_type: str
    sample_rate: float
    length_frames: int


class TensorEvent(NamedTuple):
    """A tensor as it was stored; `make_ndarray(event.tensor_proto)` is the array."""

    wall_time: float
    step: int
    tensor_proto: TensorProto
