"""Files of points that somebody opened in the page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ..uploads import MOST_FILE_BYTES, Upload, Uploads

if TYPE_CHECKING:
    from ...projector.embedding import Embedding

__all__ = ["EmbeddingUpload", "EmbeddingUploads", "upload_as_json"]


@dataclass(frozen=True)
class EmbeddingUpload(Upload):
    """A file as it came, and what was said of it.

    shape  of raw numbers. array  one of several in the file. metadata  another upload with the labels of the points
    """

    shape: tuple[int, ...] | None = None
    array: str | None = None
    metadata: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The points, and their labels."""
        return (self.path,) if self.metadata is None else (self.path, self.metadata)

    def read(self) -> Embedding:
        """Raises ValueError with a sentence, OSError."""
        from ...projector.loading import load_embedding

        return load_embedding(self.path, shape=self.shape, name=self.array, metadata=self.metadata, cache=False)


class EmbeddingUploads(Uploads[EmbeddingUpload]):
    """The files last opened, by what they hold. For any thread."""

    def take(
        self,
        stream: IO[bytes],
        name: str,
        shape: Sequence[int] | None = None,
        array: str | None = None,
    ) -> EmbeddingUpload:
        """Store a file's bytes. Raises Refused, OSError."""
        path, digest = self.receive(stream, name, MOST_FILE_BYTES)
        file = hashlib.blake2b(f"{digest}\0{path.name}\0{shape}\0{array}".encode(), digest_size=12).hexdigest()
        size, kept = path.stat().st_size, None if shape is None else tuple(shape)
        return self.keep(EmbeddingUpload(file, path, size, kept, array))

    def with_metadata(self, points: EmbeddingUpload, metadata: EmbeddingUpload) -> EmbeddingUpload:
        """The points of one file with the labels of another one."""
        file = hashlib.blake2b(f"{points.file}\0{metadata.file}".encode(), digest_size=12).hexdigest()
        return self.keep(EmbeddingUpload(file, points.path, 0, points.shape, points.array, metadata.path))


def upload_as_json(upload: EmbeddingUpload, opened: Embedding | None) -> dict[str, Any]:
    """`{file, name, shape, notes}`; the shape is null before it was opened."""
    shape = None if opened is None else list(opened.points.shape)
    notes = [] if opened is None else list(opened.notes)
    return {"file": upload.file, "name": upload.name, "shape": shape, "notes": notes}
