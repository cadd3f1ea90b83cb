"""Threshold curves as they are sent: one entry a value, its arrays as they were stored."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...logger.errors import LogError
from ...logger.reader.series import BlobSeries
from ..packed import Packing
from ..queries import Refused, as_object, names_list
from .curve_areas import Area, Areas, curve_areas
from .readable import messages_or_errors
from .series_lookup import value_index
from .threshold_curves import KINDS, read_curve, version_note

__all__ = ["CurvesQuery", "RunValues", "curves_query", "encode_curves"]

MOST_VALUES = 4_000
_MOST_BYTES = 64 << 20  # of the messages that an answer is made of


@dataclass(frozen=True, slots=True)
class RunValues:
    """Values of one run by the names of POST /api/blobs; None: the last one."""

    run: str
    ids: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class CurvesQuery:
    """The body of POST /api/curves."""

    kind: str
    tag: str
    series: tuple[RunValues, ...]
    areas_only: bool  # without the curves themselves


def curves_query(body: Any) -> CurvesQuery:
    """Check the parsed body. Raises Refused."""
    fields = as_object(body)
    kind, tag, series, areas_only = (fields.get(name) for name in ("kind", "tag", "series", "areas_only"))
    if kind not in KINDS:
        raise Refused(f"kind: expected one of {', '.join(KINDS)}, got {str(kind)[:80]!r}")
    if not isinstance(tag, str):
        raise Refused("tag: expected a string")
    if not isinstance(series, list):
        raise Refused("series: expected a list of {run, ids}")
    wanted = tuple(_run_values(entry, f"series[{i}]") for i, entry in enumerate(series))
    total = sum(1 if values.ids is None else len(values.ids) for values in wanted)
    if total > MOST_VALUES:
        raise Refused(f"series: {total:,} curves asked for, at most {MOST_VALUES:,} are answered at once", 413)
    return CurvesQuery(kind, tag, wanted, areas_only is True)


def _run_values(entry: Any, where: str) -> RunValues:
    fields = as_object(entry, where)
    run, ids = fields.get("run"), fields.get("ids")
    if not isinstance(run, str):
        raise Refused(f"{where}.run: expected a string")
    return RunValues(run, None if ids is None else tuple(names_list(ids, f"{where}.ids")))


def encode_curves(version: int, found: Sequence[tuple[RunValues, BlobSeries]], areas_only: bool) -> bytes:
    """The answer to POST /api/curves.

    `series`: an entry for each value with run, id, step, wall, drawn (thresholds), areas, notes and the places
    of its arrays; or with error where a value cannot be read.
    """
    packing, room = Packing(), _Room(_MOST_BYTES)
    entries = []
    for wanted, series in found:
        names = _names(series) if wanted.ids is None else wanted.ids
        made = _entries(series, names, None if areas_only else packing, room)
        entries += [{"run": wanted.run, **entry} for entry in made]
    return packing.frame({"version": version, "series": entries})


@dataclass(slots=True)
class _Room:
    """What an answer may still hold."""

    left: int  # bytes

    def take(self, size: int) -> None:
        """Raises Refused where the bytes of one more message are too many."""
        if size > self.left:
            raise Refused(f"the curves of one answer take {_MOST_BYTES:,} bytes at most; show fewer at once", 413)
        self.left -= size


def _names(series: BlobSeries) -> list[str]:
    return [f"{series.step[-1]}-{series.crc[-1]:08x}"] if len(series) else []


def _entries(
    series: BlobSeries, names: Sequence[str], packing: Packing | None, room: _Room
) -> Iterator[dict[str, Any]]:
    places: dict[str, int | Refused] = {}
    for name in names:
        try:
            index = value_index(series, name)
            room.take(int(series.nbytes[index]))
            places[name] = index
        except Refused as error:
            places[name] = error
    messages = messages_or_errors(series, [place for place in places.values() if isinstance(place, int)])
    for name, place in places.items():
        try:
            if isinstance(place, Refused):
                raise place
            message = messages[place]
            if isinstance(message, LogError):
                raise message
            yield {"id": name, **_entry(series, place, series.decoded(place, message), packing)}
        except (LogError, ValueError, Refused) as error:
            yield {"id": name, "error": str(error), "drawn": 0, "arrays": {}}


def _entry(series: BlobSeries, index: int, value: Any, packing: Packing | None) -> dict[str, Any]:
    """Raises ValueError where the value is no curve."""
    curve = read_curve(series.kind, value)
    areas = curve_areas(curve)
    note = version_note(series.kind, series.metadata.content)
    wall = float(series.wall_time[index])
    return {
        "step": int(series.step[index]),
        "wall": wall if math.isfinite(wall) else None,
        "drawn": len(curve.thresholds),
        "areas": _plain(areas),
        "notes": [*areas.notes, *([note] if note else [])],
        "arrays": {} if packing is None else {key: packing.add(array) for key, array in curve.stored().items()},
    }


def _plain(areas: Areas) -> dict[str, Any]:
    def figures(area: Area | None) -> list[float] | None:
        return None if area is None else [round(figure, 9) for figure in area]

    return {
        "average_precision": figures(areas.average_precision),
        "precision_recall": None if areas.precision_recall is None else round(areas.precision_recall, 9),
        "roc": figures(areas.roc),
    }
