"""Pictures, figures, films and sound: what is shown is what was given."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
import torch
from PIL import Image, ImageSequence
from torch.utils.tensorboard import SummaryWriter as TorchWriter
from writer_helpers import only_value, pixels, tensorboard_values

from stepscope.logger import SummaryWriter
from stepscope.webapp.media.animation import read_animation
from stepscope.webapp.media.pictures import exact_values

matplotlib.use("Agg")

RNG = np.random.default_rng(0)


def test_boxes_and_labels_are_drawn(tmp_path: Path) -> None:
    grey = np.full((3, 60, 80), 0.5)
    with SummaryWriter(tmp_path) as writer:
        writer.add_image_with_boxes("boxes", torch.tensor(grey), torch.tensor([[10, 20, 50, 40]]), 1, labels=["cat"])
        writer.add_image_with_boxes("half", grey, [[10, 20, 50, 40]], 1, rescale=0.5)
        writer.add_image_with_boxes(
            "tensorboardX", grey.transpose(1, 2, 0), [[10, 20, 50, 40]], 1, None, "HWC", ["cat"]
        )
    picture = pixels(only_value(tmp_path, "boxes"))
    assert picture.shape == (60, 80, 3)
    assert picture[40, 30].tolist() == picture[30, 10].tolist() == [255, 0, 0]
    assert picture[50, 70].tolist() == [127, 127, 127]
    assert pixels(only_value(tmp_path, "half")).shape == (30, 40, 3)
    assert np.array_equal(pixels(only_value(tmp_path, "tensorboardX")), picture)


def test_no_boxes_and_one_label(tmp_path: Path) -> None:
    grey = np.full((3, 60, 80), 0.5)
    with SummaryWriter(tmp_path) as writer:
        writer.add_image_with_boxes("nothing", grey, [])
        writer.add_image_with_boxes("one", grey, [[10, 20, 50, 40]], labels="cat")
    assert set(pixels(only_value(tmp_path, "nothing")).ravel()) == {127}
    assert [255, 0, 0] in pixels(only_value(tmp_path, "one")).reshape(-1, 3).tolist()


def test_nan_in_a_picture_is_black(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_image("x", np.array([[np.nan, np.inf], [-np.inf, 0.5]]), dataformats="HW")
    assert pixels(only_value(tmp_path, "x"))[..., 0].tolist() == [[0, 255], [0, 127]]


@pytest.mark.parametrize("kind", ["int8", "int16", "int32", "int64", "uint32", "bool"])
def test_whole_numbers_are_pixels_or_a_mask(tmp_path: Path, kind: str) -> None:
    mask = np.array([[0, 1], [1, 0]], kind)
    values = np.array([[0, 2], [100, 127]], kind)
    with SummaryWriter(tmp_path) as writer:
        writer.add_image("mask", mask, dataformats="HW")
        writer.add_image("values", torch.tensor(values) if kind != "uint32" else values, dataformats="HW")
    assert pixels(only_value(tmp_path, "mask"))[..., 0].tolist() == [[0, 255], [255, 0]]
    expected = [[0, 255], [255, 255]] if kind == "bool" else [[0, 2], [100, 127]]
    assert pixels(only_value(tmp_path, "values"))[..., 0].tolist() == expected


def test_of_sixteen_bits_films_and_boxes_have_the_upper_eight(tmp_path: Path) -> None:
    deep = np.full((3, 16, 16), 0x80FF, np.uint16)
    with SummaryWriter(tmp_path) as writer:
        writer.add_image_with_boxes("boxes", deep, [])
        writer.add_video("film", np.stack([deep, deep])[None])
    assert set(pixels(only_value(tmp_path, "boxes")).ravel()) == {0x80}
    film = Image.open(io.BytesIO(only_value(tmp_path, "film").image.encoded_image_string)).convert("RGB")
    assert abs(int(np.asarray(film)[8, 8, 0]) - 0x80) < 3


def test_whole_numbers_out_of_reach_are_cut(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_image("x", np.array([[-5, 300]]), dataformats="HW")
    assert pixels(only_value(tmp_path, "x"))[..., 0].tolist() == [[0, 255]]


@pytest.mark.parametrize(("channels", "order"), [(1, "<"), (3, "<"), (4, "<"), (3, ">")])
def test_sixteen_bits_are_kept(tmp_path: Path, channels: int, order: str) -> None:
    deep = RNG.integers(0, 65536, (5, 7, channels), dtype=np.uint16).astype(f"{order}u2")
    with SummaryWriter(tmp_path) as writer:
        writer.add_image("one", deep, dataformats="HWC")
        writer.add_images("batch", np.stack([deep, deep]), dataformats="NHWC")
    one = only_value(tmp_path, "one").image
    assert (one.height, one.width, one.colorspace) == (5, 7, channels)
    assert np.array_equal(_exact(one.encoded_image_string), deep)
    batch = only_value(tmp_path, "batch").image.encoded_image_string
    assert np.array_equal(_exact(batch), np.concatenate([deep, deep], axis=1))


def _exact(file: bytes) -> np.ndarray:
    return exact_values(Image.open(io.BytesIO(file)), file)[0]


def test_transparency_is_kept(tmp_path: Path) -> None:
    rgba = RNG.integers(0, 256, (4, 5, 6), dtype=np.uint8)
    with SummaryWriter(tmp_path) as writer:
        writer.add_image("x", rgba)
    assert np.array_equal(pixels(only_value(tmp_path, "x")), rgba.transpose(1, 2, 0))


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
    assert pixels(only_value(tmp_path, "image")).min() == 255
    assert set(_samples(only_value(tmp_path, "audio"))) == {32767}
    assert only_value(tmp_path, "histogram").histo.sum == 100_000
    assert np.frombuffer(only_value(tmp_path, "tensor").tensor.tensor_content).sum() == 100_000
    before = pixels(only_value(tmp_path, "open"))
    assert np.array_equal(before, pixels(only_value(tmp_path, "closed")))
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
    assert tensorboard_values(tmp_path / "ours") == tensorboard_values(tmp_path / "theirs")


def test_a_figure_that_cannot_be_copied_is_drawn_at_once(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 1))
    figure.add_subplot().xaxis.set_major_formatter(lambda value, place: f"{value} s")
    with SummaryWriter(tmp_path) as writer:
        writer.add_figure("x", figure, 1)
    assert pixels(only_value(tmp_path, "x")).shape == (100, 100, 3)


def _film(folder: Path, tag: str) -> Image.Image:
    return Image.open(io.BytesIO(only_value(folder, tag).image.encoded_image_string))


def _frames(film: Image.Image) -> np.ndarray:
    """(time, height, width, 3)."""
    return np.stack([np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)])


def test_video_frames_and_speed(tmp_path: Path) -> None:
    frames = np.zeros((2, 5, 3, 8, 6), np.uint8)
    frames[0, :, 0] = np.linspace(0, 255, 5, dtype=np.uint8)[:, None, None]
    with SummaryWriter(tmp_path) as writer:
        writer.add_video("x", torch.tensor(frames), 1, fps=30)
        writer.add_video("last", frames.transpose(0, 1, 3, 4, 2), 1, dataformats="NTHWC")
        writer.add_video("grey", frames[:1, :, :1] / 255, 1)
        writer.add_video("slow", frames, 1, fps=1e-9)
        writer.add_video("fast", frames, 1, fps=1e9)
    value = only_value(tmp_path, "x")
    assert (value.image.height, value.image.width, value.image.colorspace) == (8, 12, 3)
    film = _film(tmp_path, "x")
    assert (film.format, film.n_frames, film.info["loop"]) == ("WEBP", 5, 0)
    shown = _frames(film)
    assert np.array_equal(shown[:, :, :6], frames[0].transpose(0, 2, 3, 1)), "exact, and the first on the left"
    assert shown[:, :, 6:].max() == 0
    assert np.array_equal(_frames(_film(tmp_path, "last")), shown)
    assert np.array_equal(_frames(_film(tmp_path, "grey"))[..., 2], frames[0, :, 0])
    lasting = {tag: read_animation(value_bytes(tmp_path, tag)).durations for tag in ("x", "last", "slow", "fast")}
    assert lasting == {"x": [33, 34, 33, 33, 34], "last": [250] * 5, "slow": [2**24 - 1] * 5, "fast": [11] * 5}


def value_bytes(folder: Path, tag: str) -> bytes:
    """The encoded picture under the tag."""
    return only_value(folder, tag).image.encoded_image_string


def test_a_still_film_keeps_its_frames(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_video("x", np.zeros((1, 4, 3, 5, 7), np.uint8))
    assert _film(tmp_path, "x").n_frames == 4


def test_films_of_photographs_are_small_and_close(tmp_path: Path) -> None:
    from sklearn.datasets import load_sample_image

    photo = load_sample_image("china.jpg")
    frames = np.stack([photo[40 + 2 * i : 200 + 2 * i, 100 + 3 * i : 261 + 3 * i] for i in range(6)])
    with SummaryWriter(tmp_path) as writer:
        writer.add_video("x", frames[None], 1, dataformats="NTHWC")
    assert len(value_bytes(tmp_path, "x")) < frames.nbytes / 6
    assert np.abs(_frames(_film(tmp_path, "x")).astype(int) - frames).mean() < 5


def test_a_film_too_wide_for_webp_is_a_gif(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_video("x", np.zeros((1, 2, 3, 1, 17_000), np.uint8))
    assert _film(tmp_path, "x").format == "GIF"
