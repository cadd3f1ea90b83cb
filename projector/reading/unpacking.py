"""Files as they are read from front to back, compressed ones unpacked on the way, as far as memory bears it."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

__all__ = ["pieces_of"]

_PIECE = 4 << 20  # bytes that are read at a time
_ALWAYS = 256 << 20  # bytes that any file may unpack to
_RATIO = 200  # times its size that a larger one may: tables come to a tenth of that
_MOST = 8 << 30


def pieces_of(path: Path, skipped: int = 0) -> Iterator[bytes]:
    """The content behind `skipped` bytes; the last piece is shorter than the others, at least empty.

    Raises ValueError for what is compressed and damaged, or unpacks to more than any table, OSError.
    """
    packed = path.suffix.lower() == ".gz"
    most = min(_MOST, max(_ALWAYS, _RATIO * path.stat().st_size))
    read = 0
    try:
        with _opened(path) as file:
            file.read(skipped)
            while True:
                data = file.read(_PIECE)
                read += len(data)
                if packed and read > most:
                    raise ValueError(
                        f"{path.name} unpacks to more than {most:,} bytes, which no table does that takes "
                        f"{path.stat().st_size:,}; unpack it (gunzip) and open what comes out if it is one"
                    )
                yield data
                if len(data) < _PIECE:
                    return
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"{path.name} cannot be unpacked ({error}); copy it again") from None


def _opened(path: Path) -> IO[bytes]:
    if path.suffix.lower() == ".gz":
        return io.BufferedReader(gzip.open(path))
    return path.open("rb")
