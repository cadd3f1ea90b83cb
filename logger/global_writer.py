"""GlobalSummaryWriter: one writer for a whole program and its processes, which counts the steps itself."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Iterator, Sequence
from typing import Any

from .errors import WriterClosed
from .file_writer import FLUSH_SECS, MAX_QUEUE, FileWriter
from .shared_steps import SharedSteps
from .writer import SummaryWriter
from .writer_core import LogDirPath


class GlobalSummaryWriter:
    """Like SummaryWriter, but without steps: every call under a tag takes the next one.

    Threads and forked processes share the count; each process writes an event file of its own, side by side.

    >>> writer = GlobalSummaryWriter.getSummaryWriter()     # anywhere in the program: the same writer
    """

    _shared: GlobalSummaryWriter | None = None

    def __init__(
        self,
        logdir: LogDirPath | None = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = MAX_QUEUE,
        flush_secs: float = FLUSH_SECS,
        filename_suffix: str = "",
        write_to_disk: bool = True,
        log_dir: LogDirPath | None = None,
        coalesce_process: bool = True,
        **options: Any,
    ) -> None:
        # coalesce_process: tensorboardX's choice between one file and several; processes never clash here.
        self.smw: SummaryWriter | None = SummaryWriter(
            log_dir or logdir, comment, purge_step, max_queue, flush_secs, filename_suffix, write_to_disk, **options
        )
        self._steps = SharedSteps()

    def add_scalar(self, tag: str, scalar_value: Any, walltime: float | None = None) -> None:
        """SummaryWriter.add_scalar at the tag's next step."""
        with self._at_next_step("scalar", tag) as (writer, step):
            writer.add_scalar(tag, scalar_value, step, walltime)

    def add_image(self, tag: str, img_tensor: Any, walltime: float | None = None, dataformats: str = "CHW") -> None:
        """SummaryWriter.add_image at the tag's next step."""
        with self._at_next_step("image", tag) as (writer, step):
            writer.add_image(tag, img_tensor, step, walltime, dataformats)

    def add_audio(self, tag: str, snd_tensor: Any, sample_rate: int = 44100, walltime: float | None = None) -> None:
        """SummaryWriter.add_audio at the tag's next step."""
        with self._at_next_step("audio", tag) as (writer, step):
            writer.add_audio(tag, snd_tensor, step, sample_rate, walltime)

    def add_text(self, tag: str, text_string: str, walltime: float | None = None) -> None:
        """SummaryWriter.add_text at the tag's next step."""
        with self._at_next_step("text", tag) as (writer, step):
            writer.add_text(tag, text_string, step, walltime)

    def add_plotly(self, tag: str, figure: Any, walltime: float | None = None) -> None:
        """SummaryWriter.add_plotly at the tag's next step."""
        with self._at_next_step("plotly", tag) as (writer, step):
            writer.add_plotly(tag, figure, step, walltime)

    def add_html(self, tag: str, html: str, walltime: float | None = None) -> None:
        """SummaryWriter.add_html at the tag's next step."""
        with self._at_next_step("html", tag) as (writer, step):
            writer.add_html(tag, html, step, walltime)

    def add_table(
        self, tag: str, rows: Any, walltime: float | None = None, *, columns: Sequence[str] | None = None
    ) -> None:
        """SummaryWriter.add_table at the tag's next step."""
        with self._at_next_step("table", tag) as (writer, step):
            writer.add_table(tag, rows, step, walltime, columns=columns)

    def add_confusion_matrix(
        self,
        tag: str,
        matrix_or_labels: Any,
        predictions: Any = None,
        class_names: Sequence[str] | None = None,
        walltime: float | None = None,
    ) -> None:
        """SummaryWriter.add_confusion_matrix at the tag's next step."""
        with self._at_next_step("confusion matrix", tag) as (writer, step):
            writer.add_confusion_matrix(tag, matrix_or_labels, predictions, step, class_names, walltime)

    def add_roc_curve(
        self,
        tag: str,
        labels: Any,
        predictions: Any,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """SummaryWriter.add_roc_curve at the tag's next step."""
        with self._at_next_step("roc curve", tag) as (writer, step):
            writer.add_roc_curve(tag, labels, predictions, step, num_thresholds, weights, walltime)

    def add_object(self, tag: str, points: Any = None, walltime: float | None = None, **parts: Any) -> None:
        """SummaryWriter.add_object at the tag's next step; `parts` are its faces, colors, boxes, config_dict."""
        with self._at_next_step("object", tag) as (writer, step):
            writer.add_object(tag, points, step, walltime, **parts)

    def add_event(self, text: str, kind: str = "note", wall_time: float | None = None) -> None:
        """SummaryWriter.add_event at the step of the last scalar."""
        self._writer().add_event(text, None, kind, wall_time)

    @staticmethod
    def getSummaryWriter() -> GlobalSummaryWriter:
        """The program's shared writer; the first call opens it in the default directory."""
        shared = GlobalSummaryWriter._shared
        if shared is None or shared.smw is None:
            shared = GlobalSummaryWriter._shared = GlobalSummaryWriter()
        return shared

    @property
    def file_writer(self) -> FileWriter:
        """The file writer in use."""
        return self._writer()._get_file_writer()

    def flush(self) -> None:
        """As SummaryWriter.flush."""
        self._writer().flush()

    def close(self) -> None:
        """As SummaryWriter.close; the next getSummaryWriter() opens another."""
        if self.smw is not None:
            self.smw.close()
            self.smw = None

    def _writer(self) -> SummaryWriter:
        if self.smw is None:
            raise WriterClosed("this GlobalSummaryWriter was closed; getSummaryWriter() opens another")
        return self.smw

    @contextlib.contextmanager
    def _at_next_step(self, kind: str, tag: str) -> Iterator[tuple[SummaryWriter, int]]:
        writer = self._writer()
        yield writer, self._steps.take(f"{kind} {tag}")
        if multiprocessing.parent_process() is not None:
            writer.flush()  # a pool ends its workers without a word
