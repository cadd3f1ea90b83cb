"""Everything of the web app that is about embeddings: listed, opened, laid out."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..queries import Refused
from ..waiting import Waiting
from .listing import Listing, file_stamps
from .naming import FileEmbedding, LoggedEmbedding, Name

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from ...logger import LogDir
    from ...projector.embedding import Embedding
    from ...projector.found import FoundEmbedding
    from ...projector.jobs.manager import Jobs
    from ..opening import Opening, Steps
    from .opened import OpenedEmbedding
    from .uploads import EmbeddingUpload, EmbeddingUploads

__all__ = ["ProjectorStore"]

_FOLDER = "projector"  # in the folder of indexes
_MOST_BYTES = 1 << 30  # of points and metadata in memory; mapped files do not count
_TOO_LARGE = "takes more memory than there is; store float32 in .npy, which takes none"


class ProjectorStore:
    """What is made is made when it is first asked for. For any thread.

    index_dir: as `Settings.index_dir`; results are kept beside the indexes. executor: as of `Jobs`.
    """

    def __init__(self, index_dir: str | None = "", executor: Executor | None = None) -> None:
        self._index_dir, self._executor = index_dir, executor
        self._lock = threading.Lock()
        self._jobs: Jobs | None = None
        self._opening: Opening[OpenedEmbedding] | None = None
        self._uploads: EmbeddingUploads | None = None
        self._is_expecting = False
        self.listing = Listing()

    @property
    def jobs(self) -> Jobs:
        """Layouts and questions that take long."""
        from ...projector.jobs.manager import Jobs

        with self._lock:
            if self._jobs is None:
                self._jobs = Jobs(self._folder(), self._executor)
            return self._jobs

    @property
    def opening(self) -> Opening[OpenedEmbedding]:
        """The open embeddings."""
        from ..opening import Opening

        with self._lock:
            if self._opening is None:
                self._opening = Opening(_MOST_BYTES, _weight, name="open-embedding", too_large=_TOO_LARGE)
            return self._opening

    @property
    def uploads(self) -> EmbeddingUploads:
        """The files opened by hand."""
        from .uploads import EmbeddingUploads

        with self._lock:
            if self._uploads is None:
                self._uploads = EmbeddingUploads()
            return self._uploads

    def open(self, name: Name, log: Callable[[], LogDir]) -> OpenedEmbedding:
        """The embedding of this name. Raises Refused, Waiting."""
        if isinstance(name, FileEmbedding):
            upload = self.uploads.find(name.file)
            return self.opening.get(name, f"Opening {upload.name}", partial(_open, name, upload.read), upload.name)
        return self.open_found(self.listing.find(log(), name.run, name.name))

    def open_found(self, found: FoundEmbedding) -> OpenedEmbedding:
        """One of the list. Raises Refused, Waiting."""
        name = LoggedEmbedding(found.run, found.name)
        read = partial(found.open, cache=self._folders() or False)
        key = (name, file_stamps(found))
        return self.opening.get(key, f"Opening {found.name}", partial(_open, name, read), found.name)

    def expect(self) -> None:
        """Somebody looks at embeddings: what the first questions need is made ready, once."""
        with self._lock:
            is_first, self._is_expecting = not self._is_expecting, True
        self.jobs.prestart()
        if is_first:
            from ...projector.nearest import warm_up

            threading.Thread(target=warm_up, name="compile-neighbours", daemon=True).start()

    def files(self) -> list[dict[str, Any]]:
        """The files opened by hand, the last one first: see uploads.upload_as_json."""
        from .uploads import upload_as_json

        listed = []
        for upload in self.uploads.listed():
            opened = self.opening.find(FileEmbedding(upload.file))
            listed.append(upload_as_json(upload, None if opened is None else opened.embedding))
        return listed

    def first_look(self, upload: EmbeddingUpload) -> dict[str, Any]:
        """Of a file that just came. What nobody can open is not kept. Raises Refused."""
        from .uploads import upload_as_json

        try:
            opened = self.open(FileEmbedding(upload.file), _no_log).embedding
        except Waiting:
            return upload_as_json(upload, None)
        except Refused:
            self.uploads.forget(upload)
            raise
        self.expect()
        return upload_as_json(upload, opened)

    def close(self) -> None:
        """End the jobs, delete what was uploaded."""
        with self._lock:
            if self._jobs is not None:
                self._jobs.close()
            if self._uploads is not None:
                self._uploads.close()

    def _folder(self) -> Path | None:
        folders = self._folders()
        return None if folders is None else folders / _FOLDER

    def _folders(self) -> Path | None:
        """Where this dashboard keeps things beside its indexes; None: nowhere."""
        from ...logger.cache_folder import default_folder

        if self._index_dir == "":
            return None
        return default_folder() if self._index_dir is None else Path(self._index_dir).expanduser()


def _no_log() -> LogDir:
    raise LookupError("files are not in a log")


def _weight(opened: OpenedEmbedding) -> int:
    return opened.weight


def _open(name: Name, read: Callable[[], Embedding], _: Steps) -> OpenedEmbedding:
    from .opened import OpenedEmbedding

    return OpenedEmbedding(name, read())
