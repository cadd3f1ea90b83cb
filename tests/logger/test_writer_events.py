"""Events of a run, and the mark at its end: what is in the files, and that TensorBoard does not mind."""

from __future__ import annotations

from pathlib import Path

import pytest
from writer_helpers import accumulated, all_events, event_files, events, run_script

from stepscope.logger import GlobalSummaryWriter, SummaryWriter, plugins
from stepscope.logger.proto.event_pb2 import SessionLog
from stepscope.logger.tensors import tensor_array


def written(folder: Path) -> list[tuple[int, str, str]]:
    """(step, kind, text) of the events in the files."""
    return [
        (event.step, value.tag.removeprefix(plugins.EVENT_TAG_PREFIX), tensor_array(value.tensor).item().decode())
        for event in events(folder)
        for value in event.summary.value
        if value.metadata.plugin_data.plugin_name == plugins.EVENTS
    ]


def ends(folder: Path) -> list[int]:
    """Steps of the marks that a run ended."""
    return [event.step for event in all_events(folder) if event.session_log.status == SessionLog.STOP]


def test_an_event_has_text_step_kind_and_time(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_event("learning rate halved", 40)
        writer.add_event("model-40.pt", 41, kind="checkpoint", wall_time=1e9)
    assert written(tmp_path) == [(40, "note", "learning rate halved"), (41, "checkpoint", "model-40.pt")]
    assert next(event.wall_time for event in events(tmp_path) if event.step == 41) == 1e9


def test_without_a_step_it_is_where_the_scalars_are(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_event("before")
        for step in range(100):
            writer.add_scalar("loss", 1.0, step)
        writer.add_event("after")
        with writer.use_metadata(global_step=7):
            writer.add_event("inside")
    assert written(tmp_path) == [(0, "note", "before"), (99, "note", "after"), (7, "note", "inside")]


def test_the_global_writer_counts_for_it(tmp_path: Path) -> None:
    writer = GlobalSummaryWriter(str(tmp_path))
    for _ in range(3):
        writer.add_scalar("loss", 1.0)
    writer.add_event("paused", kind="pause")
    writer.close()
    assert written(tmp_path) == [(2, "pause", "paused")]


@pytest.mark.parametrize("kind", ["", "two words", "a/b", "x" * 33])
def test_a_kind_is_one_short_word(tmp_path: Path, kind: str) -> None:
    with SummaryWriter(str(tmp_path)) as writer, pytest.raises(ValueError, match="kind of letters"):
        writer.add_event("text", 1, kind=kind)


def test_the_text_is_a_text(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer, pytest.raises(TypeError, match="must be a str, got int"):
        writer.add_event(3)  # type: ignore[arg-type]


# --- the mark at the end ----------------------------------------------------------------------------------------------


def test_close_marks_the_end_at_the_last_step(tmp_path: Path) -> None:
    writer = SummaryWriter(str(tmp_path))
    writer.add_scalar("loss", 1.0, 9)
    writer.close()
    assert ends(tmp_path) == [9]


def test_an_error_leaves_no_mark_but_an_interruption_does(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), SummaryWriter(str(tmp_path / "failed")):
        raise RuntimeError
    with pytest.raises(KeyboardInterrupt), SummaryWriter(str(tmp_path / "stopped")):
        raise KeyboardInterrupt
    assert ends(tmp_path / "failed") == []
    assert ends(tmp_path / "stopped") == [0]


@pytest.mark.parametrize(("last_line", "marks"), [("pass", 1), ("raise RuntimeError('over')", 0)])
def test_a_script_that_never_closes(tmp_path: Path, last_line: str, marks: int) -> None:
    script = "import sys; from stepscope.logger import SummaryWriter\nwriter = SummaryWriter(sys.argv[1])\n"
    run_script(f"{script}writer.add_scalar('loss', 1.0, 3)\n{last_line}\n", tmp_path)
    assert ends(tmp_path) == [3] * marks


def test_a_forked_child_that_writes_nothing_leaves_no_file(tmp_path: Path) -> None:
    run_script(
        """
        import multiprocessing, sys
        from stepscope.logger import SummaryWriter
        writer = SummaryWriter(sys.argv[1])
        child = multiprocessing.get_context("fork").Process(target=print)
        child.start(); child.join(); writer.close()
        """,
        tmp_path,
    )
    assert len(event_files(tmp_path)) == 1


# --- TensorBoard ------------------------------------------------------------------------------------------------------


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(5):
            writer.add_scalar("loss", 1 / (step + 1), step)
        writer.add_event("in the middle", 2)
        writer.add_scalar("loss", 0.1, 5)
    return tmp_path


def test_tensorboards_reader_keeps_every_point_beside_the_events(marked: Path) -> None:
    assert [point.step for point in accumulated(marked).Scalars("loss")] == [0, 1, 2, 3, 4, 5]
