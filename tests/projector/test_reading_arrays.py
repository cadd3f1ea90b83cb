"""Arrays of many formats: mapped where they can be, refused where opening them would run code."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stepscope.projector import load_embedding
from stepscope.projector.reading import stored_numbers

DATA = Path(__file__).parent.parent / "data" / "projector"
POINTS = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)


def safetensors(tensors: dict[str, tuple[str, list[int], bytes]]) -> bytes:
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    body = b""
    for name, (dtype, shape, content) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(body), len(body) + len(content)]}
        body += content
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


@pytest.mark.parametrize("read_up_to", [0, 1 << 20])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_large_numpy_file_is_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_up_to: int, order: Any
) -> None:
    monkeypatch.setattr(stored_numbers, "_READ_UP_TO", read_up_to)
    np.save(tmp_path / "points.npy", np.asarray(POINTS, order=order))
    read = load_embedding(tmp_path / "points.npy")
    assert isinstance(read.points, np.memmap) == (read_up_to == 0) and read.name == "points"
    np.testing.assert_array_equal(read.points, POINTS)


def test_points_stay_when_training_writes_their_file_anew(tmp_path: Path) -> None:
    np.save(tmp_path / "points.npy", POINTS)
    read = load_embedding(tmp_path / "points.npy")
    (tmp_path / "points.npy").write_bytes(b"")  # a mapped page of it would end the process
    np.testing.assert_array_equal(read.points, POINTS)


def test_a_numpy_file_that_is_cut_off(tmp_path: Path) -> None:
    np.save(tmp_path / "points.npy", POINTS)
    os.truncate(tmp_path / "points.npy", 200)
    with pytest.raises(ValueError, match="ends before its numbers do"):
        load_embedding(tmp_path / "points.npy")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_million_points_open_without_being_copied(tmp_path: Path) -> None:
    with (tmp_path / "points.npy").open("wb") as file:  # a gigabyte of zeros that takes no room on the disk
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": (1_000_000, 256)})
        file.truncate(file.tell() + 1_000_000 * 256 * 4)
    (tmp_path / "points.bytes").write_bytes(b"")
    with (tmp_path / "points.bytes").open("r+b") as file:
        file.truncate(1_000_000 * 256 * 4)
    code = f"""
import resource, sys
from stepscope.projector import load_embedding
from stepscope.projector.reading import stored_numbers
load_embedding([[1.0, 2.0], [3.0, 4.0]])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
opened = [load_embedding(r"{tmp_path}/points.npy"), load_embedding(r"{tmp_path}/points.bytes", shape=(1_000_000, 256))]
assert all(one.points.shape == (1_000_000, 256) for one in opened)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    grown = int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert grown < 20_000, f"{grown} kB more for two gigabytes of points"


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_an_archive_with_labels_beside_the_points(tmp_path: Path, save: Any) -> None:
    labels, other = np.array(["a", "b"] * 15), np.eye(2)
    save(tmp_path / "points.npz", X=POINTS, labels=labels, other=other)
    read = load_embedding(tmp_path / "points.npz")
    np.testing.assert_array_equal(read.points, POINTS)
    assert read.columns["labels"].categories[0] == ["a", "b"]
    assert read.notes == ("points.npz: 'X' was read as the points. It also has 'other' (2 × 2); name=… takes another.",)
    assert load_embedding(tmp_path / "points.npz", name="other").points.tolist() == [[1, 0], [0, 1]]


def test_half_precision_and_bfloat16_of_safetensors(tmp_path: Path) -> None:
    bfloat16 = (POINTS.view(np.uint32) >> 16).astype("<u2")
    path = tmp_path / "model.safetensors"
    path.write_bytes(
        safetensors(
            {
                "half": ("F16", [30, 4], POINTS.astype("<f2").tobytes()),
                "brain": ("BF16", [30, 4], bfloat16.tobytes()),
                "label": ("I64", [30], np.arange(30).tobytes()),
            }
        )
    )
    half, brain = load_embedding(path, name="half"), load_embedding(path, name="brain")
    np.testing.assert_array_equal(half.points, POINTS.astype(np.float16))
    np.testing.assert_allclose(brain.points, POINTS, rtol=2**-7)
    assert brain.points.dtype == np.float32 and brain.columns["label"].cells[29] == 29
    assert half.fingerprint != brain.fingerprint


def test_lists_in_parquet_and_what_is_beside_them(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    vectors = [[1.0, 2.0], [3.0], None, [4.0, 5.0]]
    columns = {"id": [7, 8, 9, 10], "embedding": vectors, "text": ["a", None, "c", "d"]}
    parquet.write_table(arrow.table(columns), tmp_path / "points.parquet")
    read = load_embedding(tmp_path / "points.parquet")
    np.testing.assert_array_equal(read.points, [[1, 2], [np.nan] * 2, [np.nan] * 2, [4, 5]])
    assert read.columns["text"].cells.tolist() == ["a", "", "c", "d"]
    assert read.notes[0].startswith("points.parquet, row 2 of 'embedding': point 2 has 1 number, not 2")


def test_columns_of_numbers_in_parquet(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table({"x": [1.0, 2.0], "y": [3, 4], "kind": ["a", "b"]}), tmp_path / "points.parquet")
    read = load_embedding(tmp_path / "points.parquet")
    assert read.points.tolist() == [[1, 3], [2, 4]] and read.columns["kind"].kind == "category"


def test_parquet_that_grows_beyond_all_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr("stepscope.projector.reading.parquet._MOST_UNPACKED", 1 << 20)
    same = arrow.array(np.zeros(1 << 18, np.float32))
    parquet.write_table(arrow.table({"x.y": same, "z": same}), tmp_path / "points.parquet")
    assert (tmp_path / "points.parquet").stat().st_size < 10_000
    with pytest.raises(ValueError, match=r"points\.parquet unpacks to about 2,097,152 bytes, at most 1,048,576"):
        load_embedding(tmp_path / "points.parquet")
    monkeypatch.undo()
    assert load_embedding(tmp_path / "points.parquet").points.shape == (1 << 18, 2), "names may have points in them"


def test_parquet_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "points.parquet").write_bytes(b"PAR1")
    with pytest.raises(ValueError, match="pip install pyarrow"):
        load_embedding(tmp_path / "points.parquet")


def test_raw_numbers_need_their_shape(tmp_path: Path) -> None:
    path = tmp_path / "points.bytes"
    path.write_bytes(POINTS.tobytes())
    np.testing.assert_array_equal(load_embedding(path, shape=(30, 4)).points, POINTS)
    with pytest.raises(ValueError, match=r"its 480 bytes hold 120 numbers"):
        load_embedding(path)
    with pytest.raises(ValueError, match=r"takes 640; 30 points of 4 would fit"):
        load_embedding(path, shape=(40, 4))


def test_checkpoints_of_keras_and_tensorflow_opened_by_hand() -> None:
    truth = np.load(DATA / "truth.npz")
    keras = load_embedding(DATA / "keras" / "train" / "keras_embedding.ckpt-2.weights.h5")
    np.testing.assert_array_equal(keras.points, truth["words"])
    index = DATA / "tensorflow" / "model.ckpt-30.index"
    for name in ("part", "word_embedding"):  # the first was saved in three parts
        np.testing.assert_array_equal(load_embedding(index, name=name).points, truth[name])


def test_arrays_that_are_no_table() -> None:
    assert load_embedding(np.zeros((3, 2, 2))).notes == ("the array: 3 × 2 × 2 was read as 3 points of 4 numbers.",)
    assert load_embedding(np.eye(3, dtype=np.uint8)).points.dtype == np.float32
    for array, sentence in (
        (np.arange(3.0), r"shape \(3,\), want \(points, dimensions\)"),
        (np.zeros((0, 4)), "holds no points"),
        (np.eye(2) * 1j, "complex128, want numbers"),
        (np.array([["a", "b"]]), "want numbers"),
    ):
        with pytest.raises(ValueError, match=sentence):
            load_embedding(array)


def test_tensors_of_torch() -> None:
    torch = pytest.importorskip("torch")
    assert load_embedding(torch.eye(3, requires_grad=True)).points.tolist() == np.eye(3).tolist()


class Runs:
    """Ends the test run when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (sys.exit, ("a pickle was opened",))


@pytest.mark.parametrize("name", ["model.pt", "model.pth", "model.bin", "model.pkl", "model.joblib"])
def test_pickles_are_never_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(pickle.dumps(Runs()))
    with pytest.raises(ValueError, match="is a pickle, which runs code when it is opened"):
        load_embedding(tmp_path / name)


def test_pickles_inside_arrays_are_never_opened(tmp_path: Path) -> None:
    objects = np.array([[Runs()]], object)
    np.save(tmp_path / "points.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "points.npz", X=objects)
    for name in ("points.npy", "points.npz"):
        with pytest.raises(ValueError, match="pickles: they run code"):
            load_embedding(tmp_path / name)


def test_arrays_that_are_left_out_are_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "points.npz", points=POINTS, names=np.array([None] * 30, object))
    assert (
        load_embedding(tmp_path / "points.npz").notes[0].startswith("points.npz: 'names' was left out: Python objects")
    )
    coarse = safetensors({"small": ("F8_E4M3", [2, 4], bytes(8)), "points": ("F32", [30, 4], POINTS.tobytes())})
    (tmp_path / "points.safetensors").write_bytes(coarse)
    (note,) = load_embedding(tmp_path / "points.safetensors").notes
    assert note.startswith("points.safetensors: 'small' (numbers of F8_E4M3) was left out")
    header = json.dumps({"odd": {"dtype": ["F32"], "shape": [2], "data_offsets": [0, 8]}}).encode()
    (tmp_path / "odd.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(8))
    with pytest.raises(ValueError, match=r"'odd' \(where its numbers lie is not told\) was left out"):
        load_embedding(tmp_path / "odd.safetensors")


def test_an_archive_that_grows_beyond_all_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepscope.projector.reading.array_files._MOST_UNPACKED", 1_000)
    np.savez_compressed(tmp_path / "points.npz", X=np.zeros((100, 100)))
    with pytest.raises(ValueError, match=r"X\.npy takes 80,128 bytes of memory.*numpy\.savez?"):
        load_embedding(tmp_path / "points.npz")


def test_an_array_in_an_archive_is_as_large_as_its_header_says(tmp_path: Path) -> None:
    np.save(tmp_path / "points.npy", np.zeros((4, 4)))
    with zipfile.ZipFile(tmp_path / "points.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X.npy", (tmp_path / "points.npy").read_bytes().replace(b"(4, 4)", b"(4, 9)"))
    with pytest.raises(ValueError, match=r"X\.npy has 256 bytes, its header says 416"):
        load_embedding(tmp_path / "points.npz")


def test_broken_files_say_so(tmp_path: Path) -> None:
    whole = io.BytesIO()
    np.save(whole, POINTS)
    contents = {
        "short.npy": whole.getvalue()[:200],
        "junk.npy": b"hello",
        "junk.npz": b"PK\x03\x04junk",
        "junk.safetensors": b"\xff" * 20,
        "short.safetensors": safetensors({"w": ("F32", [30, 4], POINTS.tobytes())})[:300],
        "junk.h5": b"junk",
        "junk.index": b"junk" * 20,
        "short.h5": (DATA / "keras" / "train" / "keras_embedding.ckpt-0.weights.h5").read_bytes()[:3000],
        "what.xyz": b"1\t2",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match=name):
            load_embedding(tmp_path / name)
    with pytest.raises(ValueError, match="there is no such file or folder"):
        load_embedding(tmp_path / "nowhere.npy")


def test_a_column_of_lists_in_parquet_by_name(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    columns = {"text": [[1.0, 2.0, 3.0]] * 2, "image": [[1.0, 2.0], [3.0, 4.0]]}
    parquet.write_table(arrow.table(columns), tmp_path / "points.parquet")
    assert load_embedding(tmp_path / "points.parquet", name="image").points.tolist() == [[1, 2], [3, 4]]


def test_a_pickle_is_one_whatever_shape_is_given(tmp_path: Path) -> None:
    (tmp_path / "model.pt").write_bytes(pickle.dumps([1, 2]))
    with pytest.raises(ValueError, match="is a pickle"):
        load_embedding(tmp_path / "model.pt", shape=(1, 2))


def test_metadata_that_is_no_text(tmp_path: Path) -> None:
    np.save(tmp_path / "labels.npy", np.arange(3))
    (note,) = load_embedding(np.eye(3), metadata=tmp_path / "labels.npy").notes
    assert note.startswith("labels.npy is no table of text: the 3 points have no metadata.")
    (tmp_path / "notes.csv").write_text('word,n\n"a\nb",1\nc,2\nd,3\n')
    assert load_embedding(np.eye(3), metadata=tmp_path / "notes.csv").columns["word"].cells[0] == "a\nb"


def test_lists_of_different_length_name_the_row() -> None:
    with pytest.raises(ValueError, match="row 1 has 1 numbers, row 0 has 2"):
        load_embedding([[1.0, 2.0], [3.0], [4.0, 5.0]])


def test_metadata_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"there is no file .*lost\.tsv"):
        load_embedding(np.ones((3, 2), np.float32), metadata=tmp_path / "lost.tsv")


def test_thumbnails_of_an_array_go_to_other_processes() -> None:
    found = load_embedding(np.ones((3, 2), np.float32), sprite=np.zeros((3, 4, 4), np.uint8))
    assert found.sprite is not None
    assert pickle.loads(pickle.dumps(found)).sprite.read() == found.sprite.read()
