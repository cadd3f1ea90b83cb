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
