"""Graphs to lay out: shaped like a transformer, like a residual network with its parameters as nodes, and random."""

import random

Edge = tuple[int, int]

__all__ = ["GRAPHS"]


class _Chain:
    def __init__(self) -> None:
        self.nodes = 0
        self.edges: list[Edge] = []

    def node(self, *inputs: int) -> int:
        self.edges += [(one, self.nodes) for one in inputs]
        self.nodes += 1
        return self.nodes - 1

    def chain(self, start: int, length: int) -> int:
        for _ in range(length):
            start = self.node(start)
        return start


def transformer(least: int) -> tuple[int, list[Edge]]:
    """Attention with three branches, and a skip connection around each half of a block."""
    graph = _Chain()
    stream = graph.chain(graph.node(), 1)
    while graph.nodes < least - 1:
        normed = graph.node(stream)
        query, key, value = (graph.chain(normed, 3) for _ in range(3))
        scores = graph.chain(graph.node(query, graph.node(key)), 3)
        mixed = graph.chain(graph.node(scores, value), 4)
        stream = graph.node(stream, mixed)
        stream = graph.node(stream, graph.chain(graph.node(stream), 4))
    graph.node(stream)
    return graph.nodes, graph.edges


def residual(least: int) -> tuple[int, list[Edge]]:
    """Convolutions and normalisations with their parameters as nodes; every fourth block has a second branch."""
    graph = _Chain()

    def convolution(of: int) -> int:
        convolved = graph.node(of, graph.node())
        return graph.node(convolved, *(graph.node() for _ in range(4)))

    stream, block = graph.node(), 0
    while graph.nodes < least - 3:
        inner = convolution(graph.node(convolution(stream)))
        side = convolution(stream) if block % 4 == 0 else stream
        stream, block = graph.node(graph.node(inner, side)), block + 1
    graph.node(stream, graph.node(), graph.node())
    return graph.nodes, graph.edges


def tangle(nodes: int) -> tuple[int, list[Edge]]:
    """Two inputs a node on average, from anywhere among the nodes shortly before."""
    chance, width = random.Random(0), max(4, int(nodes**0.5))
    edges: set[Edge] = set()
    for node in range(width, nodes):
        for _ in range(chance.choice((1, 2, 2, 3))):
            edges.add((chance.randrange(max(0, node - 2 * width), node), node))
    return nodes, sorted(edges)


GRAPHS = {"transformer": transformer, "residual": residual, "random": tangle}
