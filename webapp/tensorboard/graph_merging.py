"""Several graphs as one: the nodes of each in a scope of its own, because names repeat from graph to graph."""

from __future__ import annotations

from collections.abc import Sequence

from ...logger.proto.graph_pb2 import GraphDef

__all__ = ["merged_graphs"]


def merged_graphs(graphs: Sequence[GraphDef]) -> GraphDef:
    """One graph as it is; of several the n-th below `graph_<n>`. Raises ValueError where their versions differ."""
    if len(graphs) == 1:
        return graphs[0]
    merged = GraphDef()
    if graphs and graphs[0].versions.producer:
        merged.versions.CopyFrom(graphs[0].versions)
    for number, graph in enumerate(graphs, start=1):
        if graph.versions.producer != merged.versions.producer:
            raise ValueError("the graphs come from different versions of TensorFlow and cannot be shown together")
        _add(merged, f"graph_{number}", graph)
    return merged


def _add(merged: GraphDef, scope: str, graph: GraphDef) -> None:
    """Nodes move into the scope; functions, which have no scopes, get it as the beginning of their names."""
    for node in graph.node:
        added = merged.node.add()
        added.CopyFrom(node)
        added.name = f"{scope}/{node.name}"
        added.input[:] = [f"{scope}/{name}" for name in node.input]
        if added.op == "PartitionedCall":  # calls the function that its attribute names
            called = added.attr["f"].func
            called.name = f"{scope}_{called.name}"
    for function in graph.library.function:
        copy = merged.library.function.add()
        copy.CopyFrom(function)
        copy.signature.name = f"{scope}_{function.signature.name}"
    for gradient in graph.library.gradient:
        merged.library.gradient.add(
            function_name=f"{scope}_{gradient.function_name}", gradient_func=f"{scope}_{gradient.gradient_func}"
        )
