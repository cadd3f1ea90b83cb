"""The NodeDefs of a serialised graph, parsed many at once where they are sound and short, one by one where not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from google.protobuf.message import DecodeError

from ..proto.graph_pb2 import FunctionDef, GraphDef, NodeDef
from .wire import Buffer, Tree, without_long

__all__ = ["Span", "node_messages"]

_AT_ONCE = 256  # messages that share their memory
_LONG = 1 << 16  # bytes of a constant that is not looked at
_LARGEST_NODE = 1 << 20
_NODE_TREE: Tree = {5: {2: {8: {}}}}  # attr → value → tensor


class Span(NamedTuple):
    """Where a field lies: its key, its content, its end."""

    start: int
    begin: int
    end: int


def node_messages(
    data: Buffer, spans: Sequence[Span], in_function: bool, broken: Callable[[Exception], None]
) -> Iterator[tuple[Any, bytes]]:
    """(NodeDef, its bytes) of these fields of a GraphDef or FunctionDef. `broken` hears of each that cannot be read.

    Messages share their memory: whoever keeps one keeps some hundred. What is to be kept are the bytes.
    """
    place = 0
    while place < len(spans):
        last = place
        while last + 1 < len(spans) and last - place < _AT_ONCE and _follows(spans[last], spans[last + 1]):
            last += 1
        batch = spans[place : last + 1]
        place = last + 1
        try:
            if batch[0].end - batch[0].begin > _LONG:
                raise ValueError
            message = data[batch[0].start : batch[-1].end]
            nodes = FunctionDef.FromString(message).node_def if in_function else GraphDef.FromString(message).node
            yield from zip(nodes, [data[span.begin : span.end] for span in batch], strict=True)
        except (DecodeError, ValueError):
            yield from _one_by_one(data, batch, broken)


def _follows(span: Span, other: Span) -> bool:
    return other.start == span.end and other.end - other.begin <= _LONG


def _one_by_one(
    data: Buffer, spans: Sequence[Span], broken: Callable[[Exception], None]
) -> Iterator[tuple[Any, bytes]]:
    for span in spans:
        try:
            message = without_long(data, span.begin, span.end, _LONG, _NODE_TREE)
            if len(message) > _LARGEST_NODE:
                raise ValueError(f"a node of {span.end - span.begin:,} bytes")
            parsed = NodeDef.FromString(message)
        except (DecodeError, ValueError) as error:
            broken(error)
        else:
            yield parsed, message
