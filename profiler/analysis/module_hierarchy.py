"""Modules of traces whose operators tell them in `Module Hierarchy`: TorchScript's, with `with_modules=True`."""

from __future__ import annotations

import re

import numpy as np

from ..table import Column, Table
from ..trace import Trace
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
    own: dict[tuple[str, ...], list[int]] = {}
    for code, text in enumerate(column.texts):
        path = module_path(text)
        rows = column.rows[column.values == code]
        for level in range(1, len(path) + 1):
            own.setdefault(path[:level], [0, 0, 0])
        if path:
            seen = own[path]
            own[path] = [seen[0] + int(host[rows].sum()), seen[1] + int(device[rows].sum()), seen[2] + len(rows)]
    paths = sorted(own)  # parents before their children
    place = {path: row for row, path in enumerate(paths)}
    parent = np.array([place.get(path[:-1], -1) for path in paths], np.int32)
    figures = np.array([own[path] for path in paths], np.int64).reshape(-1, 3)
    return Table(
        "modules",
        "Modules",
        (
            Column("name", "Module", [path[-1] for path in paths]),
            Column("path", "Path", ["/".join(path) for path in paths]),
            Column("parent", "Parent", parent.astype(np.int64)),
            Column("depth", "Depth", np.array([len(path) - 1 for path in paths], np.int64)),
            Column("calls", "Operators", figures[:, 2], "count", "Operators that name this module."),
            Column(
                "device_total",
                "Device total",
                descendants_of(parent, figures[:, 1]),
                "ns",
                "Launched by operators of the module.",
            ),
            Column("device_self", "Device self", figures[:, 1], "ns", "Without inner modules."),
            Column(
                "host_total",
                "Host total",
                descendants_of(parent, figures[:, 0]),
                "ns",
                "Self times of the module's operators.",
            ),
            Column("host_self", "Host self", figures[:, 0], "ns", "Without inner modules."),
        ),
    )
