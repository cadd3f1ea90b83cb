"""One file, looked at again: unchanged, grown, or to be read anew. Runs in any thread or process."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum

from .decoder import Damage
from .event_file import EventFile
from .scan import Fingerprint, ScanResult, fingerprint, scan
from .storage import FileHandle, FileStamp, Storage

__all__ = ["Known", "Reading", "Stored", "is_unchanged", "known", "look_again", "look_at_stored"]

_DAMAGE_LOOKED_AT = 16  # damaged stretches whose bytes are compared


@dataclass(frozen=True)
class Known:
    """What must hold for a file to be read on from where it was left."""

    stamp: FileStamp
    fingerprint: Fingerprint
    complete: bool
    damage: tuple[Damage, ...]
    damage_print: int


@dataclass(frozen=True)
class Reading:
    """`result` goes on where the file was left, or (`anew`) replaces all that was known of it."""

    result: ScanResult
    anew: bool
    damage_print: int


def known(file: EventFile) -> Known:
    return Known(file.stamp, file.fingerprint, file.complete, file.damage[:_DAMAGE_LOOKED_AT], file.damage_print)


def is_unchanged(storage: Storage, path: str, before: Known) -> bool:
    """Whether the stamp is as it was and nothing is left to read. Raises OSError."""
    return before.complete and storage.stamp(path) == before.stamp


class Stored(Enum):
    """What became of a file that the index knows."""

    SAME = "the same stamp, and the same bytes at both ends"
    TOUCHED = "another stamp: it is looked at like any file that was open"
    GONE = "it cannot be opened, or its content is another"


def look_at_stored(storage: Storage, file: EventFile) -> Stored:
    """Compare a file with what the index says: a stamp alone may be put back by whoever writes a file anew."""
    try:
        with storage.open(file.path) as opened:
            if opened.stamp() != file.stamp:
                return Stored.TOUCHED
            same = fingerprint(opened, file.offset, file.fingerprint.head_length) == file.fingerprint
            return Stored.SAME if same else Stored.GONE
    except OSError:
        return Stored.GONE


def look_again(
    storage: Storage, path: str, before: Known | None, threads: ThreadPoolExecutor | None = None
) -> Reading | None:
    """Read what is new in the file; None when nothing is. Raises OSError."""
    if before is not None and is_unchanged(storage, path, before):
        return None
    resume = before is not None and _grew(storage, path, before)
    result = scan(storage, path, before.fingerprint.offset if before and resume else 0, threads)
    damage = [damage for batch in result.batches for damage in batch.damage]
    if before and resume:
        damage = [*before.damage, *damage]
    if not damage:
        return Reading(result, not resume, 0)
    with storage.open(path) as file:
        return Reading(result, not resume, _damage_print(file, damage))


def _grew(storage: Storage, path: str, before: Known) -> bool:
    """Whether the file is the one that was read, with more at its end.

    The same size with another stamp means that something was written over: then only reading all of it will tell.
    """
    stamp = storage.stamp(path)
    if stamp.inode != before.stamp.inode or stamp.size < before.fingerprint.offset:
        return False
    if before.complete and stamp.size <= before.stamp.size:
        return False
    with storage.open(path) as file:
        print_now = fingerprint(file, before.fingerprint.offset, before.fingerprint.head_length)
        return print_now == before.fingerprint and (
            not before.damage or _damage_print(file, before.damage) == before.damage_print
        )


def _damage_print(file: FileHandle, damage: list[Damage] | tuple[Damage, ...]) -> int:
    """A checksum over the first damaged stretches: a repaired file differs."""
    crc = 0
    for stretch in damage[:_DAMAGE_LOOKED_AT]:
        crc = zlib.crc32(file.read(stretch.offset, min(stretch.length, 4096)), crc)
    return crc
