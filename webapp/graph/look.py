"""What boxes and edges look like in a picture drawn without the page: as charts/graph-look.js says for the page."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from .theme import Ink, mix

__all__ = ["PILLS", "BoxStyle", "EdgeStyle", "box_style", "edge_style"]

PILLS = ("input", "output", "constant", "stub")
_INNER = ("group", "fold", "section")  # there is more inside
_MARKS = {"added": "+", "removed": "−", "changed": "~"}  # colours alone do not tell everyone


@dataclass(frozen=True, slots=True)
class BoxStyle:
    """`mark`: a sign at the upper left corner; `stack`: sheets below it."""

    fill: str
    line: str
    text: str
    sub: str
    width: float
    dash: str = ""
    radius: float = 5.0
    bold: bool = False
    stack: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class EdgeStyle:
    """`goes_on`: it ends at the border of an open group, within which another edge goes on."""

    color: str
    width: float
    dash: str
    goes_on: bool


def box_style(ink: Ink, kind: str, depth: int, tint: str | None, status: str, heat: bool = False) -> BoxStyle:
    """Of a box in `depth` open groups. `tint`: the colour it is coloured by; `status`: what a comparison found.

    heat  the colours stand for numbers: boxes are filled with them
    """
    state = _status_color(ink, status)
    unknown = heat and not tint and kind in _INNER  # a closed group is blue, which would look like a small number
    fill, line, text, sub = _plain(ink, "op" if unknown else kind, depth)
    style = BoxStyle(
        *(fill, line, text, sub),
        width=2 if state else 1,
        dash="5 3" if kind == "missing" or status == "removed" else "3 3" if kind == "stub" else "",
        radius=99 if kind in PILLS else 10 if kind == "open" else 8 if kind in _INNER else 5,
        bold=kind in _INNER,
        stack=kind == "fold",
        mark=_MARKS.get(status, ""),
    )
    if tint and heat and kind != "open":
        on_tint = mix(_text_on(tint), tint, 0.08)
        return replace(style, fill=tint, line=mix(tint, on_tint, 0.4), text=on_tint, sub=mix(on_tint, tint, 0.2))
    if tint:
        frame = kind == "open"
        strong = 0.07 if frame else 0.35 if ink.dark else 0.25
        return replace(
            style,
            fill=mix(ink.surface, tint, strong),
            line=mix(ink.surface, tint, 0.45 if frame else 0.9),
            sub=mix(ink.text, ink.muted, 0.5),
        )
    return replace(style, fill=mix(fill, state, 0.2 if ink.dark else 0.11), line=state) if state else style


def edge_style(ink: Ink, kind: str, control: bool, nbytes: int, status: str, goes_on: bool) -> EdgeStyle:
    """Of an edge; `nbytes` -1: unknown."""
    calm = mix(ink.muted, ink.surface, 0.5 if control else 0.4)
    color = _status_color(ink, status) or (mix(ink.warn, ink.surface, 0.2) if kind == "back" else calm)
    dash = "2 3" if control else "6 3" if status == "removed" else ""
    return EdgeStyle(color, _edge_width(nbytes, control), dash, goes_on)


def _edge_width(nbytes: int, control: bool) -> float:
    """1 px for a kilobyte, 3 for a gigabyte."""
    if control or nbytes < 0:
        return 1 if control else 1.25
    return min(3.5, round((1 + math.log10(max(1, nbytes / 1024)) / 3) * 4) / 4)


def _frame_fill(ink: Ink, depth: int) -> str:
    """The ground within a frame: frames in frames alternate."""
    return ink.bg if depth % 2 else ink.surface


def _text_on(color: str) -> str:
    """Black or white, whichever stands out more on a colour (WCAG 2.2, relative luminance)."""
    shares = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    luminance = sum(weight * light for weight, light in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#000000" if luminance > 0.179 else "#ffffff"  # where both contrasts are the same


def _status_color(ink: Ink, status: str) -> str | None:
    return {"added": ink.ok, "removed": ink.bad, "changed": ink.warn}.get(status)


def _plain(ink: Ink, kind: str, depth: int) -> tuple[str, str, str, str]:
    """Fill, line, text and second line without any colouring."""
    if kind == "open":
        return _frame_fill(ink, depth), mix(ink.line, ink.strong_line, 0.6), ink.text, ink.muted
    if kind in _INNER:
        fill = mix(ink.surface, ink.accent, 0.17 if ink.dark else 0.09)
        return fill, mix(ink.strong_line, ink.accent, 0.4), ink.text, ink.muted
    if kind in ("input", "output"):
        fill = mix(ink.surface, ink.text, 0.16 if ink.dark else 0.09)
        return fill, mix(ink.strong_line, ink.text, 0.35), ink.text, ink.muted
    if kind == "constant":
        return ink.bg, ink.line, ink.muted, ink.muted
    if kind == "missing":
        return ink.bg, ink.warn, ink.warn, ink.muted
    if kind == "stub":
        return mix(ink.bg, ink.surface, 0.5), ink.strong_line, ink.muted, ink.faint
    return mix(ink.surface, ink.text, 0.07) if ink.dark else ink.surface, ink.strong_line, ink.text, ink.muted
