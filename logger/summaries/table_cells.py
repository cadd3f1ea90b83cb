"""The cells of a column → one type: that which holds all of them without loss, in the last resort text."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Sequence
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from ..table_columns import Column
from .image import eight_bit, pixels, png

Array = npt.NDArray[Any]

_INT64 = range(-(2**63), 2**63)
_CHANNELS = (1, 3, 4)
_MOST_TEXT = 1000  # characters of an array shown as text

# What each kind's cells are in memory: type, what stands where there is no value.
_EMPTY: dict[str, tuple[str, Any]] = {
    "number": ("f8", float("nan")),
    "int": ("i8", 0),
    "bool": ("?", False),
    "time": ("M8[us]", np.datetime64("NaT")),
    "text": ("O", ""),
    "image": ("O", b""),
}


def typed_column(name: str, cells: Sequence[Any] | Array) -> Column:
    """A column of the kind that fits all cells: see Column for the kinds.

    None is no value, and so is NaN beside anything but numbers. Whole numbers beside fractions become "number",
    integers beyond 64 bits and mixed kinds text. Times without a zone are taken as UTC.
    """
    if isinstance(cells, np.ndarray) and cells.ndim == 1 and cells.dtype.kind in "biufM":
        return _from_array(name, cells)
    found = [_cell(cell) for cell in cells]
    kind = _common_kind({one[0] for one in found if one is not None})
    return _column(name, kind, found)


def _from_array(name: str, cells: Array) -> Column:
    kind = {"b": "bool", "f": "number", "M": "time"}.get(cells.dtype.kind, "int")
    if kind == "int" and cells.dtype == np.uint64 and cells.size and cells.max() > _INT64[-1]:
        return _column(name, "text", [("text", str(cell)) for cell in cells.tolist()])
    missing = np.isnat(cells) if kind == "time" else np.zeros(len(cells), bool)
    return Column(name, kind, cells.astype(_EMPTY[kind][0]), missing)


Cell = tuple[str, Any]  # kind, value


def _column(name: str, kind: str, found: list[Cell | None]) -> Column:
    dtype, empty = _EMPTY[kind]
    numeric = kind in ("number", "int", "bool")
    convert: Callable[[Cell], Any] = (lambda one: one[1]) if kind != "text" else _text
    # Beside words, NaN is how data frames mark that there is nothing.
    lost = [one is None or (not numeric and one[0] == "number" and one[1] != one[1]) for one in found]
    values = np.empty(len(found), dtype)
    values[:] = [empty if gone or one is None else convert(one) for gone, one in zip(lost, found, strict=True)]
    return Column(name, kind, values, np.array(lost, bool))


def _common_kind(kinds: set[str]) -> str:
    if len(kinds) == 1:
        (only,) = kinds
        return "text" if only == "long" else only
    if kinds and kinds <= {"int", "bool"}:
        return "int"
    if "number" in kinds and kinds <= {"number", "int", "bool", "long"}:
        return "number"
    return "text"


def _cell(value: Any) -> Cell | None:
    """(kind, value); None where there is nothing. "long" is an integer beyond 64 bits."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, (bool, np.bool_)):
        return "bool", bool(value)
    if isinstance(value, (int, np.integer)):
        whole = int(value)
        return ("int" if whole in _INT64 else "long"), whole
    if isinstance(value, str):
        return "text", value
    if isinstance(value, (float, np.floating)):
        return "number", float(value)
    if isinstance(value, (date, np.datetime64)):
        return _time(value)
    return _larger(value)


def _time(value: Any) -> Cell | None:
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else ("time", value.astype("M8[us]"))
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(timezone.utc).replace(tzinfo=None)
    return "time", np.datetime64(value).astype("M8[us]")


def _larger(value: Any) -> Cell:
    if hasattr(value, "convert") and hasattr(value, "getbands"):  # a picture of Pillow
        clear = "A" in value.getbands() or "transparency" in value.info
        return "image", png(np.asarray(value.convert("RGBA" if clear else "RGB")))
    if hasattr(value, "__array__"):
        return _from_cell_array(np.asarray(value))
    if isinstance(value, (numbers.Real, Decimal)):
        return "number", float(value)
    return "text", value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _from_cell_array(array: Array) -> Cell:
    if array.ndim == 0:
        return _cell(array.item()) or ("text", "")
    layout = _picture_layout(array)
    if not layout:
        return "text", str(array.tolist())[:_MOST_TEXT]
    return "image", png(np.ascontiguousarray(pixels(eight_bit(array), layout)))


def _picture_layout(array: Array) -> str:
    """How the axes of a picture are arranged, "" for an array that is none."""
    if array.dtype.kind not in "buif" or 0 in array.shape:
        return ""
    if array.ndim == 2:
        return "HW"
    if array.ndim != 3:
        return ""
    return "HWC" if array.shape[2] in _CHANNELS else "CHW" if array.shape[0] in _CHANNELS else ""


def _text(cell: Cell) -> str:
    kind, value = cell
    return "(image)" if kind == "image" else str(value)
