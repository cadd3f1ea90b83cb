"""Long drawings are cut into columns, read like those of a newspaper."""

from __future__ import annotations

from math import sqrt

from .ordering import Skeleton

__all__ = ["cuts_of"]

_FEWEST_ROWS = 24  # shorter drawings stay whole
_COLUMN_ROWS = 8  # at least, in a column
_MANY_ROWS = 40
_FEW_LINES, _MORE_LINES = 2, 4  # from one column to the next, below and from so many rows
_SLIVER, _ROWS_A_LINE = 8, 5  # so much higher than wide, a drawing may have a line more for so many rows
_ROW, _BOX, _BEND, _GUTTER = 74, 120, 14, 45  # what they take in pixels, more or less
_SHAPE = 1.4  # width to height


def cuts_of(skeleton: Skeleton) -> list[int]:
    """The rows with which further columns begin: where few lines pass, about where columns of equal length would end.

    Where many pass everywhere, what would be a sliver is cut nevertheless.
    What is open does not count, so that nothing moves to another column when a group opens.
    """
    rows = skeleton.rows
    if len(rows) < _FEWEST_ROWS:
        return []
    widths = sorted(sum(_BOX if vertex < skeleton.count else _BEND for vertex in row) for row in rows)
    width = widths[len(rows) * 9 // 10]  # not that of a few rows
    most = len(rows) // _COLUMN_ROWS
    columns = min(round(sqrt(len(rows) * _ROW * _SHAPE / (width + _GUTTER))), most)
    passing = _passing(skeleton)
    most_lines = _FEW_LINES
    if len(rows) >= _MANY_ROWS:
        most_lines = max(_MORE_LINES, len(rows) // _ROWS_A_LINE) if len(rows) * _ROW > _SLIVER * width else _MORE_LINES
    cuts: list[int] = []
    for column in range(1, columns):
        wanted, reach = column * len(rows) / columns, len(rows) / columns / 2
        near = [
            row
            for row in range(max(2, round(wanted - reach)), min(len(rows) - 2, round(wanted + reach)) + 1)
            if passing[row] <= most_lines and row - (cuts[-1] if cuts else 0) >= _COLUMN_ROWS / 2
        ]
        if near:
            cuts.append(min(near, key=lambda row: (min(passing[row], _MORE_LINES + 1), abs(row - wanted))))
    return cuts


def _passing(skeleton: Skeleton) -> list[int]:
    """How many lines come from above into each row; very many where an edge leads back."""
    back = {bend for edge in skeleton.back for bend in skeleton.chains[edge]}
    passing = [0]
    for row in skeleton.rows[:-1]:
        sources = [vertex for vertex in row if skeleton.below[vertex]]
        passing.append(len(sources) + (len(skeleton.rows) if back.intersection(sources) else 0))
    return passing
