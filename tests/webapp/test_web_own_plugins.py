"""Beside values of plugins that only our writer uses, TensorBoard shows all it knows, without an error."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from web_helpers import get, get_json, running_tensorboard

from stepscope.logger import SummaryWriter

OWN = {"figure", "page", "table", "matrix", "roc"}


def _log_both(folder: Path) -> None:
    with SummaryWriter(folder) as writer:
        for step in range(3):
            writer.add_scalar("loss", 1 / (step + 1), step)
            writer.add_plotly("figure", {"data": [{"y": [1, 2, step]}]}, step)
            writer.add_html("page", "<p>hello</p>", step)
            writer.add_table("table", [{"n": step, "picture": np.zeros((2, 2, 3))}], step)
            writer.add_confusion_matrix("matrix", [[1, 2], [3, 4]], global_step=step)
            writer.add_roc_curve("roc", [0, 1], [0.2, 0.7], step)
            writer.add_object("cloud", np.random.default_rng(0).random((5, 6)), step, boxes=[[0, 0, 0, 1, 1, 1]])
            writer.add_video("film", np.zeros((1, 4, 3, 8, 8), np.uint8), step)
            writer.add_image("picture", np.zeros((3, 4, 4)), step)


def test_tensorboard_shows_the_others(tmp_path: Path) -> None:
    _log_both(tmp_path)
    with running_tensorboard(tmp_path) as url:
        assert get_json(f"{url}/data/plugin/scalars/tags") == {".": {"loss": {"displayName": "", "description": ""}}}
        assert set(get_json(f"{url}/data/plugin/images/tags")["."]) == {"film", "picture"}
        assert {"cloud", "cloud/boxes"} == set(get_json(f"{url}/data/plugin/mesh/tags")["."])
        shown = [name for name, entry in get_json(f"{url}/data/plugins_listing").items() if entry["enabled"]]
        assert {"scalars", "images", "mesh"} <= set(shown)
        (*_, last) = get_json(f"{url}/data/plugin/images/images?run=.&tag=film&sample=0")
        film = Image.open(BytesIO(get(f"{url}/data/plugin/images/individualImage?{last['query']}")))
        assert (film.format, film.n_frames, last["step"]) == ("WEBP", 4, 2)


def test_its_reader_keeps_them_as_tensors(tmp_path: Path) -> None:
    _log_both(tmp_path)
    accumulator = EventAccumulator(str(tmp_path)).Reload()
    assert accumulator.Tags()["scalars"] == ["loss"]
    assert {tag for tag in accumulator.Tags()["tensors"] if not tag.startswith("cloud")} == OWN
    assert [point.value for point in accumulator.Scalars("loss")] == [1, 0.5, np.float32(1 / 3)]
