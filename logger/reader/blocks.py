"""Scalar columns: immutable, sorted by tag, as narrow as the values allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..crc32c import crc32c

__all__ = ["Block", "ColumnsDamaged", "merge_blocks", "narrow_steps", "narrow_values"]

Array = npt.NDArray[Any]
_I32 = np.iinfo(np.int32)


class ColumnsDamaged(Exception):
    """Columns kept on disk are not what was written: the event file must be read again."""


@dataclass(frozen=True, eq=False)
class Block:
    """Points of several tags: rows offsets[i]:offsets[i+1] belong to tags[i], in file order."""

    tags: Array  # int32, ascending
    offsets: Array  # int64, len(tags) + 1
    step: Array  # int32 where they fit, else int64
    wall: Array  # float64
    value: Array  # float32 where they are exact, else float64

    def __len__(self) -> int:
        return len(self.step)

    @property
    def nbytes(self) -> int:
        return sum(column.nbytes for column in (self.tags, self.offsets, self.step, self.wall, self.value))

    def rows(self, tag: int) -> slice | None:
        """Where the points of `tag` lie."""
        at = self.places.get(tag)
        if at is None:
            return None
        self.check(at)
        return slice(int(self.offsets[at]), int(self.offsets[at + 1]))

    @cached_property
    def places(self) -> dict[int, int]:
        """tag → where it stands among the tags."""
        return {tag: at for at, tag in enumerate(self.tags.tolist())}

    def check(self, at: int | None = None) -> None:
        """Raise ColumnsDamaged if the rows of tags[at] (None: any rows) are damaged. Those in memory never are."""

    def checksums(self) -> Array:
        """The checksum of each tag's rows, uint32."""
        return np.array([self.checksum(at) for at in range(len(self.tags))], "<u4")

    def checksum(self, at: int) -> int:
        """CRC-32C of the rows of tags[at]."""
        rows = slice(int(self.offsets[at]), int(self.offsets[at + 1]))
        return crc32c(b"".join((self.step[rows].data, self.wall[rows].data, self.value[rows].data)))


def narrow_steps(steps: Array, low: int, high: int) -> Array:
    """A copy as int32 if low…high fit."""
    return steps.astype(np.int32 if _I32.min <= low and high <= _I32.max else np.int64)


def narrow_values(values: Array, exact32: bool) -> Array:
    return values.astype(np.float32 if exact32 else np.float64)


def merge_blocks(blocks: Sequence[Block]) -> Block:
    """One block with the points of all, earlier blocks first within a tag."""
    if len(blocks) == 1:
        return blocks[0]
    for block in blocks:
        block.check()
    tag_of_slice = np.concatenate([block.tags for block in blocks])
    lengths = np.concatenate([np.diff(block.offsets) for block in blocks])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    order = np.argsort(tag_of_slice, kind="stable")
    # The rows of slice k, for the slices in order of tag.
    sizes = lengths[order]
    ends = np.cumsum(sizes)
    rows = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(starts[order] - (ends - sizes), sizes)
    tags, first = np.unique(tag_of_slice[order], return_index=True)
    offsets = np.append((ends - sizes)[first], len(rows))
    return Block(
        tags=tags.astype(np.int32),
        offsets=offsets.astype(np.int64),
        step=_gather([block.step for block in blocks], rows),
        wall=_gather([block.wall for block in blocks], rows),
        value=_gather([block.value for block in blocks], rows),
    )


def _gather(columns: Sequence[Array], rows: Array) -> Array:
    return np.concatenate(columns)[rows]
