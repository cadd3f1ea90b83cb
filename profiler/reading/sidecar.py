"""The columns of a trace, kept in the cache folder: the second opening maps them instead of reading the trace again.

Everything here may be deleted at any time, by anyone. A file appears under its name only when it is complete and is
never changed, so it can be mapped while another process replaces or deletes it.

    magic, crc of the header (u4), length of the header (u4), the header as JSON, arrays at multiples of 64
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
import os
import struct
import tempfile
import time
import zlib
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ...logger.safe_files import delete_left_overs
from ..trace import Counter, Device, Flows, Instants, MemoryEvents, Remark, Slices, SparseColumn, Trace, Track

__all__ = ["load", "save"]

_FOLDER = "traces"
_SUFFIX = ".columns"
_MAGIC = b"stepscope trace\n"
_ALIGN = 64
_MAX_BYTES = 16 << 30
_MAX_AGE_S = 60 * 86400.0
_ORPHAN_S = 3600.0
_PARTS: dict[str, type[Any]] = {"slices": Slices, "flows": Flows, "memory": MemoryEvents, "instants": Instants}

Array = NDArray[Any]


def load(path: str | Path, cache_folder: Path) -> Trace | None:
    """The trace of a file as it was kept; None where there is none, or the file was changed since."""
    try:
        place = _place(path, cache_folder)
        with place.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = _header(data)
        if header is None or header["identity"] != _identity(path) or header["bytes"] != len(data):
            return None
        trace = _trace(str(path), header, data)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    with contextlib.suppress(OSError):
        os.utime(place)  # in use: the oldest are deleted first
    return trace


def save(trace: Trace, cache_folder: Path) -> bool:
    """Keep a trace; False where that is not possible. Older ones give way when there are too many."""
    try:
        identity = _identity(trace.path)
        place = _place(trace.path, cache_folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=place.name, suffix=".tmp", dir=place.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                _write(file, trace, identity)
            os.replace(temporary, place)
        except BaseException:
            os.unlink(temporary)
            raise
        _prune(place)
    except (OSError, ValueError):
        return False
    return True


# --- which file -------------------------------------------------------------------------------------------------------


def _place(path: str | Path, cache_folder: Path) -> Path:
    name = hashlib.sha256(os.fsencode(os.path.abspath(path))).hexdigest()[:24]
    return cache_folder / _FOLDER / f"{name}{_SUFFIX}"


def _identity(path: str | Path) -> list[Any]:
    """What makes a kept trace the one of this file, read by this reader."""
    status = os.stat(path)
    return [status.st_size, status.st_mtime_ns, status.st_ino, os.path.abspath(path), _reader()]


@cache
def _reader() -> str:
    """A digest of the readers' own source: whatever changes them makes what was kept worthless."""
    here = Path(__file__).parent
    digest = hashlib.sha256(np.dtype(np.int64).str.encode())
    sources = [*here.glob("*.py"), *(here.parent / "xspace").glob("*.py"), here.parent / "trace.py"]
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:24]


# --- writing ----------------------------------------------------------------------------------------------------------


def _write(file: BinaryIO, trace: Trace, identity: list[Any]) -> None:
    arrays = _arrays(trace)
    places: dict[str, tuple[str, int, int]] = {}
    at = 0
    for name, array in arrays.items():
        places[name] = array.dtype.str, at, len(array)
        at += -(-array.nbytes // _ALIGN) * _ALIGN
    header = _described(trace) | {"identity": identity, "arrays": places, "bytes": 0}
    start = 0
    while start < (needed := _start_of_arrays(header)):  # the number of bytes is part of what is counted
        start = needed
        header["bytes"] = start + at
    encoded = json.dumps(header).encode()
    file.write(_MAGIC + struct.pack("<II", zlib.crc32(encoded), len(encoded)) + encoded)
    file.write(bytes(start - file.tell()))
    for array in arrays.values():
        file.write(np.ascontiguousarray(array).data)
        file.write(bytes(-array.nbytes % _ALIGN))


def _start_of_arrays(header: dict[str, Any]) -> int:
    length = len(_MAGIC) + 8 + len(json.dumps(header))
    return -(-length // _ALIGN) * _ALIGN


def _arrays(trace: Trace) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    for part in _PARTS:
        arrays |= {f"{part}.{name}": array for name, array in vars(getattr(trace, part)).items()}
    for number, column in enumerate(trace.arguments.values()):
        arrays |= {f"argument{number}.rows": column.rows, f"argument{number}.values": column.values}
    for number, counter in enumerate(trace.counters):
        arrays |= {f"counter{number}.time": counter.time, f"counter{number}.value": counter.value}
    return arrays


def _described(trace: Trace) -> dict[str, Any]:
    return {
        "names": trace.names,
        "tracks": [list(vars(track).values()) for track in trace.tracks],
        "arguments": [[name, column.texts] for name, column in trace.arguments.items()],
        "counters": [counter.name for counter in trace.counters],
        "devices": [asdict(device) for device in trace.devices],
        "metadata": trace.metadata,
        "zero_ns": trace.zero_ns,
        "rank": trace.rank,
        "world_size": trace.world_size,
        "cut_off": trace.cut_off,
        "remarks": [[remark.text, remark.count, remark.offset] for remark in trace.remarks],
    }


# --- reading ----------------------------------------------------------------------------------------------------------


def _header(data: mmap.mmap) -> dict[str, Any] | None:
    if data[: len(_MAGIC)] != _MAGIC:
        return None
    crc, length = struct.unpack_from("<II", data, len(_MAGIC))
    encoded = data[len(_MAGIC) + 8 : len(_MAGIC) + 8 + length]
    if zlib.crc32(encoded) != crc:
        return None
    header: dict[str, Any] = json.loads(encoded)
    return header | {"start": -(-(len(_MAGIC) + 8 + length) // _ALIGN) * _ALIGN}


def _trace(path: str, header: dict[str, Any], data: mmap.mmap) -> Trace:
    def array(name: str) -> Array:
        dtype, at, count = header["arrays"][name]
        return np.frombuffer(data, dtype, count, header["start"] + at)

    def part(name: str) -> Any:
        kind = _PARTS[name]
        return kind(*(array(f"{name}.{member.name}") for member in fields(kind)))

    return Trace(
        path=path,
        names=header["names"],
        slices=part("slices"),
        tracks=[Track(*track) for track in header["tracks"]],
        arguments={
            name: SparseColumn(array(f"argument{number}.rows"), array(f"argument{number}.values"), texts)
            for number, (name, texts) in enumerate(header["arguments"])
        },
        flows=part("flows"),
        memory=part("memory"),
        instants=part("instants"),
        counters=[
            Counter(name, array(f"counter{number}.time"), array(f"counter{number}.value"))
            for number, name in enumerate(header["counters"])
        ],
        devices=[_device(device) for device in header["devices"]],
        metadata=header["metadata"],
        zero_ns=header["zero_ns"],
        rank=header["rank"],
        world_size=header["world_size"],
        remarks=[Remark(*remark) for remark in header["remarks"]],
        cut_off=header["cut_off"],
    )


def _device(told: dict[str, Any]) -> Device:
    return Device(**(told | {"compute_capability": tuple(told["compute_capability"])}))


# --- room -------------------------------------------------------------------------------------------------------------


def _prune(kept: Path) -> None:
    """Delete what nobody used for long, then the longest unused until the rest fits; never the one just kept."""
    delete_left_overs(kept.parent.glob("*.tmp"), _ORPHAN_S)
    now, total = time.time(), 0
    found = []
    for path in kept.parent.iterdir():
        with contextlib.suppress(OSError):
            status = path.stat()
            if path.name.endswith(_SUFFIX):
                found.append((status.st_mtime, status.st_size, path))
    for used, size, path in sorted(found, reverse=True):
        total += size
        if path != kept and (total > _MAX_BYTES or now - used > _MAX_AGE_S):
            with contextlib.suppress(OSError):
                path.unlink()
