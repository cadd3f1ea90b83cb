"""The levels of a model's graph on their way into an event file: now, and when torch.export is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .file_writer import FileWriter
from .graphs.blob import encode
from .graphs.forked_work import ForkedWork, can_fork
from .graphs.graph_def_writing import graph_def_of
from .proto.event_pb2 import Event, TaggedRunMetadata
from .proto.graph_pb2 import RunMetadata
from .summaries.model_graph import model_graph_summary

if TYPE_CHECKING:
    from .graphs.torch_capture import Levels

__all__ = ["GraphLog"]


@dataclass(frozen=True)
class GraphLog:
    """One call of add_graph: where and under which tag it writes."""

    writer: FileWriter
    call: str
    tag: str
    step: int
    wall_time: float

    def add_first(self, levels: Levels) -> None:
        """The functions of the model, for TensorBoard and for us."""
        wall_time = self.wall_time
        self.writer.add_later(
            lambda: Event(wall_time=wall_time, graph_def=graph_def_of(levels.first()).SerializeToString()),
            levels.nbytes,
            self.call,
        )
        tagged = TaggedRunMetadata(tag="step1", run_metadata=RunMetadata().SerializeToString())
        self.writer.add_event(Event(tagged_run_metadata=tagged), None, wall_time)
        self._add(self.tag, lambda: encode(levels.first()))

    def add_second(self, levels: Levels, limit: float | None) -> ForkedWork | None:
        """The ATen operations as they ran; then those of torch.export, unless `limit` (seconds) is None."""
        exported = levels.exported
        tried = exported is not None and limit is not None and can_fork()
        self._add_run(levels, "torch.export was under way when this was written." if tried else "")
        if exported is None or limit is None or not tried:
            return None

        def deliver(result: bytes, failure: str) -> None:
            if result:
                self._add(f"{self.tag}/aten", lambda: result)
            else:
                self._add_run(levels, f"torch.export could not tell them for every input: {failure}")

        return ForkedWork(exported, limit, deliver)

    def _add_run(self, levels: Levels, note: str) -> None:
        second = levels.second
        if second is not None:
            said = f"ATen operations as they ran. {note}".strip()
            self._add(f"{self.tag}/aten", lambda: encode(second(said)))

    def _add(self, tag: str, blob: Callable[[], bytes]) -> None:
        self.writer.add_summary_later(lambda: model_graph_summary(tag, blob()), self.step, self.wall_time, 0, self.call)
