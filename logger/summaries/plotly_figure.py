"""Plotly figures → JSON, without Plotly: its own objects, dicts of their form, or the text itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .. import plugins
from ..packed_parts import MOST_BYTES, packed
from ..proto.event_pb2 import Summary
from ..taken_objects import TakenObject, take_copy
from ..values import described
from .plotly_json import plotly_json


def taken_plotly(call: str, figure: Any) -> str | TakenObject:
    """The figure's JSON, or a copy to be written as JSON later. Raises TypeError or ValueError when it is no figure."""
    if isinstance(figure, (str, bytes)):
        return _checked_text(call, figure)
    parts = figure if isinstance(figure, Mapping) else _parts(figure)
    if parts is None:
        raise TypeError(f"{call}: expected a Plotly figure, a dict or a str of JSON, got {described(figure)}")
    if "data" not in parts:
        raise ValueError(f'{call}: expected a figure with "data" (a list of traces), got the keys {list(parts)[:8]}')
    data = parts["data"]
    if not isinstance(data, (list, tuple)) or not all(isinstance(trace, Mapping) or _parts(trace) for trace in data):
        raise TypeError(f'{call}: expected "data" as a list of traces (dicts), got {described(data)}')
    return take_copy(call, dict(parts), "the figure")


def plotly_summary(tag: str, taken: str | TakenObject) -> Summary:
    """The figure as one packed text. Raises ValueError or TypeError where it cannot be written as JSON."""
    text = _without_constants(taken) if isinstance(taken, str) else plotly_json(taken.read())
    tensor = packed([text.encode("utf-8", "replace")])
    return Summary(value=[Summary.Value(tag=tag, metadata=plugins.metadata(plugins.PLOTLY), tensor=tensor)])


def _checked_text(call: str, figure: str | bytes) -> str:
    text = figure.decode("utf-8", "replace") if isinstance(figure, bytes) else figure
    ends = text.lstrip()[:1], text.rstrip()[-1:]
    if ends != ("{", "}"):
        raise ValueError(f"{call}: expected a figure as JSON ({{…}}), got {described(figure)}")
    if len(text) > MOST_BYTES:
        raise ValueError(f"{call}: {len(text)} characters are too many for one figure; at most {MOST_BYTES} are stored")
    return text


def _parts(figure: Any) -> Any:
    """What Plotly's own objects hold, not copied where it can be reached; None for anything else."""
    plain = getattr(figure, "to_plotly_json", None)
    if plain is None:
        return None
    # `to_plotly_json` copies with deepcopy and writes arrays as base64: 60 times as long as copying them.
    data, layout, frames = (getattr(figure, name, None) for name in ("_data", "_layout", "frames"))
    if isinstance(data, list) and isinstance(layout, dict) and not frames:
        return {"data": data, "layout": layout}
    return plain()


def _without_constants(text: str) -> str:
    """The text itself where it is JSON a browser can read, else without NaN and infinities."""
    found = json.loads(text)
    return plotly_json(found) if any(word in text for word in ("NaN", "Infinity")) else text
