"""The custom-scalar layouts of all runs put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError

from ...logger.errors import LogError
from ...logger.plugins import CUSTOM_SCALARS_LAYOUT_TAG
from ...logger.proto.event_pb2 import Summary
from ...logger.proto.plugins_pb2 import Layout
from ...logger.tensors import string_array
from .stored import find_series

if TYPE_CHECKING:
    from ...logger import LogDir

__all__ = ["merged_layout"]


def merged_layout(log: LogDir) -> Layout | None:
    """Categories of one title share their charts; runs come in order of their names. None where there is no layout."""
    merged = None
    for run in sorted(log.runs):
        layout = _layout(log, run)
        if layout is None:
            continue
        if merged is None:
            merged = layout
            continue
        known = {category.title: category for category in merged.category}
        for category in layout.category:
            if category.title in known:
                mine = known[category.title]
                mine.chart.extend([chart for chart in category.chart if chart not in mine.chart])
            else:
                merged.category.add().MergeFrom(category)
    return merged


def _layout(log: LogDir, run: str) -> Layout | None:
    """The run's last layout; None where there is none that can be read."""
    series = find_series(log, run, "custom_scalars", CUSTOM_SCALARS_LAYOUT_TAG)
    if series is None or not len(series):
        return None
    try:
        (text,) = string_array(Summary.Value.FromString(series.raw(-1)).tensor).ravel().tolist()
        return Layout.FromString(text)
    except (LogError, DecodeError, ValueError):
        return None
