"""Files that grow, are replaced, repaired or deleted while the log is open."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from reader_logs import NAME, append, backdate, points, read, scalar, steps, version, write

from stepscope.logger import LogDir, open_logdir
from stepscope.logger.errors import RunNotFound, TagNotFound


def wait_until(log: LogDir, condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for changes of the log until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the log did not get there in time"
        log.wait(log.version, 0.5)


# --- by refresh -------------------------------------------------------------------------------------------------------


def test_a_file_grows(tmp_path: Path) -> None:
    path = write(tmp_path, version(), points("x", range(3)))
    log = read(tmp_path)
    before = log.version
    assert log.refresh() == before
    append(path, points("x", range(3, 5), wall=1010), points("y", range(2)))
    assert log.refresh() > before
    assert steps(log, "x") == list(range(5))
    assert log.tags(".") == {"scalars": ["x", "y"]}
    assert log.changes(before) == (log.version, {"."})


def test_two_open_writers_alternate(tmp_path: Path) -> None:
    paths = [write(tmp_path, version(), name=f"{NAME}.{n}") for n in range(2)]
    log = read(tmp_path)
    for step in range(6):
        append(paths[step % 2], scalar("x", step, float(step)))
        log.refresh()
        assert steps(log, "x") == list(range(step + 1))


def test_many_small_appends_keep_all_points_in_few_blocks(tmp_path: Path) -> None:
    path = write(tmp_path, version())
    log = read(tmp_path)
    for step in range(300):
        append(path, scalar("x", step, float(step)))
        log.refresh()
    assert steps(log, "x") == list(range(300))
    [file] = log.snapshot()[1]["."].files
    assert len(file.sessions[0].blocks) < 12


def test_new_runs_and_new_files(tmp_path: Path) -> None:
    log = read(tmp_path / "not" / "yet")
    assert log.status().roots[0].state == "missing"
    (tmp_path / "not" / "yet").mkdir(parents=True)
    log.refresh()
    assert log.status().roots[0].state == "empty"
    write(tmp_path / "not" / "yet" / "a", points("x", range(2)))
    log.refresh()
    assert (log.runs, log.status().roots[0].state) == (["a"], "ok")


def test_damage_that_is_repaired(tmp_path: Path) -> None:
    good = version() + points("x", range(10))
    broken = bytearray(good)
    broken[len(good) // 2] ^= 1
    path = write(tmp_path, bytes(broken))
    log = read(tmp_path)
    assert len(steps(log, "x")) == 9
    path.write_bytes(good)
    log.refresh()
    assert steps(log, "x") == list(range(10))
    assert log.files(".")[0].state == "ok"


def test_damage_that_is_repaired_while_the_file_grows(tmp_path: Path) -> None:
    good = version() + points("x", range(10))
    broken = bytearray(good)
    broken[len(good) // 2] ^= 1
    path = write(tmp_path, bytes(broken))
    log = read(tmp_path)
    path.write_bytes(good + points("x", range(10, 12), wall=1100))
    log.refresh()
    assert steps(log, "x") == list(range(12))


def test_garbage_at_the_end_that_records_follow(tmp_path: Path) -> None:
    path = write(tmp_path, points("x", range(3)), bytes(100))
    log = read(tmp_path)
    assert log.files(".")[0].state == "damaged"
    append(path, points("x", range(3, 6), wall=1010))
    log.refresh()
    assert steps(log, "x") == list(range(6))
    assert [damage.length for damage in log.files(".")[0].damage] == [100]


def test_a_page_of_zeros_that_is_filled_in_later(tmp_path: Path) -> None:
    """Network file systems show the new size before the new bytes."""
    records = points("x", range(5))
    path = write(tmp_path, records[:100], bytes(len(records) - 100))
    log = read(tmp_path)
    path.write_bytes(records + scalar("x", 5, 5.0))
    log.refresh()
    assert steps(log, "x") == list(range(6))
    assert log.files(".")[0].state == "ok"


def test_replaced_by_rename(tmp_path: Path) -> None:
    path = write(tmp_path / "a", version(), points("x", range(5)))
    log = read(tmp_path)
    other = write(
        tmp_path / "elsewhere", version(), points("x", range(5), offset=50), points("x", range(5, 9), wall=1010)
    )
    os.replace(other, path)
    shutil.rmtree(tmp_path / "elsewhere")
    log.refresh()
    assert log.scalars("a", "x").value.tolist() == [50.0, 51.0, 52.0, 53.0, 54.0, 5.0, 6.0, 7.0, 8.0]


def test_cut_short_and_written_anew(tmp_path: Path) -> None:
    path = write(tmp_path, points("x", range(10)))
    log = read(tmp_path)
    path.write_bytes(points("y", range(3)))
    log.refresh()
    assert log.tags(".") == {"scalars": ["y"]}


def test_written_over_in_place_with_the_same_size_and_time(tmp_path: Path) -> None:
    path = write(tmp_path, points("x", range(10)))
    before = path.stat()
    log = read(tmp_path)
    with open(path, "r+b") as file:
        file.write(points("x", range(10), offset=7))
    backdate(path, before)
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    log.refresh()
    assert log.scalars(".", "x").value.tolist() == [step + 7.0 for step in range(10)]


def test_written_anew_and_longer(tmp_path: Path) -> None:
    path = write(tmp_path, points("x", range(10)))
    log = read(tmp_path)
    path.write_bytes(points("x", range(20), offset=7))
    log.refresh()
    assert log.scalars(".", "x").value.tolist() == [step + 7.0 for step in range(20)]


def test_a_file_and_a_run_are_deleted(tmp_path: Path) -> None:
    write(tmp_path / "a", points("x", range(3)))
    second = write(tmp_path / "a", points("x", range(3, 6), wall=2000), name=NAME + ".2")
    write(tmp_path / "b", points("x", range(3)))
    log = read(tmp_path)
    second.unlink()
    version_before = log.refresh()
    assert steps(log, "x", "a") == [0, 1, 2]
    shutil.rmtree(tmp_path / "a")
    log.refresh()
    assert log.runs == ["b"]
    assert log.changes(version_before)[1] == {"a"}
    with pytest.raises(RunNotFound, match="no run 'a' in the log directory; it has 'b'"):
        log.tags("a")


def test_a_view_taken_before_stays_as_it_was(tmp_path: Path) -> None:
    path = write(tmp_path, points("x", range(3)))
    log = read(tmp_path)
    series = log.scalars(".", "x")
    append(path, points("x", range(3, 6), wall=1010))
    log.refresh()
    assert series.step.tolist() == [0, 1, 2]


def test_errors_name_what_there_is(tmp_path: Path) -> None:
    write(tmp_path, points("loss", range(3)))
    log = read(tmp_path)
    with pytest.raises(TagNotFound, match=r"run '\.' has no scalars 'lost'; it has 'loss'"):
        log.scalars(".", "lost")
    with pytest.raises(TagNotFound, match="has no images 'loss'; it has no images at all"):
        log.images(".", "loss")
    with pytest.raises(KeyError):
        log.scalars("nowhere", "loss")


# --- epochs -----------------------------------------------------------------------------------------------------------


def test_the_epoch_stays_while_points_are_only_added_at_the_end(tmp_path: Path) -> None:
    path = write(tmp_path, points("x", range(3)))
    log = read(tmp_path)
    first = log.scalar_columns("x", ["."]).epoch[0]
    append(path, points("x", range(3, 5), wall=1010))
    log.refresh()
    assert log.scalar_columns("x", ["."]).epoch[0] == first
    append(path, points("x", [1, 2], wall=1020, offset=9))  # a restart: points vanish from the latest
    log.refresh()
    restarted = log.scalar_columns("x", ["."]).epoch[0]
    assert restarted != first
    append(path, points("x", [3, 4], wall=1030, offset=9))
    log.refresh()
    assert log.scalar_columns("x", ["."]).epoch[0] == restarted
    path.write_bytes(points("x", range(30), offset=1))
    log.refresh()
    assert log.scalar_columns("x", ["."]).epoch[0] not in (first, restarted)


def test_the_epoch_changes_when_a_late_point_is_sorted_in(tmp_path: Path) -> None:
    path = write(tmp_path, points("x", [0, 2, 4]))
    log = read(tmp_path)
    first = log.scalar_columns("x", ["."]).epoch[0]
    append(path, scalar("x", 3, 3.0, wall=1010))
    log.refresh()
    assert steps(log, "x") == [0, 2, 3, 4]
    assert log.scalar_columns("x", ["."]).epoch[0] != first


# --- by following -----------------------------------------------------------------------------------------------------


def test_following_shows_a_point_soon_after_its_flush(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    path = write(tmp_path / "a", version(), scalar("x", 0, 0.0))
    with open_logdir(tmp_path, index_dir=False, load=False) as log:
        assert (log.runs, log.status().ready) == ([], False)
        log.follow(0.1)
        wait_until(log, lambda: log.status().ready)
        assert log.status().phase == "following"
        delays = []
        for step in range(1, 6):
            append(path, scalar("x", step, float(step)))
            written = time.monotonic()
            wait_until(log, lambda step=step: len(steps(log, "x", "a")) == step + 1)  # type: ignore[misc]
            delays.append(time.monotonic() - written)
        assert np.median(delays) < 0.5
        write(tmp_path / "b", scalar("x", 0, 0.0))
        wait_until(log, lambda: log.runs == ["a", "b"])
    assert set(threading.enumerate()) <= before


def test_following_with_interval_zero_loads_once(tmp_path: Path) -> None:
    write(tmp_path, scalar("x", 0, 0.0))
    log = open_logdir(tmp_path, index_dir=False, load=False)
    log.follow(0)
    wait_until(log, lambda: log.status().ready and log.status().phase == "idle")
    assert steps(log, "x") == [0]


def test_following_survives_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from stepscope.logger.reader import follow
    from stepscope.logger.reader.discovery import Discovery

    monkeypatch.setattr(follow, "_PAUSE", 0.0)
    path = write(tmp_path, scalar("x", 0, 0.0))
    intact, failures = Discovery.look, iter([True])

    def failing(self: Discovery) -> object:
        if next(failures, False):
            raise RuntimeError("a bug")
        return intact(self)

    with open_logdir(tmp_path, index_dir=False, load=False) as log:
        monkeypatch.setattr(Discovery, "look", failing)
        log.follow(0.05)
        wait_until(log, lambda: log.runs == ["."])
        append(path, scalar("x", 1, 1.0))
        wait_until(log, lambda: steps(log, "x") == [0, 1])
    assert "a bug" in caplog.text


def test_wait_returns_when_its_time_is_up(tmp_path: Path) -> None:
    log = read(tmp_path)
    assert log.wait(log.version, 0.01) == log.version


def test_looking_at_thousands_of_idle_files_costs_little(tmp_path: Path) -> None:
    """One look, in process time: what a follower spends must stay a few per cent of a core."""
    for number in range(1000):
        write(tmp_path / f"run{number}", version())
    log = read(tmp_path)
    begin = time.process_time()
    log.refresh()
    assert time.process_time() - begin < 0.5
    assert len(log.runs) == 1000
