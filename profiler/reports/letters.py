"""Letters of a terminal: how wide a text is, what of it may be shown, and how a long one is cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["cut_apart", "cut_short", "padded", "printable", "width_of"]

_HIDDEN = frozenset(("Mn", "Me", "Cf"))  # marks on the letter before, and what has no width at all


def width_of(text: str) -> int:
    """Columns of a terminal: letters of East Asia take two, marks on letters none."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(letter: str) -> int:
    if unicodedata.category(letter) in _HIDDEN:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def printable(text: str) -> str:
    """Without what would steer a terminal: control characters and the like become "�"; line breaks stay."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter == "\n" else "�" for letter in text)


def padded(text: str, width: int, to_the_right: bool = False) -> str:
    """Filled with blanks up to `width` columns."""
    blanks = " " * (width - width_of(text))
    return blanks + text if to_the_right else text + blanks


def cut_short(text: str, width: int, end: int | None = None) -> str:
    """At most `width` columns. The middle of a longer text is left out: beginning and end tell kernels apart.

    end  the columns behind the gap, by default a third
    """
    if width_of(text) <= width:
        return text
    end = width // 3 if end is None else end
    return f"{_up_to(text, width - end - 1)}…{_up_to(text[::-1], end)[::-1]}"


def cut_apart(texts: Sequence[str], width: int) -> list[str]:
    """All cut short; those that would read alike show where they begin to differ."""
    cut = [cut_short(text, width) for text in texts]
    alike: dict[str, set[str]] = {}
    for short, text in zip(cut, texts, strict=True):
        alike.setdefault(short, set()).add(text)
    return [
        _from_difference(text, alike[short], width) if len(alike[short]) > 1 else short
        for short, text in zip(cut, texts, strict=True)
    ]


def _from_difference(text: str, others: set[str], width: int) -> str:
    """Its beginning, and then what stands where it differs from the others."""
    begin = _up_to(text, width // 2)
    differs = next((at for at in range(len(text)) if any(other[: at + 1] != text[: at + 1] for other in others)), 0)
    rest = text[max(differs - 2, len(begin)) :]
    return f"{begin}…{cut_short(rest, width - width_of(begin) - 1, 0)}"


def _up_to(text: str, width: int) -> str:
    taken = 0
    for at, letter in enumerate(text):
        taken += _width(letter)
        if taken > width:
            return text[:at]
    return text
