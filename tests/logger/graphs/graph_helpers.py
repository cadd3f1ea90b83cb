"""What tests of graphs share: graphs as small dicts and lists, and GraphDefs by hand."""

from __future__ import annotations

from typing import Any

from stepscope.logger.graphs.model import GraphModel
from stepscope.logger.proto.event_pb2 import DataType
from stepscope.logger.proto.graph_pb2 import GraphDef


def edges(graph: GraphModel) -> set[tuple[str, str]]:
    """(source, target) of every edge, by path."""
    return {
        (graph.nodes[source].path, graph.nodes[target].path)
        for source, target in zip(graph.edges.source.tolist(), graph.edges.target.tolist(), strict=True)
    }


def used(graph: GraphModel, path: str) -> dict[str, str]:
    """Name → type and shape of the parameters of a node."""
    node = graph.nodes[graph.node_at[path]]
    return {graph.parameters[place].name: str(graph.parameters[place].spec) for place in node.parameters}


def output(graph: GraphModel, path: str) -> str:
    """Type and shape of a node's first output."""
    return str(graph.nodes[graph.node_at[path]].outputs[0])


def check(graph: GraphModel) -> None:
    """What holds for every graph, however bad what it was read from."""
    assert graph.groups[0].path == "" and graph.groups[0].parent == -1
    assert all(group.parent < place for place, group in enumerate(graph.groups))
    assert len(graph.node_at) == len(graph.nodes) and len(graph.group_at) == len(graph.groups)
    for node in graph.nodes:
        assert node.path.rpartition("/")[0] == graph.groups[node.group].path
    for end in (graph.edges.source, graph.edges.target):
        assert not len(end) or (end.min() >= 0 and end.max() < len(graph.nodes))
    assert all((note[0].isupper() or note[0].isdigit()) and note.endswith(".") for note in graph.notes), graph.notes


def graph_def(*nodes: tuple[str, str, list[str]], **shapes: list[int]) -> GraphDef:
    """A GraphDef of (name, operation, inputs), with shapes of some nodes' outputs."""
    graph = GraphDef()
    for name, op, inputs in nodes:
        node = graph.node.add(name=name, op=op, input=inputs)
        if name in shapes:
            node.attr["T"].type = DataType.DT_FLOAT
            shape = node.attr["_output_shapes"].list.shape.add()
            for size in shapes[name]:
                shape.dim.add(size=size)
    return graph


def variable(graph: GraphDef, name: str, shape: list[int], op: str = "VarHandleOp") -> Any:
    """Add a variable to a GraphDef."""
    node = graph.node.add(name=name, op=op)
    node.attr["dtype"].type = DataType.DT_FLOAT
    for size in shape:
        node.attr["shape"].shape.dim.add(size=size)
    return node
