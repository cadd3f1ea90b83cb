"""RunMetadata: the graphs of the functions that TensorFlow ran, and what it noted of an execution."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import NamedTuple

from google.protobuf.message import DecodeError

from ..proto.event_pb2 import DT_RESOURCE
from ..proto.graph_pb2 import StepStats
from .graph_def_messages import NodeKinds
from .graph_def_nodes import NodeList, plain_function
from .model import GraphModel, TensorSpec
from .read_graph_def import graph_of_nodes, read_graph_def
from .shape_flops import with_flops_anew
from .step_stats import Executed, executed, with_step_stats
from .wire import Buffer, fields

__all__ = ["read_run_metadata"]

_NO_WORK = frozenset(("_Arg", "_DeviceArg", "_Retval", "_DeviceRetval", "Const", "NoOp", "Identity", "_EagerConst"))
_UNNAMED = "function"
_EAGER = "eager operations"  # of which TensorFlow makes a graph each
_FORMS = (2, 3, 1)  # before optimisation is nearest to the program, then after it, then what devices got
_ARGUMENT, _HEAD = b"\x12\x04_Arg", 1024  # the operation in a serialised NodeDef, in its first bytes
_LARGEST_STATS = 1 << 28


class _Part(NamedTuple):
    """Where a graph lies, and the same graph as devices got it."""

    begin: int
    end: int
    made: tuple[int, int] = (0, 0)


def read_run_metadata(data: Buffer, title: str = "", run_graph: Buffer | None = None) -> GraphModel:
    """The functions that ran, a scope for each, with times and memory where those were noted.

    `run_graph` is the serialised GraphDef that is drawn where the message has times but no graph.
    Raises ValueError where there is neither.
    """
    notes: list[str] = []
    functions, partitions, stats = _parts(data, notes)
    if functions:
        graph = _function_graphs(data, functions, title)
    elif run_graph is not None or partitions:
        graph = _of_run(data, partitions, stats, run_graph, title)
    else:
        raise ValueError("What was noted of this execution holds no graph. Log the graph in the same run as well.")
    graph.notes.extend(notes)
    return with_flops_anew(with_step_stats(graph, stats)) if stats else graph


def _parts(data: Buffer, notes: list[str]) -> tuple[list[_Part], list[_Part], dict[str, Executed]]:
    """(graphs of functions before optimisation, graphs of devices, what nodes took)."""
    functions: list[_Part] = []
    partitions: list[_Part] = []
    stats: dict[str, Executed] = {}
    try:
        for number, kind, a, b in fields(data):
            if kind == 2 and number == 1:
                stats = _stats(data, a, b)
            elif kind == 2 and number == 3:
                partitions.append(_Part(a, b))
            elif kind == 2 and number == 4:
                forms = {n: (c, d) for n, k, c, d in fields(data, a, b) if k == 2}
                spans = [forms[form] for form in _FORMS if form in forms]
                functions.extend([_Part(*spans[0], spans[min(1, len(spans) - 1)])] if spans else [])
    except (DecodeError, ValueError) as error:
        notes.append(f"What was noted of the execution is damaged, what comes before is drawn: {error}.")
    return functions, partitions, stats


def _stats(data: Buffer, begin: int, end: int) -> dict[str, Executed]:
    if end - begin > _LARGEST_STATS:
        raise ValueError(f"times of {end - begin:,} bytes")
    return executed(StepStats.FromString(data[begin:end]))


def _graph_of(data: Buffer, parts: list[_Part], title: str) -> GraphModel:
    nodes = NodeList()
    for part in parts:
        _add(nodes, data, part, "")
    return graph_of_nodes(nodes, title, "run_metadata")


def _add(nodes: NodeList, data: Buffer, part: _Part, prefix: str) -> None:
    """Take the nodes of a graph, and what the devices were told of the variables among its arguments."""
    first = len(nodes.nodes)
    nodes.add(data, prefix, part.begin, part.end)
    handles = [node for node in nodes.nodes[first:] if node.op == "_Arg" and node.kind.held.number == DT_RESOURCE]
    if handles and part.made != (part.begin, part.end):
        behind = _variables(data, *part.made)
        nodes.behind.update(
            {node.name: behind[index] for node in handles if (index := node.kind.held.argument) in behind}
        )


def _variables(data: Buffer, begin: int, end: int) -> dict[int | None, TensorSpec]:
    """Which argument → the variable behind it."""
    kinds, found = NodeKinds(), dict[int | None, TensorSpec]()
    with suppress(DecodeError, ValueError):  # what was read before a damaged node tells as much
        for number, kind, a, b in fields(data, begin, end):
            if (number, kind) == (1, 2) and _ARGUMENT in bytes(data[a : min(b, a + _HEAD)]):
                held = kinds.read(data, a, b)[1].held
                if held.behind is not None:
                    found[held.argument] = held.behind
    return found


def _of_run(
    data: Buffer, parts: list[_Part], stats: dict[str, Executed], run_graph: Buffer | None, title: str
) -> GraphModel:
    """The run's graph, or what became of it on the devices where that was another."""
    if run_graph is not None:
        graph = read_graph_def(run_graph, title)
        if not parts or not stats.keys().isdisjoint(graph.node_at):
            return graph
    return _graph_of(data, parts, title)


def _function_graphs(data: Buffer, parts: list[_Part], title: str) -> GraphModel:
    """Every function once, however often TensorFlow made its graph; single operations together in one scope."""
    known: set[bytes] = set()
    named: list[tuple[str, _Part]] = []
    for part in parts:
        content = data[part.begin : part.end]
        if content not in known:
            known.add(content)
            named.append((_name(data, part), part))
    unnamed = [place for place, (name, _) in enumerate(named) if name == _UNNAMED]
    if unnamed and title:  # the log was told of a function right after it ran
        named[unnamed[-1]] = (title.replace("/", "_"), named[unnamed[-1]][1])
    if len(named) == 1:
        return _graph_of(data, [named[0][1]], title)
    nodes = NodeList()
    met: Counter[str] = Counter()
    for name, part in sorted(named, key=lambda entry: entry[0].startswith(f"{_EAGER}/")):
        met[name] += 1
        scope = name if met[name] == 1 else f"{name}_{met[name]}"
        _add(nodes, data, part, f"{scope}/")
    if len(known) < len(parts):
        nodes.notes.append(f"{len(parts):,} graphs were made, {len(known):,} of them different; each is drawn once.")
    return graph_of_nodes(nodes, title, "run_metadata")


def _name(data: Buffer, part: _Part) -> str:
    """The function's name where the graph does nothing but call it, the operation's of a single one."""
    nodes = NodeList()
    nodes.add(data, "", part.begin, part.end)
    called = [name for scope, name in nodes.types.items() if scope in nodes.stands and "/" not in scope]
    if called:
        return plain_function(called[0]).replace("/", "_")
    worked = {node.name.partition("/")[0]: node.op for node in nodes.nodes if node.op not in _NO_WORK}
    if len(worked) <= 1:  # what it was told to use lies in its scope
        return f"{_EAGER}/{next(iter(worked.values()), 'values')}"
    return _UNNAMED
