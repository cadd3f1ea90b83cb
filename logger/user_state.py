"""What people add to a log: names, colours, notes, views … (user_state_format.py says what), in one JSON file.

The file belongs to the team: dashboards on several machines and an editor may change it at the same time. A change is
made under a lock, to the file as it is at that moment, and appears whole; so no edit is lost and no reader sees half of
one. The log directory itself is never written to, unless the user puts the file there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cache_folder import default_folder
from .safe_files import locked, replace_file
from .user_state_checks import Problem, problems, touched
from .user_state_format import EMPTY, VERSION, BadChange, Change, Overtaken, applied
from .user_state_text import Lines, NotOurs, parse_document

__all__ = ["BadChange", "Change", "Overtaken", "Problem", "State", "StateFile", "default_state_file", "read_state"]

_LARGEST = 20_000_000  # bytes of a state file
Check = Callable[[Any, tuple[str, ...]], Iterable[Problem]]  # (value of a section, its path) → what is wrong with it


@dataclass(frozen=True, slots=True)
class State:
    """The state at one moment.

    document  as user_state_format.EMPTY, every section present; what is not valid in the file is left out
    version   differs when any of the rest does, whichever process made it
    writable  False: changes last until the process ends
    where     path of the file, "" for none
    problem   a sentence for people, "" for none
    """

    document: dict[str, Any]
    version: int
    writable: bool
    where: str
    problem: str


def default_state_file(index_dir: str | os.PathLike[str] | None, logdirs: Iterable[str | os.PathLike[str]]) -> Path:
    """The state file of these log directories: `state/<digest>.json` in the index folder (None: the user's cache)."""
    folder = default_folder() if index_dir is None else Path(index_dir)
    paths = sorted({os.path.abspath(os.path.expanduser(os.fspath(path))) for path in logdirs})
    digest = hashlib.sha256(b"\0".join(map(os.fsencode, paths))).hexdigest()[:24]
    return Path(os.path.abspath(os.path.expanduser(folder))) / "state" / f"{digest}.json"


def read_state(path: str | os.PathLike[str] | None) -> State:
    """The state in a file; an empty one where there is none. Never writes."""
    return StateFile(path).read()


class StateFile:
    """The state file, as one process sees it. Every method may be called from any thread.

    path    None: nothing is kept on disk
    checks  section → what else must be true of it, for those who know more than user_state_format does
    seeds   section → what it stands for while it is absent: what a change of a part of it begins with
    note    why there is no path, a sentence for people
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None,
        checks: Mapping[str, Check] | None = None,
        note: str = "",
        seeds: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self._path = None if path is None else Path(os.path.realpath(os.path.expanduser(os.fspath(path))))
        self._checks = dict(checks or {})
        self._seeds = dict(seeds or {})
        self._note = note
        self._lock = threading.Lock()
        self._lines = Lines()
        self._stamp: tuple[int, ...] | None = (-1,)  # of the file as it was last read; never that of a file
        self._document: dict[str, Any] = dict(EMPTY)  # the last one that could be read
        self._digest = b""  # of the file's content, or of what is known instead
        self._wrong: list[Problem] = []  # what is in the document and cannot be used
        self._damage = ""  # what is wrong with the file as it is now
        self._refusal = ""  # why the file is left alone as it is now
        self._unwritten: list[Change] = []  # changes that the disk did not take
        self._failure = ""  # why
        self._set_aside = ""  # what became of a damaged file
        self._state = State(dict(EMPTY), 0, False, "", "")

    def read(self) -> State:
        """The state now; costs one stat() while the file stays as it was."""
        with self._lock:
            if self._look():
                self._state = self._describe()
            return self._state

    def change(self, changes: Sequence[Change]) -> State:
        """Make the changes, all or none; the state after them.

        Raises BadChange when one is not allowed, Overtaken when something is there that it was not made for. Where the
        file cannot be written they are kept in memory, go to the disk with the next change that does, and the state
        says so.
        """
        with self._lock:
            self._look()
            try:
                self._write(changes)
                self._unwritten, self._failure = [], ""
            except OSError as error:
                self._checked(self._merged(), changes)
                self._unwritten, self._failure = _queued(self._unwritten, changes), _reason(error)
            self._state = self._describe()
            return self._state

    # --- the file ---

    def _look(self) -> bool:
        """Read the file if it is another one than last time; whether it was."""
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return False
        self._stamp, self._damage, self._refusal = stamp, "", ""
        if self._path is None or stamp is None:
            self._take(dict(EMPTY), b"")
            return True
        try:
            data = _read(self._path)
            self._take(parse_document(data) if data.strip() else dict(EMPTY), data)
        except NotOurs as error:
            self._refusal = f"{error}, so it is left alone; name another file"
        except OSError as error:
            self._refusal = f"it cannot be read: {_reason(error)}"
        except ValueError as error:  # half of a file that somebody is writing, or worse: the last good one
            self._damage = f"the state file {self._path} cannot be read: {error}"
        return True

    def _take(self, document: dict[str, Any], data: bytes) -> None:
        self._document, self._digest = document, hashlib.sha256(data).digest()
        self._wrong = list(problems(document))
        if document.get("stepscope_state") != VERSION:
            found = document.get("stepscope_state")
            self._refusal = f"it has format {found!r}, this version writes {VERSION}: it is only read"

    def _write(self, changes: Sequence[Change]) -> None:
        """Change the file as it is now. Raises OSError, BadChange."""
        if self._path is None:
            raise OSError(self._note or "no file was named")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with locked(self._path.with_name(self._path.name + ".lock")):
            self._look()
            if self._refusal:
                raise OSError(self._refusal)
            document = self._checked(self._merged(), changes)
            data = self._lines.text(document)
            if len(data) > _LARGEST:
                raise BadChange(f"the state would have {len(data):,} bytes, at most {_LARGEST:,} are kept")
            if self._damage:
                self._put_aside()
            replace_file(self._path, data)
            paths = {change.path for change in (*self._unwritten, *changes)}
            self._wrong = [problem for problem in self._wrong if not any(_within(problem.path, path) for path in paths)]
            self._document, self._digest = document, hashlib.sha256(data).digest()
            self._stamp, self._damage = _stamp(self._path), ""

    def _put_aside(self) -> None:
        """Keep a damaged file under another name before a whole one takes its place."""
        assert self._path is not None
        name = f"{self._path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}"
        aside, number = self._path.with_name(name), 1
        while aside.exists():
            number += 1
            aside = self._path.with_name(f"{name}_{number}")
        with contextlib.suppress(FileNotFoundError):
            os.replace(self._path, aside)
        self._set_aside = f"{self._damage}; it is now {aside.name}, and a new file was begun"

    # --- the document ---

    def _merged(self) -> dict[str, Any]:
        """The file's document with the changes that the disk did not take."""
        with contextlib.suppress(BadChange):
            return applied(self._document, self._unwritten, self._seeds)
        document = self._document
        for change in self._unwritten:  # somebody changed the file so that one of them has no place any more
            with contextlib.suppress(BadChange):
                document = applied(document, [change], self._seeds)
        return document

    def _checked(self, document: dict[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
        """The document with the changes made.

        Refuses what they would make wrong; what was wrong before elsewhere is not their fault. Raises BadChange.
        """
        after = applied(document, changes, self._seeds)
        on_the_way = {change.path[: i + 1] for change in changes for i in range(len(change.path))}
        for problem in self._problems(touched(after, [change.path for change in changes])):
            if problem.path in on_the_way or any(_within(problem.path, change.path) for change in changes):
                raise BadChange(problem.sentence)
        return after

    def _problems(self, document: dict[str, Any]) -> Iterable[Problem]:
        yield from problems(document)
        for section, check in self._checks.items():
            if document.get(section) is not None:
                yield from check(document[section], (section,))

    def _describe(self) -> State:
        merged = self._merged()
        usable = _without(merged, self._wrong) if self._wrong else merged
        document = {key: usable[key] if usable.get(key) is not None else EMPTY[key] for key in EMPTY} | {
            key: value for key, value in usable.items() if key not in EMPTY
        }
        writable, problem = self._writable(), self._problem()
        told = b"\0".join(
            [self._digest, repr((self._unwritten, writable, problem)).encode("utf-8", "backslashreplace")]
        )
        version = int.from_bytes(hashlib.sha256(told).digest()[:6], "big")
        return State(document, version, writable, str(self._path or ""), problem)

    def _writable(self) -> bool:
        if self._path is None or self._failure or self._refusal:
            return False
        target = next((path for path in (self._path, *self._path.parents) if path.exists()), self._path)
        return os.access(target if target.is_dir() else target.parent, os.W_OK)

    def _problem(self) -> str:
        if self._path is None:
            return self._note
        fate = "changes last until the dashboard ends"
        if self._refusal:
            return f"the state file {self._path}: {self._refusal}; {fate}"
        if self._failure:
            return f"the state file {self._path} cannot be written ({self._failure}): {fate}"
        if self._wrong:
            more = f" (and {len(self._wrong) - 1:,} more)" if len(self._wrong) > 1 else ""
            return f"the state file {self._path} holds what cannot be used: {self._wrong[0].sentence}{more}"
        return self._damage or self._set_aside


def _read(path: Path) -> bytes:
    """Raises OSError, NotOurs."""
    if path.stat().st_size > _LARGEST:
        raise NotOurs(f"it has more than {_LARGEST:,} bytes")
    return path.read_bytes()


def _within(path: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    return path[: len(outer)] == outer


def _stamp(path: Path | None) -> tuple[int, ...] | None:
    """What changes when a file does; None without a file."""
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _queued(waiting: list[Change], changes: Sequence[Change]) -> list[Change]:
    """The changes behind those that wait, without what they replace."""
    queue: list[Change] = []
    replaced: set[tuple[str, ...]] = set()
    for change in reversed([*waiting, *changes]):
        path = change.path
        if not any(path[:depth] in replaced for depth in range(1, len(path) + 1)):
            replaced.add(path)
            queue.append(Change(path, change.value))  # `was` has been looked at
    return queue[::-1]


def _without(document: dict[str, Any], wrong: list[Problem]) -> dict[str, Any]:
    return applied(document, [Change(problem.path, None) for problem in wrong])


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
