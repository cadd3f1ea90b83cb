"""How wide a text is drawn, without a font: one table of character widths.

The widths are those of a wide common face (DejaVu Sans) at 12 px, so that a text fits in the box that was made for it
whatever the reader's system-ui face is; the page measures with the real font and shortens what does not.
"""

from __future__ import annotations

__all__ = ["FONT_SIZE", "ending", "text_width"]

FONT_SIZE = 12.0
_BY_WIDTH = {
    3.5: "'IJijl",
    4.2: " ,./:;\\|-f()[]!t",
    5.2: 'r"',
    6.2: "*_`?sz",
    6.8: "FLcky",
    7.2: "ETYaeovxPZ",
    7.6: "$0123456789Sbdghnpqu{}",
    8.3: "ABCKRVX",
    9.2: "DGHNU&OQ",
    10.2: "w#+<=>^~M",
    12.0: "%@Wm",
}
_WIDTH = {character: width for width, characters in _BY_WIDTH.items() for character in characters}
_OTHER_LATIN, _WIDE = 8.0, 12.0
_FIRST_WIDE = 0x1100  # Hangul, CJK and emoji come from here on


def text_width(text: str, size: float = FONT_SIZE) -> float:
    """Pixels of a text at a font size in pixels."""
    width = sum(
        _WIDTH.get(character) or (_WIDE if ord(character) >= _FIRST_WIDE else _OTHER_LATIN) for character in text
    )
    return width * size / FONT_SIZE


def ending(text: str, room: float) -> str:
    """The text; of one that is wider than `room` pixels as much of its end as fits."""
    if text_width(text) <= room:
        return text
    left, kept = room - text_width("…"), len(text)
    while kept and (left := left - text_width(text[kept - 1])) >= 0:
        kept -= 1
    return f"…{text[kept:]}"
