"""Embeddings of logs: what add_embedding of three libraries wrote, what checkpoints hold, and how it goes wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.projector import Embedding, FoundEmbedding, find_embeddings, load_embedding

DATA = Path(__file__).parent.parent / "data" / "projector"
REAL_RUNS = Path(__file__).parents[3] / "shared" / "real_runs"  # what users have; not on every machine
POINTS = np.arange(12, dtype=np.float32).reshape(6, 2)


def found_in(folder: Path) -> list[FoundEmbedding]:
    with open_logdir(folder, index_dir=False) as log:
        return find_embeddings(log)


def configured(folder: Path, config: str, **files: str | bytes) -> Path:
    """A run with this configuration and files; a name ends in what stands behind its last underscore."""
    folder.mkdir(exist_ok=True)
    (folder / "projector_config.pbtxt").write_text(config)
    (folder / "points.tsv").write_text("\n".join("\t".join(map(str, row)) for row in POINTS.tolist()))
    for name, content in files.items():
        path = folder / ".".join(name.rsplit("_", 1))
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def opened(folder: Path, config: str, **files: str | bytes) -> Embedding:
    (found,) = found_in(configured(folder, config, **files))
    return found.open()


def test_what_the_writer_wrote(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        for step in (10, 2):
            writer.add_embedding(POINTS + step, list("aabbcc"), np.zeros((6, 3, 4, 5), np.float32), step, "layer/1")
        writer.add_embedding(POINTS, [["a", 0.5]] * 6, tag="other", metadata_header=["name", "loss"])
    found = found_in(tmp_path)
    assert [(one.run, one.tag, one.step) for one in found] == [
        ("run", "layer/1", 2),
        ("run", "layer/1", 10),
        ("run", "other", 0),
    ]
    assert [(one.shape, one.metadata, one.sprite) for one in found] == [((6, 2), True, step < 2) for step in range(3)]
    read = found[1].open()
    np.testing.assert_array_equal(read.points, POINTS + 10)
    assert read.columns["label"].categories[0] == ["a", "b", "c"] and not read.notes
    assert read.sprite and (read.sprite.width, read.sprite.height, read.sprite.columns) == (5, 4, 3)
    assert {name: column.kind for name, column in found[2].open().columns.items()} == {
        "name": "category",
        "loss": "number",
    }


def test_one_embedding_is_picked_by_run_name_and_step(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        for step in range(3):
            writer.add_embedding(POINTS + step, tag="a", global_step=step)
        writer.add_embedding(POINTS, tag="b")
    with open_logdir(tmp_path, index_dir=False) as log:
        assert load_embedding(log, name="a").points[0, 0] == 2, "the newest"
        assert load_embedding(log, run="run", name="a", step=1).points[0, 0] == 1
        assert load_embedding(tmp_path / "run", name="a:00000").points[0, 0] == 0
        with pytest.raises(ValueError, match=r"several embeddings: run= and name= pick one of 'a:00000' of run 'run'"):
            load_embedding(log)
        with pytest.raises(ValueError, match=r"no embedding with name='c'; there are 'a:00000' of run"):
            load_embedding(log, name="c")
    with pytest.raises(ValueError, match=r"writer.add_embedding\(points, metadata\) logs one"):
        load_embedding(tmp_path.parent / tmp_path.name / "run" / "00000")


@pytest.mark.skipif(not REAL_RUNS.is_dir(), reason="needs ../shared/real_runs")
def test_real_runs_of_torch_tensorboardx_and_keras_open() -> None:
    found = found_in(REAL_RUNS)
    features = [one for one in found if one.tag == "feat"]
    assert {one.run.partition("/")[0] for one in features} == {"torch", "tensorboardX_h16"}
    for one in features:
        read = one.open()
        assert read.points.shape == one.shape and len(read) == 300 and not read.notes
        assert read.columns["label"].kind == "category" and read.sprite and read.sprite.count == 324
    # The configuration of this model is empty: it has no Embedding layer. Its weights were saved with every epoch.
    hidden = [one for one in found if one.run == "keras/adam_1e-2" and one.tag == "hidden"]
    assert [one.step for one in hidden] == [0, 1, 2, 3]
    assert hidden[3].open().points.shape == (144, 32)


def test_layers_of_keras_at_every_epoch_that_was_saved(tmp_path: Path) -> None:
    shutil.copytree(DATA / "keras", tmp_path / "run")
    found = found_in(tmp_path / "run")
    words = [one for one in found if one.tag == "words"]
    assert [(one.step, one.shape, one.metadata) for one in words] == [(0, (50, 8), True), (2, (50, 8), True)]
    assert found[0] is words[0], "embedding layers go before other weights"
    read = words[1].open()
    np.testing.assert_array_equal(read.points, np.load(DATA / "truth.npz")["words"])
    assert read.columns["label"].cells[49] == "w49"


def test_variables_of_a_tensorflow_checkpoint(tmp_path: Path) -> None:
    shutil.copytree(DATA / "tensorflow", tmp_path / "run")
    config = (
        'model_checkpoint_path: "/home/else/model.ckpt-30" embeddings { tensor_name: "part:0" metadata_path: "m.tsv" }'
    )
    configured(tmp_path / "run", config, m_tsv="\n".join(map(str, range(100))))
    found = found_in(tmp_path / "run")
    assert [(one.tag, one.step, one.shape, one.metadata) for one in found] == [
        ("part", 30, (100, 4), True),
        ("word_embedding", 30, (60, 5), False),
    ]
    np.testing.assert_array_equal(found[0].open().points, np.load(DATA / "truth.npz")["part"])


def test_a_checkpoint_that_is_not_there_is_said(tmp_path: Path) -> None:
    config = 'embeddings { tensor_name: "layer_with_weights-0/embeddings/.ATTRIBUTES/VARIABLE_VALUE" }'
    (found,) = found_in(configured(tmp_path / "run", config))
    assert "names a variable of a checkpoint, but there is none beside it" in found.broken
    with pytest.raises(ValueError, match="Copy the checkpoint there"):
        found.open()


def test_raw_float32_with_its_shape_in_the_configuration(tmp_path: Path) -> None:
    config = 'embeddings { tensor_name: "e:0" tensor_path: "raw.bytes" tensor_shape: 6 tensor_shape: 2 }'
    read = opened(tmp_path / "run", config, raw_bytes=POINTS.tobytes())
    np.testing.assert_array_equal(read.points, POINTS)
    assert read.name == "e"


def test_a_configuration_in_the_folder_of_old_writers_with_carriage_returns(tmp_path: Path) -> None:
    (tmp_path / "run" / "plugins").mkdir(parents=True)
    place = tmp_path / "run" / "plugins" / "org_tensorflow_tensorboard_projector"
    configured(place, 'embeddings {\r\n  tensor_path: "points.tsv"\r\n  unknown_field: 7\r\n}\r\n')
    (found,) = found_in(tmp_path / "run")
    assert found.name == "points.tsv" and found.open().points.shape == (6, 2)


@pytest.mark.parametrize("name", ["../secret.tsv", "/etc/hostname", "link.tsv", "nowhere.tsv"])
def test_files_outside_the_folder_are_refused_and_the_others_open(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.tsv").write_text("1\t2\n")
    config = (
        f'embeddings {{ tensor_path: "{name}" }} embeddings {{ tensor_path: "points.tsv" metadata_path: "{name}" }}'
    )
    folder = configured(tmp_path / "run", config)
    (folder / "link.tsv").symlink_to(tmp_path / "secret.tsv")
    bad, good = sorted(found_in(folder), key=lambda one: not one.broken)
    assert bad.broken.startswith(f"{name.rpartition('/')[2]!r} cannot be opened: {name!r}")
    (note,) = good.open().notes
    assert note.startswith(f"The points have no metadata: {name!r}")


def test_a_configuration_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (found,) = found_in(configured(tmp_path / "run", "embeddings { tensor_path 3"))
    assert found.broken.startswith("projector_config.pbtxt cannot be read: 1:")


METADATA = 'embeddings { tensor_name: "e" tensor_path: "points.tsv" metadata_path: "m.tsv" }'


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("a\nb\nc\nd\ne\nf\n", {"label": "abcdef"}),
        ("name\na\nb\nc\nd\ne\nf", {"name": "abcdef"}),
        ("x\ty\na\t1\nb\t2\nc\t3\nd\t4\ne\t5\nf\t6\n", {"x": "abcdef", "y": "123456"}),
        ("a\t1\nb\t2\nc\t3\nd\t4\ne\t5\nf\t6\n", {"column 1": "abcdef", "column 2": "123456"}),
        ("x\tx\r\na\tu\r\nb\tv\r\nc\tw\r\nd\tx\r\ne\ty\r\nf\tz\r\n", {"x": "abcdef", "x (2)": "uvwxyz"}),
    ],
)
def test_metadata_with_and_without_a_header(tmp_path: Path, table: str, columns: dict[str, str]) -> None:
    read = opened(tmp_path / "run", METADATA, m_tsv=table)
    assert {name: "".join(column.texts) for name, column in read.columns.items()} == columns and not read.notes


@pytest.mark.parametrize(
    ("table", "sentence", "label"),
    [
        ("a\nb\nc\nd\n", "m.tsv has 4 rows for 6 points: point 5 and those after it have no metadata.", "abcd"),
        ("a\tb\n" * 9, "m.tsv has 8 rows for 6 points: row 7 and those after it are left out.", "aaaaaa"),
        ("x\ty\n" + "a\tb\n" * 4 + "c\n" + "a\tb\n", "m.tsv, line 6: the row has 1 cells, not 2", "aaaaca"),
        ("x\ty\n" + "a\t1\n" * 5, "m.tsv has 5 rows for 6 points: point 6 and those", "aaaaa"),
        ("", "m.tsv is empty: the 6 points have no metadata.", ""),
    ],
)
def test_metadata_that_does_not_fit_is_told_and_shown(tmp_path: Path, table: str, sentence: str, label: str) -> None:
    read = opened(tmp_path / "run", METADATA, m_tsv=table)
    assert read.notes[0].startswith(sentence) and len(read) == 6
    assert "".join(next(iter(read.columns.values())).texts) == label if label else not read.columns


def test_whole_numbers_that_are_few_are_classes(tmp_path: Path) -> None:
    rows = [
        "class age code loss",
        "10 31 007 .5",
        "2 32 008 ",
        "2 33 009 1e-3",
        " 34 010 1",
        "2 35 011 2",
        "2 36 012 3",
    ]
    table = "\n".join(rows).replace(" ", "\t")
    columns = opened(tmp_path / "run", METADATA, m_tsv=table).columns
    names, codes = columns["class"].categories
    assert names == ["2", "10", ""] and codes.tolist() == [1, 0, 0, 2, 0, 0]
    assert columns["code"].cells[0] == "007" and columns["loss"].kind == "number"
    assert np.isnan(columns["loss"].cells[1]) and columns["loss"].cells[2] == 1e-3


SPRITE = """embeddings {{ tensor_name: "e" tensor_path: "points.tsv"
  sprite {{ image_path: "s.png" single_image_dim: {} single_image_dim: {} }} }}"""


def test_pictures_that_need_a_program_are_no_sprites(tmp_path: Path) -> None:
    (tmp_path / "sprite.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\n")
    read = load_embedding(POINTS, sprite=tmp_path / "sprite.png", sprite_size=(4, 4))
    assert read.sprite is None and "no picture that can be read" in read.notes[0]


def test_sprites_of_the_wrong_size_are_told(tmp_path: Path) -> None:
    folder = configured(tmp_path / "run", SPRITE.format(5, 4))
    Image.new("RGB", (10, 8)).save(folder / "s.png")
    read = found_in(folder)[0].open()
    assert read.sprite and read.sprite.count == 4
    assert read.notes[0].startswith("s.png holds 4 thumbnails for 6 points: point 5 and those after it have none.")
    for sizes, said in (((7, 4), "thumbnails of 7 × 4 do not fill"), ((0, 4), "thumbnails of 0 × 4")):
        read = found_in(configured(folder, SPRITE.format(*sizes)))[0].open()
        assert read.sprite is None and said in read.notes[0] and len(read) == 6
    (folder / "s.png").write_bytes(b"no picture")
    read = found_in(folder)[0].open()
    assert read.sprite is None and read.notes[0].startswith("s.png: no picture that can be read")


def test_metadata_thumbnails_and_a_layout_from_a_program() -> None:
    pictures = np.zeros((6, 3, 3), np.uint8)
    read = load_embedding(POINTS, metadata={"name": list("abcdef")}, sprite=pictures, coordinates=POINTS * 2)
    assert read.columns["name"].cells[5] == "f" and read.coordinates is not None and read.coordinates[5, 1] == 22
    assert read.sprite and (read.sprite.width, read.sprite.columns, read.sprite.count) == (3, 3, 9)
    assert load_embedding(POINTS, metadata=list(range(6))).columns["label"].categories[0][5] == "5"
    with pytest.raises(ValueError, match="metadata 'label': got 2 cells for 6 points"):
        load_embedding(POINTS, metadata=["a", "b"])
    with pytest.raises(ValueError, match=r"coordinates: got the shape \(6, 1\), want \(6, 2\) or \(6, 3\)"):
        load_embedding(POINTS, coordinates=POINTS[:, :1])


def test_data_frames_are_metadata() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"name": list("abcdef"), "age": range(6), "missing": [None, 1.5, 2, 3, 4, 5]})
    columns = load_embedding(POINTS, metadata=frame).columns
    assert columns["name"].kind == "category" and columns["age"].cells.tolist() == list(range(6))
    assert np.isnan(columns["missing"].cells[0])


def test_notes_name_the_file_of_the_step(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(POINTS, list("abcdef"), global_step=7, tag="e")
    (tmp_path / "00007" / "e" / "metadata.tsv").write_text("a\nb\n")
    (note,) = load_embedding(tmp_path).notes
    assert note.startswith("00007/e/metadata.tsv has 2 rows for 6 points")


def test_one_point_and_constant_dimensions_are_told() -> None:
    assert "has one point" in load_embedding(POINTS[:1]).remarks()[0]
    flat = POINTS.copy()
    flat[:, 1] = 3
    flat[2] = np.nan
    bad, same = load_embedding(flat, name="e").remarks()
    assert bad.startswith("e: 1 of 6 points has NaN or infinite numbers: row 2 (counted from 0).")
    assert same.startswith("e: 1 of 2 dimensions is the same in every point: dimension 1 (counted from 0).")


def test_equal_content_has_an_equal_fingerprint(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", POINTS)
    np.save(tmp_path / "b.npy", POINTS)
    prints = [load_embedding(source).fingerprint for source in (POINTS, tmp_path / "a.npy", tmp_path / "b.npy")]
    assert len(set(prints)) == 1
    others = [load_embedding(POINTS + 1), load_embedding(POINTS, metadata=list("abcdef")), load_embedding(POINTS.T)]
    assert len({prints[0], *(other.fingerprint for other in others)}) == 4


def test_a_link_out_of_the_folder_is_no_checkpoint(tmp_path: Path) -> None:
    run = tmp_path / "run"
    (run / "train").mkdir(parents=True)
    (run / "projector_config.pbtxt").write_text("")
    weights = "keras_embedding.ckpt-0.weights.h5"
    (run / "train" / weights).symlink_to(DATA / "keras" / "train" / weights)
    assert found_in(run) == []
    shutil.copytree(DATA / "tensorflow", run, dirs_exist_ok=True)
    (run / "checkpoint").write_text('model_checkpoint_path: "model.ckpt-30"\n')
    assert {one.tag for one in found_in(run)} == {"part", "word_embedding"}
    shard = "model.ckpt-30.data-00000-of-00001"
    (run / shard).unlink()
    (run / shard).symlink_to(DATA / "tensorflow" / shard)
    assert found_in(run) == []


def test_a_large_table_is_kept_in_the_folder_that_is_given(tmp_path: Path) -> None:
    kept, words = tmp_path / "kept", "0.25\t0.5\n" * 150_000
    config = 'embeddings { tensor_name: "words" tensor_path: "words.tsv" }'
    (found,) = found_in(configured(tmp_path / "logs", config, **{"words.tsv": words}))
    assert len(found.open(cache=kept)) == 150_000
    assert len(list((kept / "embeddings").glob("*.npy"))) == 1
