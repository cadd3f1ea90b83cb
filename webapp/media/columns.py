"""Where the values of tags are: the envelope of wire.py with four arrays a run.

step (f8: a browser's number), wall (f8, seconds since the epoch), crc (u4, of the message) and bytes (f8, its length),
in order of step, then wall time. `<step>-<crc in 8 hexadecimal digits>` names a value in addresses.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...logger.reader.series import BlobSeries
from ..packed import Packing

__all__ = ["encode_columns"]


def encode_columns(version: int, found: Iterable[tuple[int, str, BlobSeries]]) -> bytes:
    """The answer to POST /api/blobs: (place in what was asked, run, series) of each."""
    packing = Packing()
    entries = [
        {
            "asked": place,
            "run": run,
            "n": len(series),
            "plugin": series.metadata.plugin,
            "display_name": series.metadata.display_name,
            "description": series.metadata.description,
            "arrays": {
                "step": packing.add(series.step.astype("f8")),
                "wall": packing.add(series.wall_time),
                "crc": packing.add(series.crc),
                "bytes": packing.add(series.nbytes.astype("f8")),
            },
        }
        for place, run, series in found
    ]
    return packing.frame({"version": version, "series": entries})
