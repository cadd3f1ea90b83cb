"""Histograms of one tag as one binary answer: the envelope of wire.py.

Header: {version, x, edges, series: [{run, n, check, from, start, display_name, description, problems, counts, arrays}]}

n          values that the run has; the arrays `index`, `step`, `wall` and so on are of those that are sent
check      a checksum of these values (columns.first_check): with n what a page tells as `known` when it asks again
from       how many values the page knows, 0 where it has to take everything anew: those sent are behind them
start      wall time of the run's first event, seconds since the epoch
problems   [{index, step, error}] of values that cannot be read
counts     how the array `counts` is coded: "varint", "difference" or "number", see count_coding.py

Arrays of a series, one entry a histogram: index, step, wall, buckets (how many it has), min, max, num; where they are
asked for sum and sum_squares; where any is not 0 outside, low, high (see histograms.Uncounted); `left` and the edges,
see bucket_edges.py. One entry a bucket: counts. Nine a histogram: percentiles, the values at percentiles.SHARES.
Numbers are as exact as they were stored, but for the percentiles, which are estimates in float32.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.reader.series import BlobSeries
from ..packed import Packing
from ..queries import Axis, Refused, as_object, names_list, one_of, range_query
from .bucket_edges import exact, pack_edges
from .columns import first_check, known_pairs, still_first
from .count_coding import coded_counts
from .histograms import Buckets, Floats, Ints, chosen, most_each, read_buckets, uncounted
from .percentiles import percentiles
from .series_lookup import BLOB_SEGMENTS, Segments, value_index

__all__ = ["HistogramsQuery", "encode_histograms", "histograms_query"]

_AXES: tuple[Axis, ...] = ("step", "relative", "wall")
_MOST_STEPS = 4_096
_MOST_RUNS = 256


@dataclass(frozen=True, slots=True)
class HistogramsQuery:
    """The body of POST /api/histograms."""

    tag: str
    runs: tuple[str, ...]
    x: Axis
    steps: int  # histograms of each run, at most
    range: tuple[float, float] | None  # of x
    at: Mapping[str, str | list[int]]  # run → the only value that is wanted, see _place
    known: Mapping[str, Sequence[int]]  # run → how many values the page has chosen from, and their checksum
    buckets: bool
    percentiles: bool
    segments: Segments


def histograms_query(body: Any) -> HistogramsQuery:
    """Check the parsed body. Raises Refused."""
    fields = as_object(body)
    tag = fields.get("tag")
    if not isinstance(tag, str):
        raise Refused("tag: expected a string")
    runs = tuple(dict.fromkeys(names_list(fields.get("runs"), "runs")))
    if len(runs) > _MOST_RUNS:
        raise Refused(f"runs: {len(runs):,} asked for, at most {_MOST_RUNS} are answered at once", 413)
    steps = fields.get("steps", 256)
    if isinstance(steps, bool) or not isinstance(steps, int) or not 2 <= steps <= _MOST_STEPS:
        raise Refused(f"steps: expected a whole number from 2 to {_MOST_STEPS}")
    at = as_object(fields.get("at") or {}, "at")
    if not all(map(_is_place, at.values())):
        raise Refused("at: expected a name, or a list of three whole numbers, for each run")
    parts = names_list(fields.get("parts", ["buckets"]), "parts")
    if not parts or not set(parts) <= {"buckets", "percentiles"}:
        raise Refused("parts: expected a list of buckets and percentiles")
    return HistogramsQuery(
        tag=tag,
        runs=tuple(run for run in runs if run in at) if at else runs,
        x=one_of(fields.get("x", "step"), _AXES, "x"),
        steps=steps,
        range=range_query(fields.get("range")),
        at=at,
        known={} if at else known_pairs(fields.get("known", {})),
        buckets="buckets" in parts,
        percentiles="percentiles" in parts,
        segments=one_of(fields.get("segments", "all"), BLOB_SEGMENTS, "segments"),
    )


def encode_histograms(version: int, query: HistogramsQuery, found: Sequence[tuple[str, BlobSeries, float]]) -> bytes:
    """The answer; `found` has a run's name, its histograms and the wall time of its first event."""
    begins = [still_first(series, query.known.get(run, ())) for run, series, _ in found]
    wanted = _wanted(query, found, begins)
    packing = Packing(equal_once=True)  # the ends of the outermost buckets are often min and max
    read = [read_buckets(series, indices) for (_, series, _), indices in zip(found, wanted, strict=True)]
    edges, edge_arrays = (
        pack_edges(packing, read) if query.buckets and read else ({"kind": "plain"}, [{} for _ in read])
    )
    entries = []
    for (run, series, start), begin, buckets, arrays in zip(found, begins, read, edge_arrays, strict=True):
        arrays |= _columns(packing, query, series, buckets)
        coding = ""
        if query.buckets:
            coding, coded = coded_counts(buckets.counts)
            arrays["counts"] = packing.add(coded)
        entries.append(
            {
                "run": run,
                "n": len(series),
                "check": first_check(series, len(series)),
                "from": begin,
                "start": start,
                "sent": len(buckets),
                "display_name": series.metadata.display_name,
                "description": series.metadata.description,
                "problems": [
                    {"index": index, "step": int(series.step[index]), "error": error}
                    for index, error in buckets.problems
                ],
                "counts": coding,
                "arrays": arrays,
            }
        )
    return packing.frame({"version": version, "x": query.x, "edges": edges, "series": entries})


def _wanted(
    query: HistogramsQuery, found: Sequence[tuple[str, BlobSeries, float]], begins: Sequence[int]
) -> list[Ints]:
    if query.at:
        return [_place(series, query.at[run]) for run, series, _ in found]
    positions = [_positions(query.x, series, start) for _, series, start in found]
    every = chosen(positions, most_each([series for _, series, _ in found], query.steps), query.range)
    return [indices[indices >= begin] for indices, begin in zip(every, begins, strict=True)]


def _is_place(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) == 3 and all(type(part) is int and part >= 0 for part in value)
    return isinstance(value, str)


def _place(series: BlobSeries, value: str | list[int]) -> Ints:
    """The index of one value, by its name or by [index, n, check]; none where the first n values are other ones now."""
    if isinstance(value, str):
        return np.array([value_index(series, value)])
    index, *known = value
    return np.array([index] if index < still_first(series, known) else [], np.int64)


def _positions(x: Axis, series: BlobSeries, start: float) -> Floats:
    if x == "step":
        return series.step.astype(np.float64)
    return series.wall_time - start if x == "relative" else series.wall_time


def _columns(packing: Packing, query: HistogramsQuery, series: BlobSeries, buckets: Buckets) -> dict[str, Any]:
    columns: dict[str, NDArray[Any]] = {
        "index": buckets.index.astype(np.int32),
        "step": exact(series.step[buckets.index].astype(np.float64)),
        "wall": series.wall_time[buckets.index],
        "buckets": np.diff(buckets.offsets).astype(np.int32),
        **{name: exact(getattr(buckets, name)) for name in ("min", "max", "num")},
    }
    if query.at:
        columns |= {"sum": buckets.sum, "sum_squares": buckets.sum_squares}
    numbers = uncounted(buckets)
    columns |= {name: exact(column) for name in ("outside", "low", "high") if (column := getattr(numbers, name)).any()}
    if query.percentiles:
        values = percentiles(
            buckets.left, buckets.right, buckets.counts, buckets.offsets, buckets.min, buckets.max
        ).ravel()
        with np.errstate(over="ignore"):
            single = values.astype(np.float32)
        columns["percentiles"] = single if np.isfinite(single).sum() == np.isfinite(values).sum() else values
    return {name: packing.add(column) for name, column in columns.items()}
