"""What queries return: scalar series, batches of them, and series of blobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .blob_reading import BlobPlaces, read_head, read_many, read_one

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = ["BlobSeries", "Metadata", "ScalarColumns", "Scalars"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Metadata:
    """What the log says about a tag, from the first event that said anything."""

    plugin: str = ""
    content: bytes = b""  # the plugin's own message
    display_name: str = ""
    description: str = ""
    data_class: int = 0  # 0 unknown, 1 scalar, 2 tensor, 3 blob sequence

    @classmethod
    def parse(cls, serialised: bytes | None) -> Metadata:
        """From a SummaryMetadata message; malformed ones say nothing."""
        if not serialised:
            return cls()
        from google.protobuf.message import DecodeError

        from ..proto.event_pb2 import SummaryMetadata

        try:
            message = SummaryMetadata.FromString(serialised)
        except DecodeError:
            return cls()
        plugin = message.plugin_data
        return cls(
            plugin.plugin_name, plugin.content, message.display_name, message.summary_description, message.data_class
        )


@dataclass(frozen=True)
class Scalars:
    """Every point of a scalar tag: segments one after the other, each in order of step, then wall time."""

    step: Ints
    wall_time: Floats  # seconds since the epoch
    value: Floats
    segment: npt.NDArray[np.int32]  # 0 for the first session, one more with each restart
    metadata: Metadata = field(default_factory=Metadata)
    superseded: npt.NDArray[np.bool_] | None = None  # points that a later segment replaces; None: none

    def __len__(self) -> int:
        return len(self.step)

    def latest(self) -> Scalars:
        """Without the points that a restart superseded."""
        return self if self.superseded is None else self._take(~self.superseded)

    def segments(self) -> list[Scalars]:
        """One series per segment, superseded points included."""
        return [self._take(self.segment == number) for number in np.unique(self.segment)]

    def _take(self, rows: npt.NDArray[np.bool_]) -> Scalars:
        columns = self.step[rows], self.wall_time[rows], self.value[rows], self.segment[rows]
        return Scalars(*columns, self.metadata)

    def _columns(self) -> dict[str, npt.NDArray[Any]]:
        return {"step": self.step, "wall_time": self.wall_time, "value": self.value, "segment": self.segment}

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame with columns step, wall_time, value, segment. Raises ImportError without pandas."""
        try:
            import pandas
        except ImportError as error:
            raise ImportError("to_pandas() needs pandas, which is not installed: pip install pandas") from error
        return pandas.DataFrame(self._columns())

    def to_arrow(self) -> pyarrow.Table:
        """An Arrow table with the same columns. Raises ImportError without pyarrow."""
        try:
            import pyarrow
        except ImportError as error:
            raise ImportError("to_arrow() needs pyarrow, which is not installed: pip install pyarrow") from error
        return pyarrow.table(self._columns())


@dataclass(frozen=True)
class ScalarColumns:
    """Many series in one set of columns: series i is rows offsets[i]:offsets[i+1]."""

    step: Ints
    wall_time: Floats
    value: Floats
    offsets: Ints  # len(self) + 1
    run: Ints  # per series: index into the runs asked for
    segment: Ints  # per series; 0 unless segments="separate"
    epoch: Ints  # per series: another number whenever points changed that were there before
    exact32: npt.NDArray[np.bool_]  # per series: every value is a float32

    def __len__(self) -> int:
        return len(self.run)


@dataclass(frozen=True)
class BlobSeries(Sequence[Any]):
    """Values of one tag that are read from the event file when asked for.

    `series[i]` decodes the i-th value, `series.raw(i)` gives the bytes of its message.
    Raises BlobUnavailable when the file no longer holds what was there.
    """

    kind: str
    tag: str
    step: Ints
    wall_time: Floats
    metadata: Metadata
    crc: npt.NDArray[np.uint32]  # CRC-32C of each value's message as it is stored
    nbytes: Ints  # its length
    _places: BlobPlaces = field(repr=False)
    _decode: Callable[[int, bytes], Any] = field(repr=False)
    _superseded: Callable[[], npt.NDArray[np.bool_] | None] = field(repr=False)  # None: no value is

    def __len__(self) -> int:
        return len(self.step)

    def latest(self) -> BlobSeries:
        """Without the values that a restart superseded."""
        hidden = self._superseded()
        if hidden is None:
            return self
        kept = np.flatnonzero(~hidden)
        columns = {name: getattr(self, name)[kept] for name in ("step", "wall_time", "crc", "nbytes")}
        return replace(
            self,
            **columns,
            _places=self._places.take(kept),
            _decode=lambda index, message: self._decode(int(kept[index]), message),
            _superseded=lambda: None,
        )

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        position = self._position(index)
        return self._decode(position, read_one(self._places, position))

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def raw(self, index: int) -> bytes:
        """The stored message: a Summary.Value, or for graphs the serialised GraphDef or TaggedRunMetadata."""
        return read_one(self._places, self._position(index))

    def head(self, index: int, length: int) -> bytes:
        """At most the first `length` bytes of a message, as the file has them now, unchecked."""
        return read_head(self._places, self._position(index), length)

    def raws(self, indices: Sequence[int] | Ints) -> Iterator[tuple[int, bytes]]:
        """(index, message) of many values, each read once, in the order in which they lie in their files.

        `indices` from 0 to len(self) - 1, in any order.
        """
        return read_many(self._places, indices)

    def decoded(self, index: int, message: bytes) -> Any:
        """What `self[index]` is, of a message that `raws` gave."""
        return self._decode(index, message)

    def _position(self, index: int) -> int:
        count = len(self)
        if not -count <= index < count:
            raise IndexError(f"{self.kind} {self.tag!r} has {count} values, got index {index}")
        return index % count
