"""Execution traces of PyTorch: which operators ran on which tensors, in which order, without times."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.nesting import descendants_of
from ..trace import Category, Remark, Trace, Track
from .made_trace import made_trace, spread, text_argument
from .read import Progress

__all__ = ["ExecutionTrace", "read_execution_as_trace", "read_execution_trace", "with_execution_trace"]

_UNIT = 1000  # ns that stand for one node
_NO_TIMES = "an execution trace has no times: each microsecond stands for one node, in the order in which they began"
_ATTRIBUTES = ("op_schema", "kernel_backend", "kernel_file", "tensor_range")


@dataclass(frozen=True)
class ExecutionTrace:
    """Nodes in the order in which they began, parents before their children; (n,) each.

    schema   "1.0.1", "1.1.1-chakra.0.0.4" …
    parent   int32, a row; -1 at the root. forward: of backward operators the forward operator's row, -1 elsewhere
    rf_id    int64, the number of the operator's record function, joins Kineto's `Record function id`; 0 without one
    sequence int64, -1 without one. thread int64
    arguments  by Kineto's names ("Input Dims", "Input type", "Concrete Inputs"), JSON texts; attributes by their own
    """

    path: str
    schema: str
    names: list[str]
    id: NDArray[np.int64]
    parent: NDArray[np.int32]
    forward: NDArray[np.int32]
    rf_id: NDArray[np.int64]
    sequence: NDArray[np.int64]
    thread: NDArray[np.int64]
    arguments: dict[str, list[str | None]]

    def __len__(self) -> int:
        return len(self.names)


def read_execution_trace(path: str | Path) -> ExecutionTrace:
    """Schemas 1.0.1 (flat) to 1.1.x (chakra: `ctrl_deps`, `inputs`, `attrs`), plain or gzip.

    Raises OSError, and ValueError with a sentence for what is none.
    """
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    try:
        file = json.loads(data, strict=False)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: no execution trace: its JSON is damaged: {error}") from None
    if not isinstance(file, dict) or not isinstance(file.get("nodes"), list):
        raise ValueError(f"{path}: no execution trace: there is no list 'nodes' in it")
    told = [_flattened(node) for node in file["nodes"] if isinstance(node, dict) and isinstance(node.get("id"), int)]
    return _ordered(str(path), str(file.get("schema", "")), told)


def read_execution_as_trace(path: str | Path, progress: Progress | None = None) -> Trace:
    """The nodes as slices that nest as they did; each takes one µs and the time of those within, see the remark."""
    found = read_execution_trace(path)
    width = descendants_of(found.parent, np.ones(len(found), np.int64))
    begin = spread(found.parent, width)
    # One node of a parent's width is its own: its children stand behind it.
    begin += np.array(_depths(found.parent), np.int64)
    threads, track = np.unique(found.thread, return_inverse=True)
    codes: dict[str, int] = {}
    name = np.array([codes.setdefault(each, len(codes)) for each in found.names], np.int32)
    marks = np.array([each.startswith(("ProfilerStep", "## ", "[pytorch|")) for each in found.names], np.bool_)
    category = np.where(marks, Category.ANNOTATION, Category.OPERATOR).astype(np.int8)
    return made_trace(
        found.path,
        list(codes),
        (name, category, track.ravel().astype(np.int32), begin * _UNIT, width * _UNIT),
        [Track("execution", int(each), "Operators", f"thread {each}") for each in threads],
        {**found.arguments, "Record function id": [int(each) or None for each in found.rf_id]},
        Remark(_NO_TIMES),
        {"schema": found.schema},
    )


def with_execution_trace(trace: Trace, found: ExecutionTrace) -> tuple[Trace, int]:
    """(the trace with the arguments of an execution trace that it has not, how many of its slices were joined).

    By Kineto's `Record function id`, which is the node's `rf_id`.
    """
    column = trace.arguments.get("Record function id")
    if column is None or column.texts is not None:
        return trace, 0
    known = {int(number): row for row, number in enumerate(found.rf_id) if number}
    told = zip(column.rows.tolist(), column.values.tolist(), strict=True)
    pairs = [(row, known[number]) for row, number in told if number in known]
    arguments = dict(trace.arguments)
    for name, values in found.arguments.items():
        if name not in arguments:
            dense: list[str | None] = [None] * len(trace.slices)
            for row, node in pairs:
                dense[row] = values[node]
            arguments[name] = text_argument(dense)
    return replace(trace, arguments=arguments), len(pairs)


def _flattened(node: dict[str, Any]) -> dict[str, Any]:
    """A node of either schema by the names of the flat one."""
    attributes = {
        each["name"]: each.get("value") for each in node.get("attrs") or [] if isinstance(each, dict) and "name" in each
    }
    told = {**attributes, **{key: value for key, value in node.items() if key != "attrs"}}
    if "ctrl_deps" in node:
        told["parent"] = node["ctrl_deps"]
    inputs = node.get("inputs")
    if isinstance(inputs, dict):
        told |= {"inputs": inputs.get("values")}
        told |= {f"input_{part}": inputs.get(part) for part in ("shapes", "types")}
    return told


def _ordered(path: str, schema: str, told: list[dict[str, Any]]) -> ExecutionTrace:
    by_id = {node["id"]: node for node in told}
    children: dict[int | None, list[int]] = {}
    for key, node in sorted(by_id.items()):
        above = node.get("parent")
        children.setdefault(above if above in by_id and above != key else None, []).append(key)
    order: list[int] = []
    waiting = children.get(None, [])[::-1]
    while waiting:
        order.append(waiting.pop())
        waiting += children.get(order[-1], [])[::-1]
    rows = {key: row for row, key in enumerate(order)}
    nodes = [by_id[key] for key in order]
    roots = set(children.get(None, []))
    return ExecutionTrace(
        path,
        schema,
        [str(node.get("name", "")) for node in nodes],
        np.array(order, np.int64),
        np.array([-1 if node["id"] in roots else rows[node["parent"]] for node in nodes], np.int32),
        np.array([rows.get(node.get("fw_parent") or -1, -1) for node in nodes], np.int32),
        _numbers(nodes, "rf_id", 0),
        _numbers(nodes, "seq_id", -1),
        _numbers(nodes, "tid", 0),
        _arguments(nodes),
    )


def _arguments(nodes: list[dict[str, Any]]) -> dict[str, list[str | None]]:
    names = {"input_shapes": "Input Dims", "input_types": "Input type", "inputs": "Concrete Inputs"}
    found = {
        kineto: [json.dumps(node[own]) if node.get(own) else None for node in nodes] for own, kineto in names.items()
    }
    found |= {name: [str(node[name]) if node.get(name) else None for node in nodes] for name in _ATTRIBUTES}
    return {name: values for name, values in found.items() if any(value is not None for value in values)}


def _numbers(nodes: list[dict[str, Any]], name: str, missing: int) -> NDArray[np.int64]:
    values = (node.get(name) for node in nodes)
    fits = (value if isinstance(value, int) and abs(value) < 1 << 63 else missing for value in values)
    return np.fromiter(fits, np.int64, len(nodes))


def _depths(parent: NDArray[np.int32]) -> list[int]:
    depths: list[int] = []
    for above in parent.tolist():
        depths.append(depths[above] + 1 if above >= 0 else 0)
    return depths
