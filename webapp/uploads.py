"""Files that somebody opened in the page: kept in a temporary folder until the dashboard ends."""

from __future__ import annotations

import re
import shutil
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Generic, TypeVar

from .queries import Refused
from .received import receive

__all__ = ["MOST_FILE_BYTES", "Upload", "Uploads"]

MOST_FILE_BYTES = 2 << 30
_MOST_BYTES = 8 << 30  # of all files; the ones longest unused go
_LONGEST_NAME = 120  # characters


@dataclass(frozen=True)
class Upload:
    """A file as it came. file: names it from then on, by what it holds."""

    file: str
    path: Path
    size: int

    @property
    def name(self) -> str:
        """As the user calls it."""
        return self.path.name

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files that belong to it."""
        return (self.path,)


SomeUpload = TypeVar("SomeUpload", bound=Upload)


class Uploads(Generic[SomeUpload]):
    """The files last opened. For any thread."""

    def __init__(self) -> None:
        from ..projector.jobs.scratch import Scratch

        self._scratch = Scratch(None)
        self._lock = threading.Lock()
        self._files: OrderedDict[str, SomeUpload] = OrderedDict()

    def find(self, file: str) -> SomeUpload:
        """Raises Refused (404)."""
        with self._lock:
            if file not in self._files:
                raise Refused(f"the file {file[:64]!r} is not open here (any more); open it again", 404)
            self._files.move_to_end(file)
            return self._files[file]

    def receive(self, stream: IO[bytes], name: str, most: int = MOST_FILE_BYTES) -> tuple[Path, str]:
        """A file's bytes → where they lie, and their checksum. Raises Refused, OSError."""
        folder = self._scratch.new("file")
        folder.mkdir()
        path = folder / _safe_name(name)
        try:
            return path, receive(stream, path, path.name, most)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def keep(self, upload: SomeUpload) -> SomeUpload:
        """The upload, or the one of the same content that was there before."""
        with self._lock:
            before = self._files.get(upload.file)
            if before is not None:
                self._delete(upload)
                return before
            self._files[upload.file] = upload
            while len(self._files) > 1 and sum(kept.size for kept in self._files.values()) > _MOST_BYTES:
                self._delete(self._files.popitem(last=False)[1])
            return upload

    def forget(self, upload: SomeUpload) -> None:
        """Nobody can use it."""
        with self._lock:
            if self._files.pop(upload.file, None) is not None:
                self._delete(upload)

    def listed(self) -> list[SomeUpload]:
        """The last one first."""
        with self._lock:
            return [*reversed(self._files.values())]

    def close(self) -> None:
        """Delete them."""
        self._scratch.close()

    def _delete(self, upload: SomeUpload) -> None:
        """But for what another one has, too."""
        used = {path for kept in self._files.values() for path in kept.paths}
        for path in {*upload.paths} - used:
            shutil.rmtree(path.parent, ignore_errors=True)


def _safe_name(name: str) -> str:
    """The last part of what the browser calls the file, without what a file system trips over."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w. ()\[\]+=,@-]+", "_", last).strip(" .")
    return plain[-_LONGEST_NAME:].lstrip(" .") or "file"
