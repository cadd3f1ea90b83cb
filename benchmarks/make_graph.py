"""Event files with one model graph, a GraphDef as TensorBoard reads it."""

from pathlib import Path

from stepscope.logger.proto.event_pb2 import DT_FLOAT, Event, TensorShapeProto
from stepscope.logger.proto.graph_pb2 import GraphDef, NodeDef

from .make_logdir import CACHE, START, frame

_BLOCK = ("query", "key", "value", "scores", "softmax", "mix", "project", "add", "norm", "up", "gelu", "down", "out")
_SHAPE = (8, 128, 512)
# A node in each block of one layer.
IN_A_LAYER = [f"encoder/layer_1/block_{block}/out" for block in range(4)]


def transformer_logdir(nodes: int, *, cache: Path = CACHE) -> Path:
    """The folder with one run, its graph a transformer of about `nodes` operations; written unless it is there."""
    folder = cache / f"transformer{nodes}"
    if not folder.exists():
        (folder / "run").mkdir(parents=True)
        events = (
            Event(wall_time=START, file_version="brain.Event:2"),
            Event(wall_time=START, graph_def=transformer(nodes).SerializeToString()),
        )
        data = b"".join(frame(event.SerializeToString()) for event in events)
        (folder / "run" / "events.out.tfevents.1700000000.graph").write_bytes(data)
    return folder


def transformer(nodes: int) -> GraphDef:
    """Layers one behind the other, each of blocks of attention with weights, a residual around every block."""
    graph = GraphDef()
    before = _node(graph, "input", "Placeholder", [])
    per_layer = 4 * (len(_BLOCK) + 4)
    for layer in range(max(1, nodes // per_layer)):
        for block in range(4):
            before = _block(graph, f"encoder/layer_{layer}/block_{block}", before)
    _node(graph, "head/logits", "MatMul", [before, _node(graph, "head/weight", "VariableV2", [])])
    return graph


def _block(graph: GraphDef, scope: str, source: str) -> str:
    weight = {
        part: _node(graph, f"{scope}/{part}/weight", "VariableV2", []) for part in ("query", "key", "value", "project")
    }
    at = {part: _node(graph, f"{scope}/{part}/MatMul", "MatMul", [source, weight[part]]) for part in list(weight)[:3]}
    last = _node(graph, f"{scope}/scores", "BatchMatMul", [at["query"], at["key"]])
    last = _node(graph, f"{scope}/softmax", "Softmax", [last])
    last = _node(graph, f"{scope}/mix", "BatchMatMul", [last, at["value"]])
    last = _node(graph, f"{scope}/project/MatMul", "MatMul", [last, weight["project"]])
    residual = _node(graph, f"{scope}/add", "AddV2", [last, source])
    last = _node(graph, f"{scope}/norm", "LayerNorm", [residual])
    for part, op in (("up", "MatMul"), ("gelu", "Gelu"), ("down", "MatMul")):
        last = _node(graph, f"{scope}/{part}", op, [last])
    return _node(graph, f"{scope}/out", "AddV2", [last, residual])


def _node(graph: GraphDef, name: str, op: str, inputs: list[str]) -> str:
    node: NodeDef = graph.node.add(name=name, op=op, input=inputs, device="/device:GPU:0")
    shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in _SHAPE])
    node.attr["_output_shapes"].list.shape.append(shape)
    node.attr["T"].type = DT_FLOAT
    return name
