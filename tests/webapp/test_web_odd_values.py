"""Values of every plugin with tensors that no writer would give them: each is shown or refused, none fails."""

from __future__ import annotations

import importlib
import urllib.parse
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tensorboard_answers import write_events

from stepscope.logger import open_logdir, plugins
from stepscope.logger.proto.event_pb2 import DT_FLOAT, DT_STRING, Event, Summary, TensorProto, TensorShapeProto
from stepscope.logger.proto.plugins_pb2 import MeshPluginData
from stepscope.logger.tensors import tensor_proto
from stepscope.webapp import create_app
from stepscope.webapp.media import MODULES, forms

NOT_PLUGINS = ("_TAG", "_PREFIX", "_WRITER")
NAMES = [
    name
    for key, name in vars(plugins).items()
    if key.isupper() and isinstance(name, str) and not key.endswith(NOT_PLUGINS)
]
SHAPES = [(), (1,), (0, 3), (3, 3), (6, 4), (6, 0), (1, 5, 3), (2, 2, 2, 2)]
CURVES = {"pr_curves", "roc_curves"}


def tensors() -> Iterator[TensorProto]:
    rng = np.random.default_rng(0)
    for shape in SHAPES:
        for dtype in (np.float32, np.float64, np.int64, np.uint8, np.bool_, np.complex64):
            yield tensor_proto(np.asarray(rng.integers(0, 9, shape)).astype(dtype))
        odd = rng.choice([np.nan, np.inf, -np.inf, 1.7e308, -1.7e308, 0.0], shape)
        yield tensor_proto(np.asarray(odd))
        yield tensor_proto(np.full(shape, b"\xff<b>{}", object))
    for dtype in (DT_FLOAT, DT_STRING):
        for sizes in ((1 << 40, 0), (0, 1 << 40, 3), (-1, 3), (1 << 50, 3)):
            dims = [TensorShapeProto.Dim(size=size) for size in sizes]
            yield TensorProto(dtype=dtype, tensor_shape=TensorShapeProto(dim=dims))


@pytest.mark.parametrize("plugin", [*NAMES, "nobody_knows_it"])
def test_each_is_shown_or_refused(tmp_path: Path, plugin: str) -> None:
    mesh = MeshPluginData(name="t", content_type=1).SerializeToString()
    metadata = plugins.metadata(plugin, mesh if plugin == plugins.MESH else b"")
    values = [Summary.Value(tag="t_VERTEX", tensor=tensor, metadata=metadata) for tensor in tensors()]
    write_events(tmp_path, *(Event(step=i, wall_time=1.7e9, summary=Summary(value=[v])) for i, v in enumerate(values)))
    for module in MODULES.values():
        importlib.import_module(f"stepscope.webapp.media.{module}")
    with open_logdir(tmp_path, index_dir=False) as log, warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        client = create_app(log).test_client()
        for kind, tags in log.tags(".").items():
            if kind == "scalars":
                continue
            for tag in tags:
                series = log.blobs(".", kind, tag)
                identities = [
                    f"{step}-{crc:08x}" for step, crc in zip(series.step.tolist(), series.crc.tolist(), strict=True)
                ]
                family = kind if kind in MODULES else "other"
                for name in sorted({"raw"} | {form for owner, form in forms._FORMS if owner == family}):
                    for identity in identities:
                        query = urllib.parse.urlencode({"run": ".", "kind": kind, "tag": tag, "id": identity})
                        answer = client.get(f"/api/blob/{name}?{query}")
                        assert answer.status_code < 500, (kind, name, identity, answer.text)
                question = {"tag": tag, "runs": ["."], "parts": ["buckets", "percentiles"]}
                if kind == "histograms":
                    assert client.post("/api/histograms", json=question).status_code == 200
                if kind in CURVES:
                    body = {"kind": kind, "tag": tag, "series": [{"run": ".", "ids": identities}]}
                    assert client.post("/api/curves", json=body).status_code == 200
        for path in ("histograms", "distributions", "pr_curves", "text", "images", "audio"):
            answer = client.get(f"/data/plugin/{path}/{path}?run=.&tag=t_VERTEX&sample=0")
            assert answer.status_code < 500, (path, answer.text)
