"""The nearest neighbours of points, in the data and in a layout of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...projector.nearest import METRICS, Metric, NeighborSearch
from ..queries import Refused
from .answers import arrays_frame

if TYPE_CHECKING:
    from ...projector.nearest import Metric
    from .opened import OpenedEmbedding

__all__ = ["METRICS", "neighbors_frame"]

Rows = NDArray[np.int64]


def neighbors_frame(
    opened: OpenedEmbedding,
    rows: Rows,
    k: int,
    metric: Metric,
    within: Rows | None = None,
    layout: NDArray[np.float32] | None = None,
) -> bytes:
    """`{metric, notes, shared?}` and `rows`, `distances`; with a layout also `here`, the nearest in it.

    shared: the share of the nearest in the data that is also among the nearest in the layout. Raises Refused.
    """
    of = int(rows[0]) if len(rows) == 1 else rows
    try:
        found = opened.search.nearest(of, k, metric, within)
        here = None if layout is None else NeighborSearch(layout).nearest(of, k, "euclidean", within)
    except ValueError as error:
        raise Refused(str(error), 422) from None
    distances = found.distances.astype(np.float32)
    header: dict[str, Any] = {"metric": found.metric, "notes": list(found.notes)}
    arrays = {"rows": found.ids.astype(np.uint32), "distances": distances}
    if here is not None:
        arrays["here"] = here.ids.astype(np.uint32)
        header["shared"] = float(np.isin(found.ids, here.ids).mean()) if len(found.ids) else None
    return arrays_frame(header, arrays)
