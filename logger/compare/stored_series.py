"""Many stored series as addresses, for kernels that take them all in one call."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..reader.blocks import Block
from ..reader.index_columns import StoredBlock
from .statistics_layout import UNSORTED, WIDTH

__all__ = ["StoredSeries"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class StoredSeries:
    """Series i: the points of tag blocks[block[i]].tags[place[i]]. The blocks must outlive it."""

    def __init__(self, blocks: Sequence[Block], block: Ints, place: Ints) -> None:
        self._blocks, self._block, self._place = blocks, block, place
        bases = np.array([_addresses(part) for part in blocks], np.int64).reshape(-1, 4)
        steps, walls, values, self._kinds = (np.ascontiguousarray(column) for column in bases[block].T)
        offsets = np.concatenate([np.empty(0, np.int64), *(part.offsets for part in blocks)])
        at = np.cumsum([0, *(len(part.offsets) for part in blocks)])[block] + place
        begins = offsets[at].astype(np.int64)
        self._counts: Ints = offsets[at + 1].astype(np.int64) - begins
        self._steps: Ints = steps + begins * np.where(self._kinds >= 2, 8, 4)
        self._walls: Ints = walls + begins * 8
        self._values: Ints = values + begins * np.where(self._kinds % 2, 8, 4)

    def statistics(self, kernels: SimpleNamespace) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """(what each comes to in the order of COLUMNS, whether its steps are in order)."""
        out = np.empty(WIDTH * len(self._counts))
        kernels.statistics(self._steps, self._values, self._counts, self._kinds, out)
        table = out.reshape(-1, WIDTH)
        return table[:, :UNSORTED], table[:, UNSORTED] != 1.0

    def damaged(self, kernels: SimpleNamespace) -> Ints:
        """Those whose columns in the index are not what was written. Each is looked at once, ever."""
        stored = [part if isinstance(part, StoredBlock) else None for part in self._blocks]
        if not any(stored):
            return np.empty(0, np.int64)
        sizes = [len(part.tags) for part in self._blocks]
        checked = [np.ones(n, bool) if part is None else part.checked for part, n in zip(stored, sizes, strict=True)]
        unchecked = np.flatnonzero(~self._of_blocks(checked))
        if not len(unchecked):
            return unchecked
        columns = (self._steps, self._walls, self._values, self._counts, self._kinds)
        found = np.empty(len(unchecked), np.int64)
        kernels.checksums(*(column[unchecked] for column in columns), found)
        crcs = [np.zeros(n, np.uint32) if part is None else part.crcs for part, n in zip(stored, sizes, strict=True)]
        right = found == self._of_blocks(crcs)[unchecked]
        for at in unchecked[right].tolist():
            checked[self._block[at]][self._place[at]] = True
        wrong: Ints = unchecked[~right]
        return wrong

    def _of_blocks(self, columns: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """Per series, its entry of a column that blocks have per tag."""
        found: npt.NDArray[Any] = np.concatenate(columns)[np.cumsum([0, *map(len, columns)])[self._block] + self._place]
        return found


def _addresses(block: Block) -> tuple[int, int, int, int]:
    """Of steps, wall times and values; 2 where steps take 8 bytes + 1 where values do."""
    step, wall, value = block.step, block.wall, block.value
    kind = (step.itemsize == 8) * 2 + (value.itemsize == 8)
    return step.ctypes.data, wall.ctypes.data, value.ctypes.data, kind
