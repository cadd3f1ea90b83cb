"""Where the values of a tag are: the envelope of wire.py with four arrays a run.

step (f8: a browser's number), wall (f8, seconds since the epoch), crc (u4, of the message) and bytes (f8, its length),
in order of step, then wall time. `<step>-<crc in 8 hexadecimal digits>` names a value in addresses.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...logger.reader.series import BlobSeries
from ..wire import MAGIC

__all__ = ["encode_columns"]

_COLUMNS = (("step", "step", "f8"), ("wall", "wall_time", "f8"), ("crc", "crc", "u4"), ("bytes", "nbytes", "f8"))


def encode_columns(version: int, found: Iterable[tuple[str, BlobSeries]]) -> bytes:
    """The answer to POST /api/blobs: the series of each run."""
    entries: list[dict[str, Any]] = []
    bodies: list[bytes] = []
    at = 0
    for run, series in found:
        arrays = {}
        for name, attribute, dtype in _COLUMNS:
            body = np.asarray(getattr(series, attribute)).astype(f"<{dtype}").tobytes()
            body += b"\0" * (-len(body) % 8)
            arrays[name] = {"at": at, "dtype": dtype}
            bodies.append(body)
            at += len(body)
        meta = series.metadata
        entries.append(
            {
                "run": run,
                "n": len(series),
                "plugin": meta.plugin,
                "display_name": meta.display_name,
                "description": meta.description,
                "arrays": arrays,
            }
        )
    header = json.dumps({"version": version, "series": entries}, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    return b"".join([MAGIC, struct.pack("<I", len(header)), header, *bodies])
