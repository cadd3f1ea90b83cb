"""Model graphs for tests, and logs that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from web_helpers import START

from stepscope.logger import plugins
from stepscope.logger.event_files import FILE_VERSION
from stepscope.logger.graphs.blob import encode
from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.logger.graphs.model import GraphModel, Parameter, TensorSpec
from stepscope.logger.proto.event_pb2 import Event, Summary
from stepscope.logger.records import frame
from stepscope.logger.tensors import string_tensor

BATCH = TensorSpec("float32", (32, 128))


def layered_model(layers: int, blocks: int = 1, spec: TensorSpec = BATCH) -> GraphModel:
    """Each layer adds its input to what its linear operations make of it; the first two layers share a weight."""
    builder = GraphBuilder()
    last = builder.node(0, "x", "input", role="input", outputs=(spec,))
    builder.group(["net"], type="Net", module="")
    for layer in range(layers):
        group = builder.group(["net", f"layers.{layer}"], type="Layer", module=f"layers.{layer}")
        begin = last
        for block in range(blocks):
            linear = builder.group(["net", f"layers.{layer}", f"fc{block}"], type="Linear", source="model.py:7")
            weight = Parameter(f"layers.{max(layer, 1)}.fc{block}.weight", TensorSpec("float32", (128, 128)))
            node = builder.node(
                linear, "linear", "linear", outputs=(spec,), parameters=(builder.parameter(weight),),
                flops=2.0 * 32 * 128 * 128, attributes={"bias": False, "scale": float("inf")},
            )  # fmt: skip
            builder.edge(last, node)
            last = node
        add = builder.node(group, "add", "add", outputs=(spec,))
        builder.edge(last, add)
        builder.edge(begin, add, into=1)
        last = add
    builder.edge(last, builder.node(0, "y", "output", role="output"))
    return builder.build("Net", "stepscope", "functions")


def write_graphs(folder: Path, graphs: Mapping[str, Sequence[tuple[int, GraphModel | bytes]]]) -> None:
    """An event file with (step, graph) pairs of each tag; bytes are written as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    events = [Event(wall_time=START, file_version=FILE_VERSION)]
    for tag, values in graphs.items():
        for step, graph in values:
            content = string_tensor([graph if isinstance(graph, bytes) else encode(graph)], ())
            value = Summary.Value(tag=tag, metadata=plugins.metadata(plugins.GRAPH), tensor=content)
            events.append(Event(wall_time=START + step, step=step, summary=Summary(value=[value])))
    (folder / f"events.out.tfevents.{int(START)}.host.0").write_bytes(
        b"".join(frame(event.SerializeToString()) for event in events)
    )
