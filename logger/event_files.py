"""An event file on disk: its name, its first event, and appending whole records so that a crash cannot garble it.

A file that fails (disk full, directory deleted, server gone) is given up, cut back to its last whole record where that
is possible, and followed by a new one; what was not written waits in a bounded backlog.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import time
import warnings
from collections import deque
from typing import BinaryIO

from .plugins import SOURCE_WRITER
from .process_end import writes_nothing
from .proto.event_pb2 import Event, SourceMetadata
from .records import frame

FILE_VERSION = "brain.Event:2"

_WHERE_KNOWN = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_RETRY_SECONDS = (0.5, 1, 2, 5, 10)  # waits between attempts while the disk refuses; the last repeats
_BACKLOG_BYTES = 64 << 20

_files_of_process = itertools.count()


def first_record() -> bytes:
    """The record every event file begins with."""
    event = Event(
        wall_time=time.time(), file_version=FILE_VERSION, source_metadata=SourceMetadata(writer=SOURCE_WRITER)
    )
    return frame(event.SerializeToString())


def create_file(logdir: str, suffix: str = "") -> tuple[str, int]:
    """A new, empty event file in `logdir` (made where missing): its path and descriptor.

    Host, process and a counter are in the name, and the file is created exclusively: two writers never share one.
    """
    os.makedirs(logdir, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | _WHERE_KNOWN
    host = socket.gethostname().replace(os.sep, "_")
    while True:
        name = f"events.out.tfevents.{int(time.time()):010d}.{host}.{os.getpid()}.{next(_files_of_process)}{suffix}"
        path = os.path.join(logdir, name)
        try:
            return path, os.open(path, flags, 0o666)
        except FileExistsError:
            continue


class EventFile:
    """The event file that a writer appends to, and its successors when one fails. Used by one thread at a time."""

    def __init__(self, logdir: str, suffix: str = "", paths: list[str] | None = None) -> None:
        self.logdir = logdir
        self.paths = [] if paths is None else paths  # every file so far
        self._suffix = suffix
        self._descriptor: int | None = None
        self._size = 0  # of whole records
        self._backlog: deque[bytes] = deque()
        self._backlog_bytes = 0
        self._lost_bytes = 0
        self._failures = 0
        self._retry_at = 0.0
        self._trouble: str | None = None

    @property
    def retry_in(self) -> float | None:
        """Seconds until the next attempt is due; None when nothing waits."""
        return max(0.0, self._retry_at - time.monotonic()) if self._backlog else None

    def open(self) -> None:
        """Create the file now. Raises OSError when that fails; `append` would go on and try again."""
        if not writes_nothing():
            self._path_and_descriptor()

    def append(self, records: bytes, *, last_try: bool = False) -> None:
        """Write whole records, after those that wait. Never raises OSError: warns once and keeps them for later.

        `last_try` attempts at once even when the next attempt is not due.
        """
        if writes_nothing():
            return
        if records:
            self._backlog.append(records)
            self._backlog_bytes += len(records)
        if self._trouble is not None and not last_try and time.monotonic() < self._retry_at:
            self._bound_backlog()
            return
        try:
            while self._backlog:
                self._write(self._backlog[0])
                self._backlog_bytes -= len(self._backlog.popleft())
        except OSError as error:
            self.give_up(error)
        else:
            self._recovered()

    def close(self) -> None:
        """Close the file; says what could not be written."""
        if self._backlog:
            self.append(b"", last_try=True)
        if self._backlog:
            warn_on_thread(f"{self.logdir}: {self._backlog_bytes} bytes of events were lost: {self._trouble}")
        self._forget_descriptor()

    def forget(self) -> None:
        """In a forked child: the file and what waits belong to the parent."""
        self._backlog.clear()
        self._backlog_bytes = 0
        self.paths.clear()
        self._forget_descriptor()

    def _write(self, records: bytes) -> None:
        descriptor = self._path_and_descriptor()
        written = 0
        while written < len(records):
            # One call takes it all but on a nearly full disk; a cut record is then taken back by give_up.
            written += os.write(descriptor, memoryview(records)[written:])
        self._size += written
        if os.fstat(descriptor).st_nlink == 0:
            # Deleted under us (Windows forbids that): what was in it is gone as its owner wished, the rest is not.
            raise FileNotFoundError(f"{self.paths[-1]} was deleted")

    def _path_and_descriptor(self) -> int:
        if self._descriptor is None:
            path, self._descriptor = create_file(self.logdir, self._suffix)
            self.paths.append(path)
            self._size = 0
            self._write(first_record())
        return self._descriptor

    def give_up(self, error: OSError) -> None:
        """Leave the current file after `error`; the next attempt opens a new one."""
        if self._trouble is None:
            warn_on_thread(
                f"{self.logdir}: cannot write events ({error}); training goes on, and so will logging when it can"
            )
        self._trouble = str(error)
        self._retry_at = time.monotonic() + _RETRY_SECONDS[min(self._failures, len(_RETRY_SECONDS) - 1)]
        self._failures += 1
        if self._descriptor is not None:
            try:
                if self._size:
                    os.ftruncate(self._descriptor, self._size)
                else:
                    os.unlink(self.paths[-1])  # not even the first record went in
            except OSError:
                pass  # a cut tail: readers stop before it, and nothing more is appended here
        self._forget_descriptor()
        self._bound_backlog()

    def _recovered(self) -> None:
        if self._trouble is not None and self._lost_bytes:
            warn_on_thread(
                f"{self.logdir}: logging goes on in a new file; {self._lost_bytes} bytes of events were lost"
            )
        self._trouble = None
        self._failures = self._lost_bytes = 0

    def _bound_backlog(self) -> None:
        while self._backlog_bytes > _BACKLOG_BYTES and len(self._backlog) > 1:
            oldest = len(self._backlog.popleft())
            self._backlog_bytes -= oldest
            self._lost_bytes += oldest

    def _forget_descriptor(self) -> None:
        if self._descriptor is not None:
            # A network disk may report here what it could not store: nothing is left to do about it.
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None


class RecordWriter:
    """Appends framed records to one file, in the calling thread: for record files of one's own.

    >>> with RecordWriter("data.tfrecord") as records: records.write(b"anything")
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)
        self._file: BinaryIO = open(self.path, "wb")  # noqa: SIM115 (closed by close())

    def write(self, data: bytes) -> None:
        """Append `data` as one record."""
        self._file.write(frame(bytes(data)))

    def flush(self) -> None:
        """Hand everything to the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Flush and close; more than once is no harm."""
        self._file.close()

    def __enter__(self) -> RecordWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def warn_on_thread(sentence: str) -> None:
    """A RuntimeWarning; where warnings are errors it says nothing: an error must not end the writing thread."""
    with contextlib.suppress(RuntimeWarning):
        warnings.warn(sentence, RuntimeWarning, stacklevel=3)
