"""Every kind of data, read back by TensorBoard's own reader, and the same message as torch's writer makes."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
import torch
from torch.utils.tensorboard import SummaryWriter as TorchWriter
from writer_helpers import accumulated, events, only_value, tensorboard_values

from stepscope.logger import SummaryWriter
from stepscope.logger.proto import plugins_pb2
from stepscope.logger.proto.event_pb2 import Event
from stepscope.logger.tensors import tensor_array

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


@pytest.mark.parametrize("kind", CALLS)
def test_the_same_summary_as_torchs(tmp_path: Path, kind: str, capsys) -> None:
    method, arguments = CALLS[kind]
    for folder, writer_type in (("ours", SummaryWriter), ("theirs", TorchWriter)):
        with writer_type(str(tmp_path / folder)) as writer:
            getattr(writer, method)("group/tag", **arguments, global_step=7)
    assert tensorboard_values(tmp_path / "ours") == tensorboard_values(tmp_path / "theirs")


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
        writer.add_graph(torch.nn.Linear(2, 3), torch.rand(1, 2), export=False)
        writer.add_hparams({"lr": 0.1}, {"metric": 1.0}, sub_run=False)
    read = accumulated(tmp_path)
    tags = read.Tags()
    assert tags["scalars"] == ["scalar", "metric"]
    assert tags["histograms"] == ["histogram", "raw"]
    assert tags["images"] == ["image", "images", "boxes", "figure", "video"]
    assert tags["audio"] == ["audio"]
    graphs = {"graph", "graph/aten"}  # ours, for those who know them
    tensors = {"text/text_summary", "tensor", "pr", "mesh_VERTEX", "custom_scalars__config__"}
    assert set(tags["tensors"]) == tensors | graphs
    assert tags["graph"] and tags["run_metadata"] == ["step1"]
    assert len(read.Graph().node) > 2
    assert [(event.step, event.value) for event in read.Scalars("scalar")] == [(1, 0.5)]
    assert read.Histograms("raw")[0].histogram_value.bucket == [1, 1]
    assert read.PluginTagToContent("hparams").keys() >= {"_hparams_/experiment", "_hparams_/session_start_info"}
    assert read.file_version == 2
    assert read.GetSourceWriter() == "stepscope.logger"


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
        ("add_embedding", np.zeros(3), r"expected points of shape \(n, dimensions\), got \(3,\)"),
        ("add_embedding", np.array([["a"]]), "expected real numbers"),
        ("add_tensor", np.array(["2020"], "M8[D]"), "event files have no type for datetime64"),
    ],
)
def test_wrong_shapes_and_types_are_said_at_the_call(tmp_path: Path, method: str, value: Any, sentence: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises((TypeError, ValueError), match=sentence):
        if method == "add_embedding":
            writer.add_embedding(value)
        else:
            getattr(writer, method)("x", value)


@pytest.mark.parametrize(
    ("method", "arguments", "sentence"),
    [
        (
            "add_histogram",
            {"values": [1, 2], "bins": "nope"},
            r"^add_histogram\('x'\): bins must be one of ",
        ),
        ("add_histogram", {"values": [1, 2], "bins": [3, 1]}, r"two rising edges at least, got \[3, 1\]"),
        ("add_histogram", {"values": [1, 2], "bins": 0}, "bins must be a positive number"),
        ("add_histogram", {"values": [1, 2], "max_bins": 0}, "max_bins must be at least 1, got 0"),
        ("add_pr_curve", {"labels": [0, 1], "predictions": [0, 1], "weights": [1, 2, 3]}, "one weight or as many"),
        ("add_pr_curve", {"labels": ["a"], "predictions": [0.5]}, "expected real numbers"),
        ("add_pr_curve", {"labels": [1], "predictions": [0.5], "num_thresholds": 5.5}, "must be an integer, got 5.5"),
        ("add_mesh", {"vertices": np.zeros((1, 2, 3)), "config_dict": {"a": object()}}, "cannot be written as JSON"),
        ("add_mesh", {"vertices": np.zeros((1, 2, 3)), "config_dict": 5}, "config_dict must be a dict, got int"),
        ("add_image", {"img_tensor": np.zeros((2, 3)), "dataformats": None}, "dataformats must be HW, .*, got None"),
        ("add_audio", {"snd_tensor": [0.5], "sample_rate": 10**10}, "sample_rate must be from 1 to "),
        ("add_scalar", {"scalar_value": 1.0, "walltime": "noon"}, "walltime must be seconds .*, got 'noon'"),
    ],
)
def test_wrong_options_are_said_at_the_call(
    tmp_path: Path, method: str, arguments: dict[str, Any], sentence: str
) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises((TypeError, ValueError), match=sentence):
        getattr(writer, method)("x", **arguments)


@pytest.mark.parametrize("bins", [2, np.int64(2), [0, 2, 4], np.array([0, 2, 4]), torch.tensor([0.0, 2.0, 4.0])])
def test_bins_as_a_number_or_as_edges_of_any_framework(tmp_path: Path, bins: Any) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_histogram("x", [0.0, 1.0, 4.0], bins=bins)
    assert list(only_value(tmp_path, "x").histo.bucket)[-2:] == [2, 1]


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


def test_predictions_that_a_pr_curve_does_not_count_are_told(tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as told, SummaryWriter(tmp_path) as writer:
        warnings.simplefilter("always")
        writer.add_pr_curve("logits", [0, 1, 1, 1], [-2.0, 0.5, 3.0, float("nan")])
        writer.add_pr_curve("right", [0, 1, 1], [0.0, 0.5, 1.0 + 1e-7])
        writer.flush()
    sentences = [str(one.message) for one in told]
    assert len(sentences) == 1 and "add_pr_curve('logits'): predictions outside of 0 to 1 or NaN" in sentences[0]
    assert tensor_array(only_value(tmp_path, "logits").tensor)[0].max() == 1


def test_mesh_configuration(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_mesh("m", np.zeros((2, 5, 3)), config_dict={"b": 1, "a": 2})
    data = plugins_pb2.MeshPluginData.FromString(only_value(tmp_path, "m_VERTEX").metadata.plugin_data.content)
    assert json.loads(data.json_config) == {"a": 2, "b": 1}
    assert (list(data.shape), data.components) == ([2, 5, 3], 2)


def test_events_come_in_the_order_of_the_calls(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step in range(50):
            writer.add_scalar("s", 1.0, step)
            writer.add_text("t", "words", step)
    assert [event.step for event in events(tmp_path) if isinstance(event, Event)][1:] == [n // 2 for n in range(100)]
