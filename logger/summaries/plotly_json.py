"""The parts of a Plotly figure → JSON. Values that are not finite become null, as Plotly writes them.

Written a few thousand numbers at a time: the json module lets no other thread run until it is done, and with a whole
figure of a million numbers training would stand still for as long.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["plotly_json"]

_AT_ONCE = 2000  # numbers
_SIMPLE = (type(None), int, float, str)


def plotly_json(figure: Any) -> str:
    """The figure as JSON. Raises ValueError or TypeError where that cannot be written."""
    pieces: list[str] = []
    try:
        _write(figure, pieces)
    except RecursionError:
        raise ValueError("the figure is nested too deep to be one, or within itself") from None
    return "".join(pieces)


def _write(value: Any, pieces: list[str]) -> None:
    if isinstance(value, _SIMPLE):
        pieces.append(_dumped(value))
    elif isinstance(value, dict):
        pieces.append("{")
        for place, (key, one) in enumerate(value.items()):
            pieces.append("," * bool(place) + _key(key) + ":")
            _write(one, pieces)
        pieces.append("}")
    elif isinstance(value, (list, tuple)):
        _write_list(value, pieces)
    elif isinstance(value, np.ndarray) and value.ndim:
        _write_array(value, pieces)
    else:
        _write(_plain(value), pieces)


def _write_list(values: Sequence[Any], pieces: list[str]) -> None:
    pieces.append("[")
    if all(issubclass(kind, _SIMPLE) for kind in set(map(type, values))):
        for start in range(0, len(values), _AT_ONCE):
            pieces.append("," * bool(start) + _dumped(values[start : start + _AT_ONCE])[1:-1])
    else:
        for place, one in enumerate(values):
            pieces.append("," * bool(place))
            _write(one, pieces)
    pieces.append("]")


def _write_array(array: npt.NDArray[Any], pieces: list[str]) -> None:
    """In pieces of several rows; rows that are long, each as an array."""
    if array.dtype.hasobject or (array.ndim > 1 and array.size > _AT_ONCE * len(array)):
        _write_list(list(array), pieces)
        return
    rows = max(1, _AT_ONCE * len(array) // max(1, array.size))
    pieces.append("[")
    for start in range(0, len(array), rows):
        pieces.append("," * bool(start) + _dumped(_numbers(array[start : start + rows]))[1:-1])
    pieces.append("]")


def _dumped(plain: Any) -> str:
    try:
        return json.dumps(plain, separators=(",", ":"), allow_nan=False)
    except ValueError:
        return json.dumps(_finite(plain), separators=(",", ":"), allow_nan=False)


def _key(key: Any) -> str:
    """As the json module writes the keys of dicts. Raises TypeError for those that it does not."""
    return json.dumps(key) if type(key) is str else json.dumps({key: 0})[1:-4]


def _plain(value: Any) -> Any:
    """What the json module has no words for, as something that it has."""
    if isinstance(value, (np.ndarray, np.generic)):
        return _numbers(np.asarray(value))
    if isinstance(value, date):  # and datetime, and pandas' timestamps, of which NaT is one
        return value.isoformat() if value == value else None
    if hasattr(value, "to_numpy"):  # a series or an index of pandas or polars
        return value.to_numpy()
    for method in ("to_plotly_json", "tolist"):
        if hasattr(value, method):
            return getattr(value, method)()
    if isinstance(value, (set, frozenset, range)):
        return list(value)
    if hasattr(value, "__float__"):
        return float(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _numbers(array: npt.NDArray[Any]) -> Any:
    if array.dtype.kind == "M":
        return np.where(np.isnat(array), np.array(None), np.datetime_as_string(array).astype(object)).tolist()
    if array.dtype.kind != "f":
        return array.tolist()
    # float32 has few digits: 0.1 and not 0.10000000149011612
    wide = array if array.dtype == np.float64 else array.astype(str).astype(np.float64)
    return wide.tolist()


def _finite(value: Any) -> Any:
    """Floats that are not finite replaced by None, through lists."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return [_finite(one) for one in value] if isinstance(value, (list, tuple)) else value
