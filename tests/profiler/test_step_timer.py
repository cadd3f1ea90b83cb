"""StepTimer on the host's clock: what is logged, and what happens when things go wrong."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.profiler import StepTimer


class Notes:
    """A writer that keeps what it is given."""

    def __init__(self) -> None:
        self.points: list[tuple[str, float, int]] = []
        self.wall_times: list[float | None] = []

    def add_scalar(self, tag: str, value: float, step: int, walltime: float | None = None) -> None:
        self.points.append((tag, value, step))
        self.wall_times.append(walltime)

    def of(self, tag: str) -> list[float]:
        return [value for name, value, _ in self.points if name == tag]

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _, _ in self.points}


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def timer(notes: Notes) -> Iterator[StepTimer]:
    with StepTimer(notes, telemetry_hz=0) as timer:
        yield timer


def test_steps_phases_and_rates_are_scalars(tmp_path: Path) -> None:
    with (
        SummaryWriter(tmp_path / "run") as writer,
        StepTimer(
            writer, samples_per_step=32, tokens_per_step=2048, flops_per_step=3e9, peak_flops=1e12, telemetry_hz=0
        ) as t,
    ):
        for _ in t.wrap_loader(range(3)):
            with t.step():
                with t("forward"):
                    time.sleep(0.002)
                with t("backward"):
                    pass
        assert t.clock == "host"
    log = open_logdir(tmp_path)
    figures = {tag: log.scalars("run", tag).value.tolist() for tag in log.tags("run")["scalars"]}
    assert set(figures) == {
        f"perf/{name}"
        for name in (
            "step_ms",
            "host_ms",
            "host_ms/forward",
            "host_ms/backward",
            "data_wait_ms",
            "data_wait_share",
            "samples_per_s",
            "tokens_per_s",
            "flops_per_s",
            "mfu",
        )
    }
    for step in range(3):
        seconds = figures["perf/step_ms"][step] / 1e3
        assert figures["perf/host_ms/forward"][step] >= 2
        assert figures["perf/host_ms"][step] + figures["perf/data_wait_ms"][step] <= seconds * 1e3 * 1.001
        assert figures["perf/samples_per_s"][step] == pytest.approx(32 / seconds, rel=1e-5)
        assert figures["perf/mfu"][step] == pytest.approx(3e9 / seconds / 1e12, rel=1e-5)


def test_the_time_between_steps_belongs_to_the_next_one(notes: Notes, timer: StepTimer) -> None:
    for _ in range(2):
        with timer.step():
            pass
        time.sleep(0.01)
    timer.flush()
    assert notes.of("perf/step_ms")[1] >= 10 > notes.of("perf/host_ms")[1]


def test_waiting_for_data_is_its_share_of_the_step(notes: Notes, timer: StepTimer) -> None:
    def slow() -> Iterator[int]:
        for item in range(3):
            time.sleep(0.02)
            yield item

    for _ in timer.wrap_loader(slow()):
        with timer.step():
            pass
    timer.flush()
    assert all(wait >= 20 for wait in notes.of("perf/data_wait_ms"))
    assert all(0.5 < share <= 1 for share in notes.of("perf/data_wait_share"))


def test_what_comes_between_two_passes_over_the_data_is_no_step_time(notes: Notes, timer: StepTimer) -> None:
    loader = timer.wrap_loader(range(2))
    for _ in range(2):
        for _ in loader:
            with timer.step(samples=1):
                pass
        time.sleep(0.2)  # validation
    timer.flush()
    assert max(notes.of("perf/step_ms")) < 200
    assert min(notes.of("perf/samples_per_s")) > 5


def test_a_pause_is_no_step_time(notes: Notes, timer: StepTimer) -> None:
    for _ in range(2):
        with timer.step():
            pass
        with timer.pause():
            time.sleep(0.2)
            list(timer.wrap_loader("validation"))
    timer.flush()
    assert max(notes.of("perf/step_ms")) < 200
    assert notes.of("perf/data_wait_ms") == [0, 0]


def test_what_is_left_out_twice_counts_once(notes: Notes, timer: StepTimer) -> None:
    loader = timer.wrap_loader(range(2))
    for _ in range(2):
        for _ in loader:
            with timer.step():
                time.sleep(0.01)
        with timer.pause(), timer.pause():
            time.sleep(0.2)
        for _ in timer.wrap_loader("validation"):
            time.sleep(0.1)
    timer.flush()
    assert all(10 <= step < 200 for step in notes.of("perf/step_ms"))


def test_a_wrapped_loader_is_still_the_loader(timer: StepTimer) -> None:
    class Loader(list):
        batch_size = 4

    loader = timer.wrap_loader(Loader("abc"))
    assert (len(loader), loader.batch_size, list(loader), list(loader)) == (3, 4, ["a", "b", "c"], ["a", "b", "c"])
    with pytest.raises(TypeError, match="no len"):
        len(timer.wrap_loader(iter("abc")))


def test_phases_within_phases_are_named_after_both(notes: Notes, timer: StepTimer) -> None:
    with timer.step():
        with timer("forward"):
            for _ in range(2):
                with timer("attention"):
                    time.sleep(0.001)
        with timer("attention"):
            pass
    timer.flush()
    assert {tag for tag in notes.tags if "host_ms/" in tag} == {
        "perf/host_ms/forward",
        "perf/host_ms/forward/attention",
        "perf/host_ms/attention",
    }
    assert notes.of("perf/host_ms/forward/attention")[0] >= 2, "both times"


def test_phases_may_overlap_and_have_any_names(notes: Notes, timer: StepTimer) -> None:
    with timer.step():
        one, other = timer(1), timer("other")
        one.__enter__()
        other.__enter__()
        one.__exit__()
        other.__exit__()
    timer.flush()
    assert {"perf/host_ms/1", "perf/host_ms/1/other"} < notes.tags


def test_phases_of_other_threads_are_of_the_step_that_runs(notes: Notes, timer: StepTimer) -> None:
    def work() -> None:
        with timer("augment"):
            time.sleep(0.001)

    with timer.step(), timer("forward"):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    timer.flush()
    assert {"perf/host_ms/augment", "perf/host_ms/forward"} < notes.tags


def test_a_phase_outside_of_steps_does_nothing(notes: Notes, timer: StepTimer) -> None:
    with timer("evaluation"):
        pass
    timer.flush()
    assert notes.points == []


def test_an_exception_passes_and_its_step_is_not_logged(notes: Notes, timer: StepTimer) -> None:
    for number in range(3):
        try:
            with timer.step(), timer("forward"):
                if number == 1:
                    raise ValueError("a bad batch")
        except ValueError:
            pass
    timer.flush()
    assert [step for tag, _, step in notes.points if tag == "perf/host_ms/forward"] == [0, 2]
    assert timer.failed == 1


def test_every_second_step(notes: Notes) -> None:
    with StepTimer(notes, every=2, telemetry_hz=0) as timer:
        for _ in range(5):
            with timer.step(), timer("forward"):
                pass
    assert [step for tag, _, step in notes.points if tag == "perf/step_ms"] == [0, 2, 4]


def test_steps_may_have_numbers_and_sizes_of_their_own(notes: Notes, timer: StepTimer) -> None:
    with timer.step(1000, samples=8):
        pass
    with timer.step(samples=4):
        pass
    timer.flush()
    assert [step for tag, _, step in notes.points if tag == "perf/samples_per_s"] == [1000, 1001]


def test_a_step_within_a_step_is_told_and_not_timed(notes: Notes, timer: StepTimer) -> None:
    with pytest.warns(RuntimeWarning, match="within another one"), timer.step(), timer.step():
        pass
    timer.flush()
    assert len(notes.of("perf/step_ms")) == 1


def test_percentiles_come_now_and_then(notes: Notes) -> None:
    with StepTimer(notes, telemetry_hz=0, percentiles_every=10) as timer:
        for _ in range(20):
            with timer.step():
                pass
    assert [step for tag, _, step in notes.points if tag == "perf/step_ms_p90"] == [9, 19]
    median, high = notes.of("perf/step_ms_p50")[-1], notes.of("perf/step_ms_p99")[-1]
    assert min(notes.of("perf/step_ms")) <= median <= high <= max(notes.of("perf/step_ms"))


def test_percentiles_are_not_those_of_the_first_steps(notes: Notes) -> None:
    with StepTimer(notes, telemetry_hz=0, percentiles_every=10) as timer:
        for step in range(10):
            with timer.step():
                time.sleep(0.2 * (step == 0))  # compiling
    assert notes.of("perf/step_ms_p99")[0] < 200


def test_points_have_the_wall_time_of_their_step(notes: Notes, timer: StepTimer) -> None:
    before = time.time()
    with timer.step():
        pass
    after = time.time()
    timer.flush()
    assert all(wall is not None and before <= wall <= after for wall in notes.wall_times)


def test_two_timers_on_one_writer_have_tags_of_their_own(notes: Notes) -> None:
    one, other = StepTimer(notes, telemetry_hz=0), StepTimer(notes, prefix="gan/d", telemetry_hz=0)
    with one, other, one.step(), other.step():
        pass
    assert {"perf/step_ms", "gan/d/step_ms"} < notes.tags


def test_a_writer_that_was_closed_is_left_closed(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    timer = StepTimer(writer, telemetry_hz=0)
    writer.close()
    with timer.step():
        pass
    with pytest.warns(RuntimeWarning, match="writer was closed before the timer: steps from 0"):
        timer.close()
    assert len(list(tmp_path.iterdir())) == 1


def test_a_writer_that_raises_costs_the_figures_not_the_training() -> None:
    class Broken:
        def add_scalar(self, *_: object) -> None:
            raise OSError("disk full")

    with pytest.warns(RuntimeWarning, match="disk full"), StepTimer(Broken(), telemetry_hz=0) as timer:
        for _ in range(3):
            with timer.step():
                pass


@pytest.mark.parametrize("wrong", [{"every": 0}, {"telemetry_hz": 50}, {"max_pending": 0}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(wrong))}.*got"):
        StepTimer(Notes(), **wrong)


def test_nothing_is_lost_at_the_end_of_the_program(tmp_path: Path) -> None:
    code = (
        "import sys; from stepscope.logger import SummaryWriter; from stepscope.profiler import StepTimer\n"
        "t = StepTimer(SummaryWriter(sys.argv[1]))\n"
        "for _ in range(7):\n    with t.step(), t('forward'): pass\n"
        "assert 'torch' not in sys.modules and 'numba' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code, str(tmp_path)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(open_logdir(tmp_path).scalars(".", "perf/host_ms/forward").value) == 7


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_goes_on_alone(notes: Notes, timer: StepTimer) -> None:
    def child(results: multiprocessing.SimpleQueue) -> None:
        with timer.step(5):
            pass
        timer.flush()
        results.put([step for tag, _, step in notes.points if tag == "perf/step_ms"])

    with timer.step(0):
        context = multiprocessing.get_context("fork")
        results = context.SimpleQueue()
        process = context.Process(target=child, args=(results,))
        process.start()
        process.join(20)
    assert results.get() == [5], "the open step is the parent's"
    timer.flush()
    assert [step for tag, _, step in notes.points if tag == "perf/step_ms"] == [0]
