"""Everything of the web app that is about profiles: listed, opened, asked."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..kept import Kept
from ..opening import Opening, Steps
from ..queries import Refused
from ..stamps import stamps_of
from .listing import ListedProfile, Listing
from .opened import OpenedProfile
from .weights import weight_of

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor
    from typing import IO

    from ...profiler.discovery import FoundProfile
    from ...profiler.trace import Trace
    from .uploads import ProfileUpload, ProfileUploads

__all__ = ["ProfileStore"]

_BY_HAND = "file:"  # in front of the id of a file that was opened by hand
_MOST_BYTES = 4 << 30  # of traces in memory, at most half of the machine's
_MOST_RANKS = 100_000  # that are remembered as read
_MOST_ANSWERS = 512 << 20  # bytes of what was worked out
_TOO_LARGE = "takes more memory than there is; capture fewer steps, or close other profiles"

Answer = TypeVar("Answer")


class ProfileStore:
    """What is made is made when it is first asked for. For any thread.

    roots      name → path of the log directories, as they are when somebody looks
    index_dir  as `Settings.index_dir`; columns of traces are kept beside the indexes
    closing    is set when the dashboard ends
    """

    def __init__(
        self,
        roots: Callable[[], Mapping[str, str]] = dict,
        index_dir: str | None = "",
        closing: threading.Event | None = None,
    ) -> None:
        self._index_dir = index_dir
        self._lock = threading.Lock()
        self._uploads: ProfileUploads | None = None
        self._executor: ThreadPoolExecutor | None = None
        self._pinned: dict[str, FoundProfile] = {}
        self.listing = Listing(roots, closing or threading.Event())
        most = min(_MOST_BYTES, _memory() // 2)
        self._profiles: Kept[OpenedProfile] = Kept(most, lambda opened: opened.weight)
        self._reading: Opening[int] = Opening(_MOST_RANKS, lambda _: 1, name="read-profile", too_large=_TOO_LARGE)
        self._answers: Opening[Any] = Opening(_MOST_ANSWERS, weight_of, name="ask-profile", too_large=_TOO_LARGE)

    @property
    def uploads(self) -> ProfileUploads:
        """The files opened by hand."""
        from .uploads import ProfileUploads

        with self._lock:
            if self._uploads is None:
                self._uploads = ProfileUploads()
            return self._uploads

    def pin(self, listed: ListedProfile) -> None:
        """A profile that is asked about without being in a log directory."""
        self._pinned[listed.id] = listed.found

    def find(self, id: str) -> OpenedProfile:
        """The profile of this id, nothing of it read yet. Raises Refused (404)."""
        if id in self._pinned:
            found = self._pinned[id]
        elif id.startswith(_BY_HAND):
            found = self.uploads.find(id.removeprefix(_BY_HAND)).found()
        else:
            found = self.listing.find(id).found
        stamps = stamps_of(found.paths)
        return self._profiles.get(
            (id, stamps), lambda: OpenedProfile(id, found, stamps, self._index_dir, self._threads())
        )

    def trace(self, opened: OpenedProfile, rank: int | None) -> Trace:
        """A rank's trace, the first one's without any. Raises Refused, Waiting while it is being read."""
        file = opened.file(rank)
        name = os.path.basename(file.path)

        def read(steps: Steps) -> int:
            opened.reading(file, lambda: opened.profile.trace(file.rank, steps.tell))
            self._profiles.put(opened.key, opened)  # it weighs more now
            return file.rank

        self._reading.get((opened.number, file.rank), f"Reading {name}", read, name)
        return opened.profile.trace(file.rank)

    def first_trace(self, opened: OpenedProfile) -> Trace:
        """Of the first rank whose file can be read. Raises Waiting, and Refused as the first file does."""
        first: Refused | None = None
        for file in opened.profile.ranks:
            try:
                return self.trace(opened, file.rank)
            except Refused as refused:
                first = first or refused
        raise first or Refused(f"{opened.found.name}: there is no file of it (any more)", 404)

    def problem(self, listed: ListedProfile) -> str:
        """Why nothing of a profile can be read, as far as somebody tried; "" otherwise."""
        opened = self._profiles.peek((listed.id, stamps_of(listed.found.paths)))
        if opened is None or len(opened.problems) < len(listed.found.paths):
            return ""
        return next(iter(opened.problems.values()))

    def answer(self, opened: OpenedProfile, question: Hashable, message: str, make: Callable[[], Answer]) -> Answer:
        """What `make` works out, once for all who ask. Raises Refused, Waiting."""

        def work(_: Steps) -> Answer:
            made = make()
            self._profiles.put(opened.key, opened)  # further ranks may have been read
            return made

        return cast(Answer, self._answers.get((opened.key, question), message, work))

    def take(self, stream: IO[bytes], name: str, beside: str | None) -> dict[str, Any]:
        """A file that just came, of a further rank of the upload `beside`: as GET /api/profiles lists it.

        What nobody can open is not kept. Raises Refused, OSError.
        """
        uploads = self.uploads
        first = None if beside is None else uploads.find(beside.removeprefix(_BY_HAND))
        upload = uploads.take(stream, name, first)
        try:
            told = upload_as_json(upload)
        except Refused:
            uploads.forget(upload)
            raise
        if first is not None:
            uploads.forget(first)  # it is part of the other one now
        return told

    def files(self) -> list[dict[str, Any]]:
        """The files opened by hand, the last one first."""
        return [upload_as_json(upload) for upload in self.uploads.listed()] if self._uploads is not None else []

    def close(self) -> None:
        """Delete what was uploaded."""
        with self._lock:
            if self._uploads is not None:
                self._uploads.close()
            if self._executor is not None:
                self._executor.shutdown(wait=False, cancel_futures=True)

    def _threads(self) -> ThreadPoolExecutor:
        """Ranks are read beside each other: the readers leave the interpreter's lock alone most of the time."""
        from concurrent.futures import ThreadPoolExecutor

        with self._lock:
            if self._executor is None:
                self._executor = ThreadPoolExecutor(max(2, os.cpu_count() or 2), thread_name_prefix="read-ranks")
            return self._executor


def upload_as_json(upload: ProfileUpload) -> dict[str, Any]:
    """As an entry of GET /api/profiles. Raises Refused."""
    return ListedProfile(f"{_BY_HAND}{upload.file}", upload.found()).to_json()


def _memory() -> int:
    """Bytes of this machine; 8 GB where it does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 8 << 30
