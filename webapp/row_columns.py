"""A scalar of many rows of the table, wherever it was logged: in the row's own run, in one joined to it, in a part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..logger.compare.comparison import compare
from .queries import Segments

if TYPE_CHECKING:
    from ..logger import LogDir
    from ..logger.reader import ScalarColumns

__all__ = ["row_columns"]


def row_columns(log: LogDir, tag: str, rows: Sequence[str], segments: Segments = "latest") -> ScalarColumns:
    """As LogDir.scalar_columns; a name may also be that of a run which is no row."""
    snapshot = compare(log)
    if not snapshot.joins.parent or not rows:
        return log.scalar_columns(tag, rows, segments)
    places = [(snapshot.source(row, tag) if row in snapshot.views else None) or (row, tag) for row in rows]
    names = dict.fromkeys(name for _, name in places)  # `validation/loss` may be logged so, or in a part as `loss`
    found = [
        log.scalar_columns(name, [run if its == name else "" for run, its in places], segments)  # no run is called ""
        for name in names
    ]
    return found[0] if len(found) == 1 else _together(found)


def _together(found: Sequence[ScalarColumns]) -> ScalarColumns:
    """Series of all of them, in the order of their rows."""
    from ..logger.reader import ScalarColumns

    series = sorted((int(columns.run[i]), part, i) for part, columns in enumerate(found) for i in range(len(columns)))
    slices = [slice(*map(int, found[part].offsets[i : i + 2])) for _, part, i in series]

    def points(name: str) -> NDArray[Any]:
        pieces = [getattr(found[part], name)[at] for (_, part, _), at in zip(series, slices, strict=True)]
        return np.concatenate([getattr(found[0], name)[:0], *pieces])

    def each(name: str) -> NDArray[Any]:
        return np.array([getattr(found[part], name)[i] for _, part, i in series], getattr(found[0], name).dtype)

    offsets = np.cumsum([0, *(at.stop - at.start for at in slices)]).astype(np.int64)
    return ScalarColumns(
        step=points("step"), wall_time=points("wall_time"), value=points("value"), offsets=offsets,
        run=each("run"), segment=each("segment"), epoch=each("epoch"), exact32=each("exact32"),
    )  # fmt: skip
