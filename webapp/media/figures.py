"""Plotly figures for the page: checked to be JSON of a figure, and no more: they are drawn in a frame of their own."""

from __future__ import annotations

import json
from typing import Any

from .forms import Answer, Asked, attachment, form

__all__ = ["download", "figure"]

_JSON = "application/json"
_LONGEST = 1 << 25  # characters: parsed, they may take twenty times as many bytes


@form("plotly", "figure")
def figure(asked: Asked) -> Answer:
    """The figure as JSON: the text as stored where browsers can read it, else with null for NaN and the infinities.

    Raises ValueError where it is no figure.
    """
    text = asked.value()
    return Answer(_checked(text).encode("utf-8", "replace"), _JSON)


@form("plotly", "download")
def download(asked: Asked) -> Answer:
    """The text as it is stored, as a file."""
    return attachment(asked, asked.value().encode("utf-8", "replace"), ".json", _JSON)


def _checked(text: str) -> str:
    if len(text) > _LONGEST:
        raise ValueError(
            f"the stored figure has {len(text):,} characters, at most {_LONGEST:,} are drawn; it can be downloaded"
        )
    odd: list[str] = []
    try:
        parsed = json.loads(text, parse_constant=odd.append)  # appends, and gives None
    except ValueError as error:
        raise ValueError(f"the stored figure is no JSON: {error}") from error
    except RecursionError as error:
        raise ValueError("the stored figure is nested too deep to be one") from error
    _check_parts(parsed)
    return json.dumps(parsed, separators=(",", ":")) if odd else text


def _check_parts(parsed: Any) -> None:
    data = parsed.get("data") if isinstance(parsed, dict) else None
    if not isinstance(data, list) or not all(isinstance(trace, dict) for trace in data):
        raise ValueError('the stored JSON is no figure: a figure is an object with "data", a list of traces')
    for name, kind in (("layout", dict), ("frames", list)):
        if not isinstance(parsed.get(name), kind | None):
            raise ValueError(f'the stored JSON is no figure: its "{name}" is no {kind.__name__}')
