"""Where the values of tags are: the envelope of wire.py with four arrays a run, in order of step, then wall time.

step (a browser's number), wall (seconds since the epoch), crc (u4, of the message) and bytes (its length).
`<step>-<crc in 8 hexadecimal digits>` names a value in addresses. All but crc are f8, or differences, which take a
fifth of that or nothing: with `first`, `least` and `unit` in the array's place, value i is (first + i · least + the sum
of the first i numbers) · unit, exactly. The array has one number less than there are values, and is left out where
every number is 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.reader.series import BlobSeries
from ..packed import Packing

__all__ = ["encode_columns"]

_WHOLE = 2.0**53  # float64 holds the whole numbers below
_TICK = 2.0**-22  # s; times from 2004 to 2038 are whole multiples of it in float64


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
                "step": _differences(packing, series.step.astype("f8"), 1.0),
                "wall": _differences(packing, series.wall_time, _TICK),
                "crc": packing.add(series.crc),
                "bytes": _differences(packing, series.nbytes.astype("f8"), 1.0),
            },
        }
        for place, run, series in found
    ]
    return packing.frame({"version": version, "series": entries})


def _differences(packing: Packing, column: NDArray[np.float64], unit: float) -> dict[str, Any]:
    """The place of a column, as differences in units where those are exact and narrow."""
    units = column / unit
    if len(units) < 2 or not (np.abs(units) < _WHOLE).all() or (units != np.floor(units)).any():
        return packing.add(column)
    steps = np.diff(units.astype(np.int64))
    least = int(steps.min())
    greatest = int(steps.max()) - least
    if greatest >= 2**32:
        return packing.add(column)
    how = {"first": int(units[0]), "least": least, "unit": unit}
    if greatest == 0:
        return how
    dtype = next(dtype for dtype in (np.uint8, np.uint16, np.uint32) if greatest <= np.iinfo(dtype).max)
    return {**packing.add((steps - least).astype(dtype)), **how}
