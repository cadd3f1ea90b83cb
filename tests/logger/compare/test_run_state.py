"""Finished, crashed, running or stale: what files, their writers and clocks say about a run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stepscope.logger import FileWriter, LogDir, SummaryWriter, open_logdir
from stepscope.logger.compare.comparison import compare
from stepscope.logger.compare.run_state import run_state, silent_from
from stepscope.logger.proto import event_pb2 as pb
from stepscope.logger.records import frame

HOUR = 3600.0

KILLED = """
import os, signal, sys
from stepscope.logger import SummaryWriter
writer = SummaryWriter(sys.argv[1])
if len(sys.argv) > 2:
    writer.add_hparams({"lr": 0.1}, {})
for step in range(20):
    writer.add_scalar("loss", 1 / (step + 1), step)
writer.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(folder: Path, *more: str) -> None:
    """A run of our writer that nobody could end."""
    subprocess.run([sys.executable, "-c", KILLED, str(folder), *more], check=False)


def foreign(folder: Path, walls: list[float], *records: bytes, name: str = "events.out.tfevents.1.other") -> Path:
    """A run of a writer that marks no end, a scalar at each of these wall times."""
    folder.mkdir(parents=True, exist_ok=True)
    events = [pb.Event(wall_time=walls[0] if walls else 1.0, file_version="brain.Event:2")]
    for step, wall in enumerate(walls):
        summary = pb.Summary(value=[pb.Summary.Value(tag="loss", simple_value=1.0)])
        events.append(pb.Event(wall_time=wall, step=step, summary=summary))
    path = folder / name
    path.write_bytes(b"".join(frame(event.SerializeToString()) for event in events) + b"".join(records))
    return path


def session(status: int, wall: float) -> bytes:
    log = pb.SessionLog(status=status)  # type: ignore[arg-type]
    return frame(pb.Event(wall_time=wall, session_log=log).SerializeToString())


def state_in(log: LogDir, run: str = ".", later: float = HOUR) -> str:
    """The run's state so many seconds from now if nothing more happens."""
    return run_state(compare(log).activity(run), time.time() + later)


def state(folder: Path, run: str = ".", later: float = HOUR) -> str:
    with open_logdir(folder, index_dir=False) as log:
        return state_in(log, run, later)


# --- our writer marks its ends ----------------------------------------------------------------------------------------


def test_a_killed_run_has_crashed_and_a_closed_one_is_finished(tmp_path: Path) -> None:
    killed(tmp_path / "killed")
    with SummaryWriter(tmp_path / "closed") as writer:
        writer.add_scalar("loss", 1.0, 0)
    assert (state(tmp_path, "killed"), state(tmp_path, "closed")) == ("crashed", "finished")
    assert (state(tmp_path, "killed", later=60), state(tmp_path, "closed", later=0)) == ("running", "finished")


def test_the_index_knows_whose_a_file_is(tmp_path: Path) -> None:
    killed(tmp_path / "logs")
    for _ in range(2):
        with open_logdir(tmp_path / "logs", index_dir=tmp_path / "index") as log:
            assert state_in(log) == "crashed"


def test_hyperparameters_logged_first_do_not_finish_a_run(tmp_path: Path) -> None:
    killed(tmp_path, "with hyperparameters")
    assert state(tmp_path) == "crashed"


def test_times_given_to_scalars_do_not_undo_the_end(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("loss", 1.0, 0, walltime=time.time() + 1000 * HOUR)
    assert state(tmp_path) == "finished"


def test_a_resumed_run_is_what_its_last_file_says(tmp_path: Path) -> None:
    killed(tmp_path / "mended")
    with SummaryWriter(tmp_path / "mended") as writer:
        writer.add_scalar("loss", 1.0, 20)
    with SummaryWriter(tmp_path / "broken") as writer:
        writer.add_scalar("loss", 1.0, 0)
    killed(tmp_path / "broken")
    assert (state(tmp_path, "mended"), state(tmp_path, "broken")) == ("finished", "crashed")


def test_every_way_of_closing_marks_the_end(tmp_path: Path) -> None:
    writer = FileWriter(tmp_path / "file writer")
    writer.add_summary(pb.Summary(value=[pb.Summary.Value(tag="loss", simple_value=1.0)]), 0)
    writer.close()
    dropped = SummaryWriter(tmp_path / "dropped")
    dropped.add_scalar("loss", 1.0, 0)
    thread = dropped.file_writer.background._thread  # type: ignore[union-attr]
    del dropped
    assert thread is not None
    thread.join()
    assert (state(tmp_path, "file writer"), state(tmp_path, "dropped")) == ("finished", "finished")


def test_an_exception_is_no_end(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), SummaryWriter(tmp_path) as writer:
        writer.add_scalar("loss", 1.0, 0)
        raise ZeroDivisionError
    assert state(tmp_path) == "crashed"


# --- other writers ----------------------------------------------------------------------------------------------------


def test_a_silent_run_of_another_writer_is_stale(tmp_path: Path) -> None:
    foreign(tmp_path, [time.time() - 5, time.time()])
    assert (state(tmp_path, later=60), state(tmp_path)) == ("running", "stale")


def test_a_session_stop_finishes_it_unless_more_came(tmp_path: Path) -> None:
    stop = session(pb.SessionLog.STOP, 12.0)
    foreign(tmp_path / "done", [10.0, 11.0], stop)
    foreign(tmp_path / "on", [10.0], stop, session(pb.SessionLog.START, 13.0))
    assert (state(tmp_path, "done"), state(tmp_path, "on")) == ("finished", "stale")


@pytest.mark.parametrize("cut", [3, -3])
def test_half_a_record_or_damage_at_the_end_is_a_crash(tmp_path: Path, cut: int) -> None:
    path = foreign(tmp_path, [10.0, 11.0])
    data = bytearray(path.read_bytes())
    if cut > 0:
        data = data[:-cut]
    else:
        data[cut - 8] ^= 1
    path.write_bytes(data)
    assert state(tmp_path) == "crashed"


def test_an_empty_file_is_stale_once_it_is_old(tmp_path: Path) -> None:
    foreign(tmp_path, [])
    (tmp_path / "events.out.tfevents.2.other").touch()
    assert state(tmp_path) == "stale"


# --- clocks -----------------------------------------------------------------------------------------------------------


def test_a_wall_time_in_the_future_does_not_keep_a_run_going(tmp_path: Path) -> None:
    foreign(tmp_path, [time.time(), time.time() + 1000 * HOUR])
    assert (state(tmp_path, later=60), state(tmp_path, later=25 * HOUR)) == ("running", "stale")


def test_a_copy_of_an_old_log_is_not_running(tmp_path: Path) -> None:
    foreign(tmp_path, [10.0, 11.0])
    assert state(tmp_path, later=0) == "stale"


def test_a_clock_that_is_behind_does_not_matter_once_a_file_grows(tmp_path: Path) -> None:
    path = foreign(tmp_path, [10.0, 11.0])
    with open_logdir(tmp_path, index_dir=False) as log:
        assert state_in(log, later=0) == "stale"
        more = foreign(tmp_path.parent / f"{tmp_path.name} more", [12.0]).read_bytes()
        with open(path, "ab") as file:
            file.write(more)
        log.refresh()
        assert (state_in(log, later=0), state_in(log)) == ("running", "stale")


def test_rare_points_are_waited_for_ten_times_their_interval(tmp_path: Path) -> None:
    now = time.time()
    foreign(tmp_path, [now - 300 + 60 * point for point in range(6)])
    with open_logdir(tmp_path, index_dir=False) as log:
        run = compare(log).activity(".")
        assert silent_from(run, now) == pytest.approx(now + 600)
        assert [run_state(run, now + wait) for wait in (590, 610)] == ["running", "stale"]


def test_nothing_is_waited_for_longer_than_a_day(tmp_path: Path) -> None:
    now = time.time()
    foreign(tmp_path, [now - 300 * HOUR, now])
    assert (state(tmp_path, later=23 * HOUR), state(tmp_path, later=25 * HOUR)) == ("running", "stale")


def test_a_file_from_the_future_is_not_running(tmp_path: Path) -> None:
    path = foreign(tmp_path, [time.time() + 1000 * HOUR])
    os.utime(path, (time.time() + 1000 * HOUR,) * 2)
    assert state(tmp_path, later=0) == "stale"
