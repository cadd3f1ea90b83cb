"""Which profiles lie in the log directories: looked for on a thread of its own, from the first question on."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..queries import Refused

if TYPE_CHECKING:
    from ...profiler.discovery import FoundProfile

__all__ = ["ListedProfile", "Listing"]

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


class Listing:
    """The profiles of all log directories. For any thread.

    roots    name → path of the log directories, as they are when somebody looks
    closing  is set when the dashboard ends
    """

    def __init__(self, roots: Callable[[], Mapping[str, str]], closing: threading.Event) -> None:
        self._roots, self._closing = roots, closing
        self._lock = threading.Lock()
        self._looking: threading.Thread | None = None
        self._looked = threading.Event()
        self._found: dict[str, ListedProfile] = {}
        self.version = 0  # another number whenever a profile comes, goes or grows; 0 until somebody asks

    def profiles(self, patience: float = _FIRST_LOOK) -> list[ListedProfile]:
        """All of them, oldest first within their runs; none before the first look, waited for as many seconds."""
        self._start()
        self._looked.wait(patience)
        return list(self._found.values())

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
        """Seconds that it took."""
        from ...profiler.discovery import find_profiles

        began = time.monotonic()
        roots = self._roots()
        found: dict[str, ListedProfile] = {}
        for name, path in roots.items():
            for profile in find_profiles(path):
                run = _joined(name if len(roots) > 1 else "", profile.run)
                first = os.path.basename(profile.paths[0])  # stays while files of further ranks come
                id = _free(f"{run}/{first}" if run != "." else first, found)
                found[id] = ListedProfile(id, replace(profile, run=run))
        told = repr([(id, one.found.size, one.found.ranks) for id, one in found.items()])
        self._found, self.version = found, 1 + int(hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:12], 16)
        self._looked.set()
        return time.monotonic() - began


def _joined(root: str, run: str) -> str:
    """Runs of a named log directory carry its name, as they do elsewhere."""
    if not root:
        return run
    return root if run == "." else f"{root}/{run}"


def _free(id: str, taken: Mapping[str, object]) -> str:
    return id if id not in taken else next(free for n in range(2, 10**6) if (free := f"{id} ({n})") not in taken)
