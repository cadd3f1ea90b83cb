"""What stands beside the events of a trace: devices, ranks, the clock."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..trace import Device, Remark

__all__ = ["TopLevel", "top_level", "whole", "whole_letters"]

_RANK = re.compile(r"(?:rank|worker)[-_]?(\d+)", re.IGNORECASE)
_LIMIT = 1 << 63
_INFINITE = float("inf")
_SHOWN = 40  # letters of a value in a sentence
_LONGEST = 300  # digits: Python refuses to convert thousands
_EPOCH_NS = 10**18  # September 2001: what lies before counts from something else than 1970
# No GPU holds fewer threads on a multiprocessor: such a number is of something else.
_FEWEST_THREADS = 512
# Properties by their names in all exporters, and what can be: other numbers are taken as unknown. AMD's GPUs have 0
# where a property is none of theirs.
_THREADS = ("maxThreadsPerMultiprocessor", "maxThreadsPerMultiProcessor")
_PROCESSORS = ("numSms", "multiProcessorCount")
_MEMORY = ("totalGlobalMem",)
_REGISTERS = ("regsPerMultiprocessor",)
_SHARED = ("sharedMemPerMultiprocessor", "maxSharedMemoryPerMultiProcessor")
_SHARED_OPTIN = ("sharedMemPerBlockOptin",)
_WARP = ("warpSize",)
_POSSIBLE = {
    _THREADS: (_FEWEST_THREADS, 1 << 16),
    _PROCESSORS: (1, 1 << 14),
    _MEMORY: (1, 1 << 50),
    _REGISTERS: (0, 1 << 31),
    _SHARED: (0, 1 << 31),
    _SHARED_OPTIN: (0, 1 << 31),
    _WARP: (1, 1 << 10),
}
_SURROGATES = re.compile("[\ud800-\udfff]")
_DIGITS = re.compile(r"0x[0-9a-f]+|-?\d+", re.IGNORECASE)


@dataclass(frozen=True)
class TopLevel:
    """Fields of a Trace."""

    devices: list[Device]
    metadata: dict[str, Any]
    zero_ns: int | None
    rank: int | None
    world_size: int | None
    remarks: list[Remark]


def top_level(path: str, members: Mapping[str, Any], zero: int) -> TopLevel:
    """What the members of a file beside its events tell. zero: ns of the earliest event on the file's clock."""
    told = members.get("deviceProperties", members.get("computeProperties"))
    described = [device for device in told if isinstance(device, dict)] if isinstance(told, list) else []
    base = whole(members.get("baseTimeNanoseconds"), 0)
    distributed = members.get("distributedInfo")
    distributed = distributed if isinstance(distributed, dict) else {}
    named = _RANK.search(Path(path).name)
    left_out = ("traceEvents", "deviceProperties", "computeProperties")
    metadata = {key: value for key, value in members.items() if key not in left_out}
    return TopLevel(
        devices=[_device(device) for device in described],
        metadata=json.loads(whole_letters(json.dumps(metadata, default=float, ensure_ascii=False))),
        zero_ns=base + zero if base + zero > _EPOCH_NS else None,
        rank=_number(distributed.get("rank"), int(named[1]) if named else None),
        world_size=_number(distributed.get("world_size"), None),
        remarks=_device_remarks(told, described),
    )


def whole(value: Any, otherwise: int) -> int:
    """A number cut off at its point, the first number in a text, or `otherwise`; within int64, where it wraps."""
    if isinstance(value, str):
        digits = _DIGITS.search(value)
        value = int(digits[0][:_LONGEST], 16 if "x" in digits[0].lower() else 10) if digits else otherwise
    if not isinstance(value, int | float | Decimal) or value in (_INFINITE, -_INFINITE):
        return otherwise
    return (int(value) + _LIMIT) % (2 * _LIMIT) - _LIMIT


def whole_letters(text: str) -> str:
    """Without halves of letters, which no encoding can write."""
    return _SURROGATES.sub("�", text)


def _number(value: Any, otherwise: int | None) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _device(told: dict[str, Any]) -> Device:
    swapped = _holds_processors(told)
    return Device(
        id=whole(told.get("id"), 0),
        name=whole_letters(str(told.get("name", ""))),
        compute_capability=(
            whole(told.get("computeMajor", told.get("major")), 0),
            whole(told.get("computeMinor", told.get("minor")), 0),
        ),
        multiprocessors=whole(told.get(_THREADS[0]), 0) if swapped else _property(told, _PROCESSORS),
        memory=_property(told, _MEMORY),
        threads_per_multiprocessor=_property(told, _THREADS),
        registers_per_multiprocessor=_property(told, _REGISTERS),
        shared_memory_per_multiprocessor=_property(told, _SHARED),
        shared_memory_per_block_optin=_property(told, _SHARED_OPTIN),
        warp_size=_property(told, _WARP, 32),
    )


def _property(told: dict[str, Any], names: tuple[str, ...], otherwise: int = 0) -> int:
    return otherwise if _impossible(told, names) else whole(_told(told, names), otherwise)


def _told(told: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((told[name] for name in names if name in told), None)


def _impossible(told: dict[str, Any], names: tuple[str, ...]) -> bool:
    """Whether a property is told, and is no number that it can be."""
    value = _told(told, names)
    least, most = _POSSIBLE[names]
    return value is not None and not least <= whole(value, -1) <= most


def _holds_processors(told: dict[str, Any]) -> bool:
    """torch 2.13's Python exporter writes the number of multiprocessors where that of their threads belongs."""
    return 0 < whole(told.get("maxThreadsPerMultiprocessor"), 0) < _FEWEST_THREADS and "numSms" not in told


def _device_remarks(told: Any, described: list[dict[str, Any]]) -> list[Remark]:
    remarks = []
    if swapped := sum(_holds_processors(device) for device in described):
        text = (
            "devices whose maxThreadsPerMultiprocessor holds the number of multiprocessors, as one exporter of torch "
            "2.13 writes it: taken as that, and the number of threads as unknown"
        )
        remarks.append(Remark(text, swapped))
    for names in _POSSIBLE:
        wrong = [
            device
            for device in described
            if _impossible(device, names) and not (names == _THREADS and _holds_processors(device))
        ]
        if wrong:
            value = json.dumps(_told(wrong[0], names), default=float)[:_SHOWN]
            remarks.append(Remark(f"devices with an impossible {names[0]}, {value}: taken as unknown", len(wrong)))
    if told is not None and (others := 1 if not isinstance(told, list) else len(told) - len(described)):
        remarks.append(Remark("descriptions of devices that are none, left out", others))
    return remarks
