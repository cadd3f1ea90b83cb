"""Values that bodies about embeddings have in common, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..queries import Refused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["row_numbers", "short_text", "whole"]

_SHORT = 100  # characters


def whole(fields: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    """A whole number. Raises Refused."""
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Refused(f"{name}: expected a whole number from {least:,} to {most:,}, got {str(value)[:80]}")
    return value


def row_numbers(value: Any, points: int, name: str = "rows") -> NDArray[np.int64]:
    """Row numbers, a list or the text of a set (row_sets.py), none of them beyond the last. Raises Refused."""
    import numpy as np  # not at the top: the first page needs no numpy

    from .row_sets import decode_rows

    if isinstance(value, str) and value:
        try:
            return decode_rows(value, points)
        except ValueError as error:
            raise Refused(f"{name}: {error}") from None
    if not isinstance(value, list) or not value or not all(type(row) is int for row in value):
        raise Refused(f"{name}: expected a list of row numbers")
    low, high = min(value), max(value)
    if low < 0 or high >= points:
        raise Refused(f"{name}: there is no row {low if low < 0 else high}, rows are 0 to {points - 1:,}")
    return np.array(value, np.int64)


def short_text(value: Any, name: str) -> str:
    """A text of at most 100 characters. Raises Refused."""
    if not isinstance(value, str) or len(value) > _SHORT:
        raise Refused(f"{name}: expected a text of at most {_SHORT} characters")
    return value
