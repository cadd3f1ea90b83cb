"""Files of points that somebody opened in the page: kept in a temporary folder until the dashboard ends."""

from __future__ import annotations

import hashlib
import re
import shutil
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ..queries import Refused
from ..received import receive

if TYPE_CHECKING:
    from ...projector.embedding import Embedding

__all__ = ["MOST_FILE_BYTES", "Upload", "Uploads", "upload_as_json"]

MOST_FILE_BYTES = 2 << 30
_MOST_BYTES = 8 << 30  # of all files; the ones longest unused go
_LONGEST_NAME = 120  # characters


@dataclass(frozen=True)
class Upload:
    """A file as it came, and what was said of it.

    shape  of raw numbers. array  one of several in the file. metadata  another upload with the labels of the points
    """

    file: str
    path: Path
    size: int
    shape: tuple[int, ...] | None = None
    array: str | None = None
    metadata: Path | None = None

    @property
    def name(self) -> str:
        """As the user calls it."""
        return self.path.name

    def read(self) -> Embedding:
        """Raises ValueError with a sentence, OSError."""
        from ...projector.loading import load_embedding

        return load_embedding(self.path, shape=self.shape, name=self.array, metadata=self.metadata, cache=False)


class Uploads:
    """The files last opened, by what they hold. For any thread."""

    def __init__(self) -> None:
        from ...projector.jobs.scratch import Scratch

        self._scratch = Scratch(None)
        self._lock = threading.Lock()
        self._files: OrderedDict[str, Upload] = OrderedDict()

    def find(self, file: str) -> Upload:
        """Raises Refused (404)."""
        with self._lock:
            if file not in self._files:
                raise Refused(f"the file {file[:64]!r} is not open here (any more); open it again", 404)
            self._files.move_to_end(file)
            return self._files[file]

    def take(
        self,
        stream: IO[bytes],
        name: str,
        shape: Sequence[int] | None = None,
        array: str | None = None,
    ) -> Upload:
        """Store a file's bytes. Raises Refused, OSError."""
        folder = self._scratch.new("file")
        folder.mkdir()
        path = folder / _safe_name(name)
        try:
            digest = receive(stream, path, path.name, MOST_FILE_BYTES)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        file = hashlib.blake2b(f"{digest}\0{path.name}\0{shape}\0{array}".encode(), digest_size=12).hexdigest()
        return self._keep(Upload(file, path, path.stat().st_size, None if shape is None else tuple(shape), array))

    def with_metadata(self, points: Upload, metadata: Upload) -> Upload:
        """The points of one file with the labels of another one."""
        file = hashlib.blake2b(f"{points.file}\0{metadata.file}".encode(), digest_size=12).hexdigest()
        return self._keep(Upload(file, points.path, 0, points.shape, points.array, metadata.path))

    def forget(self, upload: Upload) -> None:
        """Nobody can use it: it is no file of points."""
        with self._lock:
            if self._files.pop(upload.file, None) is not None:
                self._delete(upload)

    def listed(self) -> list[Upload]:
        """The last one first."""
        with self._lock:
            return [*reversed(self._files.values())]

    def close(self) -> None:
        """Delete them."""
        self._scratch.close()

    def _keep(self, upload: Upload) -> Upload:
        with self._lock:
            before = self._files.get(upload.file)
            if before is not None:
                if before.path != upload.path:
                    self._delete(upload)
                return before
            self._files[upload.file] = upload
            while len(self._files) > 1 and sum(kept.size for kept in self._files.values()) > _MOST_BYTES:
                self._delete(self._files.popitem(last=False)[1])
            return upload

    def _delete(self, upload: Upload) -> None:
        """Unless another one has the same points."""
        if not any(upload.path in (kept.path, kept.metadata) for kept in self._files.values()):
            shutil.rmtree(upload.path.parent, ignore_errors=True)


def upload_as_json(upload: Upload, opened: Embedding | None) -> dict[str, Any]:
    """`{file, name, shape, notes}`; the shape is null before it was opened."""
    shape = None if opened is None else list(opened.points.shape)
    notes = [] if opened is None else list(opened.notes)
    return {"file": upload.file, "name": upload.name, "shape": shape, "notes": notes}


def _safe_name(name: str) -> str:
    """The last part of what the browser calls the file, without what a file system trips over."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w. ()\[\]+=,@-]+", "_", last).strip(" .")
    return plain[-_LONGEST_NAME:].lstrip(" .") or "points"
