"""What outlives the process: the columns of a log directory, kept in a cache folder.

Everything here may be deleted at any time, by anyone. A manifest names column files; both appear under their names
only when they are complete, so another process sees the old index or the new one. Whoever saves last wins, and files
that no manifest names are deleted later.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from ..cache_folder import default_folder
from .event_file import EventFile
from .index_columns import ColumnWriter
from .index_manifest import Places, StoredRun, read_manifest, write_manifest

__all__ = ["Index", "default_folder", "prune"]

_MANIFEST = "manifest"
_FOLDER = re.compile(r"[0-9a-f]{24}")
_OURS = re.compile(r"manifest.*|columns-[0-9a-f]+\.bin(\.tmp)?")  # names of files in such a folder
_MAX_COLUMN_FILES = 16  # more are written into one
_ORPHAN_SECONDS = 600.0  # a column file without a manifest may still be waiting for it
_MAX_AGE_DAYS = 60.0
_MAX_BYTES = 16 << 30


_SAVE_SECONDS = 30.0  # longest wait for another thread's save
_saving: dict[Path, threading.Event] = {}  # folders whose save was announced; set when it is done


class Index:
    """The index of one log directory. Used by one thread at a time."""

    def __init__(self, parent: Path, root: str) -> None:
        self._parent = parent
        self._root = root
        self._folder = parent / hashlib.sha256(os.fsencode(root)).hexdigest()[:24]
        self._places = Places()

    @property
    def path(self) -> Path:
        """The folder of this log directory's index."""
        return self._folder

    def announce(self) -> None:
        """Say that `save` will be called soon: a `load` in this process waits for it."""
        _saving.setdefault(self._folder, threading.Event()).clear()

    def load(self) -> dict[str, StoredRun]:
        """The runs of the index; none where there is no usable one."""
        if self._folder in _saving:
            _saving[self._folder].wait(_SAVE_SECONDS)
        try:
            data = (self._folder / _MANIFEST).read_bytes()
            runs, self._places = read_manifest(data, self._folder, self._root)
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return {}
        with contextlib.suppress(OSError):
            os.utime(self._folder / _MANIFEST)  # in use: the oldest are pruned first
        return runs

    def save(self, runs: Mapping[str, StoredRun]) -> None:
        """Write what is not in the index yet, then the manifest. Raises OSError, ColumnsDamaged."""
        try:
            self._save(runs)
        finally:
            if self._folder in _saving:
                _saving[self._folder].set()

    def _save(self, runs: Mapping[str, StoredRun]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        places = self._still_there(runs)
        writer = ColumnWriter(self._folder)
        try:
            for file in (file for run in runs.values() for file in run.files.values()):
                _write_missing(file, places, writer)
            writer.close(places.sizes)
        except BaseException:
            writer.discard()
            raise
        _replace(self._folder / _MANIFEST, write_manifest(self._root, runs, places))
        self._places = places
        self._delete_orphans()

    def _still_there(self, runs: Mapping[str, StoredRun]) -> Places:
        """The places of the blocks that need not be written again."""
        on_disk = {name for name in self._places.sizes if (self._folder / name).exists()}
        kept = Places(sizes={name: self._places.sizes[name] for name in on_disk})
        for file in (file for run in runs.values() for file in run.files.values()):
            for session in file.sessions:
                for block in session.blocks:
                    place = self._places.blocks.get(block)
                    if place is not None and place.file in on_disk:
                        kept.blocks[block] = place
                for blobs in session.blobs:
                    blob_place = self._places.blobs.get(blobs)
                    if blob_place is not None and blob_place.file in on_disk:
                        kept.blobs[blobs] = blob_place
        used = sum(place.rows * (8 + place.step_size + place.value_size) for place in kept.blocks.values())
        wasteful = 2 * used < sum(kept.sizes[name] for name in kept.used_files())
        return Places() if wasteful or len(kept.used_files()) >= _MAX_COLUMN_FILES else kept

    def _delete_orphans(self) -> None:
        """Delete column files that nobody needs, unless they are so young that their manifest may be on its way."""
        used = self._places.used_files()
        for path in self._folder.iterdir():
            if path.name != _MANIFEST and path.name not in used and _OURS.fullmatch(path.name):
                with contextlib.suppress(OSError):
                    if time.time() - path.stat().st_mtime > _ORPHAN_SECONDS:
                        path.unlink()


def _write_missing(file: EventFile, places: Places, writer: ColumnWriter) -> None:
    for session in file.sessions:
        for block in session.blocks:
            if block not in places.blocks:
                block.check()
                places.blocks[block] = writer.add_block(block)
        for blobs in session.blobs:
            if blobs not in places.blobs:
                places.blobs[blobs] = writer.add_blobs(blobs)


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that others see the old one or the new one."""
    handle, temporary = tempfile.mkstemp(prefix=path.name, suffix=".tmp", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _is_index(folder: Path) -> bool:
    """Whether the folder is an index and nothing else: the parent may be any folder that the user named."""
    if not _FOLDER.fullmatch(folder.name) or not folder.is_dir() or folder.is_symlink():
        return False
    return all(_OURS.fullmatch(path.name) for path in folder.iterdir())


def prune(parent: Path, max_age_days: float = _MAX_AGE_DAYS, max_bytes: int = _MAX_BYTES) -> None:
    """Delete indexes that were not used for long, then the longest unused until the rest fits."""
    found = []
    for folder in parent.iterdir():
        with contextlib.suppress(OSError):
            if not _is_index(folder):
                continue
            size = sum(path.stat().st_size for path in folder.iterdir())
            manifest = folder / _MANIFEST
            found.append(((manifest if manifest.exists() else folder).stat().st_mtime, size, folder))
    found.sort(reverse=True)
    total = 0
    for used, size, folder in found:
        total += size
        if total > max_bytes or time.time() - used > max_age_days * 86400:
            shutil.rmtree(folder, ignore_errors=True)
