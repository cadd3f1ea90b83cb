"""Texts in SVG files: escaped, cut to their room, with their middle at a height."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from .svg_lines import number
from .text_width import text_width

__all__ = ["clean", "fitting", "placed_text"]

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MIDDLE = 0.35  # how far the baseline lies below the middle of letters, in parts of their size


def placed_text(text: str, x: float, y: float, size: float, look: str = "") -> str:
    """An element; `y` is the middle of the letters, `look` further attributes."""
    return f'<text x="{number(x)}" y="{number(y + _MIDDLE * size)}"{look}>{clean(text)}</text>'


def clean(text: str) -> str:
    """Escaped; characters that XML forbids are shown as such."""
    return escape(_NOT_XML.sub("\ufffd", text), {'"': "&quot;"})


def fitting(text: str, room: float, size: float) -> str:
    """The text, cut where it would leave its place."""
    if text_width(text, size) <= room:
        return text
    kept, used = 0, text_width("…", size)
    for character in text:
        used += text_width(character, size)
        if used > room:
            break
        kept += 1
    return f"{text[:kept]}…"
