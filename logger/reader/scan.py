"""Reading one event file from an offset to its end: buffers, chunks in parallel, truncated and damaged tails."""

from __future__ import annotations

import ctypes
import os
import sys
import zlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..plugins import SOURCE_MARK
from . import layout as L
from .compiled import kernels
from .decoder import Batch, Damage, Decoder, fresh_pages
from .storage import FileHandle, FileStamp, Storage

__all__ = ["Fingerprint", "ScanResult", "fingerprint", "release_buffers", "scan"]

_CHUNK = 4 << 20
_PARALLEL_FROM = 12 << 20  # unread bytes from which chunks of one file are decoded side by side
_BATCH_BYTES = 64 << 20  # rows are taken out of the tables when they hold this much
_PRINT = 4096  # bytes looked at, at each end
_FIRST_RECORD = 128  # bytes that the first record of our writer fits into

# Most bytes one call reads, so that a huge file shows up piece by piece.
READ_LIMIT = 256 << 20


@dataclass(frozen=True)
class Fingerprint:
    """Checksums of the first bytes of a file and of the last ones that were read: a rewritten file differs."""

    head_length: int
    head: int
    offset: int  # where reading goes on; the tail ends here
    tail: int


@dataclass
class ScanResult:
    """What reading a file gave."""

    batches: list[Batch]
    stamp: FileStamp
    offset: int  # where to go on when the file grows
    fingerprint: Fingerprint
    complete: bool  # False: the limit was reached before the end
    is_ours: bool  # the file begins as our writer begins one; False where reading went on from a later place
    tail_damage: Damage | None = None  # unreadable bytes at the end; they may still become records


class _Pool:
    """Buffers and decoders that wait for their next use."""

    def __init__(self) -> None:
        self._buffers: list[npt.NDArray[np.uint8]] = []
        self._decoders: list[Decoder] = []

    def buffer(self, size: int) -> npt.NDArray[np.uint8]:
        try:
            buffer = self._buffers.pop()
        except IndexError:
            return fresh_pages(max(size, _CHUNK), np.uint8)
        return buffer if len(buffer) >= size else fresh_pages(size, np.uint8)

    def decoder(self) -> Decoder:
        try:
            return self._decoders.pop()
        except IndexError:
            return Decoder()

    def give_back(self, buffer: npt.NDArray[np.uint8] | None = None, decoder: Decoder | None = None) -> None:
        if buffer is not None and len(buffer) <= 2 * _CHUNK:
            self._buffers.append(buffer)
        if decoder is not None:
            self._decoders.append(decoder)

    def clear(self) -> None:
        self._buffers.clear()
        self._decoders.clear()


_pool = _Pool()


def release_buffers(bytes_read: int = 0) -> None:
    """Let go of what the last reading needed; give it back to the system where that is worth the time."""
    _pool.clear()
    if bytes_read >= _PARALLEL_FROM and sys.platform == "linux":
        # glibc would keep what is free between the columns, nearly as much as they take; other libraries lack the call
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def scan(storage: Storage, path: str, offset: int, threads: ThreadPoolExecutor | None = None) -> ScanResult:
    """Decode the file from `offset`, a place where a record begins, to its end or the limit.

    With `threads`, chunks of a large file are decoded in parallel. Raises OSError.
    """
    with storage.open(path) as file:
        stamp = file.stamp()
        batches: list[Batch] = []
        position = offset
        if threads is not None and stamp.size - offset >= _PARALLEL_FROM:
            position = _scan_chunks(file, offset, min(stamp.size, offset + READ_LIMIT), threads, batches)
        complete, tail_damage = position - offset < READ_LIMIT - _CHUNK, None
        if complete:
            position, tail_damage, complete = _scan_rest(file, position, stamp.size, offset + READ_LIMIT, batches)
        is_ours = offset == 0 and SOURCE_MARK in file.read(0, _FIRST_RECORD)
        return ScanResult(batches, stamp, position, fingerprint(file, position), complete, is_ours, tail_damage)


def fingerprint(file: FileHandle, offset: int, head_length: int | None = None) -> Fingerprint:
    """The fingerprint of a file read up to `offset`."""
    length = min(offset, _PRINT) if head_length is None else head_length
    head = zlib.crc32(file.read(0, length))
    start = max(0, offset - _PRINT)
    tail = head if start == 0 and length == offset else zlib.crc32(file.read(start, offset - start))
    return Fingerprint(length, head, offset, tail)


def _scan_rest(
    file: FileHandle, offset: int, size: int, limit: int, batches: list[Batch]
) -> tuple[int, Damage | None, bool]:
    """One chunk after the other. (where to go on, damage at the end, whether the end was reached)."""
    buffer, decoder = _pool.buffer(min(size - offset, _CHUNK)), _pool.decoder()
    complete = True
    while True:
        count = file.read_into(offset, buffer.data[: max(0, min(len(buffer), size - offset))])
        final = offset + count >= size or count < min(len(buffer), size - offset)
        answer = decoder.run(buffer, count, offset, final)
        consumed, need = int(decoder.state[L.POSITION]), int(decoder.state[L.NEED])
        offset += consumed
        if final or answer == L.BAD_TAIL or offset + need > size:
            break
        if need > len(buffer):
            buffer = fresh_pages(need + _CHUNK, np.uint8)
        if decoder.bytes_held > _BATCH_BYTES:
            batches.append(decoder.take())
        if offset >= limit and decoder.state[L.SCAN_FROM] < 0:
            complete = False
            break
    damage = None
    if decoder.state[L.SCAN_FROM] >= 0:
        offset = int(decoder.state[L.SCAN_FROM])
        damage = Damage(offset, size - offset, L.REASONS[int(decoder.state[L.SCAN_REASON])])
        decoder.state[L.SCAN_FROM] = -1
    elif answer == L.BAD_TAIL:
        damage = Damage(offset, size - offset, L.REASONS[L.REASON_DATA])
    batches.append(decoder.take())
    _pool.give_back(buffer, decoder)
    return offset, damage, complete


def _scan_chunks(file: FileHandle, offset: int, limit: int, threads: ThreadPoolExecutor, batches: list[Batch]) -> int:
    """Chunks side by side, until one is not made of whole, readable records. Where the next record begins."""
    waiting: deque[Future[tuple[Batch, int]]] = deque()
    expected = offset  # where the chunks taken so far end
    in_flight = (os.cpu_count() or 2) + 1
    intact = True

    def take() -> bool:
        nonlocal expected
        batch, end = waiting.popleft().result()
        batches.append(batch)
        whole = end >= 0
        expected = end if whole else -end - 1
        return whole

    while intact and offset < limit:
        buffer = _pool.buffer(_CHUNK)
        count = file.read_into(offset, buffer.data[: min(len(buffer), limit - offset)])
        end = kernels().walk(buffer.ctypes.data, count)
        bad = end < 0
        end = -1 - end if bad else end
        if end == 0:
            _pool.give_back(buffer)
            break
        waiting.append(threads.submit(_decode_chunk, buffer, end, offset))
        offset += end
        if len(waiting) >= in_flight:
            intact = take()
        if bad or count < _CHUNK:
            break
    while waiting and intact:
        intact = take()
    for future in waiting:  # behind damage: read again, one after the other
        future.cancel()
    for future in waiting:
        if not future.cancelled():
            future.result()
    return expected


def _decode_chunk(buffer: npt.NDArray[np.uint8], end: int, base: int) -> tuple[Batch, int]:
    """The records of one chunk, and where they end; -1 - end where damage reaches beyond the chunk."""
    decoder = _pool.decoder()
    decoder.run(buffer, end, base, final=False)
    position = base + int(decoder.state[L.POSITION])
    if decoder.state[L.SCAN_FROM] >= 0:
        position = int(decoder.state[L.SCAN_FROM])
        decoder.state[L.SCAN_FROM] = -1
    batch = decoder.take()
    _pool.give_back(buffer, decoder)
    return batch, position if position == base + end else -1 - position
