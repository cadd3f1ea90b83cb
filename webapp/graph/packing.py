"""Parts of a level that nothing joins, side by side in a frame of pleasant shape."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import median

__all__ = ["pack"]

_GAP = 28
_SHAPE = 1.6  # width to height
_ALIKE = 3  # how much wider than the middle one a part of a grid may be
_SINGLE = 48  # height of parts that are one closed box
_FEWEST_IN_GRID = 6

Size = tuple[float, float]
Corners = list[tuple[float, float]]


def pack(parts: Sequence[tuple[float, float, bool]]) -> tuple[Corners, float, float]:
    """Top left corners of the parts, and the size of all together.

    parts  (width, height, whether lines lead from it to the borders: such parts stand in one row, so that the lines
           reach the borders; the others lie beside them)
    """
    tied = [number for number, part in enumerate(parts) if part[2]]
    free = [number for number, part in enumerate(parts) if not part[2]]
    corners = [(0.0, 0.0)] * len(parts)
    x = 0.0
    for number in tied:
        corners[number] = (x, 0.0)
        x += parts[number][0] + _GAP
    sizes = [parts[number][:2] for number in free]
    for number, (left, top) in zip(free, _beside_each_other(sizes), strict=True):
        corners[number] = (x + left, top)
    placed = list(zip(corners, parts, strict=True))
    width = max((left + part[0] for (left, _), part in placed), default=0.0)
    return corners, width, max((top + part[1] for (_, top), part in placed), default=0.0)


def _beside_each_other(sizes: Sequence[Size]) -> Corners:
    """Single boxes in a grid, apart from the others."""
    small = [size for size in sizes if size[1] <= _SINGLE]
    if len(small) < _FEWEST_IN_GRID or max(width for width, _ in small) > _ALIKE * median(width for width, _ in small):
        return _lines(sizes)
    area = sum((width + _GAP) * (height + _GAP) for width, height in sizes)
    large = [size for size in sizes if size[1] > _SINGLE]
    upper = _lines(large)
    right = max((left + size[0] + _GAP for (left, _), size in zip(upper, large, strict=True)), default=0.0)
    bottom = max((top + size[1] + _GAP for (_, top), size in zip(upper, large, strict=True)), default=0.0)
    x, y = (right, 0.0) if bottom > right else (0.0, bottom)  # beside what is high, below what is wide
    lower = [(x + left, y + top) for left, top in _grid(small, max(right, sqrt(area * _SHAPE)) - x)]
    in_turn = {True: iter(lower), False: iter(upper)}
    return [next(in_turn[size[1] <= _SINGLE]) for size in sizes]


def _grid(sizes: Sequence[Size], most: float) -> Corners:
    """Row by row, in columns, about as wide as told."""
    across = max(1, round(most * len(sizes) / sum(width + _GAP for width, _ in sizes)))
    widths = [max(width for width, _ in sizes[column::across]) for column in range(min(across, len(sizes)))]
    lefts = [sum(widths[:column]) + column * _GAP for column in range(len(widths))]
    corners: Corners = []
    top = 0.0
    for first in range(0, len(sizes), across):
        row = sizes[first : first + across]
        corners += [(lefts[at] + (widths[at] - width) // 2, top) for at, (width, _) in enumerate(row)]
        top += max(height for _, height in row) + _GAP
    return corners


def _lines(sizes: Sequence[Size]) -> Corners:
    """Row by row, as many as fit."""
    area = sum((width + _GAP) * (height + _GAP) for width, height in sizes)
    most = max([sqrt(area * _SHAPE), *(width for width, _ in sizes)])
    corners: Corners = []
    x = top = lowest = 0.0
    for width, height in sizes:
        if x and x + width > most:
            x, top, lowest = 0.0, lowest + _GAP, 0.0
        corners.append((x, top))
        x += width + _GAP
        lowest = max(lowest, top + height)
    return corners
