"""StepTimer on the GPU's clock: times come later, from events that are used again, and nothing waits for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from fake_cuda import FakeCuda
from test_step_timer import Notes

from stepscope.profiler import StepTimer
from stepscope.profiler.capture.device_clock import ClockSearch, CudaClock

Make = Callable[..., StepTimer]


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch) -> FakeCuda:
    fake = FakeCuda()
    monkeypatch.setattr(ClockSearch, "look", lambda self: CudaClock(fake, 0, self.max_pending))
    return fake


@pytest.fixture
def notes() -> Notes:
    return Notes()


def timer_of(notes: Notes, **options: Any) -> StepTimer:
    return StepTimer(notes, telemetry_hz=0, **options)


def busy(microseconds: float) -> None:
    """What a launch costs the host: two marks further apart than this are two marks."""
    end = time.perf_counter_ns() + microseconds * 1000
    while time.perf_counter_ns() < end:
        pass


def train(timer: StepTimer, cuda: FakeCuda, forward: float = 3, backward: float = 5) -> None:
    with timer.step():
        with timer("forward"):
            cuda.work(forward)
            busy(10)
        with timer("backward"):
            cuda.work(backward)
            busy(10)


def test_times_come_when_the_device_has_got_there(cuda: FakeCuda, notes: Notes) -> None:
    timer = timer_of(notes)
    for _ in range(3):
        train(timer, cuda)
        timer.flush()
    assert notes.points == [], "the device has done nothing yet"
    assert timer.clock == "cuda"
    cuda.catch_up()
    timer.flush()
    assert notes.of("perf/gpu_ms/forward") == [3, 3, 3]
    assert notes.of("perf/gpu_ms/backward") == [5, 5, 5]
    assert notes.of("perf/gpu_ms") == [8, 8, 8]
    assert cuda.waits == 0
    timer.close()


def test_only_close_waits(cuda: FakeCuda, notes: Notes) -> None:
    timer = timer_of(notes)
    for _ in range(10):
        train(timer, cuda)
    timer.flush()
    assert cuda.waits == 0
    timer.close()
    assert cuda.waits > 0
    assert len(notes.of("perf/gpu_ms")) == 10


def test_the_device_idles_between_steps(cuda: FakeCuda, notes: Notes) -> None:
    timer = timer_of(notes)
    for _ in range(3):
        train(timer, cuda)
        cuda.work(2)  # nothing of a step
    timer.close()
    assert notes.of("perf/gpu_idle_ms") == [2, 2]


def test_the_lag_is_how_far_the_device_is_behind(cuda: FakeCuda, notes: Notes) -> None:
    timer = timer_of(notes)
    for _ in range(4):
        train(timer, cuda, forward=0.01, backward=400)
    timer.close()
    lags = notes.of("perf/device_lag_ms")
    # The first step found the device idle; each leaves it nearly 400 ms further behind.
    assert lags == sorted(lags)
    assert lags[-1] == pytest.approx(1600, rel=0.1)


def test_events_are_used_again(cuda: FakeCuda, notes: Notes) -> None:
    timer = timer_of(notes)
    for _ in range(100):
        train(timer, cuda)
        cuda.catch_up()
    timer.close()
    assert cuda.recorded >= 300
    assert cuda.made <= 50, "of a batch of steps"


def test_phases_one_after_another_share_a_mark(cuda: FakeCuda, notes: Notes) -> None:
    timer = timer_of(notes)
    marks = []
    for _ in range(20):
        before = cuda.recorded
        with timer.step():
            for name in "abcd":
                with timer(name):
                    cuda.work(1)
                    busy(10)
        marks.append(cuda.recorded - before)
    assert min(marks) == 5, "more only where something came between two of them"
    timer.close()
    assert {value for name in "abcd" for value in notes.of(f"perf/gpu_ms/{name}")} == {1}


def test_steps_beyond_the_bound_have_host_times_only_and_are_counted(cuda: FakeCuda, notes: Notes) -> None:
    timer = timer_of(notes, max_pending=4)
    for _ in range(10):
        train(timer, cuda)
    assert timer.dropped == 6
    cuda.catch_up()
    train(timer, cuda)
    assert timer.dropped == 6, "there is room again"
    timer.close()
    assert len(notes.of("perf/host_ms")) == 11
    assert notes.of("perf/gpu_ms") == [8] * 5
    assert len(notes.of("perf/gpu_idle_ms")) == 3, "not across the steps that were dropped"


def test_a_graph_being_captured_is_left_alone(cuda: FakeCuda, notes: Notes) -> None:
    timer = timer_of(notes)
    train(timer, cuda)
    cuda.catch_up()
    with timer.step(), timer("forward"):
        cuda.capturing = True
        with timer("captured"):
            busy(10)
        timer.flush()
        cuda.capturing = False
    train(timer, cuda)
    timer.close()
    assert len(notes.of("perf/host_ms")) == 3
    assert notes.of("perf/gpu_ms") == [8, 8]


def test_a_step_that_raises_gives_its_events_back(cuda: FakeCuda, notes: Notes) -> None:
    timer = timer_of(notes)
    for number in range(50):
        with pytest.raises(ValueError) if number % 2 else timer("nothing"), timer.step(), timer("forward"):
            cuda.work(1)
            if number % 2:
                raise ValueError
        cuda.catch_up()
    timer.close()
    assert len(notes.of("perf/gpu_ms")) == 25
    assert cuda.made < 40  # those of 25 steps that raised would be 75; how soon the others are free again varies


def test_phases_on_other_streams_are_waited_for(cuda: FakeCuda, notes: Notes) -> None:
    timer = timer_of(notes)
    with timer.step():
        cuda.stream = "side"
        with timer("copy"):
            cuda.work(2)
            busy(10)
        cuda.stream = "stream 7"
    cuda.catch_up()
    timer.flush()
    assert notes.of("perf/gpu_ms/copy") == [2]
    assert cuda.waits == 0


def test_a_device_that_fails_ends_its_times_alone(cuda: FakeCuda, notes: Notes) -> None:
    timer = timer_of(notes)
    train(timer, cuda)
    cuda.broken = True
    with pytest.warns(RuntimeWarning, match="only the host is: CUDA error: device-side assert"):
        train(timer, cuda)
        train(timer, cuda)
        timer.close()
    assert len(notes.of("perf/host_ms")) == 3


def test_the_peak_of_a_known_device_is_known(cuda: FakeCuda, notes: Notes) -> None:
    timer = timer_of(notes, flops_per_step=1e9)
    train(timer, cuda)
    timer.close()
    assert notes.of("perf/mfu")[0] == pytest.approx(notes.of("perf/flops_per_s")[0] / 989.4e12)


def test_no_cuda_is_set_up_for_the_timers_sake() -> None:
    torch = pytest.importorskip("torch")
    if torch.cuda.is_initialized():
        pytest.skip("CUDA is in use")
    assert ClockSearch(None, 64).look() is None
    assert ClockSearch("cpu", 64).look() is None
    assert not torch.cuda.is_initialized()
