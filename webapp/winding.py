"""Points of series whose x falls or repeats (a learning rate as x, an epoch within each restart).

Such a line enters the same pixel column many times; keeping something of each visit would keep nearly everything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["thinned"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def thinned(kept: Ints, x: Floats, value: Floats, low: float, high: float, columns: int) -> Ints:
    """Fewer of the kept points: at most about 5 per column.

    Over all visits, each column keeps its lowest and highest point and its first that is not finite; each of `columns`
    equal stretches of the line keeps its first and last point, so that the line winds as it did.

    kept   indices into x and value, ascending
    x      positions on the axis (logarithms on a logarithmic one)
    """
    places, numbers = x[kept], value[kept]
    scale = columns / (high - low) if high > low else 0.0
    column = np.clip((places - low) * scale, -1, columns).astype(np.int64)  # what lies outside shares the outermost
    marks = np.zeros(len(kept), bool)
    finite = np.flatnonzero(np.isfinite(numbers))
    order = finite[np.lexsort((numbers[finite], column[finite]))]
    changes = np.flatnonzero(np.diff(column[order]))
    if len(order):
        marks[order[[0, *(changes + 1)]]] = True
        marks[order[[*changes, len(order) - 1]]] = True
    others = np.flatnonzero(~np.isfinite(numbers))
    marks[others[np.unique(column[others], return_index=True)[1]]] = True
    ends = np.linspace(0, len(kept), columns + 1).astype(np.int64)
    marks[ends[:-1]] = True
    marks[ends[1:] - 1] = True
    return kept[marks]
