"""A run while it is being read."""

from __future__ import annotations

from dataclasses import dataclass, field

from .event_file import EventFile
from .run import Epochs, RunView, Unreadable
from .run_tags import RunTags

__all__ = ["LoadedRun"]


@dataclass
class LoadedRun:
    """The files of a run. Changed only by the pass that is under way; others see its views."""

    name: str
    tags: RunTags = field(default_factory=RunTags)
    epochs: Epochs = field(default_factory=Epochs)
    order: list[str] = field(default_factory=list)  # paths of its files, in reading order
    files: dict[str, EventFile] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)  # path → what the system said

    def view(self) -> RunView:
        """The run as it is now."""
        files = tuple(self.files[path] for path in self.order if path in self.files)
        unreadable = tuple(Unreadable(path, detail) for path, detail in self.unreadable.items())
        return RunView(self.name, files, unreadable, self.tags, self.epochs)

    def forget(self, path: str) -> bool:
        """Drop a file; whether anything was known of it."""
        had_rows = self.files.pop(path, None) is not None
        return self.unreadable.pop(path, None) is not None or had_rows

    def failed(self, path: str, error: Exception) -> bool:
        """Note that a file cannot be read: what was read of it stays, unless it is gone. Whether that is news."""
        if isinstance(error, FileNotFoundError):
            return self.forget(path)
        detail = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
        news = self.unreadable.get(path) != detail
        self.unreadable[path] = detail
        return news
