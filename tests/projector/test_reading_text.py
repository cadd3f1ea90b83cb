"""Tables of text: numbers to the last bit, what else is in them, and rows that are not like the others."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import numpy as np
import pytest

from stepscope.projector import load_embedding
from stepscope.projector.reading import unpacking
from stepscope.projector.reading.encoding import text_of


def table(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8", newline="")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "1\t2\n3\t4\n",
        "1\t2\n3\t4",
        "1\t2\r\n3\t4\r\n",
        "\n1\t2\n\n\n3\t4\n\n",
        "1\t2\t\n3\t4\t\n",
        " 1 \t+2\n3e0\t.4e1\n",
    ],
)
def test_lines_end_and_begin_in_many_ways(tmp_path: Path, text: str) -> None:
    read = load_embedding(table(tmp_path, "points.tsv", text))
    assert read.points.tolist() == [[1, 2], [3, 4]] and not read.columns and not read.notes


def test_every_float32_comes_back(tmp_path: Path) -> None:
    bits = np.random.default_rng(0).integers(0, 2**32, 4000, dtype=np.uint32).view(np.float32)
    points = np.where(np.isfinite(bits), bits, 0).reshape(-1, 8)
    for form in ("%.9g", "%r", "%.17e"):
        lines = ["\t".join((form % number) for number in row) for row in points.astype(float).tolist()]
        read = load_embedding(table(tmp_path, "points.tsv", "\n".join(lines)))
        np.testing.assert_array_equal(read.points, points)


def test_words_for_what_is_no_number(tmp_path: Path) -> None:
    read = load_embedding(table(tmp_path, "points.tsv", "1\tnan\nInfinity\t2\n-inf\t3\n4\t5\n"))
    np.testing.assert_array_equal(read.points, [[1, np.nan], [np.inf, 2], [-np.inf, 3], [4, 5]])
    assert read.finite.tolist() == [False, False, False, True]
    assert "3 of 4 points have NaN or infinite numbers: rows 0, 1, 2 (counted from 0)" in read.remarks()[0]


def test_a_row_of_another_length_keeps_its_place(tmp_path: Path) -> None:
    read = load_embedding(table(tmp_path, "points.tsv", "1\t2\n\n3\n5\t6\n7\t8\t9\n"))
    np.testing.assert_array_equal(read.points, [[1, 2], [np.nan] * 2, [5, 6], [np.nan] * 2])
    (note,) = read.notes
    assert note.startswith("points.tsv, line 3: point 2 has 1 number, not 2 like most (1 more row is like that).")


def test_a_cell_without_a_number_is_named(tmp_path: Path) -> None:
    read = load_embedding(table(tmp_path, "points.tsv", "1\t2\n3\tabc\n5\t6\n7\t8\n"))
    assert read.finite.tolist() == [True, False, True, True]
    assert read.notes[0].startswith("points.tsv, line 2: column 2 of point 2 holds no number.")


def test_texts_become_metadata_and_labels_are_no_dimensions(tmp_path: Path) -> None:
    text = 'word,x,y,label\n"one, ""two""",1,2,0\ncat,3,4,1\n"two\nlines",5,6,1\n'
    read = load_embedding(table(tmp_path, "points.csv", text))
    assert read.points.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert read.columns["word"].cells.tolist() == ['one, "two"', "cat", "two\nlines"]
    assert read.columns["label"].categories[0] == ["0", "1"]
    assert read.notes == (
        "points.csv: 'label' was read as metadata because of its name; columns=[…] names the dimensions.",
    )


def test_the_columns_that_are_dimensions_can_be_named(tmp_path: Path) -> None:
    path = table(tmp_path, "points.csv", "a,b,label\n1,2,3\n4,5,6\n")
    read = load_embedding(path, columns=["label", "a"])
    assert read.points.tolist() == [[1, 3], [4, 6]] and list(read.columns) == ["b"] and not read.notes
    with pytest.raises(ValueError, match=r"no column of numbers is called 'c'; there are 'a', 'b', 'label'"):
        load_embedding(path, columns=["c"])


def test_columns_that_are_a_layout_already(tmp_path: Path) -> None:
    path = table(tmp_path, "points.csv", "x,a,b,y\n1,2,3,4\n5,6,7,8\n")
    read = load_embedding(path, coordinates=["x", "y"])
    assert read.coordinates is not None and read.coordinates.tolist() == [[1, 4], [5, 8]]
    assert read.points.tolist() == [[2, 3], [6, 7]]


@pytest.mark.parametrize(
    ("name", "text", "points"),
    [
        ("pandas.csv", ",0,1,2\n0,1,2,3\n1,4,5,6\n", [[1, 2, 3], [4, 5, 6]]),
        ("semicolons.csv", "1;2\n3;4\n", [[1, 2], [3, 4]]),
        ("glove.txt", "the 1 2\ncat 3 4\n", [[1, 2], [3, 4]]),
        ("word2vec.txt", "2 3\nthe 1 2 3 \ncat 4 5 6 \n", [[1, 2, 3], [4, 5, 6]]),
        ("commas.tsv", "1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("one.tsv", "1\n2\n3\n", [[1], [2], [3]]),
    ],
)
def test_tables_of_other_programs(tmp_path: Path, name: str, text: str, points: list[list[int]]) -> None:
    assert load_embedding(table(tmp_path, name, text)).points.tolist() == points


def test_compressed_text(tmp_path: Path) -> None:
    (tmp_path / "points.tsv.gz").write_bytes(gzip.compress(b"1\t2\n3\t4\n"))
    assert load_embedding(tmp_path / "points.tsv.gz").points.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "points.tsv holds no points: the file is empty"),
        (b"a\tb\nc\td\n", "points.tsv: no column holds numbers"),
        ("1\t2\n".encode("utf-16"), "points.tsv is no text in UTF-8"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "points.tsv").write_bytes(content)
    with pytest.raises(ValueError, match=sentence):
        load_embedding(tmp_path / "points.tsv")


def test_a_large_table_is_parsed_quickly_and_only_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    load_embedding(table(tmp_path, "first.tsv", "1\t2\n"))  # compiles
    points = np.random.default_rng(0).normal(size=(10_000, 100)).astype(np.float32)
    path = table(tmp_path, "points.tsv", "".join("\t".join(map("%.9g".__mod__, row)) + "\n" for row in points.tolist()))
    left = tmp_path / "cache" / "stepscope" / "embeddings" / "killed.1.tmp"
    left.parent.mkdir(parents=True)
    left.touch()
    os.utime(left, (0, 0))
    before = time.process_time()
    first = load_embedding(path)
    seconds = time.process_time() - before
    assert not left.exists(), "half of a table that a killed process left"
    assert seconds < 1, "a million numbers; 0.1 s on a quiet machine"
    again = load_embedding(path)
    assert isinstance(again.points, np.memmap) and again.fingerprint == first.fingerprint
    np.testing.assert_array_equal(again.points, points)
    path.write_text("1\t2\n")
    assert load_embedding(path).points.shape == (1, 2), "a file that was replaced is read anew"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_decimal_commas(tmp_path: Path, delimiter: str) -> None:
    lines = ["word;a;b", "x, y;1,5;-2", "z;0,25;3,125e2"]
    path = table(tmp_path, "points.csv", "\n".join(lines).replace(";", delimiter))
    read = load_embedding(path)
    assert read.points.tolist() == [[1.5, -2], [0.25, 312.5]]
    assert read.columns["word"].cells.tolist() == ["x, y", "z"], "commas of texts stay"
    thousands = load_embedding(table(tmp_path, "many.tsv", "1\t1,000\n2\t2,000\n"))
    assert thousands.points.tolist() == [[1], [2]], "no decimal comma"


def test_lines_that_end_in_a_carriage_return_are_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"points\.tsv: its lines end in a carriage return alone"):
        load_embedding(table(tmp_path, "points.tsv", "1\t2\r3\t4\r"))


def test_decimal_commas_inside_quotation_marks(tmp_path: Path) -> None:
    read = load_embedding(table(tmp_path, "points.csv", 'word,a,b\n"x, ""y""","1,5",-2\nz,"0,25","3,0"\n'))
    assert read.points.tolist() == [[1.5, -2], [0.25, 3]]
    assert read.columns["word"].cells.tolist() == ['x, "y"', "z"]


def test_quotation_marks_between_tabs_enclose_cells_or_are_letters(tmp_path: Path) -> None:
    read = load_embedding(table(tmp_path, "points.tsv", 'label\tx\ty\n"a b"\t"1.5"\t2\n"c ""d"""\t3\t4\n'))
    assert read.points.tolist() == [[1.5, 2], [3, 4]] and read.columns["label"].cells.tolist() == ["a b", 'c "d"']
    words = load_embedding(table(tmp_path, "words.tsv", '"\t1\t2\nword\t3\t4\n"\t5\t6\n'))
    assert words.columns["column 1"].cells.tolist() == ['"', "word", '"'] and len(words) == 3


def test_text_of_windows_is_read_and_told(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_bytes("name,x,y\nz,1,2\ncafé,3,4\n".encode("cp1252"))
    read = load_embedding(tmp_path / "points.csv")
    assert read.columns["name"].cells.tolist() == ["z", "café"]
    assert read.notes[0].startswith("points.csv, point 2: the text is no UTF-8 and was read as Windows-1252")
    (tmp_path / "labels.tsv").write_bytes("é\n".encode() + "“é”\n".encode("cp1252"))
    labelled = load_embedding(tmp_path / "points.csv", metadata=tmp_path / "labels.tsv")
    assert labelled.columns["label"].cells.tolist() == ["é", "“é”"]
    assert any(note.startswith("labels.tsv, line 2: the text is no UTF-8") for note in labelled.notes)
    (tmp_path / "mixed.csv").write_bytes("größe,x,y\n".encode() + "café,3,4\n".encode("cp1252"))
    assert [*load_embedding(tmp_path / "mixed.csv").columns] == ["größe"]


def test_every_byte_is_a_character_and_megabytes_of_them_take_no_time() -> None:
    text, plain = text_of(bytes(range(256)) * 20_000)
    assert not plain and len(text) == 256 * 20_000 and text[0x80:0x83] == "€\x81‚"
    began = time.thread_time()
    text_of(b"\xe9" * 5_000_000)
    assert time.thread_time() - began < 1


def test_what_unpacks_to_more_than_any_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "_ALWAYS", 1 << 20)
    path = tmp_path / "points.tsv.gz"
    path.write_bytes(gzip.compress(b"0\t0\n" * (1 << 20)))
    with pytest.raises(ValueError, match=r"points\.tsv\.gz unpacks to more than 1,048,576 bytes"):
        load_embedding(path)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ValueError, match=r"points\.tsv\.gz cannot be unpacked .* copy it again"):
        load_embedding(path)
