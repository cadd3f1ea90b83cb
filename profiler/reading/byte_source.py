"""The bytes of a file, unpacked where it is compressed, in pieces and ahead of who reads them."""

from __future__ import annotations

import codecs
import contextlib
import os
import queue
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from ..trace import Remark

__all__ = ["ByteSource", "Progress"]

# Told how many bytes of the file are read, and its size.
Progress: TypeAlias = Callable[[int, int], None]

_GZIP = b"\x1f\x8b"
_UTF8_MARK = b"\xef\xbb\xbf"
_READ_BYTES = 1 << 20
_PIECE_BYTES = 1 << 22  # unpacked
_DAMAGED_STEP = 16
_AHEAD = 4  # pieces that wait for the reader


class ByteSource:
    """Pieces of at most a few MB, read and unpacked in a thread. Use it as a context manager.

    remarks   what was wrong with the file, complete when the pieces are through
    Raises OSError when the file cannot be opened; later errors of reading come from `pieces`.
    """

    def __init__(self, path: str | Path, progress: Progress | None = None) -> None:
        self.path = str(path)
        self._file = open(path, "rb")  # noqa: SIM115
        self.size = os.fstat(self._file.fileno()).st_size
        self.remarks: list[Remark] = []
        self.compressed = False
        self._progress = progress
        self._pieces: queue.Queue[bytes | BaseException | None] = queue.Queue(_AHEAD)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trace bytes", daemon=True)

    def __enter__(self) -> ByteSource:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stop.set()
        while self._thread.is_alive():
            try:
                self._pieces.get(timeout=0.05)
            except queue.Empty:
                continue
        self._file.close()

    def pieces(self) -> Iterator[bytes]:
        """Raises OSError."""
        while True:
            piece = self._pieces.get()
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    # --- in the thread ---

    def _run(self) -> None:
        try:
            for piece in self._decoded():
                self._put(piece)
                if self._stop.is_set():
                    return
            self._put(None)
        except Exception as error:
            self._put(error)

    def _put(self, piece: bytes | BaseException | None) -> None:
        while not self._stop.is_set():
            try:
                self._pieces.put(piece, timeout=0.1)
            except queue.Full:
                continue
            return

    def _decoded(self) -> Iterator[bytes]:
        """UTF-8 as it is, without its mark; UTF-16 as UTF-8."""
        pieces = self._unpacked()
        first = next(pieces, b"")
        if first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            decoder = codecs.getincrementaldecoder("utf-16")("replace")
            yield decoder.decode(first).encode("utf-8", "replace")
            for piece in pieces:
                yield decoder.decode(piece).encode("utf-8", "replace")
            return
        yield first.removeprefix(_UTF8_MARK)
        yield from pieces

    def _unpacked(self) -> Iterator[bytes]:
        raw = self._raw()
        first = next(raw, b"")
        self.compressed = first.startswith(_GZIP)
        if not self.compressed:
            yield first
            yield from raw
            return
        unpacker = zlib.decompressobj(wbits=31)
        piece: bytes = first
        given = 0
        while True:
            before = unpacker.copy()
            try:
                unpacked = unpacker.decompress(piece, _PIECE_BYTES)
            except zlib.error as error:
                rest = _as_far_as_possible(before, piece)
                given += len(rest)
                yield rest
                self.remarks.append(Remark(f"the compressed data is damaged ({error}): read up to there", 1, given))
                return
            given += len(unpacked)
            yield unpacked
            if unpacker.eof:  # another member may follow, or padding
                piece = unpacker.unused_data or next(raw, b"")
                if not piece.startswith(_GZIP):
                    if piece.strip(b"\0"):
                        self.remarks.append(Remark("what stands behind the compressed data, left out", 1, given))
                    return
                unpacker = zlib.decompressobj(wbits=31)
                continue
            piece = unpacker.unconsumed_tail or next(raw, b"")
            if not piece and not unpacked:
                self.remarks.append(Remark("the compressed file is cut off: read up to there", 1, given))
                return

    def _raw(self) -> Iterator[bytes]:
        done = 0
        while piece := self._file.read(_READ_BYTES):
            done += len(piece)
            yield piece
            if self._progress is not None:
                self._progress(done, self.size)


def _as_far_as_possible(unpacker: Any, piece: bytes) -> bytes:
    """What comes before the damage: one piece at a time, as a call that fails gives nothing."""
    unpacked = []
    with contextlib.suppress(zlib.error):
        for at in range(0, len(piece), _DAMAGED_STEP):
            unpacked.append(unpacker.decompress(piece[at : at + _DAMAGED_STEP]))
    return b"".join(unpacked)
