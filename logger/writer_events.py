"""The event method of SummaryWriter."""

from __future__ import annotations

from typing import Any

from .proto.event_pb2 import Event
from .summaries.event import checked_kind, event_summary
from .writer_core import WriterCore


class EventMethods(WriterCore):
    """What happens to the run beside its numbers."""

    def add_event(self, text: str, step: Any = None, kind: str = "note", wall_time: float | None = None) -> None:
        """Mark a moment of the run, to be drawn on the axis of every chart: "learning rate halved".

        step: by default that of the last scalar before the call.
        kind: "note", "checkpoint", "alert" or any other word of letters, digits, "_" and "-"; raises ValueError else.
        wall_time: seconds since the epoch, by default now.
        """
        if not isinstance(text, str):
            raise TypeError(f"add_event: the text must be a str, got {type(text).__name__}")
        call = f"add_event({text!r:.40})"
        summary = event_summary(checked_kind(call, kind), text)
        writer = self._get_file_writer()
        moment = writer.wall_time(wall_time)
        known = step is not None or writer.default_step is not None
        number = writer.step(call, step) if known else 0
        background = writer.background

        def build() -> Event:
            # In the background the scalars before the call are written already.
            at = number if known or background is None else background.last_step
            return Event(wall_time=moment, step=at, summary=summary)

        writer.add_later(build, len(text), call)
