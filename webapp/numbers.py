"""Numbers as text, with NaN and the infinities."""

from __future__ import annotations

import math

__all__ = ["cleansed", "csv_number", "finite", "json_number"]


def cleansed(number: float) -> float | str:
    """What TensorBoard puts in its JSON: a number that is not finite as a string."""
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else ("Infinity" if number > 0 else "-Infinity")


def finite(wall_time: float | None) -> float | None:
    """The time, None where JSON could not hold it: runs without events have NaN."""
    return wall_time if wall_time is not None and math.isfinite(wall_time) else None


def json_number(number: float) -> str:
    """JSON text of a number; NaN and the infinities as strings."""
    return repr(number) if math.isfinite(number) else f'"{cleansed(number)}"'


def csv_number(number: float) -> str:
    """CSV text of a number: nan, inf and -inf as Python writes them."""
    return repr(number)
