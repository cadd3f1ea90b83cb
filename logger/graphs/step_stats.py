"""What TensorFlow noted of an execution: time, memory, device and shapes of each node."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from .graph_def_attributes import dtype_name, shape_tuple
from .model import GraphModel, TensorSpec

__all__ = ["Executed", "executed", "short_device", "with_step_stats"]

_ALL_STREAMS = "stream:all"


@dataclass
class Executed:
    """One node on one device, however often."""

    device: str
    seconds: float = 0.0
    memory: int = 0
    outputs: dict[int, TensorSpec] = field(default_factory=dict)


def executed(step_stats: Any) -> dict[str, Executed]:
    """Name of a node → what it took, of a StepStats.

    A node that ran on a stream of a GPU has its time there; the time of starting it is not added.
    """
    found: dict[str, dict[str, Executed]] = {}
    for device in step_stats.dev_stats:
        for stats in device.node_stats:
            name = stats.node_name.partition(":")[0] if "stream:" in device.device else stats.node_name
            devices = found.setdefault(name, {})
            _add(devices.setdefault(device.device, Executed(device.device)), stats)
    return {name: _whole(list(devices.values())) for name, devices in found.items()}


def _add(node: Executed, stats: Any) -> None:
    nanos = stats.all_end_rel_nanos or 1000 * (stats.all_end_rel_micros or stats.op_end_rel_micros)
    node.seconds += max(nanos, 0) / 1e9
    node.memory += sum(max(used.total_bytes, 0) for used in stats.memory)
    for output in stats.output:
        described = output.tensor_description
        node.outputs[output.slot] = TensorSpec(dtype_name(described.dtype), shape_tuple(described.shape))


def _whole(parts: list[Executed]) -> Executed:
    """One for all devices: the streams where there are any, and of those the one that has all."""
    timed = (
        [part for part in parts if _ALL_STREAMS in part.device]
        or [part for part in parts if "stream:" in part.device]
        or parts
    )
    whole = Executed(timed[0].device, sum(part.seconds for part in timed), sum(part.memory for part in parts))
    for part in parts:
        whole.outputs.update(part.outputs)
    return whole


def with_step_stats(graph: GraphModel, nodes: dict[str, Executed]) -> GraphModel:
    """The same graph with times in seconds, bytes of memory, devices and the shapes that were met, in place."""
    places = _places(graph)
    unknown = []
    for name, stats in nodes.items():
        place = places.get(name)
        if place is None:
            unknown.append(name)
            continue
        node = graph.nodes[place]
        node.time = (node.time or 0.0) + stats.seconds
        node.memory = (node.memory or 0) + stats.memory
        node.device = node.device or short_device(stats.device)
        if stats.outputs:
            node.outputs = _merged(node.outputs, stats.outputs)
    if nodes and not any(node.time is not None for node in graph.nodes):
        graph.notes.append("Times were noted of an execution, but of none of these nodes.")
    elif unknown:
        graph.notes.append(f"{len(unknown):,} of {len(nodes):,} nodes that were executed are not in this graph.")
    return graph


def _places(graph: GraphModel) -> dict[str, int]:
    """Places of nodes by their paths, and by what is behind the first scope where that is the name of a function."""
    places: dict[str, int] = {}
    for place, node in enumerate(graph.nodes):
        places.setdefault(node.path.partition("/")[2], place)
    places.pop("", None)
    places.update(graph.node_at)
    return places


def _merged(known: tuple[TensorSpec, ...], met: dict[int, TensorSpec]) -> tuple[TensorSpec, ...]:
    """What the graph says, filled in and made exact by what was met."""
    count = max(len(known), max((slot for slot in met if 0 <= slot < 256), default=-1) + 1)
    return tuple(met.get(slot) or (known[slot] if slot < len(known) else TensorSpec()) for slot in range(count))


@lru_cache(maxsize=1024)
def short_device(name: str) -> str:
    """ "/job:localhost/replica:0/task:0/device:GPU:0" as "GPU:0"."""
    local = name.removeprefix("/job:localhost/replica:0/task:0")
    return local.removeprefix("/device:").removeprefix("/")
