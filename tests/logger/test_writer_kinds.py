"""Every kind of data, read back by TensorBoard's own reader, and the same message as torch's writer makes."""

from __future__ import annotations

import io
import json
import wave
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
import torch
from PIL import Image
from stepscope.logger import SummaryWriter
from stepscope.logger.proto import plugins_pb2
from stepscope.logger.proto.event_pb2 import Event, SessionLog
from stepscope.logger.proto.graph_pb2 import GraphDef
from torch.utils.tensorboard import SummaryWriter as TorchWriter
from writer_helpers import accumulated, event_files, events, only_value

matplotlib.use("Agg")

RNG = np.random.default_rng(0)
PHOTO = RNG.random((3, 8, 9)).astype(np.float32)
GREY = (RNG.random((8, 9)) * 255).astype(np.uint8)
BATCH = torch.rand(10, 3, 8, 9, generator=torch.Generator().manual_seed(0))
SOUND = np.sin(np.linspace(0, 100, 441))
LABELS, SCORES = RNG.integers(0, 2, 1000), RNG.random(1000)

# Called on both writers: (method, arguments)
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "image": ("add_image", {"img_tensor": PHOTO}),
    "image of a mask": ("add_image", {"img_tensor": PHOTO > 0.5}),
    "grey image": ("add_image", {"img_tensor": PHOTO[:1]}),
    "image without channels": ("add_image", {"img_tensor": GREY, "dataformats": "HW"}),
    "image with channels last": ("add_image", {"img_tensor": PHOTO.transpose(1, 2, 0), "dataformats": "HWC"}),
    "images": ("add_images", {"img_tensor": BATCH}),
    "one grey image of a batch": ("add_images", {"img_tensor": BATCH[:1, :1]}),
    "images with channels last": ("add_images", {"img_tensor": BATCH.permute(0, 2, 3, 1), "dataformats": "NHWC"}),
    "audio": ("add_audio", {"snd_tensor": SOUND, "sample_rate": 8000}),
    "audio of a batch of one": ("add_audio", {"snd_tensor": torch.tensor(SOUND)[None], "sample_rate": 8000}),
    "text": ("add_text", {"text_string": "# ünï\n\n*code*"}),
    "pr curve": ("add_pr_curve", {"labels": LABELS, "predictions": SCORES}),
    "weighted pr curve": (
        "add_pr_curve",
        {"labels": LABELS, "predictions": SCORES, "weights": SCORES, "num_thresholds": 50},
    ),
    "raw histogram": (
        "add_histogram_raw",
        {"min": 0, "max": 9, "num": 5, "sum": 20, "sum_squares": 90, "bucket_limits": [1, 10], "bucket_counts": [2, 3]},
    ),
    "point cloud": ("add_mesh", {"vertices": torch.rand(1, 4, 3)}),
    "mesh": (
        "add_mesh",
        {
            "vertices": torch.rand(1, 4, 3),
            "faces": torch.randint(0, 4, (1, 2, 3)),
            "colors": torch.randint(0, 255, (1, 4, 3)),
            "config_dict": {"camera": {"cls": "PerspectiveCamera"}},
        },
    ),
}


def _decoded(value: Any) -> Any:
    """A summary value with files replaced by what they show, to compare where bytes may differ."""
    if value.HasField("image"):
        image = Image.open(io.BytesIO(value.image.encoded_image_string))
        return value.image.height, value.image.width, value.image.colorspace, image.format, np.asarray(image).tolist()
    if value.HasField("audio"):
        return value.audio
    if value.HasField("tensor"):
        from tensorboard.util.tensor_util import make_ndarray

        plugin = value.metadata.plugin_data
        return make_ndarray(value.tensor).tolist(), plugin.plugin_name, plugin.content
    return value


def _tensorboard_values(folder: Path) -> list[Any]:
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

    found = []
    for path in event_files(folder):
        for event in LegacyEventFileLoader(str(path)).Load():
            found += [(event.step, value.tag, _decoded(value)) for value in event.summary.value]
    return found


@pytest.mark.parametrize("kind", CALLS)
def test_the_same_summary_as_torchs(tmp_path: Path, kind: str, capsys) -> None:
    method, arguments = CALLS[kind]
    for folder, writer_type in (("ours", SummaryWriter), ("theirs", TorchWriter)):
        with writer_type(str(tmp_path / folder)) as writer:
            getattr(writer, method)("group/tag", **arguments, global_step=7)
    assert _tensorboard_values(tmp_path / "ours") == _tensorboard_values(tmp_path / "theirs")


def test_custom_scalars_are_torchs(tmp_path: Path) -> None:
    layout = {"losses": {"both": ["Multiline", ["a", "b.*"]], "band": ["Margin", ["mean", "low", "high"]]}}
    for folder, writer_type in (("ours", SummaryWriter), ("theirs", TorchWriter)):
        with writer_type(str(tmp_path / folder)) as writer:
            writer.add_custom_scalars(layout)
            writer.add_custom_scalars_multilinechart(["a", "b"], title="lines")
            writer.add_custom_scalars_marginchart(["a", "b", "c"], category="bands")
    assert _tensorboard_values(tmp_path / "ours") == _tensorboard_values(tmp_path / "theirs")


@pytest.mark.parametrize(
    ("layout", "sentence"),
    [
        ({"c": {"chart": ["Margin", ["a", "b"]]}}, r"'c'/'chart': a margin chart takes 3 tags"),
        ({"c": {"chart": ["Pie", ["a"]]}}, r"'c'/'chart': expected \['Multiline', tags\]"),
        ({"c": {"chart": ["Multiline", "a"]}}, "expected a list of tags, got 'a'"),
        ({"c": ["Multiline"]}, "expected a dict of charts"),
        ("c", "expected a dict of categories"),
    ],
)
def test_a_wrong_layout_is_named(tmp_path: Path, layout: Any, sentence: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises((TypeError, ValueError), match=sentence):
        writer.add_custom_scalars(layout)


def test_tensorboard_reads_every_kind(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("scalar", 0.5, 1)
        writer.add_histogram("histogram", RNG.normal(size=100), 1)
        writer.add_histogram_raw("raw", 0, 1, 2, 1, 1, [0.5, 1], [1, 1], 1)
        writer.add_image("image", PHOTO, 1)
        writer.add_images("images", BATCH, 1)
        writer.add_image_with_boxes("boxes", PHOTO, [[1, 2, 5, 6]], 1)
        writer.add_figure("figure", Figure(figsize=(1, 1)), 1)
        writer.add_video("video", RNG.random((1, 3, 3, 4, 4)), 1)
        writer.add_audio("audio", SOUND, 1)
        writer.add_text("text", "words", 1)
        writer.add_tensor("tensor", np.arange(6).reshape(2, 3), 1)
        writer.add_pr_curve("pr", LABELS, SCORES, 1)
        writer.add_mesh("mesh", RNG.random((1, 4, 3)), global_step=1)
        writer.add_custom_scalars_multilinechart(["scalar"])
        writer.add_graph(torch.nn.Linear(2, 3), torch.rand(1, 2))
        writer.add_hparams({"lr": 0.1}, {"metric": 1.0}, sub_run=False)
    read = accumulated(tmp_path)
    tags = read.Tags()
    assert tags["scalars"] == ["scalar", "metric"]
    assert tags["histograms"] == ["histogram", "raw"]
    assert tags["images"] == ["image", "images", "boxes", "figure", "video"]
    assert tags["audio"] == ["audio"]
    assert set(tags["tensors"]) == {"text/text_summary", "tensor", "pr", "mesh_VERTEX", "custom_scalars__config__"}
    assert tags["graph"] and tags["run_metadata"] == ["step1"]
    assert len(read.Graph().node) > 2
    assert [(event.step, event.value) for event in read.Scalars("scalar")] == [(1, 0.5)]
    assert read.Histograms("raw")[0].histogram_value.bucket == [1, 1]
    assert read.PluginTagToContent("hparams").keys() >= {"_hparams_/experiment", "_hparams_/session_start_info"}
    assert read.file_version == 2
    assert read.GetSourceWriter() == "stepscope.logger"


def test_boxes_and_labels_are_drawn(tmp_path: Path) -> None:
    grey = np.full((3, 60, 80), 0.5)
    with SummaryWriter(tmp_path) as writer:
        writer.add_image_with_boxes("boxes", torch.tensor(grey), torch.tensor([[10, 20, 50, 40]]), 1, labels=["cat"])
        writer.add_image_with_boxes("half", grey, [[10, 20, 50, 40]], 1, rescale=0.5)
        writer.add_image_with_boxes(
            "tensorboardX", grey.transpose(1, 2, 0), [[10, 20, 50, 40]], 1, None, "HWC", ["cat"]
        )
    picture = _pixels(only_value(tmp_path, "boxes"))
    assert picture.shape == (60, 80, 3)
    assert picture[40, 30].tolist() == picture[30, 10].tolist() == [255, 0, 0]
    assert picture[50, 70].tolist() == [127, 127, 127]
    assert _pixels(only_value(tmp_path, "half")).shape == (30, 40, 3)
    assert np.array_equal(_pixels(only_value(tmp_path, "tensorboardX")), picture)


def _pixels(value: Any) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(value.image.encoded_image_string)))


def test_nan_in_a_picture_is_black(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_image("x", np.array([[np.nan, np.inf], [-np.inf, 0.5]]), dataformats="HW")
    assert _pixels(only_value(tmp_path, "x"))[..., 0].tolist() == [[0, 255], [0, 127]]


def test_transparency_is_kept(tmp_path: Path) -> None:
    rgba = RNG.integers(0, 256, (4, 5, 6), dtype=np.uint8)
    with SummaryWriter(tmp_path) as writer:
        writer.add_image("x", rgba)
    assert np.array_equal(_pixels(only_value(tmp_path, "x")), rgba.transpose(1, 2, 0))


@pytest.mark.parametrize(
    ("method", "value", "sentence"),
    [
        (
            "add_image",
            np.zeros((2, 3)),
            r"add_image\('x'\): expected 3 dimensions \(CHW\), got an array of shape \(2, 3\)",
        ),
        ("add_image", np.zeros((5, 4, 4)), "expected 1, 3 or 4 channels, got 5"),
        ("add_image", np.zeros((3, 0, 4)), "at least one pixel"),
        ("add_image", "picture", "expected a picture, got the string 'picture'|expected 3 dimensions"),
        ("add_images", np.zeros((3, 4, 4)), r"expected 4 dimensions \(NCHW\)"),
        ("add_video", np.zeros((3, 4, 4)), r"expected 5 dimensions \(NTCHW\)"),
        ("add_audio", np.zeros((3, 3)), r"expected shape \(frames,\), \(frames, 2\) or \(2, frames\), got \(3, 3\)"),
        ("add_histogram", [], r"at least one value, got an array of shape \(0,\)"),
        ("add_histogram", np.array(["a"]), "expected real numbers"),
        ("add_histogram", np.array([1j]), "expected real numbers"),
        ("add_mesh", np.zeros((4, 3)), r"expected vertices of shape \(batch, n, 3\), got \(4, 3\)"),
        ("add_text", 5, "expected a str, got int"),
        ("add_figure", "figure", "expected a matplotlib figure"),
        ("add_tensor", object(), "expected an array, got object"),
        ("add_embedding", np.zeros(3), "expected a dict|got|shape"),
    ],
)
def test_wrong_shapes_and_types_are_said_at_the_call(tmp_path: Path, method: str, value: Any, sentence: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises((TypeError, ValueError), match=sentence):
        if method == "add_embedding":
            writer.add_embedding(value)
        else:
            getattr(writer, method)("x", value)


def test_what_changes_after_the_call_is_not_logged(tmp_path: Path) -> None:
    from matplotlib import pyplot

    picture, sound, numbers = np.ones((3, 4, 4)), torch.ones(10), np.ones(100_000)
    figure, axes = pyplot.subplots(figsize=(1, 1))
    with SummaryWriter(tmp_path) as writer:
        writer.add_image("image", picture)
        writer.add_audio("audio", sound)
        writer.add_histogram("histogram", numbers)
        writer.add_tensor("tensor", numbers)
        writer.add_figure("open", figure, close=False)
        writer.add_figure("closed", figure)
        for array in (picture, sound, numbers):
            array[:] = 0
        axes.axvspan(0, 1, color="black")
    assert _pixels(only_value(tmp_path, "image")).min() == 255
    assert set(_samples(only_value(tmp_path, "audio"))) == {32767}
    assert only_value(tmp_path, "histogram").histo.sum == 100_000
    assert np.frombuffer(only_value(tmp_path, "tensor").tensor.tensor_content).sum() == 100_000
    before = _pixels(only_value(tmp_path, "open"))
    assert np.array_equal(before, _pixels(only_value(tmp_path, "closed")))
    assert before.mean() > 200, "the axes were still empty"


def _samples(value: Any) -> list[int]:
    with wave.open(io.BytesIO(value.audio.encoded_audio_string)) as reader:
        return np.frombuffer(reader.readframes(reader.getnframes()), "<i2").tolist()


def test_stereo_in_either_order_and_clipping(tmp_path: Path) -> None:
    stereo = np.stack([np.full(100, 0.5), np.full(100, -2.0)])
    with SummaryWriter(tmp_path) as writer:
        writer.add_audio("rows", stereo, sample_rate=8000)
        writer.add_audio("columns", stereo.T, sample_rate=8000)
        writer.add_audio("whole", np.array([1, -5], np.int16))
    rows, columns = only_value(tmp_path, "rows"), only_value(tmp_path, "columns")
    assert rows.audio == columns.audio
    assert (rows.audio.num_channels, rows.audio.length_frames, rows.audio.sample_rate) == (2, 100, 8000)
    assert _samples(rows)[:2] == [16383, -32767]
    assert _samples(only_value(tmp_path, "whole")) == [1, -5]


def test_a_figure_looks_as_torch_draws_it(tmp_path: Path) -> None:
    from matplotlib import pyplot

    for folder, writer_type in (("ours", SummaryWriter), ("theirs", TorchWriter)):
        figures = []
        for exponent in (1, 2, 3):
            figure, axes = pyplot.subplots(figsize=(2, 1.5))
            axes.plot(np.arange(5), np.arange(5) ** exponent)
            figures.append(figure)
        with writer_type(str(tmp_path / folder)) as writer:
            writer.add_figure("one", figures[0], 1, close=False)
            writer.add_figure("list", figures, 1)
        assert not pyplot.get_fignums()
    assert _tensorboard_values(tmp_path / "ours") == _tensorboard_values(tmp_path / "theirs")


def test_a_figure_that_cannot_be_copied_is_drawn_at_once(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 1))
    figure.add_subplot().xaxis.set_major_formatter(lambda value, place: f"{value} s")
    with SummaryWriter(tmp_path) as writer:
        writer.add_figure("x", figure, 1)
    assert _pixels(only_value(tmp_path, "x")).shape == (100, 100, 3)


def test_video_frames_and_speed(tmp_path: Path) -> None:
    frames = np.zeros((2, 5, 3, 8, 6), np.uint8)
    frames[0, :, 0] = np.linspace(0, 255, 5, dtype=np.uint8)[:, None, None]
    with SummaryWriter(tmp_path) as writer:
        writer.add_video("x", torch.tensor(frames), 1, fps=10)
        writer.add_video("last", frames.transpose(0, 1, 3, 4, 2), 1, dataformats="NTHWC")
        writer.add_video("grey", frames[:1, :, :1] / 255, 1)
    value = only_value(tmp_path, "x")
    assert (value.image.height, value.image.width, value.image.colorspace) == (8, 12, 3)
    gif = Image.open(io.BytesIO(value.image.encoded_image_string))
    assert (gif.format, gif.n_frames, gif.info["duration"], gif.info["loop"]) == ("GIF", 5, 100, 0)
    gif.seek(4)
    last = np.asarray(gif.convert("RGB"))
    assert last[4, 3].tolist() == [255, 0, 0] and last[4, 9].tolist() == [0, 0, 0], "side by side"
    assert Image.open(io.BytesIO(only_value(tmp_path, "last").image.encoded_image_string)).n_frames == 5
    assert only_value(tmp_path, "grey").image.colorspace == 1


def test_a_still_film_keeps_its_frames(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_video("x", np.zeros((1, 4, 3, 4, 4), np.uint8))
    gif = Image.open(io.BytesIO(only_value(tmp_path, "x").image.encoded_image_string))
    assert gif.n_frames * gif.info["duration"] >= 1000


def test_hparams_keep_their_types(tmp_path: Path) -> None:
    hparams = {"lr": np.float32(0.5), "flag": True, "npflag": np.bool_(False), "name": "adam", "n": 3, "none": None}
    with SummaryWriter(tmp_path) as writer:
        writer.add_hparams(hparams, {"acc": torch.tensor(0.75)}, {"n": [3, 4]}, run_name="trial")
    start = _hparams(tmp_path, "session_start_info").session_start_info.hparams
    assert {name: value.WhichOneof("kind") for name, value in start.items()} == {
        "lr": "number_value",
        "flag": "bool_value",
        "npflag": "bool_value",
        "name": "string_value",
        "n": "number_value",
    }
    assert (start["flag"].bool_value, start["npflag"].bool_value) == (True, False)
    experiment = _hparams(tmp_path, "experiment").experiment
    kinds = {info.name: plugins_pb2.HParamType.Name(info.type) for info in experiment.hparam_infos}
    assert kinds["flag"] == kinds["npflag"] == "DATA_TYPE_BOOL"
    assert [value.number_value for value in experiment.hparam_infos[-1].domain_discrete.values] == [3, 4]
    assert [info.name.tag for info in experiment.metric_infos] == ["acc"]
    assert _hparams(tmp_path, "session_end_info").session_end_info.status == plugins_pb2.SessionEndInfo.STATUS_SUCCESS
    assert only_value(tmp_path / "trial", "acc").simple_value == 0.75


def _hparams(folder: Path, name: str) -> plugins_pb2.HParamsPluginData:
    content = only_value(folder, f"_hparams_/{name}").metadata.plugin_data.content
    return plugins_pb2.HParamsPluginData.FromString(content)


def test_hparams_the_way_of_tensorboardx(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_hparams({"lr": 0.1}, {"acc": 1.0}, "named", 5)
        writer.add_hparams({"lr": 0.1}, {"acc": 1.0}, name="also")
        writer.add_hparams({"lr": 0.1}, {"acc": 1.0})
    folders = {path.parent.name for path in event_files(tmp_path)} - {tmp_path.name}
    assert {"named", "also"} < folders and len(folders) == 3
    assert [event.step for event in events(tmp_path / "named")][-1] == 5


@pytest.mark.parametrize(
    ("hparams", "metrics", "domains", "sentence"),
    [
        ({"lr": [1, 2]}, {}, None, "add_hparams, 'lr': expected one number, got a list of 2"),
        ({1: 2}, {}, None, "expected names of type str, got 1"),
        ({"lr": 1}, {"acc": "high"}, None, "metric 'acc': expected one number, got the string 'high'"),
        ({"lr": 1}, [], None, "expected a dict of metrics, got list"),
        ({"lr": 1}, {}, {"lr": 5}, r"hparam_domain_discrete\['lr'\] must be a list"),
        ({"lr": 1}, {}, {"lr": ["a"]}, "must hold values of"),
    ],
)
def test_wrong_hparams(tmp_path: Path, hparams: Any, metrics: Any, domains: Any, sentence: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises((TypeError, ValueError), match=sentence):
        writer.add_hparams(hparams, metrics, domains)


def test_pr_curve_rows_must_fit(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(ValueError, match=r"as many labels as predictions, got shapes \(2,\) and \(3,\)"):
            writer.add_pr_curve("x", [0, 1], [0.1, 0.2, 0.3])
        with pytest.raises(ValueError, match="rows of one length"):
            writer.add_pr_curve_raw("x", [1], [1], [1], [1], [1, 2], [1])
        writer.add_pr_curve_raw("raw", *(np.arange(4) for _ in range(6)), global_step=1, num_thresholds=4)
    value = only_value(tmp_path, "raw")
    assert [dim.size for dim in value.tensor.tensor_shape.dim] == [6, 4]
    assert plugins_pb2.PrCurvePluginData.FromString(value.metadata.plugin_data.content).num_thresholds == 4


def test_mesh_configuration(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_mesh("m", np.zeros((2, 5, 3)), config_dict={"b": 1, "a": 2})
    data = plugins_pb2.MeshPluginData.FromString(only_value(tmp_path, "m_VERTEX").metadata.plugin_data.content)
    assert json.loads(data.json_config) == {"a": 2, "b": 1}
    assert (list(data.shape), data.components) == ([2, 5, 3], 2)


def test_purge_step_marks_a_session_start(tmp_path: Path) -> None:
    for folder, writer_type in (("ours", SummaryWriter), ("theirs", TorchWriter)):
        with writer_type(str(tmp_path / folder), purge_step=5) as writer:
            writer.add_scalar("x", 1.0, 5)
    ours, theirs = (
        [(event.step, event.WhichOneof("what")) for event in events(tmp_path / folder)] for folder in ("ours", "theirs")
    )
    assert ours == theirs
    starts = [event for event in events(tmp_path / "ours") if event.HasField("session_log")]
    assert [(event.step, event.session_log.status) for event in starts] == [(5, SessionLog.START)]


def test_messages_of_other_packages_are_taken(tmp_path: Path) -> None:
    from tensorboard.compat.proto.event_pb2 import Event as TheirEvent
    from tensorboard.compat.proto.graph_pb2 import GraphDef as TheirGraph
    from tensorboard.compat.proto.summary_pb2 import Summary as TheirSummary

    with SummaryWriter(tmp_path) as writer:
        summary = TheirSummary(value=[TheirSummary.Value(tag="x", simple_value=0.5)])
        writer.file_writer.add_summary(summary, 3, 12.0)
        writer.file_writer.add_event(TheirEvent(summary=summary), 4, 13.0)
        writer.file_writer.add_graph((TheirGraph(), TheirGraph()), 14.0)
        summary.value[0].simple_value = 99  # a change after the call
    read = [(event.step, event.wall_time, event.summary.value[0].simple_value) for event in events(tmp_path)[1:3]]
    assert read == [(3, 12.0, 0.5), (4, 13.0, 0.5)]


def test_onnx_graph(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    given, made = (helper.make_tensor_value_info(name, floats, [1, 4]) for name in ("in", "out"))
    bias = helper.make_tensor("bias", floats, [4], [0.0] * 4)
    nodes = [
        helper.make_node("Add", ["in", "bias"], ["sum"]),
        helper.make_node("LeakyRelu", ["sum"], ["out"], alpha=0.5),
    ]
    model = helper.make_model(helper.make_graph(nodes, "g", [given], [made], [bias]))
    onnx.save(model, tmp_path / "m.onnx")
    for name, argument in (("file", tmp_path / "m.onnx"), ("model", model)):
        with SummaryWriter(tmp_path / name) as writer:
            writer.add_onnx_graph(argument)
        (graph,) = [event.graph_def for event in events(tmp_path / name) if event.graph_def]
        found = {node.name: (node.op, list(node.input)) for node in GraphDef.FromString(graph).node}
        assert found == {
            "in": ("Input", []),
            "bias": ("Const", []),
            "sum": ("Add", ["in", "bias"]),
            "out": ("LeakyRelu", ["sum"]),
            "output/out": ("Output", ["out"]),
        }
        assert accumulated(tmp_path / name).Graph().node[3].attr["alpha"].s == b"0.5"


def test_openvino_is_asked_for_where_it_is_missing(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openvino", None)
    with SummaryWriter(tmp_path) as writer, pytest.raises(ModuleNotFoundError, match="the package openvino"):
        writer.add_openvino_graph("model.xml")


def test_events_come_in_the_order_of_the_calls(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step in range(50):
            writer.add_scalar("s", 1.0, step)
            writer.add_text("t", "words", step)
    assert [event.step for event in events(tmp_path) if isinstance(event, Event)][1:] == [n // 2 for n in range(100)]
