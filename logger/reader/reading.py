"""One file, looked at again: unchanged, grown, or to be read anew. Runs in any thread or process."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .decoder import Damage
from .event_file import EventFile
from .scan import Fingerprint, ScanResult, fingerprint, scan
from .storage import FileHandle, FileStamp, Storage

__all__ = ["Known", "Reading", "holds_what_was_read", "is_unchanged", "known", "look_again"]

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


def holds_what_was_read(storage: Storage, file: EventFile) -> bool:
    """Whether a file known from the index still has the content that was read, as far as its ends tell.

    A stamp may be put back by whoever writes a file anew. A file with another stamp passes: it is looked at again
    anyway.
    """
    try:
        with storage.open(file.path) as opened:
            if opened.stamp() != file.stamp:
                return True
            return fingerprint(opened, file.offset, file.fingerprint.head_length) == file.fingerprint
    except OSError:
        return False


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
