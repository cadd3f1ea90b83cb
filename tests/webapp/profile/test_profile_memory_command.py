"""`dashboard profile` on files that tell of memory alone."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from memory_files import write_training_snapshot

from stepscope.webapp.cli import main


class Attack:
    def __reduce__(self) -> Any:
        return os.system, ("echo owned",)


def report(*words: str | Path) -> int:
    return main(["profile", *map(str, words), "--index_dir", ""])


def test_a_snapshot_is_reported_with_its_peak_and_its_leaks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_training_snapshot(tmp_path / "later.pickle", steps=8)
    assert report(tmp_path / "later.pickle") == 0
    text = capsys.readouterr().out
    assert "Leak suspects, by call stack" in text
    assert "log_loss (/home/me/train.py:150)" in text


def test_the_json_of_a_snapshot_holds_its_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_training_snapshot(tmp_path / "later.pickle", steps=8)
    assert report(tmp_path / "later.pickle", "--json", "-") == 0
    (told,) = json.loads(capsys.readouterr().out)["others"]
    assert told["kind"] == "snapshot"
    tables = {table["name"]: table["rows"] for table in told["tables"]}
    assert tables["snapshot_leaks"][0]["bytes"] == 8 << 20


def test_a_snapshot_that_would_execute_something_is_named_with_class_and_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "evil.pickle").write_bytes(pickle.dumps({"segments": [Attack()]}))
    assert report(tmp_path / "evil.pickle") == 2
    assert "evil.pickle: at byte 43 the pickle wants to import posix.system" in capsys.readouterr().out


def test_a_snapshot_that_is_cut_off_says_so_and_shows_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "later.pickle"
    write_training_snapshot(path, steps=8)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert report(path, "--json", str(tmp_path / "told.json")) == 0
    assert f"the file ends in the middle, at byte {len(whole) // 2:,}" in " ".join(
        capsys.readouterr().out.lower().split()
    )
    (told,) = json.loads((tmp_path / "told.json").read_text())["others"]
    assert told["remarks"]
    assert told["tables"]


@pytest.mark.parametrize("value", [[1, 2], {"segments": "x", "device_traces": 5}])
def test_pickles_that_only_look_like_snapshots_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], value: Any
) -> None:
    (tmp_path / "other.pickle").write_bytes(pickle.dumps(value))
    assert report(tmp_path / "other.pickle") == 2
    assert "other.pickle: no memory snapshot" in capsys.readouterr().out
