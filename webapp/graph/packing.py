"""Parts of a level that nothing joins, side by side in a frame of pleasant shape."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

__all__ = ["pack"]

_GAP = 28
_SHAPE = 1.6  # width to height


def pack(parts: Sequence[tuple[float, float, bool]]) -> tuple[list[tuple[float, float]], float, float]:
    """Top left corners of the parts, and the size of all together.

    parts  (width, height, whether lines lead from it to the borders: such parts stand in one row, so that the lines
           reach the borders; the others lie beside them)
    """
    tied = [number for number, part in enumerate(parts) if part[2]]
    free = [number for number, part in enumerate(parts) if not part[2]]
    corners = [(0.0, 0.0)] * len(parts)
    x, height = 0.0, 0.0
    for number in tied:
        corners[number] = (x, 0.0)
        x += parts[number][0] + _GAP
        height = max(height, parts[number][1])
    left = x
    area = sum((parts[number][0] + _GAP) * (parts[number][1] + _GAP) for number in free)
    widest = max((parts[number][0] for number in free), default=0)
    most = max(sqrt(area * _SHAPE), widest)
    width, y, row = x - _GAP if tied else 0.0, 0.0, 0.0
    for number in free:
        part_width, part_height, _ = parts[number]
        if x > left and x + part_width > left + most:
            x, y, row = left, y + row + _GAP, 0.0
        corners[number] = (x, y)
        x += part_width + _GAP
        row = max(row, part_height)
        width, height = max(width, x - _GAP), max(height, y + row)
    return corners, width, height
