"""Edges of a picture as SVG paths: bends that leave and arrive upright, rounded corners, heads and ports."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .look import EdgeStyle

__all__ = ["line_path", "number", "tip_path"]

_CORNER = 10  # radius, pixels
_HEAD = 6.5  # length of a head, pixels


def number(value: float) -> str:
    """In hundredths of a pixel, which are finer than any screen or print."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def line_path(line: Sequence[float], style: EdgeStyle) -> str:
    """`line`: x, y, x, y, …; "" for fewer than two points. It ends where its head begins."""
    last = len(line) - 2
    if last < 2:
        return ""
    x, y, dx, dy = _end(line)
    room = 0.0 if style.goes_on else _HEAD * 0.8
    points = [*line[:last], x - dx * room, y - dy * room]
    parts = [f"M{_at(points[0], points[1])}"]
    for at in range(2, last + 1, 2):
        if _is_bend(line, at):
            middle = (line[at - 1] + line[at + 1]) / 2
            parts.append(f"C{_at(line[at - 2], middle)} {_at(points[at], middle)} {_at(points[at], points[at + 1])}")
        elif at == last or _is_bend(line, at + 2):
            parts.append(f"L{_at(points[at], points[at + 1])}")
        else:
            parts.append(_round_corner(line, at))
    return "".join(parts)


def tip_path(line: Sequence[float], style: EdgeStyle) -> str:
    """The head of an edge, or the dot where it passes the border of an open group."""
    if len(line) < 4:
        return ""
    x, y, dx, dy = _end(line)
    if style.goes_on:
        radius = 1.5 + style.width / 2
        arc = f"A{number(radius)} {number(radius)} 0 1 1 "
        return f"M{_at(x + radius, y)}{arc}{_at(x - radius, y)}{arc}{_at(x + radius, y)}Z"
    half = 2.3 + style.width * 0.55
    base_x, base_y = x - dx * _HEAD, y - dy * _HEAD
    sides = _at(base_x - dy * half, base_y + dx * half), _at(base_x + dy * half, base_y - dx * half)
    return f"M{_at(x, y)}L{sides[0]}L{sides[1]}Z"


def _at(x: float, y: float) -> str:
    return f"{number(x)} {number(y)}"


def _is_bend(line: Sequence[float], at: int) -> bool:
    """Whether a line gets to the point at `at` downwards and to a side."""
    return line[at + 1] - line[at - 1] > 0.5 and abs(line[at] - line[at - 2]) > 0.5


def _end(line: Sequence[float]) -> tuple[float, float, float, float]:
    """The last point and the direction in which the line arrives there."""
    before_x, before_y, x, y = line[-4:]
    if _is_bend(line, len(line) - 2):
        return x, y, 0.0, 1.0
    length = math.hypot(x - before_x, y - before_y) or 1.0
    return x, y, (x - before_x) / length, (y - before_y) / length


def _round_corner(line: Sequence[float], at: int) -> str:
    x, y = line[at], line[at + 1]
    before = math.hypot(line[at - 2] - x, line[at - 1] - y) or 1.0
    behind = math.hypot(line[at + 2] - x, line[at + 3] - y) or 1.0
    soft = min(_CORNER, before / 2, behind / 2)
    start = _at(x + (line[at - 2] - x) / before * soft, y + (line[at - 1] - y) / before * soft)
    end = _at(x + (line[at + 2] - x) / behind * soft, y + (line[at + 3] - y) / behind * soft)
    return f"L{start}Q{_at(x, y)} {end}"
