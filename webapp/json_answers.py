"""JSON as routes send it."""

from __future__ import annotations

import json
from typing import Any

from flask import Response

__all__ = ["json_answer", "json_text"]


def json_text(value: Any) -> str:
    """Compact JSON; a NaN in `value` is a mistake and raises ValueError (browsers cannot read it)."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def json_answer(value: Any, status: int = 200) -> Response:
    """An answer with `value` as JSON."""
    return Response(json_text(value), status, content_type="application/json")
