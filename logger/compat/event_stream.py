"""The events of a run's files, one after the other; called again, only what is new."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator

from google.protobuf.message import DecodeError

from ..proto.event_pb2 import Event
from ..reader.scan import release_buffers, scan
from ..reader.storage import LOCAL, FileHandle
from ..records import FOOTER_BYTES, HEADER_BYTES

__all__ = ["EventStream", "is_event_file"]

_LENGTH = struct.Struct("<Q")
_CHUNK = 4 << 20  # bytes read at once
_MARK, _NOT_DATA = "tfevents", ".profile-empty"


def is_event_file(path: str) -> bool:
    """Whether the name is one that writers give to event files."""
    name = os.path.basename(path)
    return _MARK in name and not name.endswith(_NOT_DATA)


class EventStream:
    """Events of one file, or of those that lie in a folder, in order of their names."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._positions: dict[str, int] = {}  # file → where reading goes on

    def new_events(self) -> Iterator[Event]:
        """Whatever was not given out yet. Raises OSError where the path cannot be read."""
        for path in self._files():
            for data in self._records(path):
                try:
                    yield Event.FromString(data)
                except DecodeError:
                    continue

    def _files(self) -> list[str]:
        if is_event_file(self.path) and not os.path.isdir(self.path):
            return [self.path]
        names = sorted(os.listdir(self.path))
        paths = [os.path.join(self.path, name) for name in names if is_event_file(name)]
        return [path for path in paths if os.path.isfile(path)]

    def _records(self, path: str) -> Iterator[bytes]:
        """New records of a file. The reader says which stretches are whole; what is between them is damaged."""
        complete = False
        while not complete:
            begin = self._positions.setdefault(path, 0)
            result = scan(LOCAL, path, begin)
            complete = result.complete
            damage = [stretch for batch in result.batches for stretch in batch.damage]
            del result.batches  # columns that are not needed here
            with LOCAL.open(path) as file:
                for stretch in sorted(damage, key=lambda damage: damage.offset):
                    yield from self._whole(file, path, begin, stretch.offset)
                    begin = self._positions[path] = stretch.offset + stretch.length
                yield from self._whole(file, path, begin, result.offset)
            self._positions[path] = result.offset
        release_buffers()

    def _whole(self, file: FileHandle, path: str, begin: int, end: int) -> Iterator[bytes]:
        """The records from `begin` to `end`, all of which were checked."""
        chunk, start = b"", begin
        while begin < end:
            at = begin - start
            size = HEADER_BYTES
            if len(chunk) - at >= HEADER_BYTES:
                size += _LENGTH.unpack_from(chunk, at)[0] + FOOTER_BYTES
            if size == HEADER_BYTES or len(chunk) - at < size:
                chunk, start = file.read(begin, max(size, min(_CHUNK, end - begin))), begin
                if len(chunk) < size:
                    return  # the file was cut meanwhile
                continue
            begin += size
            self._positions[path] = begin
            yield chunk[at + HEADER_BYTES : at + size - FOOTER_BYTES]
