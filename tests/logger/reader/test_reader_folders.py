"""Which folders are runs, how they are called, and what is said about folders without any."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from reader_logs import points, read, scalar, steps, write

from stepscope.logger import open_logdir
from stepscope.logger.reader.discovery import Discovery, natural_key
from stepscope.logger.reader.storage import LOCAL

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")


def test_runs_are_named_by_their_path(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "a", tmp_path / "a" / "b" / "c"):
        write(folder, scalar("x", 0, 1.0))
    (tmp_path / "a" / "notes.txt").write_text("no event file")
    assert read(tmp_path).runs == [".", "a", "a/b/c"]


def test_files_that_mark_profiles_are_no_runs(tmp_path: Path) -> None:
    write(tmp_path / "a", name="events.out.tfevents.1.host.profile-empty")
    write(tmp_path / "b", scalar("x", 0, 1.0), name="my.tfevents.v2")
    assert read(tmp_path).runs == ["b"]


def test_several_directories(tmp_path: Path) -> None:
    write(tmp_path / "one" / "logs", scalar("x", 0, 1.0))
    write(tmp_path / "two" / "logs" / "run", scalar("x", 0, 1.0))
    paths = [tmp_path / "one" / "logs", tmp_path / "two" / "logs"]
    assert open_logdir(paths, index_dir=False).runs == ["logs", "logs_2/run"]
    assert open_logdir(paths[:1], index_dir=False).runs == ["."]
    log = open_logdir({"first": paths[0], "second": paths[1], "third": tmp_path / "none"}, index_dir=False)
    assert log.runs == ["first", "second/run"]
    assert [(root.name, root.state) for root in log.status().roots] == [
        ("first", "ok"),
        ("second", "ok"),
        ("third", "missing"),
    ]
    with pytest.raises(ValueError, match="expected at least one path"):
        open_logdir([])


def test_an_event_file_itself(tmp_path: Path) -> None:
    path = write(tmp_path, points("x", range(3)))
    write(tmp_path, points("y", range(3)), name="events.out.tfevents.1.other")
    log = read(path)
    assert log.runs == ["."]
    assert log.tags(".") == {"scalars": ["x"]}


def test_the_home_folder_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write(tmp_path / "logs", scalar("x", 0, 1.0))
    assert open_logdir("~/logs", index_dir=False).runs == ["."]


@needs_links
def test_links_to_folders_are_followed_and_loops_are_not(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "deep", points("x", range(3)))
    logs = tmp_path / "logs"
    write(logs / "a", scalar("x", 0, 1.0))
    (logs / "link").symlink_to(tmp_path / "elsewhere")
    (logs / "a" / "up").symlink_to(logs)
    (logs / "a" / "self").symlink_to(logs / "a")
    (tmp_path / "elsewhere" / "round").symlink_to(tmp_path / "elsewhere")
    (logs / "dangling").symlink_to(tmp_path / "nowhere")
    log = read(logs)
    assert log.runs == ["a", "link/deep"]
    assert steps(log, "x", "link/deep") == [0, 1, 2]


@needs_links
def test_an_event_file_may_be_a_link(tmp_path: Path) -> None:
    target = write(tmp_path / "elsewhere", scalar("x", 0, 1.0))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / target.name).symlink_to(target)
    assert steps(read(tmp_path / "logs"), "x") == [0]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are Unicode there")
def test_names_that_are_no_text(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/run\xff"
    os.mkdir(folder)
    write(Path(os.fsdecode(folder)), scalar("x", 0, 1.0))
    log = read(tmp_path)
    assert log.runs == ["run\\xff"]
    assert steps(log, "x", "run\\xff") == [0]
    log.runs[0].encode()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_reported(tmp_path: Path) -> None:
    write(tmp_path / "a", scalar("x", 0, 1.0))
    (tmp_path / "locked").mkdir(mode=0)
    log = read(tmp_path)
    assert log.runs == ["a"]
    assert "locked" in log.status().roots[0].detail
    (tmp_path / "locked").chmod(0o700)


def test_a_folder_that_cannot_be_listed_is_a_problem_not_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a", scalar("x", 0, 1.0))
    (tmp_path / "locked").mkdir()
    scandir = os.scandir

    def refusing(folder: str) -> object:
        if str(folder).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    found = Discovery(LOCAL, str(tmp_path)).look()
    assert list(found.runs) == ["a"]
    assert found.problems == [(str(tmp_path / "locked"), "Permission denied")]


def test_natural_order() -> None:
    names = ["run10", "run9", "run", "run010", "2", "10", "a" + "9" * 5000, "²"]
    assert sorted(names, key=natural_key) == ["2", "10", "a" + "9" * 5000, "run", "run9", "run010", "run10", "²"]


def test_natural_order_of_decimals_and_versions() -> None:
    names = ["lr0.12", "lr0.003", "lr1", "lr0.02", "lr0.1", "v1.10.0", "v1.9.0"]
    assert sorted(names, key=natural_key) == ["lr0.003", "lr0.02", "lr0.1", "lr0.12", "lr1", "v1.9.0", "v1.10.0"]


def test_what_a_directory_says_of_itself(tmp_path: Path) -> None:
    write(tmp_path / "a", points("x", range(10)), points("y", range(5)))
    log = read(tmp_path)
    info = log.run_info("a")
    assert (info.scalar_points, info.last_step, info.segments, info.damaged_files) == (15, 9, 0, 0)
    assert (info.first_wall_time, info.last_wall_time) == (1000.0, 1009.0)
    status = log.status()
    assert (status.phase, status.ready, status.runs, status.scalar_points) == ("idle", True, 1, 15)
    assert status.bytes_read == status.bytes_total == log.files("a")[0].size
    assert log.files("a")[0].kinds == ("scalars",)


def test_export(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    write(tmp_path, points("x", range(3)))
    series = read(tmp_path).scalars(".", "x")
    frame = series.to_pandas()
    assert list(frame.columns) == ["step", "wall_time", "value", "segment"]
    assert frame["value"].tolist() == [0.0, 1.0, 2.0]
    assert series.to_arrow().column("step").to_pylist() == [0, 1, 2]
