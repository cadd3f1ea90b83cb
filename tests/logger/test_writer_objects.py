"""Point clouds, meshes and boxes ride in TensorBoard's mesh plugin."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from stepscope.logger import GlobalSummaryWriter, SummaryWriter, open_logdir

POINTS = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)


def _parts(folder: Path, *arguments: Any, **options: Any) -> dict[str, np.ndarray]:
    """The arrays by tag."""
    with SummaryWriter(folder) as writer:
        writer.add_object("o", *arguments, 2, **options)
    log = open_logdir(folder)
    return {tag: log.meshes(".", tag)[0].data for tag in log.tags(".")["meshes"]}


def test_points_with_classes_and_colors(tmp_path: Path) -> None:
    assert np.array_equal(_parts(tmp_path / "plain", torch.tensor(POINTS))["o_VERTEX"], POINTS[None])
    classes = _parts(tmp_path / "classes", np.column_stack([POINTS, np.arange(20) % 3]))
    assert np.array_equal(classes["o_VERTEX"], POINTS[None])
    assert len(np.unique(classes["o_COLOR"][0], axis=0)) == 3
    assert np.array_equal(classes["o_COLOR"][0, 0], classes["o_COLOR"][0, 3])
    red = np.column_stack([POINTS, np.tile([255, 0, 0], (20, 1))])
    assert _parts(tmp_path / "bytes", red)["o_COLOR"][0, 7].tolist() == [255, 0, 0]
    assert _parts(tmp_path / "shares", POINTS, colors=np.tile([1.0, 0, 0.2], (20, 1)))["o_COLOR"][0, 7].tolist() == [
        255,
        0,
        51,
    ]


def test_meshes_from_arrays_dicts_and_objects(tmp_path: Path) -> None:
    faces = np.array([[0, 1, 2], [2, 1, 3]])
    ways = {
        "arrays": (POINTS, {"faces": faces}),
        "dict": ({"vertices": POINTS, "faces": faces}, {}),
        "object": (SimpleNamespace(vertices=POINTS, faces=faces), {}),
    }
    for name, (given, options) in ways.items():
        parts = _parts(tmp_path / name, given, **options)
        assert np.array_equal(parts["o_VERTEX"][0], POINTS) and np.array_equal(parts["o_FACE"][0], faces)


def test_boxes_are_bars_along_their_edges(tmp_path: Path) -> None:
    parts = _parts(tmp_path / "box", None, boxes=[[0, 0, 0, 4, 2, 1, 1], [9, 9, 9, 10, 10, 10, 2]])
    vertices, faces = parts["o_VERTEX"][0], parts["o_FACE"][0]
    assert vertices.shape == (2 * 12 * 8, 3) and faces.shape == (2 * 12 * 12, 3) and faces.max() == len(vertices) - 1
    assert np.allclose(vertices[:96].min(axis=0), 0, atol=0.02) and np.allclose(
        vertices[:96].max(axis=0), [4, 2, 1], atol=0.02
    )
    assert len(np.unique(parts["o_COLOR"][0], axis=0)) == 2
    corners = np.array([[[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)]]) * [4, 2, 1]
    same = _parts(tmp_path / "corners", None, boxes=corners)
    assert np.allclose(same["o_VERTEX"][0], vertices[:96], atol=1e-5)
    both = _parts(tmp_path / "both", POINTS, boxes=corners)
    assert both["o_VERTEX"].shape == (1, 20, 3) and both["o/boxes_VERTEX"].shape == (1, 96, 3)


@pytest.mark.parametrize(
    ("points", "options", "sentence"),
    [
        (None, {}, "expected points or boxes, got None"),
        (5, {}, r"expected points \(n, 3\), vertices with faces, or boxes, got int"),
        (np.zeros((4, 5)), {}, r"expected points of shape \(n, 3\).*; got \(4, 5\)"),
        (np.zeros((4, 6)), {"colors": np.zeros((4, 3))}, r"expected points of shape"),
        (
            np.zeros((4, 3)),
            {"colors": np.zeros((3, 3))},
            r"expected colors of shape \(4, 3\), one for each point, got \(3, 3\)",
        ),
        (np.zeros((4, 3)), {"faces": [[0, 1]]}, r"expected faces of shape \(m, 3\), got \(1, 2\)"),
        (np.zeros((4, 3)), {"faces": [[0, 1, 4]]}, "expected faces as indices of 4 points, got 0 to 4"),
        (np.array([["a", "b", "c"]]), {}, "expected real numbers"),
        (None, {"boxes": np.zeros((2, 5))}, r"expected boxes of shape \(k, 6\).*; got \(2, 5\)"),
    ],
)
def test_what_does_not_fit_is_said_at_the_call(
    tmp_path: Path, points: Any, options: dict[str, Any], sentence: str
) -> None:
    with (
        SummaryWriter(tmp_path) as writer,
        pytest.raises((TypeError, ValueError), match=rf"^add_object\('x'\): {sentence}"),
    ):
        writer.add_object("x", points, **options)


def test_the_global_writer_counts_the_steps_of_each_kind(tmp_path: Path) -> None:
    writer = GlobalSummaryWriter(str(tmp_path))
    for _ in range(2):
        writer.add_plotly("figure", {"data": []})
        writer.add_html("page", "<p>")
        writer.add_table("table", [[1, 2]], columns=["a", "b"])
        writer.add_confusion_matrix("matrix", [0, 1], [1, 1], ["no", "yes"])
        writer.add_roc_curve("roc", [0, 1], [0.2, 0.8])
        writer.add_object("cloud", POINTS, boxes=[[0, 0, 0, 1, 1, 1]])
    writer.close()
    log = open_logdir(tmp_path)
    series = [log.blobs(".", kind, tag) for kind, tags in log.tags(".").items() for tag in tags if kind != "events"]
    assert len(series) >= 9 and all(one.step.tolist() == [0, 1] for one in series)
