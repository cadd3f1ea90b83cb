"""Which profiles lie in the log directories: looked for on a thread of its own, from the first question on."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..queries import Refused

if TYPE_CHECKING:
    from ...profiler.discovery import Folder, FoundProfile

__all__ = ["ListedProfile", "Listener", "Listing"]

_logger = logging.getLogger(__name__)

_LOOK_EVERY = 1.0  # s between two looks through the folders
_SHARE = 10  # times as long as a look takes: there may be thousands of folders
_FIRST_LOOK = 10.0  # s that the first question waits for


@dataclass(frozen=True)
class ListedProfile:
    """id: names it in addresses, the same in every process."""

    id: str
    found: FoundProfile

    def to_json(self) -> dict[str, Any]:
        """An entry of GET /api/profiles."""
        found = self.found
        return {
            "id": self.id,
            "run": found.run,
            "name": found.name,
            "kind": found.kind,
            "ranks": list(found.ranks),
            "size": found.size,
            "wall_time": found.wall_time,
        }


@dataclass(frozen=True)
class Listener:
    """A training that can be asked for a capture. asked: somebody did, and it did not notice yet."""

    run: str
    folder: str
    asked: bool

    def to_json(self) -> dict[str, Any]:
        """An entry of `listening` of GET /api/profiles."""
        return {"run": self.run, "asked": self.asked}


class Listing:
    """The profiles of all log directories. For any thread.

    roots    name → path of the log directories, as they are when somebody looks
    closing  is set when the dashboard ends
    """

    def __init__(self, roots: Callable[[], Mapping[str, str]], closing: threading.Event) -> None:
        self._roots, self._closing = roots, closing
        self._lock, self._looks = threading.Lock(), threading.Lock()
        self._looking: threading.Thread | None = None
        self._looked = threading.Event()
        self._found: dict[str, ListedProfile] = {}
        self.listeners: list[Listener] = []  # as of the last look
        self._told, self._changes = "", 0  # what was found, and how often it was something else than before
        self.version = 0  # another number whenever a profile comes, goes or grows; 0 until somebody asks

    def profiles(self, patience: float = _FIRST_LOOK) -> list[ListedProfile]:
        """All of them, oldest first within their runs; none before the first look, waited for as many seconds."""
        self._start()
        self._looked.wait(patience)
        return list(self._found.values())

    def ask(self, run: str, steps: int) -> None:
        """Ask the trainings of a run for a capture of so many steps, 0 for the usual number. Raises Refused."""
        from ...profiler.capture.listening import request_capture

        self._look()
        listeners = [each for each in self.listeners if each.run == run]
        if not listeners:
            raise Refused(
                f"no training of the run {run[:200]!r} listens (any more): it has to run with Profiler, "
                "in a folder that the dashboard may write into",
                404,
            )
        asked = False
        try:
            for listener in listeners:
                with contextlib.suppress(FileExistsError):  # somebody asked this one before
                    request_capture(listener.folder, steps)
                    asked = True
        except OSError as error:
            raise Refused(f"the training of {run[:200]} cannot be asked: {error.strerror or error}", 409) from None
        if not asked:
            raise Refused(f"the training of {run[:200]} was asked already and did not notice yet", 409)
        self._look()  # it is asked now

    def find(self, id: str) -> ListedProfile:
        """Raises Refused (404)."""
        self._start()
        self._looked.wait(_FIRST_LOOK)
        found = self._found.get(id)
        if found is None:  # it may have come since the last look
            self._look()
            found = self._found.get(id)
        if found is None:
            raise Refused(f"there is no profile {id[:200]!r} in the log directories (any more)", 404)
        return found

    def _start(self) -> None:
        with self._lock:
            if self._looking is None:
                self._looking = threading.Thread(target=self._keep_looking, name="look-for-profiles", daemon=True)
                self._looking.start()

    def _keep_looking(self) -> None:
        took = 0.0
        while not self._closing.wait(max(_LOOK_EVERY, _SHARE * took) if self._looked.is_set() else 0):
            try:
                took = self._look()
            except Exception:  # whatever a folder does, the next look may go well
                _logger.exception("the log directories could not be looked through for profiles")
                self._looked.set()

    def _look(self) -> float:
        """Seconds that it took. One at a time: what the last one found was there when it began."""
        with self._looks:
            return self._look_through()

    def _look_through(self) -> float:
        from ...profiler.discovery import find_profiles, folders_below, profiles_of

        began = time.monotonic()
        roots = self._roots()
        found: dict[str, ListedProfile] = {}
        listeners: list[Listener] = []
        for name, path in roots.items():
            folders = list(folders_below(os.path.abspath(path)))
            root = name if len(roots) > 1 else ""
            listeners += _listeners(folders, root)
            for profile in profiles_of(folders) if folders else find_profiles(path):  # it may be a file
                run = _joined(root, profile.run)
                first = os.path.basename(profile.paths[0])  # stays while files of further ranks come
                id = _free(f"{run}/{first}" if run != "." else first, found)
                found[id] = ListedProfile(id, replace(profile, run=run))
        self._found, self.listeners = found, listeners
        self._count(repr([listeners, *((id, one.found.size, one.found.ranks) for id, one in found.items())]))
        self._looked.set()
        return time.monotonic() - began

    def _count(self, told: str) -> None:
        """A number of its own for what is there again as well: somebody may have missed that it was away."""
        if told != self._told:
            self._told, self._changes = told, self._changes + 1
            text = f"{self._changes} {told}"
            self.version = 1 + int(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12], 16)


def _listeners(folders: Iterable[Folder], root: str) -> list[Listener]:
    """Trainings that watch these folders; where nobody may write a file, nobody can ask."""
    from ...profiler.capture.listening import LISTENS, REQUEST, is_listening

    return [
        Listener(_joined(root, run), path, REQUEST in files)
        for path, run, files in folders
        if LISTENS in files and is_listening(path) and os.access(path, os.W_OK)
    ]


def _joined(root: str, run: str) -> str:
    """Runs of a named log directory carry its name, as they do elsewhere."""
    if not root:
        return run
    return root if run == "." else f"{root}/{run}"


def _free(id: str, taken: Mapping[str, object]) -> str:
    return id if id not in taken else next(free for n in range(2, 10**6) if (free := f"{id} ({n})") not in taken)
