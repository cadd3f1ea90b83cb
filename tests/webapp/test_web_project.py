"""`dashboard project`: pages, tables, and what it says of what it cannot do."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stepscope.logger import SummaryWriter
from stepscope.webapp.cli import main

POINTS = np.random.default_rng(0).normal(size=(60, 5)).astype(np.float32)


def said(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str]:
    """(exit code, stderr) of `dashboard project` with these words."""
    try:
        code = main(["project", *map(str, words)])
    except SystemExit as end:
        code = int(end.code or 0)
    return code, capsys.readouterr().err


def header_of(page: Path) -> tuple[dict[str, Any], bytes]:
    """What the page tells of its data, and the data."""
    packed = re.search(r'id="page-data">([^<]*)<', page.read_text("utf-8"))
    assert packed
    data = zlib.decompress(base64.b64decode(packed[1]))
    length = int.from_bytes(data[4:8], "little")
    return json.loads(data[8 : 8 + length]), data[8 + length :]


@pytest.fixture
def vectors(tmp_path: Path) -> Path:
    np.save(tmp_path / "vectors.npy", POINTS)
    (tmp_path / "labels.tsv").write_text("\n".join(f"word {row}" for row in range(60)))
    return tmp_path / "vectors.npy"


def test_a_page_holds_layouts_metadata_and_quality(
    vectors: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.html"
    words = ["--metadata", tmp_path / "labels.tsv", "--method", "pca,random", "--title", "Words", "--color", "label"]
    code, err = said(capsys, vectors, "-o", output, *words)
    assert code == 0 and "pca: trustworthiness 0." in err and "measured on 60 of 60 points" in err
    header, data = header_of(output)
    assert header["title"] == "Words" and header["color"] == "column:label"
    assert [view["method"] for view in header["views"]] == ["pca", "random"]
    assert {"info", "column label", "frame 0", "frame 1", "quality 0", "vectors"} <= set(header["arrays"])
    place = header["arrays"]["info"]
    info = json.loads(data[place["at"] : place["at"] + place["n"]])
    assert info["points"] == 60 and info["columns"][0]["name"] == "label"
    assert "connect-src" not in output.read_text() and "default-src 'none'" in output.read_text()


def test_tables_and_coordinates(vectors: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = [vectors, "--method", "pca", "--metadata", tmp_path / "labels.tsv"]
    assert said(capsys, *common, "-o", tmp_path / "out.npy", "--dims", "3")[0] == 0
    assert np.load(tmp_path / "out.npy").shape == (60, 3)
    assert said(capsys, *common, "-o", tmp_path / "out.csv")[0] == 0
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[0] == "row,label,x,y" and lines[60].startswith("59,word 59,")


def test_parameters_reach_the_methods_that_know_them(
    vectors: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--set", "perplexity=7", "--set", "tsne.iterations=30", "--sample", "0", "--no_vectors"]
    assert said(capsys, vectors, "-o", tmp_path / "out.html", *words)[0] == 0
    header, _ = header_of(tmp_path / "out.html")
    parameters = header["views"][1]["parameters"]
    assert parameters["perplexity"] == 7 and parameters["iterations"] == 30
    assert "vectors" not in header["arrays"] and "quality 0" not in header["arrays"]


def test_an_embedding_of_a_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for run in ("a", "b"):
        with SummaryWriter(tmp_path / "logs" / run) as writer:
            writer.add_embedding(POINTS, tag="layer", global_step=3)
    code, err = said(capsys, tmp_path / "logs", "-o", tmp_path / "out.npy", "--method", "pca")
    assert code == 1 and "run= and name= pick one of 'layer:00003' of run 'a'" in err
    assert said(capsys, tmp_path / "logs", "-o", tmp_path / "out.npy", "--method", "pca", "--run", "b") == (0, "")


def test_of_several_steps_it_is_said_which_one_the_file_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        for step in (0, 1_000):
            writer.add_embedding(POINTS, tag="layer", global_step=step)
    words = ["--method", "pca", "--sample", "0"]
    code, err = said(capsys, tmp_path / "run", "-o", tmp_path / "out.html", *words)
    told = "layer has 2 steps, 0 to 1,000: this file holds step 1,000 alone. The Projector page plays all of them."
    assert (code, err) == (0, f"dashboard project: {told}\n")
    header, data = header_of(tmp_path / "out.html")
    place = header["arrays"]["info"]
    assert json.loads(data[place["at"] : place["at"] + place["n"]])["notes"] == [told]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["-o", "out.html", "--color", "no"], "--color no: vectors has no such column; there are none"),
        (["-o", "out.html", "--set", "colour=3"], "--set colour: there is no such parameter: pca has"),
        (["-o", "out.html", "--set", "umap.epochs=3"], "umap is not among the methods (pca, tsne)"),
        (["-o", "out.html", "--set", "perplexity=many"], "--set, tsne: perplexity is a number, got 'many'"),
        (["-o", "out.html", "--preprocess", "square"], "square"),
        (["-o", "out.pdf"], "ends in none of .html, .csv, .tsv and .npy"),
        (["-o", "out.csv", "--method", "pca,tsne"], "a .csv file holds one layout"),
        (["-o", "no/where/out.npy", "--method", "pca"], "no/where/out.npy cannot be written"),
        (["-o", "out.html", "--method", "lda"], "one to four of pca, tsne"),
    ],
)
def test_mistakes_are_said(
    vectors: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(vectors.parent)
    code, err = said(capsys, vectors, *words)
    assert code != 0 and sentence in err
