"""Plotly figures → JSON, without Plotly: its own objects, dicts of their form, or the text itself."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import plugins
from ..packed_parts import MOST_BYTES, packed
from ..proto.event_pb2 import Summary
from ..taken_objects import TakenObject, take_copy
from ..values import described


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
    text = _without_constants(taken) if isinstance(taken, str) else _json(taken.read())
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
    return _json(found) if any(word in text for word in ("NaN", "Infinity")) else text


def _json(figure: Any) -> str:
    try:
        return json.dumps(figure, default=_plain, separators=(",", ":"), allow_nan=False)
    except ValueError:  # NaN in a list or circular; the second try tells
        return json.dumps(_finite(figure), default=_plain, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    """What the json module has no words for. Values that are not finite are null, as Plotly writes them."""
    if isinstance(value, np.generic):
        return _plain(np.asarray(value))
    if not isinstance(value, np.ndarray) and hasattr(value, "to_numpy"):  # a series or an index of pandas or polars
        value = value.to_numpy()
    if isinstance(value, np.ndarray):
        return _plain_array(value)
    if isinstance(value, date):  # and datetime, and pandas' timestamps
        return value.isoformat()
    for method in ("to_plotly_json", "tolist"):
        if hasattr(value, method):
            return getattr(value, method)()
    if isinstance(value, (set, frozenset, range)):
        return list(value)
    if hasattr(value, "__float__"):
        return _finite(float(value))
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _plain_array(array: npt.NDArray[Any]) -> Any:
    if array.dtype.kind == "M":
        return np.where(np.isnat(array), np.array(None), np.datetime_as_string(array).astype(object)).tolist()
    if array.dtype.kind != "f":
        return array.tolist()
    # float32 has few digits: 0.1 and not 0.10000000149011612
    wide = array if array.dtype == np.float64 else array.astype(str).astype(np.float64)
    return wide.tolist() if np.isfinite(wide).all() else _finite(wide.tolist())


def _finite(value: Any) -> Any:
    """Floats that are not finite replaced by None, through lists and dicts."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, (list, tuple)) else value
