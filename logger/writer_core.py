"""What every group of `add_…` methods stands on: the event file behind a SummaryWriter, tags, steps and wall times."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .background import QueueFullPolicy, Scalar
from .event_files import FILE_VERSION
from .file_writer import FLUSH_SECS, MAX_QUEUE, QUEUE_BYTES, FileWriter
from .proto.event_pb2 import Event, SessionLog, Summary

if TYPE_CHECKING:
    from .graphs.forked_work import ForkedWork

LogDirPath = str | os.PathLike[str]


class WriterCore:
    """Opens, reopens and closes the file writers of one log directory and its sub-runs."""

    def __init__(
        self,
        log_dir: LogDirPath | None = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = MAX_QUEUE,
        flush_secs: float = FLUSH_SECS,
        filename_suffix: str = "",
        write_to_disk: bool = True,
        logdir: LogDirPath | None = None,
        comet_config: dict[str, Any] | None = None,
        *,
        queue_full: QueueFullPolicy = "wait",
        queue_bytes: int = QUEUE_BYTES,
    ) -> None:
        if comet_config is not None and not comet_config.get("disabled", False):
            raise ValueError("SummaryWriter: comet_config is accepted for compatibility only, and must be disabled")
        chosen = log_dir or logdir
        self.log_dir = os.fspath(chosen) if chosen else _default_logdir(comment)
        self.purge_step = purge_step
        self.max_queue = max_queue
        self.flush_secs = flush_secs
        self.filename_suffix = filename_suffix
        self._options: dict[str, Any] = {
            "max_queue": max_queue,
            "flush_secs": flush_secs,
            "filename_suffix": filename_suffix,
            "queue_full": queue_full,
            "queue_bytes": queue_bytes,
            "write_to_disk": write_to_disk,
        }
        self.file_writer: FileWriter | None = None
        self.all_writers: dict[str, FileWriter] | None = None
        # Takes a scalar without looking; None while a closer look is needed (closed, or default metadata in force).
        self._note: Callable[[Scalar], None] | None = None
        self._paths_before: list[str] = []  # event files of writers that were closed
        self._unfinished: list[ForkedWork] = []  # values that other processes are making
        self._get_file_writer()

    def _get_file_writer(self) -> FileWriter:
        """The main file writer; opens a new file after close()."""
        writer = self.file_writer
        if writer is None or self.all_writers is None:
            writer = self.file_writer = FileWriter(self.log_dir, **self._options)
            self.all_writers = {self.log_dir: writer}
            if self.purge_step is not None:
                self._start_session(writer, self.purge_step)
                self.purge_step = None
        if self._note is None and writer.background is not None and not writer.has_defaults:
            self._note = writer.background.note
        return writer

    @staticmethod
    def _start_session(writer: FileWriter, step: int) -> None:
        """Mark that what other files hold from `step` on is superseded."""
        writer.add_event(Event(file_version=FILE_VERSION), step)
        writer.add_event(Event(session_log=SessionLog(status=SessionLog.START)), step)

    def _sub_run_writer(self, name: str) -> FileWriter:
        """The file writer of a run below this one, kept until close()."""
        main = self._get_file_writer()
        writers = self.all_writers
        assert writers is not None
        path = os.path.join(self.log_dir, name)
        writer = writers.get(path)
        if writer is None:
            writer = writers[path] = FileWriter(path, **self._options)
        writer.default_step, writer.default_walltime = main.default_step, main.default_walltime
        return writer

    def _add(
        self,
        call: str,
        build: Callable[[], Summary],
        global_step: object,
        walltime: float | None,
        nbytes: int = 0,
    ) -> None:
        """Hand over a summary to be built in the background; it holds `nbytes` until then."""
        writer = self._get_file_writer()
        writer.add_summary_later(build, writer.step(call, global_step), walltime, nbytes, call)

    def get_logdir(self) -> str:
        """The directory of the event files."""
        return self.log_dir

    @property
    def logdir(self) -> str:
        """The directory of the event files."""
        return self.log_dir

    @contextlib.contextmanager
    def use_metadata(self, *, global_step: int | None = None, walltime: float | None = None) -> Iterator[None]:
        """Within the block, calls without a step or wall time take these.

        >>> with writer.use_metadata(global_step=7): writer.add_scalar("loss", 0.5)
        """
        main = self._get_file_writer()
        self._note = None
        try:
            with main.use_metadata(global_step=global_step, walltime=walltime):
                yield
        finally:
            self._note = None  # found again at the next call

    def flush(self) -> None:
        """Returns when everything noted so far is in the event files, for all readers to see."""
        for work in self._unfinished:
            work.wait_for_first()
        for writer in list((self.all_writers or {}).values()):
            writer.flush()

    def close(self) -> None:
        """Flush, note that the run ended, and close the event files. A later `add_…` goes on in a new file."""
        self._close(ended=True)

    def _close(self, ended: bool) -> None:
        self._note = None
        while self._unfinished:
            self._unfinished.pop().join()
        for writer in list((self.all_writers or {}).values()):
            writer.close(ended)
            self._paths_before.extend(writer.paths)
        self.file_writer = self.all_writers = None

    def __enter__(self) -> Any:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # A run that fails has no end; one that somebody interrupts has.
        self._close(ended=kind is None or not issubclass(kind, Exception))


def call_name(method: str, tag: object) -> str:
    """How error sentences begin: `add_scalar('loss')`. Raises TypeError when the tag is no string."""
    if not isinstance(tag, str):
        raise TypeError(f"{method}({tag!r:.60}): the tag must be a str, got {type(tag).__name__}")
    return f"{method}({tag!r})"


def _default_logdir(comment: str) -> str:
    return os.path.join("runs", f"{datetime.now():%b%d_%H-%M-%S}_{socket.gethostname()}{comment}")
