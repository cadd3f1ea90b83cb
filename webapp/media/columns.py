"""Where the values of tags are: the envelope of wire.py with four arrays a run, in order of step, then wall time.

step (a browser's number), wall (seconds since the epoch), crc (u4, of the message) and bytes (its length).
`<step>-<crc in 8 hexadecimal digits>` names a value in addresses; checksums are most of an answer, so that who names
none can leave crc out. All but crc are f8, or differences, which take a
fifth of that or nothing: with `first`, `least` and `unit` in the array's place, value i is (first + i · least + the sum
of the first i numbers) · unit, exactly. The array has one number less than there are values, and is left out where
every number is 0.

A series that only grew is not sent whole again: a page tells how many values it has and their checksum, the `check` of
an earlier answer (`first_check`), and where these still are the first ones, the answer has those behind them; `from` is
how many came before, `n` how many are sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...logger.reader.series import BlobSeries
from ..packed import Packing
from ..queries import Refused, as_object

__all__ = ["AskedSeries", "encode_columns", "first_check", "known_pairs", "still_first"]

_WHOLE = 2.0**53  # float64 holds the whole numbers below
_TICK = 2.0**-22  # s; times from 2004 to 2038 are whole multiples of it in float64


class AskedSeries(NamedTuple):
    """A run's values under a tag, and what of them a page wants."""

    place: int  # of the tag in what was asked
    run: str
    series: BlobSeries
    known: Sequence[int]  # how many values the page has and their `first_check`; empty where it has none
    names: bool  # whether it wants the checksums


def encode_columns(version: int, found: Iterable[AskedSeries]) -> bytes:
    """The answer to POST /api/blobs."""
    packing = Packing()
    entries = [
        _entry(packing, series, still_first(series, known), names) | {"asked": place, "run": run}
        for place, run, series, known, names in found
    ]
    return packing.frame({"version": version, "series": entries})


def first_check(series: BlobSeries, count: int) -> int:
    """A checksum of steps, seconds and messages of the first `count` values, and of their order: a sum modulo 2³².

    Value i counts (2 i + 1) times with the bits of its message's CRC-32C, step and whole second in one number.
    """
    numbers = series.crc[:count].astype(np.int64)
    for column in (series.step[:count].astype("f8"), series.wall_time[:count]):
        fits = np.abs(column) < 2.0**63
        numbers ^= np.where(fits, column, 0.0).astype(np.int64)
    weights = 2 * np.arange(count, dtype=np.int64) + 1
    return int(((numbers & 0xFFFFFFFF) * weights & 0xFFFFFFFF).sum()) & 0xFFFFFFFF


def known_pairs(value: Any) -> dict[str, list[int]]:
    """What a page knows: {run: [how many values, their `first_check`]}. Raises Refused."""
    known = as_object(value, "known")
    for told in known.values():
        if not isinstance(told, list) or len(told) != 2 or not all(type(part) is int and part >= 0 for part in told):
            raise Refused("known: expected a list of two whole numbers for each run")
    return known


def still_first(series: BlobSeries, known: Sequence[int]) -> int:
    """How many values need not be sent."""
    if not known or known[0] > len(series) or first_check(series, known[0]) != known[1]:
        return 0
    return known[0]


def _entry(packing: Packing, series: BlobSeries, begin: int, names: bool) -> dict[str, Any]:
    return {
        "n": len(series) - begin,
        "from": begin,
        "check": first_check(series, len(series)),
        "plugin": series.metadata.plugin,
        "display_name": series.metadata.display_name,
        "description": series.metadata.description,
        "arrays": {
            "step": _differences(packing, series.step[begin:].astype("f8"), 1.0),
            "wall": _differences(packing, series.wall_time[begin:], _TICK),
            "bytes": _differences(packing, series.nbytes[begin:].astype("f8"), 1.0),
            **({"crc": packing.add(series.crc[begin:])} if names else {}),
        },
    }


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
