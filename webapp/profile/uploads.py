"""Profiles that somebody opened in the page: a file, or those of several ranks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ..queries import Refused
from ..uploads import MOST_FILE_BYTES, Upload, Uploads

if TYPE_CHECKING:
    from ...profiler.discovery import FoundProfile

__all__ = ["ProfileUpload", "ProfileUploads"]


@dataclass(frozen=True)
class ProfileUpload(Upload):
    """others: of further ranks."""

    others: tuple[Path, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """One a rank."""
        return (self.path, *self.others)

    def found(self) -> FoundProfile:
        """As if it had been found in a log. Raises Refused (422) for what is no profile."""
        from ...profiler.discovery import group_files

        groups = group_files([str(path) for path in self.paths])
        if not groups:
            raise Refused(
                f"{self.name} is no profile: neither a trace of PyTorch's profiler or Chrome's JSON, nor an XSpace, "
                "a memory snapshot or timeline, an execution trace or folded stacks",
                422,
            )
        if len(groups) > 1 or len(groups[0].paths) < len(self.paths):
            raise Refused(f"{self.name} and the other files are not ranks of one capture; open them one by one", 422)
        return groups[0]


class ProfileUploads(Uploads[ProfileUpload]):
    """The files last opened, by what they hold. For any thread."""

    def take(self, stream: IO[bytes], name: str, beside: ProfileUpload | None = None) -> ProfileUpload:
        """Store a file's bytes, of a further rank of `beside`. Raises Refused, OSError."""
        path, digest = self.receive(stream, name, MOST_FILE_BYTES)
        told = f"{digest}\0{path.name}\0{beside.file if beside else ''}"
        file = hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
        size = path.stat().st_size
        if beside is None:
            return self.keep(ProfileUpload(file, path, size))
        return self.keep(ProfileUpload(file, beside.path, beside.size + size, (*beside.others, path)))
