"""Modules of traces whose operators tell them in `Module Hierarchy`: TorchScript's, with `with_modules=True`."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import SparseColumn, Trace
from .attribution import Attribution, device_time_by_launcher
from .nesting import Nesting, descendants_of, self_times

__all__ = ["hierarchy", "module_path"]

# "TOP(Net)::forward.block(Block)::forward.SELF(Block)::helper." names attribute, class and method of each level.
_LEVEL = re.compile(r"([\w.]+)\(([\w.]*)\)::(\w+)\.?")


def module_path(text: str) -> tuple[str, ...]:
    """("Net", "block (Block)") of the text above; () where it names none."""
    levels = []
    for attribute, kind, _ in _LEVEL.findall(text):
        attribute = attribute.lstrip(".")
        if attribute != "SELF":
            levels.append(kind if attribute == "TOP" else f"{attribute} ({kind})")
    return tuple(levels)


def hierarchy(trace: Trace, nested: Nesting, found: Attribution) -> Table | None:
    """The tree of modules from operators that name theirs; None when none does. Columns as of `modules`."""
    column = trace.arguments.get("Module Hierarchy")
    if column is None or column.texts is None:
        return None
    host = self_times(trace, nested)
    device = device_time_by_launcher(trace, found, found.operator)
    own = _by_path(column, column.texts, host, device)
    paths = sorted(own)  # parents before their children
    place = {path: row for row, path in enumerate(paths)}
    parent = np.array([place.get(path[:-1], -1) for path in paths], np.int32)
    on_host, on_device, operators = np.array([own[path] for path in paths], np.int64).reshape(-1, 3).T
    return Table(
        "modules",
        "Modules",
        (
            Column("name", "Module", [path[-1] for path in paths]),
            Column("path", "Path", ["/".join(path) for path in paths]),
            Column("parent", "Parent", parent.astype(np.int64)),
            Column("depth", "Depth", np.array([len(path) - 1 for path in paths], np.int64)),
            Column("calls", "Operators", operators, "count", "Operators that name this module."),
            Column("device_total", "Device total", descendants_of(parent, on_device), "ns", "Launched within."),
            Column("device_self", "Device self", on_device, "ns", "Without inner modules."),
            Column("host_total", "Host total", descendants_of(parent, on_host), "ns", "Self times of its operators."),
            Column("host_self", "Host self", on_host, "ns", "Without inner modules."),
        ),
    )


def _by_path(
    column: SparseColumn, texts: list[str], host: NDArray[np.int64], device: NDArray[np.int64]
) -> dict[tuple[str, ...], tuple[int, int, int]]:
    """Path → host ns, device ns and number of the operators that name it; also of modules that only hold others."""
    own: dict[tuple[str, ...], tuple[int, int, int]] = {}
    for code, text in enumerate(texts):
        path = module_path(text)
        rows = column.rows[column.values == code]
        for level in range(1, len(path) + 1):
            own.setdefault(path[:level], (0, 0, 0))
        if path:
            seen = own[path]
            own[path] = seen[0] + int(host[rows].sum()), seen[1] + int(device[rows].sum()), seen[2] + len(rows)
    return own
