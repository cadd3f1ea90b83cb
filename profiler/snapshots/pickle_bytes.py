"""The bytes of a pickle: mapped from its file, or unpacked from a compressed one."""

from __future__ import annotations

import mmap
import os
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_UNPACKED", "pickle_bytes"]

MOST_UNPACKED = 4 << 30  # bytes: some megabytes may unpack to more than there is memory
_GZIP = b"\x1f\x8b"
_PIECE = 1 << 20


def pickle_bytes(path: str | Path, most: int = MOST_UNPACKED) -> tuple[NDArray[np.uint8], str]:
    """(the bytes, why a compressed file is not whole: "" when it is). Raises OSError, and ValueError for too much."""
    with open(path, "rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return np.empty(0, np.uint8), ""
        if file.read(2) == _GZIP:
            file.seek(0)
            return _unpacked(path, file, most)
        return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), np.uint8), ""


def _unpacked(path: str | Path, file: BinaryIO, most: int) -> tuple[NDArray[np.uint8], str]:
    whole, problem = bytearray(), ""
    unpacker, piece = zlib.decompressobj(wbits=31), file.read(_PIECE)
    while piece:
        try:
            whole += unpacker.decompress(piece, _PIECE)
        except zlib.error as error:
            problem = f"the compressed data is damaged ({error}) behind byte {len(whole):,} of what it holds"
            break
        if len(whole) > most:
            raise ValueError(f"{path}: it unpacks to more than {most >> 30:,} GiB: unpack it first, with gunzip")
        piece = unpacker.unused_data or unpacker.unconsumed_tail or file.read(_PIECE)
        if unpacker.eof:
            piece += file.read(_PIECE) if len(piece) < len(_GZIP) else b""
            if not piece.startswith(_GZIP):
                break
            unpacker = zlib.decompressobj(wbits=31)  # another member, as bgzip writes them
    if not unpacker.eof and not problem:
        problem = f"the compressed file is cut off behind byte {len(whole):,} of what it holds"
    return np.frombuffer(whole, np.uint8), problem
