"""What `stepscope.logger` raises.

    StepscopeError
    ├── LogError                  reading a log directory
    │   ├── RunNotFound           (also a KeyError)
    │   ├── TagNotFound           (also a KeyError)
    │   ├── BlobUnavailable       the file changed or vanished under a stored offset
    │   └── CorruptRecord         a record whose checksum or framing is wrong
    └── WriterError               writing one
        ├── QueueFull             `queue_full="raise"` and the background thread is behind
        └── WriterClosed          the writer cannot take more

Wrong arguments raise the built-in `TypeError` and `ValueError`, with the call named in the text.
"""

from __future__ import annotations

__all__ = [
    "BlobUnavailable",
    "CorruptRecord",
    "LogError",
    "QueueFull",
    "RunNotFound",
    "StepscopeError",
    "TagNotFound",
    "WriterClosed",
    "WriterError",
]


class StepscopeError(Exception):
    """Base of everything this project raises on its own account."""


class LogError(StepscopeError):
    """A log directory could not be read as asked."""


class _Missing(LogError, KeyError):
    """A key that is not there; prints its sentence, where a plain KeyError would print its repr."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class RunNotFound(_Missing):
    """No run of this name is in the log directory (now)."""


class TagNotFound(_Missing):
    """The run has no data of this kind under this tag."""


class BlobUnavailable(LogError):
    """The event file no longer holds what the index saw there: it was replaced, cut or deleted."""


class CorruptRecord(LogError):
    """A record's framing or checksum is wrong."""


class WriterError(StepscopeError):
    """A summary could not be taken."""


class QueueFull(WriterError):
    """The writer's queue is full and `queue_full="raise"` was asked for."""


class WriterClosed(WriterError):
    """The writer was closed for good."""
