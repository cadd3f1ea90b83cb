"""JSON as routes send it."""

from __future__ import annotations

import json
from typing import Any

from flask import Response

from .compression import compressed_answer

__all__ = ["json_answer", "json_text"]

_TYPE = "application/json"
_WORTH_IT = 16_384  # bytes: a list of thousands of runs is a seventh in gzip, what is short gains nothing


def json_text(value: Any) -> str:
    """Compact JSON; a NaN in `value` is a mistake and raises ValueError (browsers cannot read it)."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def json_answer(value: Any, status: int = 200) -> Response:
    """An answer with `value` as JSON, in gzip where it is long and the request takes it."""
    body = json_text(value).encode()
    if len(body) < _WORTH_IT:
        return Response(body, status, content_type=_TYPE)
    return compressed_answer(body, _TYPE, status)
