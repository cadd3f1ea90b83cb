"""TensorBoard's way of reading event files from Python, for scripts that are written for it.

    from stepscope.logger.compat import EventAccumulator
    # instead of: from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    accumulator.py   EventAccumulator: the values of one run
    multiplexer.py   EventMultiplexer: several runs
    events.py        what they return; reservoir.py how many of them are kept
    event_stream.py  the events of a run's files; assets.py files of plugins beside them

Methods, fields, errors and answers are those of TensorBoard 2.21, the choice of values where not all are kept included.
A damaged record hides nothing but itself; TensorBoard stops there.
"""

from __future__ import annotations

from ..percentiles import BASIS_POINTS as NORMAL_HISTOGRAM_BPS
from ..tensors import tensor_array as make_ndarray
from .accumulator import (
    AUDIO,
    COMPRESSED_HISTOGRAMS,
    DEFAULT_SIZE_GUIDANCE,
    GRAPH,
    HISTOGRAMS,
    IMAGES,
    META_GRAPH,
    RUN_METADATA,
    SCALARS,
    STORE_EVERYTHING_SIZE_GUIDANCE,
    TENSORS,
    EventAccumulator,
)
from .events import (
    AudioEvent,
    CompressedHistogramEvent,
    HistogramEvent,
    HistogramValue,
    ImageEvent,
    ScalarEvent,
    TensorEvent,
)
from .multiplexer import EventMultiplexer

__all__ = [
    "AUDIO",
    "COMPRESSED_HISTOGRAMS",
    "DEFAULT_SIZE_GUIDANCE",
    "GRAPH",
    "HISTOGRAMS",
    "IMAGES",
    "META_GRAPH",
    "NORMAL_HISTOGRAM_BPS",
    "RUN_METADATA",
    "SCALARS",
    "STORE_EVERYTHING_SIZE_GUIDANCE",
    "TENSORS",
    "AudioEvent",
    "CompressedHistogramEvent",
    "EventAccumulator",
    "EventMultiplexer",
    "HistogramEvent",
    "HistogramValue",
    "ImageEvent",
    "ScalarEvent",
    "TensorEvent",
    "make_ndarray",
]
