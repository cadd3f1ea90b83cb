"""Model graphs of a log as GraphDef messages, and what was noted of their executions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf.message import DecodeError

from ...logger import plugins
from ...logger.proto.graph_pb2 import GraphDef, RunMetadata
from ..queries import Refused
from .graph_merging import merged_graphs
from .keras_graph import keras_graph
from .stored import find_series, series_of_kind

if TYPE_CHECKING:
    from ...logger import LogDir

__all__ = ["conceptual_graph", "execution", "graph_info", "op_graph", "without_large"]

Kind = TypeVar("Kind", GraphDef, RunMetadata)

_TAGGED = ""  # TaggedRunMetadata is no plugin's
_VERSION = b"1"  # content of the graph plugins' metadata
_HOLDS = {
    plugins.GRAPH_RUN_METADATA_WITH_GRAPH: ("op_graph",),
    plugins.GRAPH_RUN_METADATA: ("op_graph", "profile"),
    plugins.GRAPH_KERAS_MODEL: ("conceptual_graph",),
    _TAGGED: ("profile",),
}


def graph_info(log: LogDir) -> dict[str, dict[str, Any]]:
    """What graphs there are, by run."""
    answer: dict[str, dict[str, Any]] = {}
    for run, tag, series in series_of_kind(log, "graphs"):
        plugin, content = series.metadata.plugin, series.metadata.content
        if plugin not in _HOLDS or (plugin and content != _VERSION):
            continue
        entry = answer.setdefault(run, {"run": run, "tags": {}, "run_graph": False})
        if tag == plugins.RUN_GRAPH_TAG and not plugin:
            entry["run_graph"] = True
            continue
        nothing = {"tag": tag, "conceptual_graph": False, "op_graph": False, "profile": False}
        entry["tags"].setdefault(tag, nothing).update(dict.fromkeys(_HOLDS[plugin], True))
    return answer


def op_graph(log: LogDir, run: str, tag: str | None) -> GraphDef:
    """The run's own graph, or with a tag the functions of that execution. Raises Refused."""
    if tag is None:
        return _parsed(GraphDef, _newest(log, run, plugins.RUN_GRAPH_TAG, (_TAGGED,)))
    metadata = _newest(log, run, tag, (plugins.GRAPH_RUN_METADATA, plugins.GRAPH_RUN_METADATA_WITH_GRAPH))
    functions = _parsed(RunMetadata, metadata).function_graphs
    try:
        return merged_graphs([function.pre_optimization_graph for function in functions])
    except ValueError as error:
        raise Refused(str(error)) from None


def conceptual_graph(log: LogDir, run: str, tag: str) -> GraphDef:
    """The layers of a Keras model. Raises Refused."""
    text = _newest(log, run, tag, (plugins.GRAPH_KERAS_MODEL,))
    try:
        return keras_graph(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise Refused(f"the Keras model of run {run[:200]!r}, tag {tag[:200]!r} cannot be read: {error}", 422) from None


def execution(log: LogDir, run: str, tag: str) -> RunMetadata:
    """Times and memory. Raises Refused."""
    return _parsed(RunMetadata, _newest(log, run, tag, (_TAGGED, plugins.GRAPH_RUN_METADATA)))


def without_large(graph: GraphDef, limit: int, named_in: str) -> None:
    """Take out attributes of more than `limit` bytes; their names go to the attribute `named_in` of their node."""
    for node in graph.node:
        for key in list(node.attr):
            if node.attr[key].ByteSize() > limit:
                del node.attr[key]
                node.attr[named_in].list.s.append(key.encode())


def _newest(log: LogDir, run: str, tag: str, wanted: tuple[str, ...]) -> bytes:
    """The newest value of a tag of one of these plugins. Raises Refused (404)."""
    series = find_series(log, run, "graphs", tag)
    if series is None or not len(series) or series.metadata.plugin not in wanted:
        raise Refused(f"no such graph for run={run[:200]!r}, tag={tag[:200]!r}", 404)
    data: bytes = series[-1].data
    return data


def _parsed(kind: type[Kind], data: bytes) -> Kind:
    try:
        return kind.FromString(data)
    except DecodeError as error:
        raise Refused(f"what is stored is no {kind.__name__}: {error}", 422) from None
