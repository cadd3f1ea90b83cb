"""The queue between the training and the disk: what a full one does, and values still on their way from a device."""

from __future__ import annotations

import threading
import time
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from writer_helpers import events, points

from stepscope.logger import SummaryWriter
from stepscope.logger.errors import QueueFull, WriterError
from stepscope.logger.event_files import EventFile
from stepscope.logger.values import PendingArray, array, number


class Gate:
    """Holds the background thread at its next write."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()
        append = EventFile.append

        def held(file: EventFile, records: bytes, *, last_try: bool = False) -> None:
            self.reached.set()
            assert self.open.wait(30)
            append(file, records, last_try=last_try)

        monkeypatch.setattr(EventFile, "append", held)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


def _fill(writer: SummaryWriter, gate: Gate, entries: int) -> None:
    """Entries that wait while the thread is held."""
    for step in range(entries):
        writer.add_scalar("x", 1.0, step)
    assert gate.reached.wait(30)


def test_wait_is_the_default_and_loses_nothing(tmp_path: Path, gate: Gate) -> None:
    writer = SummaryWriter(tmp_path, max_queue=10)
    _fill(writer, gate, 10)
    threading.Timer(0.2, gate.open.set).start()
    started = time.monotonic()
    writer.add_scalar("x", 1.0, 10)
    assert time.monotonic() - started > 0.1, "waited for the thread"
    writer.close()
    assert [step for step, _ in points(tmp_path, "x")] == list(range(11))


def test_drop_counts_and_warns_once(tmp_path: Path, gate: Gate) -> None:
    writer = SummaryWriter(tmp_path, max_queue=10, queue_full="drop")
    _fill(writer, gate, 10)
    with pytest.warns(RuntimeWarning, match="the queue is full, summaries are dropped") as warned:
        for step in range(10, 15):
            writer.add_scalar("x", 1.0, step)
        writer.add_text("t", "text")
    assert len(warned) == 1
    assert writer.file_writer.background.dropped == 6
    gate.open.set()
    writer.close()
    assert [step for step, _ in points(tmp_path, "x")] == list(range(10))


def test_raise(tmp_path: Path, gate: Gate) -> None:
    writer = SummaryWriter(tmp_path, max_queue=10, queue_full="raise")
    _fill(writer, gate, 10)
    with pytest.raises(QueueFull, match="10 summaries wait to be written already"):
        writer.add_scalar("x", 1.0, 10)
    gate.open.set()
    writer.close()
    assert len(points(tmp_path, "x")) == 10


def test_memory_is_bounded_too(tmp_path: Path, gate: Gate) -> None:
    writer = SummaryWriter(tmp_path, queue_bytes=1000, queue_full="raise")
    writer.add_tensor("large", np.zeros(1000))  # larger than the bound: let in when nothing else waits
    with pytest.raises(QueueFull):
        writer.add_tensor("more", np.zeros(10))
    writer.add_scalar("x", 1.0, 1)
    gate.open.set()
    writer.flush()
    writer.add_tensor("more", np.zeros(10))
    writer.close()
    assert [value.tag for event in events(tmp_path) for value in event.summary.value] == ["large", "x", "more"]


@pytest.mark.parametrize("options", [{"queue_full": "explode"}, {"max_queue": 0}])
def test_wrong_options(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="queue"):
        SummaryWriter(tmp_path, **options)


@pytest.mark.parametrize("max_queue", [1, 2, 10])
def test_a_short_queue_works(tmp_path: Path, max_queue: int) -> None:
    with SummaryWriter(tmp_path, max_queue=max_queue) as writer:
        for step in range(200):
            writer.add_scalar("x", 1.0, step)
    assert len(points(tmp_path, "x")) == 200


def test_what_cannot_be_encoded_warns_and_the_rest_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise OverflowError("no PNG today")

    monkeypatch.setattr("stepscope.logger.summaries.image.png", broken)
    with SummaryWriter(tmp_path) as writer:
        with pytest.warns(RuntimeWarning, match=r"lost add_image\('x'\): OverflowError") as warned:
            for step in range(3):
                writer.add_image("x", np.zeros((3, 2, 2)), step)
                writer.add_scalar("s", 1.0, step)
            writer.flush()
        assert len(warned) == 1
    assert len(points(tmp_path, "s")) == 3


def test_warnings_end_somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepscope.logger.summaries.image.png", lambda _: 1 / 0)
    with pytest.warns(RuntimeWarning, match="lost add_image") as warned, SummaryWriter(tmp_path) as writer:
        for index in range(100):
            writer.add_image(f"picture {index}", np.zeros((3, 2, 2)))
    assert 1 < len(warned) <= 20


def test_threads_share_a_writer(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path, max_queue=100) as writer:

        def log(name: str) -> None:
            for step in range(2000):
                writer.add_scalar(name, 1.0, step)

        threads = [threading.Thread(target=log, args=(f"t{index}",)) for index in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for index in range(4):
        assert [step for step, _ in points(tmp_path, f"t{index}")] == list(range(2000))


class FakeEvent:
    """Stands for a CUDA event: done when told so."""

    def __init__(self, blocking: bool = False) -> None:
        self.blocking = blocking
        self.done = threading.Event()
        self.stream: Any = None

    def query(self) -> bool:
        return self.done.is_set()

    def synchronize(self) -> None:
        assert self.done.wait(30)


class FakeCuda:
    """Stands for torch.cuda: remembers what was recorded, and refuses to wait for the device."""

    Event = FakeEvent

    def __init__(self) -> None:
        self.recorded: list[FakeEvent] = []
        self.capturing = False

    def current_stream(self, device: Any) -> Any:
        return types.SimpleNamespace(record_event=self.recorded.append)

    def is_current_stream_capturing(self) -> bool:
        return self.capturing

    def synchronize(self) -> None:
        raise AssertionError("the device must never be waited for")


class FakeCudaTensor(torch.Tensor):
    """A CPU tensor that says it lies on a CUDA device and whose values may only be had by a non-blocking copy."""

    @staticmethod
    def of(value: Any) -> FakeCudaTensor:
        return torch.as_tensor(value, dtype=torch.float32).as_subclass(FakeCudaTensor)

    is_cuda = property(lambda self: True)  # type: ignore[assignment]

    def detach(self) -> FakeCudaTensor:
        return self

    def item(self) -> Any:
        raise AssertionError("item() waits for the device")

    def cpu(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("cpu() waits for the device")

    def to(self, device: str, *, non_blocking: bool) -> torch.Tensor:
        assert device == "cpu" and non_blocking
        return self.as_subclass(torch.Tensor)


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch) -> FakeCuda:
    fake = FakeCuda()
    monkeypatch.setattr(torch, "cuda", fake)
    return fake


def test_a_fake_cuda_scalar_is_read_when_its_copy_is_done(tmp_path: Path, cuda: FakeCuda) -> None:
    writer = SummaryWriter(tmp_path)
    for step in range(3):
        writer.add_scalar("loss", FakeCudaTensor.of(0.5 * step), step)
    assert len(cuda.recorded) == 3 and all(event.blocking for event in cuda.recorded)
    assert points(tmp_path, "loss") == []
    for event in cuda.recorded:
        event.done.set()
    writer.close()
    assert points(tmp_path, "loss") == [(0, 0.0), (1, 0.5), (2, 1.0)]


def test_fake_cuda_arrays_keep_their_shape_and_arrive(tmp_path: Path, cuda: FakeCuda) -> None:
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(ValueError, match=r"expected 3 dimensions \(CHW\), got an array of shape \(2, 2\)"):
            writer.add_image("x", FakeCudaTensor.of([[0.0, 1.0], [1.0, 0.0]]))
        writer.add_image("x", FakeCudaTensor.of([[0.0, 1.0], [1.0, 0.0]]), dataformats="HW")
        writer.add_histogram("h", FakeCudaTensor.of([1.0, 2.0, 3.0]))
        for event in cuda.recorded:
            event.done.set()
    (histogram,) = [value.histo for event in events(tmp_path) for value in event.summary.value if value.tag == "h"]
    assert histogram.sum == 6


def test_a_fake_capturing_stream_is_refused(cuda: FakeCuda) -> None:
    cuda.capturing = True
    with pytest.raises(WriterError, match=r"add_scalar\('x'\): .*capturing a CUDA graph"):
        number("add_scalar('x')", FakeCudaTensor.of(1.0))
    assert not cuda.recorded


def test_pending_arrays_say_what_is_known_before_they_arrive() -> None:
    done = FakeEvent()
    pending = PendingArray(torch.zeros(2, 3), done)
    assert (pending.shape, pending.nbytes, pending.dtype_name, pending.ready) == ((2, 3), 24, "float32", False)
    done.done.set()
    assert pending.ready
    assert np.asarray(pending, np.float64).dtype == np.float64


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_logging_a_cuda_scalar_does_not_wait_for_the_device(tmp_path: Path) -> None:
    matrix = torch.rand(8192, 8192, device="cuda")
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("warm", matrix.sum(), 0)
        writer.flush()
        torch.cuda.synchronize()
        with torch.cuda.graph(torch.cuda.CUDAGraph()), pytest.raises(WriterError, match="capturing"):
            writer.add_scalar("captured", matrix.sum(), 0)
        torch.cuda.set_sync_debug_mode("error")
        try:
            for step in range(20):
                matrix = matrix @ matrix / 4096
                writer.add_scalar("x", matrix.mean(), step)
                writer.add_histogram("h", matrix[0], step)
            behind = torch.cuda.current_stream().query()
        finally:
            torch.cuda.set_sync_debug_mode("default")
        assert not behind, "the device was still at work when the last call returned"
    assert len(points(tmp_path, "x")) == 20


def test_arrays_are_copies() -> None:
    original = np.ones(3)
    taken = array("call", original)
    original[:] = 0
    assert np.asarray(taken).tolist() == [1, 1, 1]
    mixed = array("call", [torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])])
    assert np.asarray(mixed).tolist() == [[1, 2], [3, 4]]
    assert np.asarray(array("call", torch.tensor([1.5], dtype=torch.bfloat16))).dtype == np.float32
    assert np.asarray(array("call", torch.eye(2).to_sparse())).tolist() == [[1, 0], [0, 1]]
    assert np.asarray(array("call", torch.tensor([1 + 2j]).conj())).tolist() == [1 - 2j]
