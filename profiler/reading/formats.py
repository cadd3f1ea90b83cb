"""What a file is, by its first bytes: profilers' files have names like any other's."""

from __future__ import annotations

import codecs
import json
import os
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

__all__ = ["TIMELINE_KINDS", "FileHead", "Kind", "head_of", "kind_of", "why_unknown"]

Kind = Literal["kineto", "xplane", "snapshot", "memory_timeline", "execution_trace", "stacks"]

TIMELINE_KINDS: tuple[Kind, ...] = ("kineto", "xplane", "execution_trace", "stacks")  # what `read_trace` reads

_HEAD_BYTES = 1 << 16
_GZIP = b"\x1f\x8b"
_BLANK = "no events: the file holds nothing but blanks"
# Exporters write the events last, behind descriptions of devices and process groups that may be long.
_KINETO_KEY = re.compile(
    rb'"(traceEvents|deviceProperties|computeProperties|distributedInfo|baseTimeNanoseconds|displayTimeUnit)"\s*:'
)
_EVENT_LIST = re.compile(rb'\s*\[\s*(\{[^{}]*"(ph|cat|dur)"\s*:|\]\s*$)')
_EXECUTION_TRACE = re.compile(rb'\s*\{\s*"schema"\s*:\s*"1\.')
_TIMELINE = re.compile(rb"\s*\[\s*\[\s*(-?\d+\s*,\s*-?\d+\s*,|\[?-?\d+)")
_SNAPSHOT = re.compile(rb"segments|device_traces|allocator_settings")
_PICKLES = (b"\x80", b"(", b"}")  # how dicts begin, in all protocols
_STACKS = re.compile(rb"(?:[^;\n]+ \d+\n){0,50}(?:[^;\n]+;)+[^;\n]+ \d+\r?(?:\n|$)")
_RANK = re.compile(rb'"distributedInfo"\s*:\s*\{[^{}\[]*?"rank"\s*:\s*(\d+)')
_WORLD_SIZE = re.compile(rb'"distributedInfo"\s*:\s*\{[^{}\[]*?"world_size"\s*:\s*(\d+)')


@dataclass(frozen=True)
class FileHead:
    """kind None: no profile. rank and world_size None: the first bytes do not tell."""

    kind: Kind | None
    rank: int | None = None
    world_size: int | None = None


def kind_of(path: str | Path) -> Kind | None:
    """What a file is. Raises OSError."""
    return head_of(path).kind


def why_unknown(path: str | Path) -> str:
    """Of a file without a kind the reason, with the byte where its text makes no sense. Raises OSError."""
    size = os.path.getsize(path)
    if not size:
        return "no events: the file is empty"
    with open(path, "rb") as file:
        data = file.read(_HEAD_BYTES)
    packed = data.startswith(_GZIP)
    text = _inflated(data) if packed else data
    if not text.strip():
        return f"no events: nothing can be unpacked from its {size:,} bytes: empty, or cut off" if packed else _BLANK
    if text.lstrip()[:1] in (b"{", b"[") and len(text) < _HEAD_BYTES:
        try:
            json.loads(text, strict=False)
        except json.JSONDecodeError as error:
            return f"no events: the file is cut off, or no JSON, at byte {error.pos:,}"
        except (ValueError, RecursionError):
            pass
    return "no profile: it is neither a trace nor another file of a profiler that is known here"


def head_of(path: str | Path) -> FileHead:
    """What the first bytes of a file tell; remembered until the file changes. Raises OSError."""
    status = os.stat(path)
    return _head_of(str(path), status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=1 << 14)
def _head_of(path: str, size: int, mtime_ns: int) -> FileHead:
    with open(path, "rb") as file:
        data = file.read(_HEAD_BYTES)
        if size > 2 * _HEAD_BYTES and not data.startswith(_GZIP):
            file.seek(size - _HEAD_BYTES)
            tail = file.read()
        else:
            tail = b""
    if data.startswith(_GZIP):
        data = _inflated(data)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data, tail = data.decode("utf-16", "replace").encode(), b""
    kind = _kind(os.path.basename(path).lower(), data)
    if kind != "kineto":
        return FileHead(kind)
    return FileHead(kind, _number(_RANK, data, tail), _number(_WORLD_SIZE, data, tail))


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, _HEAD_BYTES)
    except zlib.error:
        return b""


def _number(pattern: re.Pattern[bytes], *places: bytes) -> int | None:
    found = next((match for match in map(pattern.search, places) if match), None)
    return int(found[1]) if found else None


def _kind(name: str, data: bytes) -> Kind | None:
    text = data.removeprefix(b"\xef\xbb\xbf")
    if name.endswith((".xplane.pb", ".xplane.pb.gz")):
        return "xplane"
    if name.endswith((".pickle", ".pickle.gz")) or (data[:1] in _PICKLES and _SNAPSHOT.search(data[:4096])):
        return "snapshot"
    if _EXECUTION_TRACE.match(text):
        return "execution_trace"
    if ".trace.json" in name or _EVENT_LIST.match(text) or (text.lstrip()[:1] == b"{" and _KINETO_KEY.search(text)):
        return "kineto"
    if _TIMELINE.match(text) and _is_timeline_name(name):
        return "memory_timeline"
    if name.endswith(".html") and b"image/png;base64" in data:
        return "memory_timeline"
    if name.endswith((".txt", ".stacks", ".folded")) and (_STACKS.match(data) or (not data and "stack" in name)):
        return "stacks"
    return None


def _is_timeline_name(name: str) -> bool:
    """Lists of numbers are common; those of a memory timeline are told by their names."""
    return name.endswith((".json", ".json.gz", ".raw.gz"))
