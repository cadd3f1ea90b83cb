"""What happened to a run: session starts, stops and checkpoints, steps that go back, and events of our writer."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_logs import append, points, read, scalar, session_start, version, write

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.errors import RunNotFound
from stepscope.logger.proto import event_pb2 as pb
from stepscope.logger.reader import RunEvent
from stepscope.logger.records import frame


def session(status: int, step: int, wall: float, **said: str) -> bytes:
    return frame(
        pb.Event(wall_time=wall, step=step, session_log=pb.SessionLog(status=status, **said)).SerializeToString()
    )


def checkpoint(step: int, wall: float, path: str) -> bytes:
    return session(pb.SessionLog.CHECKPOINT, step, wall, checkpoint_path=path)


def told(folder: Path) -> list[tuple[int, str, str]]:
    with read(folder) as log:
        return [(event.step, event.kind, event.text) for event in log.events(".")]


def test_a_session_as_tensorflow_logs_it(tmp_path: Path) -> None:
    stop = session(pb.SessionLog.STOP, 9, 1100, msg="done")
    write(tmp_path, version(), session_start(0, 999), points("x", range(10)), checkpoint(5, 1005.5, "model-5"), stop)
    assert told(tmp_path) == [(0, "start", ""), (5, "checkpoint", "model-5"), (9, "stop", "done")]


def test_stops_and_checkpoints_are_neither_data_nor_tags(tmp_path: Path) -> None:
    stop = session(pb.SessionLog.STOP, 99, 9999)
    write(tmp_path, version(), points("x", range(10)), checkpoint(50, 1005.5, "m"), stop)
    with read(tmp_path) as log:
        info = log.run_info(".")
        assert (info.last_step, info.last_wall_time, info.segments) == (9, 1009.0, 0)
        assert log.tags(".") == {"scalars": ["x"]}


def test_a_run_that_ended_without_data_has_no_last_step(tmp_path: Path) -> None:
    SummaryWriter(str(tmp_path)).close()
    with read(tmp_path) as log:
        assert log.run_info(".").last_step is None
        assert [event.kind for event in log.events(".")] == ["stop"]


def test_a_restart_that_nobody_announced(tmp_path: Path) -> None:
    write(tmp_path, version(), points("x", range(10)), points("x", range(4, 12), wall=2000))
    assert told(tmp_path) == [(4, "restart", "")]


def test_an_announced_restart_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, version(), points("x", range(10)), session_start(5, 1999), points("x", range(5, 12), wall=2000))
    assert told(tmp_path) == [(5, "restart", "")]


def test_a_restart_after_the_clock_was_put_back_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, version(), points("x", range(-9, 10)), session_start(-5, 900), points("x", range(-5, 2), wall=901))
    assert told(tmp_path) == [(-5, "restart", "")]


def test_a_restart_in_a_new_file(tmp_path: Path) -> None:
    write(tmp_path, version(), points("x", range(10)))
    write(
        tmp_path,
        version(2000),
        session_start(5, 2000),
        points("x", range(5, 12), wall=2001),
        name="events.out.tfevents.2000000000.b",
    )
    assert told(tmp_path) == [(5, "restart", "")]


@pytest.fixture
def noted(tmp_path: Path) -> Path:
    with SummaryWriter(str(tmp_path / "run")) as writer:
        for step in range(10):
            writer.add_scalar("x", step, step, walltime=100 + step)
        writer.add_event("<b>halved</b> é", 4, wall_time=105)
        writer.add_event("model.pt", 2, kind="checkpoint", wall_time=103)
    return tmp_path


def test_events_of_our_writer_in_order_of_step(noted: Path) -> None:
    with read(noted) as log:
        found = log.events("run")
    assert found[:2] == [RunEvent(2, 103.0, "checkpoint", "model.pt"), RunEvent(4, 105.0, "note", "<b>halved</b> é")]
    assert [event.kind for event in found[2:]] == ["stop"]


def test_the_index_has_them_too(noted: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    index = tmp_path_factory.mktemp("index")
    with open_logdir(noted, index_dir=index) as log:
        first = log.events("run")
    with open_logdir(noted, index_dir=index) as log:
        assert log.events("run") == first
        assert len(first) == 3


def test_events_that_come_while_the_log_is_followed(tmp_path: Path) -> None:
    path = write(tmp_path, version(), points("x", range(3)))
    with read(tmp_path) as log:
        assert log.events(".") == []
        append(path, checkpoint(2, 1010, "a"), scalar("x", 3, 1.0, wall=1011))
        log.refresh()
        assert [event.text for event in log.events(".")] == ["a"]
        append(path, checkpoint(3, 1012, "b"))
        log.refresh()
        assert [event.text for event in log.events(".")] == ["a", "b"]


def test_texts_of_a_file_that_is_gone_are_empty(noted: Path) -> None:
    with read(noted) as log:
        for path in noted.rglob("events*"):
            path.unlink()
        assert [event.text for event in log.events("run")] == ["", "", ""]


def test_an_unknown_run(noted: Path) -> None:
    with read(noted) as log, pytest.raises(RunNotFound):
        log.events("nobody")
