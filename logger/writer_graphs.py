"""The methods of SummaryWriter for graphs of models that are not torch's."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .proto.event_pb2 import Event
from .summaries.model_graph import model_graph_summary
from .writer_core import WriterCore, call_name

if TYPE_CHECKING:
    from .graphs.model import GraphModel


class GraphMethods(WriterCore):
    """Graphs of ONNX, OpenVINO, Keras and JAX: each is logged whole under a tag, and as TensorBoard shows it."""

    def add_onnx_graph(
        self, prototxt: Any = None, *, onnx_model_file: Any = None, tag: str = "graph", step: Any = None
    ) -> None:
        """Log the graph of an ONNX model: the path of its file, or the loaded model. Weights are not read.

        Nodes are in the modules that the exporter wrote down. `onnx_model_file` is tensorboardX's name of the first
        argument. Raises TypeError for anything else, ValueError where the file is no ONNX model.
        """
        from .graphs.onnx_capture import onnx_graph

        call = call_name("add_onnx_graph", tag)
        model = prototxt if prototxt is not None else onnx_model_file
        self._log_graph(call, tag, step, onnx_graph(call, model))

    def add_openvino_graph(self, xmlname: Any, *, tag: str = "graph", step: Any = None) -> None:
        """Log the graph of an OpenVINO model: the path of its XML file.

        Raises TypeError for anything else, ValueError where the file is no model.
        """
        from .graphs.files import open_graph_file

        call = call_name("add_openvino_graph", tag)
        if not isinstance(xmlname, (str, os.PathLike)):
            raise TypeError(f"{call}: expected the path of an OpenVINO XML file, got {type(xmlname).__name__}")
        self._log_graph(call, tag, step, open_graph_file(xmlname))

    def add_keras_graph(self, model: Any, *, tag: str = "graph", step: Any = None) -> None:
        """Log the layers of a Keras model (Keras 2 or 3, any backend), or of what `model.to_json()` gave.

        Raises TypeError for anything else, ValueError where the JSON is none of a model.
        """
        from .graphs.keras_capture import keras_graph

        call = call_name("add_keras_graph", tag)
        self._log_graph(call, tag, step, keras_graph(call, model))

    def add_jax_graph(
        self,
        function: Callable[..., Any],
        *args: Any,
        kwargs: Mapping[str, Any] | None = None,
        static_argnums: Sequence[int] = (),
        parameters: Sequence[int] | None = None,
        tag: str = "graph",
        step: Any = None,
    ) -> None:
        """Log what JAX computes when `function(*args, **kwargs)` is called, as `jax.make_jaxpr` traces it.

        Arrays or `jax.ShapeDtypeStruct`s will do. `parameters` are the places of the arguments that hold parameters;
        without it those whose names say so, and the first of several where it is a tree. A module of `flax.nnx` holds
        its own, and its modules become scopes. A jaxpr is taken as well.
        Raises ModuleNotFoundError without JAX, TypeError for what cannot be called; the function's errors pass through.
        """
        from .graphs.jax_capture import jax_graph

        call = call_name("add_jax_graph", tag)
        self._log_graph(call, tag, step, jax_graph(call, function, args, kwargs or {}, static_argnums, parameters))

    def _log_graph(self, call: str, tag: str, step: Any, graph: GraphModel) -> None:
        from .graphs.blob import encode
        from .graphs.graph_def_writing import graph_def_of

        writer = self._get_file_writer()
        at, wall_time = writer.step(call, step), writer.wall_time(None)
        nbytes = 1000 * len(graph.nodes)  # roughly, until it is written
        writer.add_later(
            lambda: Event(wall_time=wall_time, graph_def=graph_def_of(graph).SerializeToString()), nbytes, call
        )
        writer.add_summary_later(lambda: model_graph_summary(tag, encode(graph)), at, wall_time, 0, call)
