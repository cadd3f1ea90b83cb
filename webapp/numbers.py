"""Numbers as text, with NaN and the infinities."""

from __future__ import annotations

import math

__all__ = ["cleansed", "csv_number", "json_number"]


def cleansed(number: float) -> float | str:
    """What TensorBoard puts in its JSON: a number that is not finite as a string."""
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else ("Infinity" if number > 0 else "-Infinity")


def json_number(number: float) -> str:
    """JSON text of a number; NaN and the infinities as strings."""
    return repr(number) if math.isfinite(number) else f'"{cleansed(number)}"'


def csv_number(number: float) -> str:
    """CSV text of a number: nan, inf and -inf as Python writes them."""
    return repr(number)
