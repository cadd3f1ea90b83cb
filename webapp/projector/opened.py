"""An embedding that is open, with what is worked out of it when it is first asked for."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..numbers import finite
from .naming import Name

if TYPE_CHECKING:
    from ...projector.embedding import Column, Embedding
    from ...projector.nearest import NeighborSearch
    from .atlas import Atlas

__all__ = ["OpenedEmbedding"]

_LOOKED_AT_ONCE = 64 << 20  # bytes of points; larger ones are shown before all of them were looked at
_CELL = 80  # bytes that a text of the metadata takes, about


class OpenedEmbedding:
    """For any thread.

    remarks     sentences about what is wrong; those about the numbers only once all of them were looked at
    has_looked  whether they were
    """

    def __init__(self, name: Name, embedding: Embedding) -> None:
        self.name, self.embedding = name, embedding
        self.remarks = embedding.notes
        self.has_looked = False
        self._looking = threading.Lock()
        self.columns = [_told(column) for column in embedding.columns.values()]  # as GET /api/projector/info
        if embedding.points.nbytes <= _LOOKED_AT_ONCE:
            self._look()
        else:
            threading.Thread(target=self._look, name="look-at-embedding", daemon=True).start()

    @property
    def weight(self) -> int:
        """Bytes that it takes; a mapped file takes none of its own."""
        points = self.embedding.points
        mapped = points
        while isinstance(mapped, np.ndarray) and not isinstance(mapped, np.memmap) and mapped.base is not None:
            mapped = mapped.base
        own = 0 if isinstance(mapped, np.memmap) else points.nbytes
        columns = self.embedding.columns.values()
        sprite = self.embedding.sprite
        own += 0 if sprite is None else 3 * sprite.width * sprite.height * sprite.count
        return own + sum(len(column.cells) * (8 if column.cells.dtype.kind == "f" else _CELL) for column in columns)

    @cached_property
    def search(self) -> NeighborSearch:
        """Who is near whom."""
        from ...projector.nearest import NeighborSearch

        return NeighborSearch(self.embedding.points, self.embedding.finite)

    @cached_property
    def atlas(self) -> Atlas | None:
        """The thumbnails in pages; None where there are none."""
        from .atlas import Atlas

        sprite = self.embedding.sprite
        return None if sprite is None else Atlas(sprite, len(self.embedding))

    def _look(self) -> None:
        with self._looking:
            if not self.has_looked:
                self.remarks = self.embedding.remarks()
                self.has_looked = True


def _told(column: Column) -> dict[str, Any]:
    """`{name, kind, distinct, missing}`, of numbers `least` and `most` as well."""
    told: dict[str, Any] = {"name": column.name, "kind": column.kind}
    if column.cells.dtype.kind == "f":
        there = column.cells[np.isfinite(column.cells)]
        told["distinct"] = len(np.unique(there))
        told["least"] = finite(float(there.min())) if len(there) else None
        told["most"] = finite(float(there.max())) if len(there) else None
        told["missing"] = len(column.cells) - len(there)
    else:
        names, codes = column.categories
        told["distinct"] = len(names)
        told["missing"] = int((codes == names.index("")).sum()) if "" in names else 0
    return told
