"""The plugins' routes answer as a running TensorBoard 2.21 does, for every tag of what users and writers log."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from tensorboard_answers import KEEP_ALL, Sides, pairs, write_events
from web_helpers import REAL_RUNS, running_tensorboard

from stepscope.logger import SummaryWriter, open_logdir, plugins
from stepscope.logger.proto.event_pb2 import DT_FLOAT, Event, SummaryMetadata
from stepscope.logger.proto.graph_pb2 import RunMetadata
from stepscope.logger.proto.plugins_pb2 import AudioPluginData
from stepscope.logger.tensors import string_tensor, tensor_proto
from stepscope.webapp import Settings, create_app

pytest.importorskip("tensorboard")

MARKDOWN = """# Head & "tail"

* a `code "q"`
* <script>alert(1)</script> [link](javascript:alert(1)) [good](https://a.b "t") **b**

```python
print("hi") & 1 < 2
```

| a | b |
|---|---|
| 1 | <b>2</b> |
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fresh logs, and what the five frameworks wrote where it is on this machine."""
    root = tmp_path_factory.mktemp("logs")
    rng = np.random.default_rng(0)
    with SummaryWriter(str(root / "süß & co")) as writer:
        for step in range(4):
            for tag, values in (("spread", rng.normal(size=200)), ("one", np.full(3, 5.0)), ("zero", np.zeros(9))):
                writer.add_histogram(tag, values, step)
            writer.add_images("pictures", rng.random((3, 3, 6, 7)), step)
            writer.add_audio("beep", rng.uniform(-1, 1, 400), step)
            writer.add_text("md", MARKDOWN, step)
            writer.add_pr_curve("pr", rng.integers(0, 2, 50), rng.random(50), step)
            writer.add_pr_curve("pr/nothing", np.zeros(5), np.zeros(5), step)
            writer.add_mesh("mesh", rng.random((2, 5, 3)), faces=rng.integers(0, 5, (2, 4, 3)), global_step=step)
        writer.add_scalar("loss", np.nan, 0, display_name="Loss", summary_description="*told*")
        writer.add_embedding(rng.random((6, 3)), [["a", "b"]] * 6, metadata_header=["x", "y"], global_step=2)
    for number, layout in enumerate(({"A": {"x": ["Multiline", ["l.*"]]}}, {"A": {"y": ["Margin", ["a", "b", "c"]]}})):
        with SummaryWriter(str(root / f"layout{number}")) as writer:
            writer.add_custom_scalars(layout)
    write_events(root / "tensors", *tensor_events())
    if REAL_RUNS.is_dir():
        shutil.copytree(REAL_RUNS, root / "real", ignore=shutil.ignore_patterns("*.h5", "*.json"))
    return root


def tensor_events() -> Iterator[Event]:
    """Summaries as TensorFlow 2 writes them: several samples, labels, arrays of text, odd histograms, graphs."""

    def event(plugin: str, tag: str, tensor: Any, step: int, content: bytes = b"", description: str = "") -> Event:
        found = Event(step=step, wall_time=1.7e9 + step)
        metadata = SummaryMetadata(display_name=f"The {tag}", summary_description=description)
        metadata.plugin_data.plugin_name, metadata.plugin_data.content = plugin, content
        found.summary.value.add(tag=tag, tensor=tensor, metadata=metadata)
        return found

    wav = AudioPluginData(encoding=AudioPluginData.WAV).SerializeToString()
    table = np.array([[0, 1, 5], [1, 2, 0], [2, np.inf, 1]])
    for step in range(3):
        strings = [b"3", b"4", *(b"sample %d" % i for i in range(step + 1))]
        yield event(
            plugins.IMAGES, "image", string_tensor(strings, (len(strings),)), step, description="**d** <i>i</i>"
        )
        yield event(plugins.AUDIO, "sound", string_tensor([b"RIFF", b"label", b"two", b""], (2, 2)), step, wav)
        for shape in ((), (2,), (2, 2), (2, 2, 2)):
            texts = [f"a *{i}*" for i in range(int(np.prod(shape)))]
            yield event(plugins.TEXT, f"text{len(shape)}", string_tensor(texts, shape), step)
        yield event(plugins.HISTOGRAMS, "buckets", tensor_proto(table.astype(np.float32)), step)
        yield event(plugins.HISTOGRAMS, "empty", tensor_proto(np.zeros((0, 3))), step)
    yield event(plugins.GRAPH_RUN_METADATA, "profile", string_tensor([traced()], (1,)), 0, b"1")
    yield event(plugins.GRAPH_RUN_METADATA_WITH_GRAPH, "new version", string_tensor([traced()], (1,)), 0, b"2")
    tagged = Event(wall_time=1.7e9)
    tagged.tagged_run_metadata.tag, tagged.tagged_run_metadata.run_metadata = "step_1", traced()
    yield tagged


def traced() -> bytes:
    """Two functions of the same name, and times."""
    found = RunMetadata()
    for _ in range(2):
        graph = found.function_graphs.add().pre_optimization_graph
        graph.versions.producer = 7
        graph.node.add(name="a", op="Const").attr["dtype"].type = DT_FLOAT
        graph.node.add(name="b", op="PartitionedCall", input=["a"]).attr["f"].func.name = "f"
        graph.library.function.add().signature.name = "f"
        graph.library.gradient.add(function_name="f", gradient_func="g")
    device = found.step_stats.dev_stats.add(device="cpu")
    device.node_stats.add(node_name="a", all_start_micros=5).memory.add(allocator_name="heap", total_bytes=7)
    return found.SerializeToString()


@pytest.fixture(scope="module")
def sides(folder: Path) -> Iterator[Sides]:
    with (
        running_tensorboard(folder, "--samples_per_plugin", KEEP_ALL) as url,
        open_logdir(folder, index_dir=False) as log,
    ):
        settings = Settings(logdirs={"": str(folder)}, logdir_text=str(folder))
        yield Sides(url, create_app(log, settings).test_client())


def test_images(sides: Sides) -> None:
    tags = sides.same("images/tags")
    assert tags["tensors"]["image"]["samples"] == 3
    assert tags["tensors"]["image"]["description"] == "<p><strong>d</strong> &lt;i&gt;i&lt;/i&gt;</p>"
    for series in pairs(tags):
        for sample in range(4):
            for entry in sides.same("images/images", **series, sample=sample):
                sides.same(f"images/individualImage?{entry['query']}")


def test_audio(sides: Sides) -> None:
    for series in pairs(sides.same("audio/tags")):
        for entry in sides.same("audio/audio", **series, sample=0):
            sides.same(f"audio/individualAudio?{entry['query']}")


def test_text(sides: Sides) -> None:
    tags = sides.same("text/tags", lambda answer: {run: sorted(names) for run, names in answer.items()})
    for series in pairs(tags):
        for markdown in ("true", "false"):
            sides.same("text/text", **series, markdown=markdown)


@pytest.mark.parametrize("plugin", ["histograms", "distributions"])
def test_histograms(sides: Sides, plugin: str) -> None:
    for series in pairs(sides.same(f"{plugin}/tags")):
        sides.same(f"{plugin}/{plugin}", **series)


def test_pr_curves(sides: Sides) -> None:
    tags = pairs(sides.same("pr_curves/tags"))
    for tag in {series["tag"] for series in tags}:
        sides.same("pr_curves/pr_curves", tag=tag, run=[series["run"] for series in tags if series["tag"] == tag])


def test_meshes(sides: Sides) -> None:
    def by_part(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(entries, key=lambda entry: (entry["step"], entry["content_type"]))

    for series in pairs(sides.same("mesh/tags")):
        for step in {entry["step"] for entry in sides.same("mesh/meshes", by_part, **series)}:
            for part in ("VERTEX", "FACE", "COLOR"):
                assert sides.same("mesh/data", **series, content_type=part, step=step, sample=0) is not None


def test_custom_scalars(sides: Sides) -> None:
    layout = sides.same("custom_scalars/layout")
    assert [chart["title"] for category in layout["category"] for chart in category["chart"]][:2] == ["x", "y"]
    for pattern in ("lo", "(", ""):
        sides.same("custom_scalars/scalars", run="süß & co", tag=pattern)
    sides.same("custom_scalars/scalars", run="no such run", tag="x")
    sides.same("custom_scalars/download_data", run="süß & co", tag="loss", format="csv")


def test_graphs(sides: Sides) -> None:
    for run, entry in sides.same("graphs/info").items():
        sides.same("graphs/graph", run=run)
        sides.same("graphs/graph", run=run, limit_attr_size=10, large_attrs_key="_large")
        for tag, has in entry["tags"].items():
            sides.same("graphs/graph", run=run, tag=tag)
            sides.same("graphs/run_metadata", run=run, tag=tag)
            if has["conceptual_graph"]:
                sides.same("graphs/graph", run=run, tag=tag, conceptual="true")


def test_projector(sides: Sides) -> None:
    for run in sides.same("projector/runs", sorted):
        for embedding in sides.same("projector/info", run=run)["embeddings"]:
            named = {"run": run, "name": embedding["tensorName"]}
            for route in ("tensor", "metadata", "bookmarks", "sprite_image"):
                sides.same(f"projector/{route}", **named)
            for route in ("tensor", "metadata"):
                sides.same(f"projector/{route}", **named, num_rows=2)


@pytest.mark.parametrize(
    "path",
    [
        "images/images?run=a&tag=b",
        "images/individualImage",
        "images/individualImage?blob_key=zzz",
        "images/nonsense",
        "images/tags/",
        "audio/audio?run=a&tag=b",
        "audio/individualAudio?content_type=text/html&blob_key=x",
        "text/text?run=a&tag=b",
        "histograms/histograms?run=a&tag=b",
        "distributions/distributions?run=a&tag=b",
        "pr_curves/pr_curves?run=a&tag=b",
        "mesh/meshes?run=a&tag=b",
        "graphs/graph",
        "graphs/graph?run=a",
        "graphs/graph?run=tensors&tag=step_1",
        "graphs/graph?run=a&limit_attr_size=x",
        "graphs/run_metadata?tag=x",
        "graphs/run_metadata?tag=x&run=y",
        "projector/info",
        "projector/info?run=a",
        "projector/tensor?run=a",
        "projector/tensor?run=a&name=b&num_rows=0",
    ],
)
def test_the_same_status_for_what_is_not_there(sides: Sides, path: str) -> None:
    sides.same(path)
    assert sides.ours.post(f"/data/plugin/{path}").status_code == sides.ours.get(f"/data/plugin/{path}").status_code


@pytest.mark.parametrize(
    "path",
    ["images/images", "audio/audio?run=a", "text/text", "mesh/data?step=x", "mesh/data?run=a&tag=b&content_type=X"],
)
def test_where_theirs_fails_ours_says_what_is_missing(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/data/plugin/{path}")
    assert answer.status_code == 400
    assert answer.json["error"]


def test_below_an_experiment(sides: Sides) -> None:
    path = "/data/plugin/images/tags"
    assert sides.ours.get(f"/experiment/some-id{path}").json == sides.ours.get(path).json
