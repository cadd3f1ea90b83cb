"""`dashboard inspect`: what is in a log directory, in the terminal."""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING, Any

from .logdirs import open_named
from .numbers import finite

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["inspect"]


def inspect(logdirs: dict[str, str], *, as_json: bool = False, tag: str = "", index_dir: str | None = None) -> int:
    """Print runs, tags per kind, counts, step ranges and damage; exit code 1 when there is nothing to see."""
    with open_named(logdirs, index_dir) as log:
        report = describe(log, tag)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # names that the terminal's or a pipe's encoding lacks
    if as_json:
        print(json.dumps(report, indent=2, allow_nan=False))
    else:
        _print(report)
    if report["runs"]:
        return 0
    for root in report["logdirs"]:
        print(f"no event files under {root['path']} ({root['state']}{_detail(root)}); "
              "an event file has 'tfevents' in its name", file=sys.stderr)  # fmt: skip
    return 1


def describe(log: LogDir, tag: str = "") -> dict[str, Any]:
    """Everything `dashboard inspect` prints, as JSON values."""
    status = log.status()
    return {
        "logdirs": [{"name": r.name, "path": str(r.path), "state": r.state, "detail": r.detail} for r in status.roots],
        "scalar_points": status.scalar_points,
        "bytes": status.bytes_total,
        "files": {"count": status.files, "damaged": status.damaged, "truncated": status.truncated,
                  "unreadable": status.unreadable},
        "runs": [_run(log, run, tag) for run in log.runs],
    }  # fmt: skip


def _run(log: LogDir, run: str, only: str) -> dict[str, Any]:
    info = log.run_info(run)
    kinds = {
        kind: [_series(log, run, kind, tag) for tag in tags if not only or tag == only]
        for kind, tags in log.tags(run).items()
    }
    return {
        "name": run,
        "first_wall_time": finite(info.first_wall_time),
        "last_wall_time": finite(info.last_wall_time),
        "segments": info.segments,
        "tags": {kind: series for kind, series in kinds.items() if series},
        "files": [_file(file) for file in log.files(run)],
    }


def _series(log: LogDir, run: str, kind: str, tag: str) -> dict[str, Any]:
    scalars = log.scalars(run, tag) if kind == "scalars" else None
    series = log.blobs(run, kind, tag) if scalars is None else scalars
    entry: dict[str, Any] = {"tag": tag, "count": len(series)}
    if len(series):
        entry |= {"first_step": int(series.step.min()), "last_step": int(series.step.max())}
    if scalars is not None:
        unusual = sum(not math.isfinite(value) for value in scalars.value.tolist())
        if unusual:
            entry["not_finite"] = unusual
    return entry


def _file(file: Any) -> dict[str, Any]:
    damage = [{"offset": d.offset, "length": d.length, "reason": d.reason} for d in file.damage]
    return {"path": str(file.path), "size": file.size, "bytes_read": file.bytes_read, "events": file.events,
            "state": file.state, "damage": damage}  # fmt: skip


def _print(report: dict[str, Any]) -> None:
    files = report["files"]
    print(f"{len(report['runs']):,} runs, {files['count']:,} files, {report['scalar_points']:,} scalar points")
    for run in report["runs"]:
        print(f"\n{printable(run['name'])}")
        for kind, series in run["tags"].items():
            print(f"  {kind}")
            for entry in series:
                print(f"    {printable(entry['tag'])}: {_counted(entry)}")
        for file in run["files"]:
            if file["state"] != "ok":
                print(f"  {file['state']}: {printable(file['path'])}")
                for damage in file["damage"]:
                    print(f"    at byte {damage['offset']:,}, {damage['length']:,} bytes: {damage['reason']}")


def _counted(entry: dict[str, Any]) -> str:
    if not entry["count"]:
        return "nothing"
    text = f"{entry['count']:,} at steps {entry['first_step']:,} to {entry['last_step']:,}"
    return text + (f", {entry['not_finite']:,} not finite" if "not_finite" in entry else "")


def printable(name: str) -> str:
    """A name from a file, safe for a terminal: control characters would be obeyed."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def _detail(root: dict[str, Any]) -> str:
    return f": {root['detail']}" if root["detail"] else ""
