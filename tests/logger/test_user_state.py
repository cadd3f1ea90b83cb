"""The user state file: many writers, killed writers, damaged files, full disks, edits by hand."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from stepscope.logger.user_state import BadChange, Change, Overtaken, StateFile, default_state_file, read_state
from stepscope.logger.user_state_format import changes_from_json

WRITER = """
import sys
from stepscope.logger.user_state import Change, StateFile
path, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
file = StateFile(path)
for i in range(count):
    file.change([Change(("runs", f"{name}-{i}", "note"), "x" * 2000)])
    print(i, flush=True)
"""


def put(*path: str, value: Any) -> Change:
    return Change(path, value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "team" / "state.json"


def test_a_change_is_on_disk_and_seen_by_the_next_process(path: Path) -> None:
    state = StateFile(path).change([put("runs", "a", "color", value="#123456"), put("baseline", value="a")])
    assert state.writable and state.where == str(path) and not state.problem
    assert json.loads(path.read_text())["runs"] == {"a": {"color": "#123456"}}
    again = read_state(path)
    assert again.document["baseline"] == "a" and again.version == state.version


def test_without_a_file_the_state_is_empty_and_nothing_is_written(path: Path) -> None:
    state = read_state(path)
    assert state.document["runs"] == {} and state.document["views"] == {} and state.writable
    assert not path.parent.exists()


def test_null_takes_away_and_leaves_no_empty_runs(path: Path) -> None:
    file = StateFile(path)
    file.change([put("runs", "a", "color", value="#123456"), put("runs", "b", "hidden", value=True)])
    state = file.change([put("runs", "a", "color", value=None)])
    assert state.document["runs"] == {"b": {"hidden": True}}


def test_unknown_keys_are_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"stepscope_state": 1, "runs": {"a": {"mood": "good"}}, "plugin": {"x": [1]}}')
    StateFile(path).change([put("runs", "a", "name", value="first")])
    kept = json.loads(path.read_text())
    assert kept["runs"]["a"] == {"mood": "good", "name": "first"} and kept["plugin"] == {"x": [1]}


def test_threads_and_dashboards_lose_no_edits(path: Path) -> None:
    dashboards = [StateFile(path) for _ in range(4)]

    def edit(i: int) -> None:
        dashboards[i % 4].change([put("runs", f"run-{i}", "name", value=str(i))])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(edit, range(60)))
    assert read_state(path).document["runs"] == {f"run-{i}": {"name": str(i)} for i in range(60)}


def test_processes_lose_no_edits(path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name, "15"], stdout=subprocess.DEVNULL)
        for name in ("p", "q", "r")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert len(read_state(path).document["runs"]) == 45


def test_two_processes_that_note_and_forget_lose_nothing(path: Path) -> None:
    """Each adds thirty annotations and takes every third of its own away; the list was a list before."""
    path.parent.mkdir()
    path.write_text('{"stepscope_state": 1, "annotations": [{"text": "first", "step": 1}]}')
    script = """
import sys
from stepscope.logger.user_state import Change, StateFile
file, name = StateFile(sys.argv[1]), sys.argv[2]
for i in range(30):
    file.change([Change(("annotations", f"{name}{i}"), {"text": name, "step": i})])
    if i % 3 == 2:
        file.change([Change(("annotations", f"{name}{i}"), None)])
"""
    writers = [subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    kept = read_state(path).document["annotations"]
    wanted = {f"{name}{i}" for name in "ab" for i in range(30) if i % 3 != 2}
    assert wanted < kept.keys() and [kept[key]["text"] for key in kept.keys() - wanted] == ["first"]


def test_a_change_of_one_rule_begins_with_the_default_ones(path: Path) -> None:
    file = StateFile(path, seeds={"alerts": {"nan": {"kind": "nan"}, "stall": {"kind": "stall"}}})
    assert file.read().document["alerts"] is None
    two = StateFile(path, seeds={"alerts": {"nan": {"kind": "nan"}, "stall": {"kind": "stall"}}})
    file.change([put("alerts", "nan", "enabled", value=False)])
    state = two.change([put("alerts", "stall", value=None)])
    assert state.document["alerts"] == {"nan": {"kind": "nan", "enabled": False}}
    assert two.change([put("alerts", "nan", value=None)]).document["alerts"] == {}  # none, not the default ones again
    assert read_state(path).document["alerts"] == {}


def test_a_change_for_what_is_no_longer_there_is_refused(path: Path) -> None:
    file = StateFile(path)
    file.change([put("runs", "a", "tags", value=["x"])])
    file.change([Change(("runs", "a", "tags"), ["x", "y"], was=["x"])])
    with pytest.raises(Overtaken, match="somebody else"):
        file.change([Change(("runs", "a", "tags"), ["x", "z"], was=["x"])])
    assert read_state(path).document["runs"]["a"]["tags"] == ["x", "y"]
    file.change([Change(("runs", "b", "name"), "new", was=None)])


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_killed_writer_leaves_a_whole_file_and_no_lock(path: Path) -> None:
    for round_number in range(3):
        command = [sys.executable, "-c", WRITER, str(path), f"k{round_number}", "100000"]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert writer.stdout
        told = [writer.stdout.readline() for _ in range(5 + round_number)]
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        runs = json.loads(path.read_text())["runs"]
        assert all(f"k{round_number}-{line.strip()}" in runs for line in told)
    assert StateFile(path).change([put("baseline", value="a")]).writable


def test_edits_from_outside_are_noticed(path: Path) -> None:
    file = StateFile(path)
    before = file.change([put("baseline", value="a")])
    path.write_text('{"stepscope_state": 1, "baseline": "b"}')
    after = file.read()
    assert after.document["baseline"] == "b" and after.version != before.version
    path.unlink()
    assert file.read().document["baseline"] is None


def test_a_damaged_file_is_set_aside_not_overwritten(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"stepscope_state": 1, "runs": {"a"')
    file = StateFile(path)
    assert "cannot be read" in file.read().problem
    assert path.read_text().endswith('{"a"')  # reading changes nothing
    state = file.change([put("baseline", value="a")])
    (aside,) = path.parent.glob("state.json.damaged-*")
    assert aside.read_text().endswith('{"a"') and aside.name in state.problem
    assert json.loads(path.read_text())["baseline"] == "a"


def test_files_set_aside_in_the_same_second_have_different_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "strftime", lambda pattern: "now")
    path = tmp_path / "team_state.json"
    for _ in range(3):
        path.write_text('{"stepscope_state": 1, "runs": {"a"')
        StateFile(path).change([put("baseline", value="a")])
    aside = {f"team_state.json.damaged-now{number}" for number in ("", "_2", "_3")}
    assert {entry.name for entry in tmp_path.iterdir()} == {path.name, f"{path.name}.lock", *aside}


@pytest.mark.parametrize("content", ['{"name": "some-package", "version": "1"}', "host: here\nport: 3\n", "[1, 2]"])
def test_a_file_of_somebody_else_is_left_alone(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    file = StateFile(path)
    assert not file.read().writable and "left alone" in file.read().problem
    state = file.change([put("baseline", value="a")])
    assert state.document["baseline"] == "a" and "until the dashboard ends" in state.problem
    assert [entry.read_text() for entry in path.parent.iterdir() if entry.suffix == ".json"] == [content]


def test_an_empty_file_is_begun(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    assert StateFile(path).change([put("baseline", value="a")]).writable
    assert read_state(path).document["baseline"] == "a"


def test_an_edit_of_ten_thousand_runs_writes_one_line_anew(path: Path) -> None:
    file = StateFile(path)
    file.change([put("runs", f"run-{i}", value={"name": f"n{i}", "tags": ["t"]}) for i in range(10_000)])
    before = path.read_text().splitlines()
    begin = time.process_time()
    file.change([put("runs", "run-77", "name", value="best")])
    assert time.process_time() - begin < 0.5  # it takes 0.03 s; machines are shared
    after = path.read_text().splitlines()
    assert [line for line in after if line not in set(before)] == ['  "run-77": {"name": "best", "tags": ["t"]},']


def test_ten_thousand_edits_at_once_take_no_time_per_pair(path: Path) -> None:
    everything = [put("runs", f"run/{i}", "color", value="#123456") for i in range(10_000)]
    for file in (StateFile(path), StateFile(None, note="no file")):
        begin = time.perf_counter()
        assert len(file.change(everything).document["runs"]) == 10_000
        assert time.perf_counter() - begin < 5.0  # 0.2 s; half a minute where each is compared with each


def test_half_an_edit_by_hand_keeps_what_was_known(path: Path) -> None:
    file = StateFile(path)
    whole = file.change([put("runs", "a", "name", value="first")])
    text = path.read_text()
    path.write_text(text[:20])
    assert file.read().document == whole.document and file.read().problem
    path.write_text(text)
    assert file.read() == whole


def test_what_cannot_be_used_is_named_and_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"stepscope_state": 1, "runs": {"a": {"color": "red", "name": "first"}}, "groups": 3}')
    file = StateFile(path)
    state = file.read()
    assert state.document["runs"] == {"a": {"name": "first"}} and state.document["groups"] == {}
    assert "runs.a.color: expected a colour like #1f77b4" in state.problem
    file.change([put("runs", "b", "name", value="second")])
    assert json.loads(path.read_text())["runs"]["a"]["color"] == "red"


def test_a_newer_format_is_only_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"stepscope_state": 2, "baseline": "a"}')
    file = StateFile(path)
    assert file.read().document["baseline"] == "a" and not file.read().writable
    state = file.change([put("baseline", value="b")])
    assert state.document["baseline"] == "b" and "format 2" in state.problem
    assert json.loads(path.read_text()) == {"stepscope_state": 2, "baseline": "a"}


def test_where_nothing_can_be_written_the_state_lives_in_memory(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    file = StateFile(blocker / "state.json")
    state = file.change([put("baseline", value="a")])
    assert state.document["baseline"] == "a" and not state.writable
    assert "cannot be written" in state.problem and "until the dashboard ends" in state.problem
    blocker.unlink()  # the disk is back: what waited is written with the next change
    assert file.change([put("runs", "a", "hidden", value=True)]).writable
    assert read_state(blocker / "state.json").document["baseline"] == "a"


def test_a_full_disk_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = StateFile(path)
    file.change([put("baseline", value="a")])

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    state = file.change([put("baseline", value="b")])
    assert state.document["baseline"] == "b" and "No space left" in state.problem
    assert json.loads(path.read_text())["baseline"] == "a"
    assert {entry.name for entry in path.parent.iterdir()} == {"state.json", "state.json.lock"}


def test_a_change_that_waits_and_has_no_place_any_more_takes_no_other_along(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = StateFile(path)
    file.change([put("baseline", value="a")])

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        file.change([put("runs", "a", "note", value="mine"), put("columns", "page", "lr", value=1)])
    path.write_text('{"stepscope_state": 1, "columns": {"page": "theirs"}}')
    file.change([put("baseline", value="b")])
    kept = json.loads(path.read_text())
    assert (kept["runs"], kept["baseline"]) == ({"a": {"note": "mine"}}, "b") and kept["columns"] == {"page": "theirs"}


def test_changes_in_memory_come_in_their_order() -> None:
    file = StateFile(None, note="no file")
    file.change([put("runs", "a", "color", value="#000000")])
    file.change([put("runs", "a", value=None)])
    state = file.change([put("runs", "a", "color", value="#ffffff")])
    assert state.document["runs"] == {"a": {"color": "#ffffff"}} and state.problem == "no file"


@pytest.mark.parametrize(
    ("where", "value", "sentence"),
    [
        (("runs", "a", "color"), "red", "a colour like"),
        (("runs", "a", "color"), "#12345g", "a colour like"),
        (("runs", "a", "note"), "é" * 50_001, "100,002 bytes"),
        (("runs", "a", "tags"), ["x", 3], "texts"),
        (("runs", "a", "hidden"), 1, "true or false"),
        (("runs", "a"), "text", "an object"),
        (("runs",), [], "an object"),
        (("runs", "a", "name", "x"), "deep", "expected a text"),
        (("groups", "g"), ["a", 1], "list of runs"),
        (("baseline",), 3, "name of a run"),
        (("annotations",), [{"text": "no step"}], "annotations"),
        (("annotations", "x"), {"text": "no step"}, "annotations.x"),
        (("alerts", "x"), 3, "an object"),
        (("bookmarks", "x"), {"selection": "1"}, "bookmarks.x.*address"),
        (("bookmarks", "x"), {"address": 3}, "each a text"),
        (("selections", "run:tag", "x"), {"rows": "1-2"}, "selections.run:tag.x"),
        (("selections", "run:tag"), "1-2", "an object"),
    ],
)
def test_wrong_values_are_refused_with_a_sentence(
    path: Path, where: tuple[str, ...], value: Any, sentence: str
) -> None:
    with pytest.raises(BadChange, match=sentence):
        StateFile(path).change([put("baseline", value="a"), Change(where, value)])
    assert not path.exists()  # all or none


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"changes": {}},
        {"changes": [{"path": ["a"]}]},
        {"changes": [{"path": [], "value": 1}]},
        {"changes": [{"path": ["a", 1], "value": 1}]},
        {"changes": [{"path": ["stepscope_state"], "value": 2}]},
        {"changes": [{"path": ["columns"], "value": json.loads("[" * 60 + "]" * 60)}]},
    ],
)
def test_malformed_requests_are_refused(body: Any) -> None:
    with pytest.raises(BadChange):
        changes_from_json(body)


def test_the_default_file_depends_on_the_log_directories(tmp_path: Path) -> None:
    one = default_state_file(tmp_path, ["/logs/a", "/logs/b"])
    assert one == default_state_file(tmp_path, ["/logs/b", "/logs/a/"]) != default_state_file(tmp_path, ["/logs/a"])
    assert one.parent == tmp_path / "state"


def test_a_state_file_behind_a_link_stays_behind_it(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "shared" / "state.json")
    StateFile(link).change([put("baseline", value="a")])
    assert link.is_symlink() and (tmp_path / "shared" / "state.json").exists()
