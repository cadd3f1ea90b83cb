"""A report as JSON: figures for scripts. The keys are listed in the README."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ..analysis.advice import Recommendation
from ..table import Column, Table
from ..trace import Device
from .conditions import Verdict
from .gather import ProfileReport, RankReport
from .inputs import Problem
from .memory_files import MemoryFile

__all__ = ["report_as_json", "rows_as_json"]

_MOST_ROWS = 100  # of operators and kernels


def report_as_json(
    profiles: Sequence[ProfileReport],
    problems: Sequence[Problem] = (),
    verdicts: Sequence[Verdict] = (),
    *,
    others: Sequence[MemoryFile] = (),
    diff: Sequence[Table] = (),
) -> dict[str, Any]:
    """Times are µs (keys that end in `_us`, exact to the nanosecond), shares 0 to 1; NaN is null.

    others: files without a timeline. diff: tables of what differs, see analysis/diff.py.
    """
    every = [*problems, *(problem for profile in profiles for problem in profile.problems)]
    report = {
        "traces": [_rank(rank, profile) for profile in profiles for rank in profile.ranks],
        "profiles": [_profile(profile) for profile in profiles],
        "others": [_memory(other) for other in others],
        "problems": [asdict(problem) for problem in every],
        "conditions": [asdict(verdict) for verdict in verdicts],
        "diff": {table.name: rows_as_json(table) for table in diff} or None,
    }
    return {key: _plain(value) for key, value in report.items()}


def _memory(told: MemoryFile) -> dict[str, Any]:
    tables = [
        {"device": device, "name": table.name, "rows": rows_as_json(table, _MOST_ROWS)} for device, table in told.tables
    ]
    return {"file": told.file, "kind": told.kind, "remarks": list(told.remarks), "tables": tables}


def rows_as_json(table: Table, most: int | None = None) -> list[dict[str, Any]]:
    """Rows with µs for ns: {"name": …, "total_us": …}; places of slices are left out."""
    columns = [column for column in table.columns if column.name != "row"]
    rows = zip(*(_values(column) for column in columns), strict=True)
    keys = [_key(column) for column in columns]
    listed = [dict(zip(keys, row, strict=True)) for row in rows]
    return listed if most is None else listed[:most]


def _key(column: Column) -> str:
    return f"{column.name}_us" if column.unit == "ns" else column.name


def _values(column: Column) -> list[Any]:
    plain = Table("", "", (column,)).rows()
    values = [row[column.name] for row in plain]
    if column.unit != "ns":
        return values
    return [None if value is None else value / 1000 for value in values]


def _rank(rank: RankReport, profile: ProfileReport) -> dict[str, Any]:
    return {
        "file": rank.file,
        "profile": profile.name,
        "kind": profile.kind,
        "rank": rank.rank if rank.told_rank is None else rank.told_rank,
        "world_size": rank.world_size,
        "window_us": None if rank.window is None else [time / 1000 for time in rank.window],
        "devices": [_device(device) for device in rank.devices],
        "gpu_us": {name: ns / 1000 for name, ns in asdict(rank.gpu).items()},
        "attributed_share": rank.attributed if rank.gpu.total else None,
        "tensor_core_share": rank.tensor_core_share if rank.counts["kernels"] else None,
        "tensor_core_eligible_share": rank.eligible_share if rank.counts["kernels"] else None,
        "counts": dict(rank.counts),
        "steps": _steps(rank),
        "step_mean_us": rank.step_time / 1000 if rank.step_count else None,
        "utilization": rows_as_json(rank.utilization),
        "recommendations": [_advice(each) for each in rank.recommendations],
        "operators": rows_as_json(rank.operators, _MOST_ROWS),
        "kernels": rows_as_json(rank.kernels, _MOST_ROWS),
        "memory": rows_as_json(rank.memory),
        "memory_at_peak": [] if rank.at_peak is None else rows_as_json(rank.at_peak, _MOST_ROWS),
        "health": [asdict(finding) for finding in rank.findings],
    }


def _plain(value: Any) -> Any:
    """Without NaN and infinity, which JSON lacks."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _steps(rank: RankReport) -> list[dict[str, Any]]:
    """None where the trace marks none: then the table has one row for all of it."""
    if not rank.marks_steps:
        return []
    return [{**row, "complete": bool(row["complete"])} for row in rows_as_json(rank.steps)]


def _advice(given: Recommendation) -> dict[str, Any]:
    """Where to look is the page's affair."""
    told = {name: getattr(given, name) for name in ("id", "title", "text", "evidence", "share")}
    return {**told, "gain_us": given.gain / 1000}


def _device(device: Device) -> dict[str, Any]:
    told = asdict(device)
    return {**told, "compute_capability": ".".join(map(str, device.compute_capability))}


def _profile(profile: ProfileReport) -> dict[str, Any]:
    return {
        "name": profile.name,
        "kind": profile.kind,
        "files": profile.files,
        "ranks": [rank.rank for rank in profile.ranks],
        "distributed": {
            table.name: {"notes": list(table.notes), "rows": rows_as_json(table)} for table in profile.distributed
        },
    }
