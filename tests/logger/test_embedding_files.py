"""add_embedding: files that projectors read, and a list that many processes share."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import torch
from google.protobuf import text_format
from PIL import Image
from writer_helpers import run_script

from stepscope.logger import SummaryWriter, embedding_files
from stepscope.logger.proto.plugins_pb2 import ProjectorConfig


def _config(folder: Path) -> ProjectorConfig:
    return text_format.Parse((folder / "projector_config.pbtxt").read_text(), ProjectorConfig())


def test_points_labels_and_thumbnails(tmp_path: Path) -> None:
    points = torch.rand(5, 3)
    images = np.zeros((5, 3, 4, 6), np.float32)
    images[4] = 1
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(points, ["a", "b\tc", "d\ne", 3, None], images, 12, "layer/1")
        points[:] = 0
    (entry,) = _config(tmp_path).embeddings
    assert entry.tensor_name == "layer/1:00012"
    folder = (tmp_path / entry.tensor_path).parent
    assert folder == tmp_path / "00012" / "layer%2F1"
    read = np.loadtxt(tmp_path / entry.tensor_path, delimiter="\t", dtype=np.float32)
    assert read.shape == (5, 3) and read.min() > 0, "the values at the call, each float32 exactly"
    assert (tmp_path / entry.metadata_path).read_text() == "a\nb c\nd e\n3\nNone\n"
    assert list(entry.sprite.single_image_dim) == [6, 4]
    sprite = np.asarray(Image.open(tmp_path / entry.sprite.image_path))
    assert sprite.shape == (12, 18, 3), "three columns, three rows"
    assert sprite[4:8, 6:12].min() == 255 and sprite.sum() == 255 * 3 * 24, "the fifth is in the middle"


def test_every_float32_comes_back(tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(100, 7)).astype(np.float32) * 10.0 ** np.arange(-20, 15, 5)
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(points.astype(np.float32))
    read = np.loadtxt(tmp_path / _config(tmp_path).embeddings[0].tensor_path, dtype=np.float32)
    np.testing.assert_array_equal(read, points.astype(np.float32))


def test_columns_have_a_header(tmp_path: Path) -> None:
    rows = [["cat", 3], ("dog", 4)]
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(np.eye(2), rows, tag="named", metadata_header=["animal", "age"])
        writer.add_embedding(np.eye(2), rows, tag="unnamed")
        writer.add_embedding(np.eye(2), ["cat", "dog"], tag="single", metadata_header=["animal"])
    texts = [(tmp_path / entry.metadata_path).read_text() for entry in _config(tmp_path).embeddings]
    assert texts[0] == "animal\tage\ncat\t3\ndog\t4\n"
    assert texts[1] == "column 1\tcolumn 2\ncat\t3\ndog\t4\n"
    assert texts[2] == "cat\ndog\n", "readers take a header only when there are several columns"


def test_tensorboard_lists_them(tmp_path: Path) -> None:
    from tensorboard.plugins.projector import projector_config_pb2

    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(np.eye(2), ["ü", "b"], tag="ü")
    theirs = text_format.Parse(
        (tmp_path / "projector_config.pbtxt").read_text(), projector_config_pb2.ProjectorConfig()
    )
    assert theirs.embeddings[0].tensor_name == "ü:00000"


def test_a_new_process_adds_to_the_list(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(np.eye(2), tag="first")
    source = """
        import sys, numpy
        from stepscope.logger import SummaryWriter
        SummaryWriter(sys.argv[1]).add_embedding(numpy.eye(3), tag="second")
    """
    assert run_script(source, tmp_path).returncode == 0
    assert [entry.tensor_name for entry in _config(tmp_path).embeddings] == ["first:00000", "second:00000"]


def test_the_same_tag_and_step_is_replaced(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for size in (2, 3):
            writer.add_embedding(np.eye(size), global_step=1)
        writer.add_embedding(np.eye(2), global_step=2)
    names = [entry.tensor_name for entry in _config(tmp_path).embeddings]
    assert names == ["default:00001", "default:00002"]
    assert np.loadtxt(tmp_path / "00001" / "default" / "tensors.tsv").shape == (3, 3)


def test_a_list_of_another_program_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "projector_config.pbtxt"
    path.write_text(
        'embeddings {\r\n  tensor_name: "keras"\r\n  unknown_field: 3\r\n}\r\nmodel_checkpoint_path: "model"\r\n'
    )
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(np.eye(2))
    config = _config(tmp_path)
    assert [entry.tensor_name for entry in config.embeddings] == ["keras", "default:00000"]
    assert config.model_checkpoint_path == "model"


def test_an_unreadable_list_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "projector_config.pbtxt").write_text("{ not a config")
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(np.eye(2))
    assert len(_config(tmp_path).embeddings) == 1
    assert (tmp_path / "projector_config.pbtxt.unreadable").read_text() == "{ not a config"


def test_a_dead_owner_does_not_hold_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding_files, "_STALE_LOCK_SECONDS", 0.0)
    (tmp_path / "projector_config.pbtxt.lock").touch()
    started = time.monotonic()
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(np.eye(2))
    assert len(_config(tmp_path).embeddings) == 1 and time.monotonic() - started < 10


def test_tags_stay_inside_the_directory(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_embedding(np.eye(2), tag="../../outside")
        writer.add_embedding(np.eye(2), tag="..")
    assert {path.name for path in tmp_path.iterdir()} == {"run"}
    assert len(list((tmp_path / "run" / "00000").glob("*/tensors.tsv"))) == 2


@pytest.mark.parametrize("labels", [np.array([["a", "1"], ["b", "2"]]), [np.array(["a", 1]), ("b", torch.tensor(2))]])
def test_labels_may_be_arrays(tmp_path: Path, labels: object) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(np.eye(2), labels, metadata_header=["letter", "number"])
    assert (tmp_path / "00000/default/metadata.tsv").read_text() == "letter\tnumber\na\t1\nb\t2\n"


def test_long_tags_have_folders_of_their_own(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for last in "ab":
            writer.add_embedding(np.eye(2), tag="x" * 300 + last)
    assert len(list(tmp_path.glob("00000/*/tensors.tsv"))) == 2


def test_a_large_sprite_is_shrunk_to_what_browsers_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding_files, "_SPRITE_SIDE", 40)
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(np.eye(9), label_img=np.ones((9, 1, 20, 20)))
    (entry,) = _config(tmp_path).embeddings
    assert list(entry.sprite.single_image_dim) == [13, 13]
    with Image.open(tmp_path / entry.sprite.image_path) as sprite:
        assert sprite.size == (39, 39)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"mat": np.zeros(3)}, r"expected points of shape \(n, dimensions\), got \(3,\)"),
        ({"mat": np.eye(2), "metadata": ["a"]}, "a label for each of 2 points, got 1"),
        ({"mat": np.eye(2), "metadata": [["a", "b"], ["c"]]}, r"one number of columns, got \[1, 2\]"),
        ({"mat": np.eye(2), "metadata": ["a", "b"], "metadata_header": ["x", "y"]}, "metadata_header names 2 columns"),
        ({"mat": np.eye(2), "label_img": np.zeros((1, 3, 4, 4))}, r"thumbnails of shape \(2, 1 or 3, height, width\)"),
    ],
)
def test_what_does_not_fit_is_said(tmp_path: Path, arguments: dict, sentence: str) -> None:
    with (
        SummaryWriter(tmp_path) as writer,
        pytest.raises(ValueError, match=rf"add_embedding\('default'\): .*{sentence}"),
    ):
        writer.add_embedding(**arguments)
