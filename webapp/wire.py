"""Reduced series as one binary answer.

    "SSB1" | u32 LE length H of the header | header, JSON in UTF-8 padded with spaces to 8 + H = 8 k | arrays

Every array begins at a multiple of 8 bytes after the header, so that a browser can look at it in place. The header
tells for each series where its arrays are ("at", from the end of the header) and of what type ("i4", "i8", "f4", "f8").
Beside step, time, value and smooth there may be x, where x is a scalar or the axis of groups, and for groups low, high,
count, smooth_low and smooth_high.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import reduce
from .frames import ReducedTag

__all__ = ["MAGIC", "encode"]

MAGIC = b"SSB1"
_STEP_TYPES, _SECONDS_TYPES, _VALUE_TYPES = ("i4", "f8", "i8"), ("f4", "f8"), ("f4", "f8")
_STEP_BYTES, _BYTES = np.array([4, 8, 8]), np.array([4, 8])


def encode(version: int, tags: Sequence[ReducedTag]) -> list[bytes]:
    """The answer to POST /api/scalars, in parts to be sent one after another."""
    entries: list[str] = []
    bodies: list[bytes] = []
    base = 0
    for reduced in tags:
        places, size = _layout(reduced)
        bodies.append(_body(reduced, places, size))
        more: list[_More] = []
        end = base + size
        for name, column in reduced.more.items():
            more.append(_more(name, column, reduced, end))
            bodies.append(more[-1].body)
            end += len(more[-1].body)
        entries.extend(_entries(reduced, (places + base * (places >= 0)).tolist(), more))
        base = end
    header = f'{{"version":{version:d},"series":[{",".join(entries)}]}}'.encode()
    header += b" " * (-len(header) % 8)
    return [MAGIC + struct.pack("<I", len(header)) + header, *bodies]


def _layout(reduced: ReducedTag) -> tuple[NDArray[np.int64], int]:
    """(byte offsets of step, time, value and smoothed values of each series, -1 for absent; bytes in all)."""
    drawn = reduced.counts[0::3]
    sizes = np.zeros((len(drawn), 4), np.int64)
    sizes[:, 0] = drawn * _STEP_BYTES[reduced.codes[0::3]]
    sizes[:, 1] = drawn * _BYTES[reduced.codes[1::3]]
    sizes[:, 2] = drawn * _BYTES[reduced.codes[2::3]]
    if reduced.smoothed is not None:
        sizes[:, 3] = sizes[:, 2]  # as precise as the values
    ends = np.cumsum((sizes + 7) // 8 * 8).reshape(sizes.shape)
    places = np.zeros_like(sizes)
    places.flat[1:] = ends.flat[:-1]
    if reduced.smoothed is None:
        places[:, 3] = -1
    return places, int(ends[-1, -1])


def _body(reduced: ReducedTag, places: NDArray[np.int64], size: int) -> bytes:
    buffer = np.zeros(size, np.uint8)
    views = [buffer.view(dtype) for dtype in ("<i4", "<i8", "<f4", "<f8")]
    smoothed = reduced.smoothed if reduced.smoothed is not None else np.empty(0)
    reduce.kernels().pack(
        reduced.step, reduced.wall_time, reduced.value, smoothed, reduced.offsets, reduced.start,
        reduced.kept, reduced.counts, reduced.codes, places.ravel(), *views,
    )  # fmt: skip
    return buffer.tobytes()


@dataclass(frozen=True, slots=True)
class _More:
    """A column that only some answers have."""

    name: str
    dtype: str
    places: list[int]  # per series: byte offset of its points
    body: bytes


def _more(name: str, column: NDArray[Any], reduced: ReducedTag, base: int) -> _More:
    """The kept points of a column, those of each series at a multiple of 8 bytes; `base`: where its bytes begin."""
    drawn, size = reduced.counts[0::3], column.itemsize
    ends = np.cumsum((drawn * size + 7) // 8 * 8)
    places = np.concatenate([[0], ends[:-1]])
    before = np.cumsum(drawn) - drawn  # points of the series before each
    within = np.arange(int(drawn.sum())) - np.repeat(before, drawn)
    kept = reduced.kept[np.repeat(reduced.offsets[:-1], drawn) + within]
    out = np.zeros(int(ends[-1]) // size, column.dtype.newbyteorder("<"))
    out[np.repeat(places // size, drawn) + within] = column[kept]
    return _More(name, f"{column.dtype.kind}{size}", (places + base).tolist(), out.tobytes())


def _entries(reduced: ReducedTag, places: list[list[int]], more: Sequence[_More]) -> Iterable[str]:
    """The header's entry of each series. Written by hand: 4,500 of them must not take longer than their points."""
    tag = json.dumps(reduced.tag)
    known = {run: json.dumps(run) for run in set(reduced.runs)}
    template = (
        f'{{"tag":{tag.replace("%", "%%")},"run":%s,"segment":%d,"epoch":%d,"n":%d,"from":%d,"drawn":%d,"start":%s,'
        '"nan":%d,"inf":%d,"min":%s,"max":%s,"arrays":{"step":{"at":%d,"dtype":"%s"},"time":{"at":%d,"dtype":"%s"},'
        '"value":{"at":%d,"dtype":"%s"}%s}%s}'
    )
    smooth_template = ',"smooth":{"at":%d,"dtype":"%s"}'
    lengths, begin, start = np.diff(reduced.offsets).tolist(), reduced.begin.tolist(), reduced.start.tolist()
    counts, spans, codes = (
        _rows(column, n) for column, n in ((reduced.counts, 3), (reduced.spans, 2), (reduced.codes, 3))
    )
    for i, run in enumerate(reduced.runs):
        (drawn, nan, inf), (low, high), (step_code, time_code, value_code) = counts[i], spans[i], codes[i]
        at_step, at_time, at_value, at_smooth = places[i]
        further = "".join(f',"{column.name}":{{"at":{column.places[i]},"dtype":"{column.dtype}"}}' for column in more)
        if at_smooth >= 0:
            further = smooth_template % (at_smooth, _VALUE_TYPES[value_code]) + further
        bounds = (repr(low), repr(high)) if low <= high else ("null", "null")
        yield template % (
            known[run], reduced.segments[i], reduced.epochs[i], lengths[i], begin[i], drawn, repr(start[i]),
            nan, inf, *bounds, at_step, _STEP_TYPES[step_code], at_time, _SECONDS_TYPES[time_code],
            at_value, _VALUE_TYPES[value_code],
            further, "," + json.dumps(dict(reduced.notes[i]))[1:-1] if reduced.notes else "",
        )  # fmt: skip


def _rows(column: NDArray[Any], width: int) -> list[list[Any]]:
    rows: list[list[Any]] = column.reshape(-1, width).tolist()
    return rows
