"""GraphDefs as text (`.pbtxt`), as TensorFlow writes and TensorBoard shows them; also those within other messages."""

from __future__ import annotations

import re

from ..proto.graph_pb2 import GraphDef
from .graph_def_nodes import MOST_NODES
from .model import GraphModel
from .read_graph_def import read_graph_def
from .text_messages import read_text

__all__ = ["read_pbtxt"]

_MOST_NOTES = 5
_NODE = re.compile(r"^(?:node|library)\b", re.MULTILINE)
_WITHIN = re.compile(r"(?:^|(?<=[\s{<]))graph_def\s*(?::\s*)?[{<]")  # of a MetaGraphDef, and of one in a SavedModel


def read_pbtxt(text: str, title: str = "") -> GraphModel:
    """The graph of a GraphDef as text, or of the first in a MetaGraphDef or SavedModel.

    Raises ValueError with a sentence where it has no nodes.
    """
    message, wrong = GraphDef(), list[str]()
    node = _NODE.search(text)
    within = _WITHIN.search(text, 0, node.start() if node else len(text))
    begin = within.end() if within else 0
    read_text(text, message, wrong.append, lambda: len(message.node) > MOST_NODES or len(wrong) > 1000, begin)
    if not message.node and not message.library.function:
        reason = f" {wrong[0]}" if wrong else ""
        raise ValueError(f"This text is no GraphDef: it has no nodes.{reason}")
    graph = read_graph_def(message.SerializeToString(), title)
    graph.notes[:0] = wrong[:_MOST_NOTES]
    if len(wrong) > _MOST_NOTES:
        graph.notes.insert(_MOST_NOTES, f"{len(wrong) - _MOST_NOTES:,} more parts of the text could not be read.")
    return graph
