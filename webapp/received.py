"""Files that a page sends: written to a folder of ours as they come, never held in memory."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import IO

from .queries import Refused

__all__ = ["receive"]

_PART = 1 << 20


def receive(stream: IO[bytes], path: Path, name: str, most: int) -> str:
    """Write the bytes to `path`; their checksum. Raises Refused: 413 for more than `most` bytes, 422 for none."""
    digest, size = hashlib.blake2b(digest_size=12), 0
    with path.open("wb") as copy:
        while part := stream.read(_PART):
            size += len(part)
            if size > most:
                raise Refused(f"{name[:200]!r}: larger than the {most >> 20:,} MB that are read", 413)
            digest.update(part)
            copy.write(part)
    if not size:
        raise Refused(f"{name[:200]!r} is empty", 422)
    return digest.hexdigest()
