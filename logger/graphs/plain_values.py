"""Values of attributes as JSON can hold them."""

from __future__ import annotations

import math
from typing import Any

__all__ = ["plain_value"]


def plain_value(value: Any) -> Any:
    """What JSON can hold of a value: numbers that are not finite, and what it does not know, as text."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain_value(item) for item in value]
    return str(value)
