"""The levels of a model's graph on their way into an event file: now, and when another process has looked closer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from .file_writer import FileWriter
from .graphs.blob import decode, encode
from .graphs.forked_work import ForkedWork
from .graphs.graph_def_writing import graph_def_of
from .graphs.model import GraphModel
from .proto.event_pb2 import Event, TaggedRunMetadata
from .proto.graph_pb2 import RunMetadata
from .summaries.model_graph import model_graph_summary

if TYPE_CHECKING:
    from .graphs.torch_capture import Levels

__all__ = ["GraphLog"]


class GraphLog:
    """One call of add_graph: what it writes, where, and under which tags."""

    def __init__(self, writer: FileWriter, call: str, tag: str, step: int, levels: Levels) -> None:
        self._writer, self._call, self._tag, self._step, self._levels = writer, call, tag, step, levels
        self._wall_time = writer.wall_time(None)
        self._ran = b""  # the operations that ran, as another process sent them

    def add(self) -> None:
        """The functions, for TensorBoard and for us, and the ATen operations where they were looked at."""
        levels, wall_time = self._levels, self._wall_time
        self._writer.add_later(
            lambda: Event(wall_time=wall_time, graph_def=graph_def_of(levels.first()).SerializeToString()),
            levels.nbytes,
            self._call,
        )
        tagged = TaggedRunMetadata(tag="step1", run_metadata=RunMetadata().SerializeToString())
        self._writer.add_event(Event(tagged_run_metadata=tagged), None, wall_time)
        self._add(self._tag, lambda: encode(levels.first()))
        second = levels.second
        if second is not None:
            self._add_second(lambda: encode(second("")))

    def look_closer(self, limit: float) -> ForkedWork | None:
        """Have another process tell the second level, in at most `limit` seconds; None where there is nothing to do."""
        elsewhere = self._levels.elsewhere
        return None if elsewhere is None else ForkedWork(elsewhere, limit, self._deliver)

    def _deliver(self, result: bytes, failure: str) -> None:
        second = self._levels.second
        if result:
            self._ran = self._ran or result
            self._add_second(lambda: result)
            return
        note = f"torch.export could not tell them for every input: {failure}."
        if second is not None:
            self._add_second(lambda: encode(second(note)))
        elif self._ran:
            self._add_second(lambda: encode(_with_note(decode(self._ran), note)))
        else:
            note = f"The ATen operations could not be told: {failure}."
            self._add(self._tag, lambda: encode(_with_note(self._levels.first(), note)))

    def _add_second(self, blob: Callable[[], bytes]) -> None:
        self._add(f"{self._tag}/aten", blob)

    def _add(self, tag: str, blob: Callable[[], bytes]) -> None:
        self._writer.add_summary_later(
            lambda: model_graph_summary(tag, blob()), self._step, self._wall_time, 0, self._call
        )


def _with_note(graph: GraphModel, note: str) -> GraphModel:
    return replace(graph, notes=[*graph.notes, note])
