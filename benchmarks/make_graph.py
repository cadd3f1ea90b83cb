"""Event files with one model graph, a GraphDef as TensorBoard reads it."""

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from stepscope.logger.proto.event_pb2 import DT_FLOAT, Event, TensorShapeProto
from stepscope.logger.proto.graph_pb2 import GraphDef, NodeDef

from .make_logdir import CACHE, START, frame

_BLOCK = ("query", "key", "value", "scores", "softmax", "mix", "project", "add", "norm", "up", "gelu", "down", "out")
_BLOCK_OPS = ("MatMul", "AddV2", "Relu")
_SHAPE = (8, 128, 512)
# A node in each block of one layer.
IN_A_LAYER = [f"encoder/layer_1/block_{block}/out" for block in range(4)]


def transformer_logdir(nodes: int, *, cache: Path = CACHE) -> Path:
    """The folder with one run, its graph a transformer of about `nodes` operations; written unless it is there."""
    return _kept(cache / f"transformer{nodes}", lambda run: _write(run, transformer(nodes)))


def flat_logdir(nodes: int, *, cache: Path = CACHE) -> Path:
    """The same of a graph without scopes."""
    return _kept(cache / f"flat{nodes}", lambda run: _write(run, flat(nodes)))


def torch_logdir(nodes: int, *, cache: Path = CACHE) -> Path:
    """What torch's own writer writes of a residual network, about as many nodes of its trace."""
    return _kept(cache / f"torch{nodes}", lambda run: _trace_torch(run, nodes // 33))


def keras_logdir(nodes: int, *, cache: Path = CACHE) -> Path | None:
    """What TensorFlow writes of the function that a Keras network of about as many operations is traced to.

    Where TENSORFLOW_PYTHON names a Python that has TensorFlow; None without.
    """
    python = os.environ.get("TENSORFLOW_PYTHON")
    folder = cache / f"keras{nodes}"
    if folder.exists():
        return folder
    return _kept(folder, lambda run: _trace_keras(run, nodes // 53, python)) if python else None


def _kept(folder: Path, write: Callable[[Path], None]) -> Path:
    if not folder.exists():
        half = folder.with_name(f"{folder.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        (half / "run").mkdir(parents=True)
        write(half / "run")
        half.rename(folder)
    return folder


def _write(run: Path, graph: GraphDef) -> None:
    events = (
        Event(wall_time=START, file_version="brain.Event:2"),
        Event(wall_time=START, graph_def=graph.SerializeToString()),
    )
    data = b"".join(frame(event.SerializeToString()) for event in events)
    (run / "events.out.tfevents.1700000000.graph").write_bytes(data)


def _trace_torch(run: Path, blocks: int) -> None:
    """Blocks of two convolutions, two normalisations and a sum."""
    import torch
    from torch import nn
    from torch.utils.tensorboard import SummaryWriter

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv1, self.conv2 = (nn.Conv2d(8, 8, 3, padding=1) for _ in range(2))
            self.norm1, self.norm2 = (nn.BatchNorm2d(8) for _ in range(2))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            inner = torch.relu(self.norm1(self.conv1(x)))
            return torch.relu(x + self.norm2(self.conv2(inner)))

    model = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), *(Block() for _ in range(blocks)), nn.Flatten())
    with SummaryWriter(str(run)) as writer:
        writer.add_graph(model.eval(), torch.zeros(1, 3, 8, 8))


_KERAS = """
import sys, keras, tensorflow as tf
x = given = keras.Input((32, 32, 3))
x = keras.layers.Conv2D(16, 3, padding="same")(x)
for _ in range(int(sys.argv[2])):
    y = keras.layers.ReLU()(keras.layers.BatchNormalization()(keras.layers.Conv2D(16, 3, padding="same")(x)))
    y = keras.layers.BatchNormalization()(keras.layers.Conv2D(16, 3, padding="same")(y))
    x = keras.layers.ReLU()(keras.layers.Add()([x, y]))
model = keras.Model(given, keras.layers.Dense(10)(keras.layers.GlobalAveragePooling2D()(x)))
function = tf.function(lambda images: model(images, training=False))
with tf.summary.create_file_writer(sys.argv[1]).as_default():
    tf.summary.graph(function.get_concrete_function(tf.TensorSpec((None, 32, 32, 3))).graph)
"""


def _trace_keras(run: Path, blocks: int, python: str) -> None:
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([python, "-c", _KERAS, str(run), str(blocks)], check=True, env=quiet, stderr=subprocess.DEVNULL)


def flat(nodes: int) -> GraphDef:
    """Operations that take the one before and sometimes one from further back, as in a program without names."""
    graph, chance = GraphDef(), random.Random(5)
    names = [_node(graph, "input", "Placeholder", [])]
    for place in range(1, nodes):
        back = {place - 1, *([chance.randrange(max(0, place - 30), place)] if chance.random() < 0.3 else [])}
        names.append(_node(graph, f"op_{place}", _BLOCK_OPS[place % 3], [names[at] for at in sorted(back)]))
    return graph


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
