"""FileWriter: events and summaries as messages → one event file, in the background."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator
from typing import Any, SupportsFloat

from .background import Background, QueueFullPolicy, Work
from .event_files import EventFile
from .proto.event_pb2 import Event, Summary, TaggedRunMetadata
from .values import step_number

# Full for now: worth waiting for. Anything else at the start (no permission, a file in the way) the caller must hear.
_PASSING_ERRORS = {errno.ENOSPC, errno.EFBIG, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)}

MAX_QUEUE = 100_000
FLUSH_SECS = 10
QUEUE_BYTES = 256 << 20


class FileWriter:
    """Writes events to a new event file in `log_dir`.

    max_queue: entries that may wait for the background thread, and `queue_bytes` the memory they may hold.
    flush_secs: the longest an entry waits there, in seconds (usually half a second).
    queue_full: "wait", "drop" or "raise" when the queue is full.
    write_to_disk: False makes every call a no-op.

    Raises OSError when the directory cannot be made or written (a full disk is waited for instead).
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        max_queue: int = MAX_QUEUE,
        flush_secs: float = FLUSH_SECS,
        filename_suffix: str = "",
        *,
        queue_full: QueueFullPolicy = "wait",
        queue_bytes: int = QUEUE_BYTES,
        write_to_disk: bool = True,
    ) -> None:
        if queue_full not in ("wait", "drop", "raise"):
            raise ValueError(f"queue_full must be 'wait', 'drop' or 'raise', got {queue_full!r}")
        if max_queue < 1:
            raise ValueError(f"max_queue must be at least 1, got {max_queue}")
        self._log_dir = os.fspath(log_dir)
        self._suffix = filename_suffix
        self._background_options: tuple[int, float, QueueFullPolicy, int] = (
            int(max_queue),
            float(flush_secs),
            queue_full,
            int(queue_bytes),
        )
        self._write_to_disk = write_to_disk
        self._background: Background | None = None
        self.default_step: int | None = None
        self.default_walltime: float | None = None
        self.paths: list[str] = []  # of the event files written so far, one more after each reopening
        self.reopen()

    def reopen(self) -> None:
        """After close(): go on in a new file of the same directory. Does nothing while open."""
        if self._background is not None or not self._write_to_disk:
            return
        file = EventFile(self._log_dir, self._suffix, self.paths)
        try:
            file.open()
        except OSError as error:
            if error.errno not in _PASSING_ERRORS:
                raise
            file.give_up(error)
        self._background = Background(file, *self._background_options)

    @property
    def background(self) -> Background | None:
        """The queue behind this writer; None when nothing is written."""
        return self._background

    @property
    def has_defaults(self) -> bool:
        """Whether `use_metadata` is in force."""
        return self.default_step is not None or self.default_walltime is not None

    def get_logdir(self) -> str:
        """The directory of the event file."""
        return self._log_dir

    def add_event(self, event: Event | Any, step: object = None, walltime: float | None = None) -> None:
        """Write an Event (ours, or another package's with the same wire format)."""
        event.wall_time = self.wall_time(walltime)
        if step is not None:
            event.step = step_number("add_event", step)
        data = event.SerializeToString()  # the caller may change its message afterwards
        self.add_later(lambda: Event.FromString(data), len(data))

    def add_summary(self, summary: Summary | Any, global_step: object = None, walltime: float | None = None) -> None:
        """Write a Summary (ours, or another package's) at a step."""
        data = summary.SerializeToString()
        self.add_summary_later(
            lambda: Summary.FromString(data), self.step("add_summary", global_step), walltime, len(data)
        )

    def add_graph(self, graph_profile: tuple[Any, Any], walltime: float | None = None) -> None:
        """Write a (GraphDef, RunMetadata) pair."""
        graph, run_metadata = graph_profile
        self.add_event(Event(graph_def=graph.SerializeToString()), None, walltime)
        tagged = TaggedRunMetadata(tag="step1", run_metadata=run_metadata.SerializeToString())
        self.add_event(Event(tagged_run_metadata=tagged), None, walltime)

    def add_onnx_graph(self, graph: Any, walltime: float | None = None) -> None:
        """Write a GraphDef."""
        self.add_event(Event(graph_def=graph.SerializeToString()), None, walltime)

    def add_openvino_graph(self, graph: Any, walltime: float | None = None) -> None:
        """Write a GraphDef."""
        self.add_onnx_graph(graph, walltime)

    def add_summary_later(
        self, build: Callable[[], Summary], step: int, walltime: float | None, nbytes: int, call: str = "a summary"
    ) -> None:
        """Write the Summary that `build` makes on the background thread; `nbytes` is what it holds until then."""
        wall_time = self.wall_time(walltime)
        self.add_later(lambda: Event(wall_time=wall_time, step=step, summary=build()), nbytes, call)

    def note_scalar(self, tag: str, value: SupportsFloat, step: int, walltime: float | None) -> None:
        """Write a float32 scalar."""
        if self._background is None:
            self.reopen()
        if self._background is not None:
            self._background.note((tag, value, step, self.wall_time(walltime)))

    def do_later(self, action: Callable[[], None], nbytes: int, call: str) -> None:
        """Do something that writes other files, on the background thread and in order with the events."""
        self.add_later(action, nbytes, call)

    def add_later(self, build: Callable[[], Event | None], nbytes: int, call: str = "a summary") -> None:
        """Write the Event that `build` makes on the background thread."""
        if self._background is None:
            self.reopen()
        if self._background is not None:
            self._background.take(Work(build, nbytes, call))

    def step(self, call: str, global_step: object) -> int:
        """`global_step` as an integer; None is what `use_metadata` set, or 0."""
        return step_number(call, self.default_step if global_step is None else global_step)

    def wall_time(self, walltime: float | None) -> float:
        """`walltime` in seconds since the epoch; None is what `use_metadata` set, or now."""
        if walltime is None:
            walltime = self.default_walltime
        if walltime is None:
            return time.time()
        try:
            return float(walltime)
        except (TypeError, ValueError) as error:
            raise TypeError(f"walltime must be seconds since the epoch, got {walltime!r:.60}") from error

    @contextlib.contextmanager
    def use_metadata(self, *, global_step: int | None = None, walltime: float | None = None) -> Iterator[None]:
        """Within the block, calls without a step or wall time take these."""
        before = self.default_step, self.default_walltime
        self.default_step, self.default_walltime = global_step, walltime
        try:
            yield
        finally:
            self.default_step, self.default_walltime = before

    def flush(self) -> None:
        """Returns when everything noted so far is in the file."""
        if self._background is not None:
            self._background.flush()

    def close(self, ended: bool = True) -> None:
        """Flush and close the file, marked as ended well unless told otherwise; the next event opens another."""
        if self._background is not None:
            if ended:
                self._background.note_end()
            self._background.close()
            self._background = None

    def __del__(self) -> None:
        # Dropped without close(): nothing can come any more. The thread writes what is pending and ends, nobody waits.
        background = getattr(self, "_background", None)
        if background is not None:
            background.note_end()
            background.stop()
