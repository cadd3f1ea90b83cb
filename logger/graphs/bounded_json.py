"""JSON out of files and logs that may be anything: parsed in bearable time and memory."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["parse_json"]

_MOST_PARTS = 8_000_000  # lists and objects: about sixty bytes each, however short they are written


def parse_json(text: bytes) -> Any:
    """What JSON says. Raises ValueError where it is none, or its parts are too many or too deep in each other."""
    parts = text.count(b"[") + text.count(b"{")
    if parts > _MOST_PARTS:
        raise ValueError(f"its JSON has {parts:,} lists and objects; at most {_MOST_PARTS:,} are read")
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("its JSON is nested too deep") from None
    except ValueError as error:
        raise ValueError(f"its JSON is damaged: {error}") from None
