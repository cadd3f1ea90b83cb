"""Nothing is lost: exits of every kind, forks, kills, full and vanished disks, writers side by side."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from writer_helpers import event_files, events, points, run_script

from stepscope.logger import SummaryWriter
from stepscope.logger.event_files import EventFile

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals and limits")

LOGS_A_THOUSAND = """
    import sys
    from stepscope.logger import SummaryWriter
    writer = SummaryWriter(sys.argv[1])
    for step in range(1000):
        writer.add_scalar("x", step * 1.0, step)
    writer.add_text("t", "the last words", 1000)
"""


def _wait_until(done: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("", 0),
        ("sys.exit(3)", 3),
        ("raise SystemExit(3)", 3),
        ("raise RuntimeError('training broke')", 1),
        ("del writer", 0),
        ("import threading; threading.Thread(target=lambda: writer.add_scalar('y', 1.0, 1)).start()", 0),
    ],
)
def test_everything_is_written_at_exit_without_close(tmp_path: Path, ending: str, code: int) -> None:
    ended = run_script(LOGS_A_THOUSAND + f"\n    {ending}\n", tmp_path)
    assert ended.returncode == code, ended.stderr
    assert points(tmp_path, "x") == [(step, float(step)) for step in range(1000)]
    assert events(tmp_path)[1001].summary.value[0].tag == "t/text_summary"


def test_a_dropped_writer_writes_what_it_has(tmp_path: Path) -> None:
    SummaryWriter(tmp_path).add_scalar("x", 1.0, 1)
    _wait_until(lambda: points(tmp_path, "x") == [(1, 1.0)])


def test_writing_after_close_goes_on_in_a_new_file(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    writer.add_scalar("x", 1.0, 1)
    writer.close()
    writer.close()
    writer.flush()
    assert len(event_files(tmp_path)) == 1
    writer.add_scalar("x", 2.0, 2)
    writer.add_text("t", "more", 3)
    writer.close()
    assert len(event_files(tmp_path)) == 2
    assert sorted(points(tmp_path, "x")) == [(1, 1.0), (2, 2.0)]


def test_the_file_is_there_from_the_start(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "a" / "b", filename_suffix=".tail"):
        (path,) = event_files(tmp_path)
        assert path.name.endswith(".tail")
        assert events(tmp_path)[0].file_version == "brain.Event:2"


def test_points_appear_soon_without_a_flush(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("x", 1.0, 1)
        started = time.monotonic()
        _wait_until(lambda: points(tmp_path, "x") == [(1, 1.0)])
        assert time.monotonic() - started < 5
        writer.add_scalar("x", 2.0, 2)
        writer.flush()
        assert points(tmp_path, "x")[-1] == (2, 2.0)


@posix
def test_a_kill_costs_nothing_that_was_flushed_and_garbles_nothing(tmp_path: Path) -> None:
    source = """
        import itertools, sys
        from stepscope.logger import SummaryWriter
        writer = SummaryWriter(sys.argv[1])
        for step in itertools.count():
            writer.add_scalar("x", 1.0, step)
            writer.add_histogram("h", [1.0, 2.0], step)
            if step % 500 == 0:
                writer.flush()
                print(step, flush=True)
    """
    for attempt in range(3):
        folder = tmp_path / str(attempt)
        command = [sys.executable, "-c", "\n".join(line[8:] for line in source.splitlines()), str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            flushed = [int(process.stdout.readline()) for _ in range(2 + attempt)][-1]
            select.select([process.stdout], [], [], 0.01 * attempt)
            process.send_signal(signal.SIGKILL)
        steps = [step for step, _ in points(folder, "x")]  # fails at a wrong checksum
        assert steps == list(range(len(steps))) and len(steps) > flushed


@needs_fork
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_child_writes_a_file_of_its_own(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    for step in range(100):
        writer.add_scalar("x", 1.0, step)  # pending in the parent
    child = os.fork()
    if child == 0:
        status = 1
        try:
            for step in range(50):
                writer.add_scalar("child", 2.0, step)
            writer.flush()
            status = 0
        finally:
            os._exit(status)
    writer.add_scalar("x", 1.0, 100)
    assert os.waitpid(child, 0)[1] == 0
    writer.close()
    assert points(tmp_path, "x") == [(step, 1.0) for step in range(101)]
    assert points(tmp_path, "child") == [(step, 2.0) for step in range(50)]
    assert len(event_files(tmp_path)) == 2
    first, second = (path.name.split(".")[5] for path in event_files(tmp_path))
    assert first != second, "the process is in the name"


@needs_fork
def test_a_silent_child_leaves_no_file_and_multiprocessing_loses_nothing(tmp_path: Path) -> None:
    ended = run_script(
        """
        import multiprocessing, sys
        from stepscope.logger import SummaryWriter

        def child(number):
            if number:
                writer.add_scalar(f"child/{number}", 1.0, number)

        writer = SummaryWriter(sys.argv[1])
        context = multiprocessing.get_context("fork")
        children = [context.Process(target=child, args=(number,)) for number in range(3)]
        writer.add_scalar("parent", 1.0, 0)
        for one in children:
            one.start()
        for one in children:
            one.join()
        assert [one.exitcode for one in children] == [0, 0, 0]
        """,
        tmp_path,
    )
    assert ended.returncode == 0, ended.stderr
    assert len(event_files(tmp_path)) == 3
    assert [points(tmp_path, tag) for tag in ("parent", "child/1", "child/2")] == [[(0, 1.0)], [(1, 1.0)], [(2, 1.0)]]


def test_many_writers_in_one_second_never_share_a_file(tmp_path: Path) -> None:
    writers = [SummaryWriter(tmp_path) for _ in range(20)]
    for number, writer in enumerate(writers):
        writer.add_scalar("x", float(number), number)
        writer.close()
    assert len(event_files(tmp_path)) == 20
    assert sorted(points(tmp_path, "x")) == [(number, float(number)) for number in range(20)]


def test_two_processes_in_one_directory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "\n".join(line[4:] for line in LOGS_A_THOUSAND.splitlines()), str(tmp_path)]
    processes = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert sorted(points(tmp_path, "x")) == sorted([(step, float(step)) for step in range(1000)] * 2)


@posix
def test_a_full_disk_warns_once_and_logging_resumes_in_a_new_file(tmp_path: Path) -> None:
    """The limit on the size of files makes the system refuse in the middle of a record, as a full disk does."""
    ended = run_script(
        """
        import resource, sys, warnings
        from stepscope.logger import SummaryWriter
        warnings.simplefilter("always")
        writer = SummaryWriter(sys.argv[1])
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
        for step in range(2000):
            writer.add_scalar("x", 1.0, step)
            if step % 100 == 0:
                writer.flush()
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        for step in range(2000, 2100):
            writer.add_scalar("x", 1.0, step)
        writer.close()
        """,
        tmp_path,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.count("RuntimeWarning") == 1, ended.stderr
    assert "cannot write events" in ended.stderr and str(tmp_path) in ended.stderr
    assert points(tmp_path, "x") == [(step, 1.0) for step in range(2100)], "every file is whole and nothing is missing"
    assert len(event_files(tmp_path)) >= 2


@posix
def test_a_disk_that_stays_full_costs_a_warning_not_the_training(tmp_path: Path) -> None:
    ended = run_script(
        """
        import resource, sys, warnings
        from stepscope.logger import SummaryWriter
        warnings.simplefilter("always")
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        writer = SummaryWriter(sys.argv[1])
        for step in range(1000):
            writer.add_scalar("x", 1.0, step)
        writer.flush()
        writer.close()
        print("trained")
        """,
        tmp_path,
    )
    assert ended.stdout == "trained\n", ended.stderr
    assert "cannot write events" in ended.stderr and "bytes of events were lost" in ended.stderr
    assert all(path.stat().st_size == 0 for path in event_files(tmp_path))


@posix
def test_a_deleted_directory_warns_once_and_logging_resumes(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    writer = SummaryWriter(folder)
    writer.add_scalar("x", 1.0, 1)
    writer.flush()
    shutil.rmtree(folder)
    with pytest.warns(RuntimeWarning, match=r"run: cannot write events \(.* was deleted\)"):
        writer.add_scalar("x", 1.0, 2)
        writer.flush()
    writer.add_scalar("x", 1.0, 3)
    writer.close()
    assert points(folder, "x") == [(2, 1.0), (3, 1.0)]


def test_the_backlog_of_a_failing_disk_is_bounded(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("stepscope.logger.event_files._BACKLOG_BYTES", 1000)
    file = EventFile(str(tmp_path))
    with pytest.warns(RuntimeWarning, match="cannot write"):
        file.give_up(OSError("no space left"))
    for _ in range(10):
        file.append(b"x" * 300)
    with pytest.warns(RuntimeWarning, match="2100 bytes of events were lost"):
        file.append(b"", last_try=True)
    file.close()
    assert event_files(tmp_path)[0].read_bytes().endswith(b"x" * 900)


def test_a_directory_that_cannot_be_made_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises((FileExistsError, NotADirectoryError)):
        SummaryWriter(tmp_path / "file" / "run")


def test_nothing_is_written_on_request(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run", write_to_disk=False) as writer:
        writer.add_scalar("x", 1.0, 1)
        writer.add_scalar("x", [1.0], 1)
        writer.add_text("t", "text")
        writer.add_hparams({"lr": 1}, {"acc": 1.0})
        writer.add_embedding([[1.0, 2.0]])
        writer.flush()
    assert not (tmp_path / "run").exists()
