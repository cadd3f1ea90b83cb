"""Graph files that somebody opens by hand: what they are is told by their bytes, nothing in them is ever executed."""

from __future__ import annotations

import contextlib
import mmap
import os
import stat
from collections.abc import Callable

from ..garbage import without_collecting
from ..reader.graph_values import Graph
from .blob_checks import MARK
from .bounded_json import parse_json
from .exported_program import exported_program
from .graph_def_nodes import NodeList
from .hdf5_config import config_in_hdf5
from .json_form import JSON_MARK
from .model import GraphModel
from .read_graph_def import graph_of_nodes
from .read_json_form import read_json_form
from .read_keras import read_keras
from .read_onnx import read_onnx
from .read_openvino import read_openvino
from .read_pbtxt import read_pbtxt
from .reading import read_graph
from .small_zip import archive_names, read_member
from .wire import Buffer, fields

__all__ = ["KNOWN_FILES", "open_graph_file"]

KNOWN_FILES = (
    "GraphDef, MetaGraphDef or SavedModel (.pb), GraphDef as text (.pbtxt), ONNX (.onnx), torch.export (.pt2),"
    " Keras (.json, .keras, .h5), OpenVINO (.xml) and what was exported here (.json)"
)
LIMIT = 256 << 20
_TEXT_LIMIT = 32 << 20  # bytes of what must be taken apart character by character
_SNIFFED = 4096
_FIELDS_SNIFFED = 100  # of messages
_PROGRAMS = ("models/model.json", "serialized_exported_program.json")
_WEIGHTS = "data/weights/model_weights_config.json"


def open_graph_file(source: bytes | str | os.PathLike[str], name: str = "", limit: int = LIMIT) -> GraphModel:
    """The graph in a file, given as its path or its content; `name` is what to call it.

    Weights are stepped over, so binary files of any size can be opened by their path; what must be read whole may have
    `limit` bytes. What is wrong in the file is said in the graph's notes.
    Raises ValueError with a sentence where nothing can be drawn, OSError where the file cannot be opened.
    """
    if isinstance(source, bytes):
        if len(source) > limit:
            raise ValueError(f"{_named(name)} has {len(source):,} bytes; at most {limit:,} are read.")
        return _of_bytes(source, name, limit)
    path = os.fspath(source)
    with open(path, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ValueError(f"{path!r} is no file.")
        if not status.st_size:
            raise ValueError(f"{path!r} is empty.")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _of_bytes(data, name or os.path.basename(path), limit)


def _of_bytes(data: Buffer, name: str, limit: int) -> GraphModel:
    """Raises ValueError, which names the file."""
    title = name.rsplit("/", 1)[-1]
    try:
        with without_collecting():
            graph = _reader(bytes(data[:_SNIFFED]), data, name)(data, title, limit)
        if not graph.nodes and len(graph.groups) <= 1:
            raise ValueError(" ".join(["It holds no nodes.", *graph.notes[:3]]))
    except RecursionError:
        raise ValueError(f"{_named(name)}: its parts are too deep in each other.") from None
    except ValueError as error:
        raise ValueError(f"{_named(name)}: {error}") from None
    return graph


def _named(name: str) -> str:
    return f"The file {name[:200]!r}" if name else "The file"


Reader = Callable[[Buffer, str, int], GraphModel]


def _reader(head: bytes, data: Buffer, name: str) -> Reader:
    """Which reader a file is for. Raises ValueError with a sentence for files of other kinds."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(MARK):
        return lambda data, title, limit: read_graph(Graph("stepscope", _whole(data, limit)), title)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive
    if head.startswith(_HDF5):
        return _hdf5
    for mark, what in _OTHERS:
        if head.startswith(mark) or (mark == _TFLITE and head[4:8] == mark):
            raise ValueError(f"{what} Files that can be opened: {KNOWN_FILES}.")
    if start.startswith((b"{", b'"{')):
        return _json
    if start.startswith(b"<"):
        return lambda data, title, limit: read_openvino(_whole(data, min(limit, _TEXT_LIMIT)), title)
    if name.lower().endswith((".pbtxt", ".prototxt", ".txt")) or _is_text(head):
        return _text
    return _binary


_TFLITE, _HDF5 = b"TFL3", b"\x89HDF\r\n"
_OTHERS = (
    (_TFLITE, "TensorFlow Lite models are not read."),
    (b"GGUF", "GGUF files hold weights and no graph."),
    (
        b"\x80\x02",
        "This is a pickle, which would have to be executed to be read; torch.export.save writes a .pt2 file.",
    ),
    (
        b"\x80\x04",
        "This is a pickle, which would have to be executed to be read; torch.export.save writes a .pt2 file.",
    ),
    (b"\x1f\x8b", "The file is compressed with gzip; unpack it first."),
)


def _is_text(head: bytes) -> bool:
    return not any(byte < 9 or 13 < byte < 32 for byte in head)


def _whole(data: Buffer, limit: int) -> bytes:
    if len(data) > limit:
        raise ValueError(f"it has {len(data):,} bytes; at most {limit:,} of this kind are read.")
    return bytes(data[:])


def _text(data: Buffer, title: str, limit: int) -> GraphModel:
    limit = min(limit, _TEXT_LIMIT)
    graph = read_pbtxt(bytes(data[:limit]).decode("utf-8", "replace"), title)
    if len(data) > limit:
        graph.notes.append(f"The file has {len(data):,} bytes; what is in the first {limit:,} is drawn.")
    return graph


def _json(data: Buffer, title: str, limit: int) -> GraphModel:
    text = _whole(data, min(limit, 4 * _TEXT_LIMIT))
    if JSON_MARK.encode() in text[:_SNIFFED]:  # names in it may be any other mark
        return read_json_form(text, title)
    if b'"graph_module"' in text:
        return exported_program(parse_json(text), title)
    return read_keras(text, title)


def _hdf5(data: Buffer, title: str, limit: int) -> GraphModel:
    config = config_in_hdf5(data, min(limit, 4 * _TEXT_LIMIT))
    if not config:
        raise ValueError("this HDF5 file holds weights and no configuration of a model; model.to_json() writes it.")
    return read_keras(config, title)


def _archive(data: Buffer, title: str, limit: int) -> GraphModel:
    """A program of torch.export, or a model of Keras 3. Pickles beside them are not looked at."""
    names = archive_names(data)
    limit = min(limit, 4 * _TEXT_LIMIT)
    for program in _PROGRAMS:
        for name in names:
            if name == program or name.endswith(f"/{program}"):
                stored = None
                with contextlib.suppress(ValueError):  # old files have none
                    stored = parse_json(read_member(data, f"{name.removesuffix(program)}{_WEIGHTS}", limit))
                return exported_program(parse_json(read_member(data, name, limit)), title, stored)
    models = [name for name in names if "/models/" in f"/{name}" and name.endswith(".json")]
    if models:
        return exported_program(parse_json(read_member(data, models[0], limit)), title)
    if "config.json" in names:
        return read_keras(read_member(data, "config.json", limit), title)
    if any(name.endswith("data.pkl") for name in names):
        raise ValueError(
            "this archive holds a pickle, which would have to be executed to be read;"
            " torch.export.save(torch.export.export(model, inputs), 'model.pt2') writes a graph."
        )
    raise ValueError(f"this archive holds no graph. Files that can be opened: {KNOWN_FILES}.")


def _binary(data: Buffer, title: str, limit: int) -> GraphModel:
    """Protobuf messages name no type: which it is can be told by the fields they begin with."""
    found: dict[int, tuple[int, int, int]] = {}
    for count, (number, kind, a, b) in enumerate(fields(data, wrong=[])):
        found.setdefault(number, (kind, a, b))
        if count > _FIELDS_SNIFFED:
            break
        if number == 7 and kind == 2:
            return read_onnx(data, title)
    if not found:
        raise ValueError(f"It is of no kind that is known. Files that can be opened: {KNOWN_FILES}.")
    kind, a, b = found.get(2, (0, 0, 0))
    if kind == 2 and found.get(1, (2, 0, 0))[0] == 0:  # SavedModel: its version, then a MetaGraphDef
        return _meta_graph(data, a, b, title)
    if kind == 2 and _looks_like_meta_graph(data, a, b):
        return _graph_def(data, a, b, title)
    return _graph_def(data, 0, len(data), title)


def _meta_graph(data: Buffer, begin: int, end: int, title: str) -> GraphModel:
    for number, kind, a, b in fields(data, begin, end):
        if number == 2 and kind == 2:
            return _graph_def(data, a, b, title)
    raise ValueError("this SavedModel holds no graph.")


def _looks_like_meta_graph(data: Buffer, begin: int, end: int) -> bool:
    """Whether field 2 is a GraphDef, whose first field is a node with a name, rather than a library of functions."""
    try:
        number, kind, a, b = next(fields(data, begin, end))
        inner = next(fields(data, a, b)) if kind == 2 else (0, 0, 0, 0)
        return number == 1 and inner[0] == 1 and inner[1] == 2 and _is_name(bytes(data[inner[2] : inner[3]]))
    except (StopIteration, ValueError):
        return False


def _is_name(text: bytes) -> bool:
    return 0 < len(text) < 1000 and all(32 <= byte < 127 for byte in text) and b"\n" not in text


def _graph_def(data: Buffer, begin: int, end: int, title: str) -> GraphModel:
    nodes = NodeList()
    nodes.add(data, "", begin, end)
    if not nodes.nodes:
        raise ValueError(f"It holds no nodes of a graph. Files that can be opened: {KNOWN_FILES}.")
    return graph_of_nodes(nodes, title, "graph_def")
