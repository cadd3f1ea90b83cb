"""What stands around a picture in its file: title, ground, legend."""

from __future__ import annotations

from collections.abc import Sequence

from .svg_texts import clean, fitting, placed_text
from .text_width import text_width
from .theme import Ink
from .tints import LegendEntry

__all__ = ["document", "framed"]

_FAMILY = "ui-sans-serif, system-ui, 'Segoe UI', Inter, Roboto, sans-serif"
_MARGIN, _TITLE, _ROW = 16, 28, 18
_SWATCH = 22  # width of a colour and the gap behind it
_LEAST_WIDTH = 240


def framed(parts: Sequence[str], size: tuple[int, int], title: str, ink: Ink, legend: Sequence[LegendEntry]) -> str:
    """The document of a picture's elements."""
    width, top = max(_LEAST_WIDTH, size[0]), _MARGIN // 2 + _TITLE
    below, rows = _legend(legend, width, top + size[1] + 10, ink)
    whole = width + 2 * _MARGIN, top + size[1] + (rows * _ROW + 10 if rows else 0) + _MARGIN
    heading = fitting(title, width / 1.1, 14)
    return document(
        [
            f"<title>{clean(title)}</title>",
            f'<rect width="{whole[0]}" height="{whole[1]}" fill="{ink.bg}"/>',
            placed_text(heading, _MARGIN, _MARGIN + 5, 14, f' font-size="14" font-weight="600" fill="{ink.text}"'),
            f'<g transform="translate({_MARGIN} {top})">',
            *parts,
            "</g>",
            *below,
        ],
        whole,
    )


def document(parts: Sequence[str], size: tuple[int, int], scale: float = 1.0) -> str:
    """The document of elements alone. `size` is what they take, `scale` how large it is shown."""
    width, height = (f"{side * scale:g}" for side in size)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            f' viewBox="0 0 {size[0]} {size[1]}" font-family="{_FAMILY}">',
            *parts,
            "</svg>\n",
        ]
    )


def _legend(legend: Sequence[LegendEntry], width: int, top: int, ink: Ink) -> tuple[list[str], int]:
    """The elements, and in how many rows they stand."""
    if not legend:
        return [], 0
    widest = max(text_width(entry.label) for entry in legend)
    column = min(width, int(widest) + 1 + _SWATCH + 18)
    columns = max(1, min(len(legend), width // column))
    parts = []
    for index, entry in enumerate(legend):
        x, y = _MARGIN + index % columns * column, top + index // columns * _ROW + _ROW / 2
        part = (_SWATCH - 8) / len(entry.colors)
        for place, color in enumerate(entry.colors):
            parts.append(f'<rect x="{x + place * part:g}" y="{y - 5:g}" width="{part:g}" height="10" fill="{color}"/>')
        label = fitting(entry.label, column - _SWATCH, 12)
        parts.append(placed_text(label, x + _SWATCH, y, 12, f' font-size="12" fill="{ink.text}"'))
    return parts, -(-len(legend) // columns)
