"""SummaryWriter: every `add_…` checks and copies what it is given, and leaves the rest to the background."""

from __future__ import annotations

from .writer_classifiers import ClassifierMethods
from .writer_data import DataMethods
from .writer_documents import DocumentMethods
from .writer_events import EventMethods
from .writer_graphs import GraphMethods
from .writer_media import MediaMethods
from .writer_scalars import ScalarMethods
from .writer_shapes import ShapeMethods
from .writer_structure import StructureMethods


class SummaryWriter(
    ScalarMethods,
    MediaMethods,
    DocumentMethods,
    DataMethods,
    ClassifierMethods,
    ShapeMethods,
    GraphMethods,
    StructureMethods,
    EventMethods,
):
    """Logs a run to an event file in `log_dir`, for the dashboard and for TensorBoard.

    A drop-in for `torch.utils.tensorboard.SummaryWriter` and for tensorboardX's, for values of any framework.

    log_dir (or logdir): the run's directory; by default `runs/<date, time, host><comment>`.
    purge_step: on resuming, the first step whose earlier points this run supersedes.
    max_queue: summaries that may wait to be written; `queue_bytes` bounds the memory they hold.
    flush_secs: the longest a summary waits to be written, in seconds (usually half a second).
    filename_suffix: ends the event file's name.
    write_to_disk: False makes every call a no-op.
    queue_full: what a call does when the queue is full: "wait", "drop" the summary, or "raise" QueueFull.

    Nothing is lost at exit without `close()`. A full or vanished disk warns once; logging resumes in a new file. A
    forked process writes an event file of its own. Raises OSError when the directory cannot be made or written.

    >>> with SummaryWriter("runs/first") as writer:
    ...     for step in range(100):
    ...         writer.add_scalar("loss", 1 / (step + 1), step)
    """
