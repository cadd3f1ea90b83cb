"""A CUDA that does its work when it is told to: what StepTimer sees of torch.cuda, and a count of all waiting."""

from __future__ import annotations

from typing import Any


class FakeCuda:
    """`work(ms)` is launched, `catch_up()` lets the device do all of it. Times of the device are ms."""

    def __init__(self, name: str = "NVIDIA H100 80GB HBM3") -> None:
        self.name = name
        self.queued = self.reached = 0.0
        self.waits = 0  # calls of synchronize
        self.made = 0  # events
        self.recorded = 0
        self.capturing = False
        self.broken = False
        self.stream: object = "stream 7"

    def work(self, ms: float) -> None:
        self.queued += ms

    def catch_up(self) -> None:
        self.reached = self.queued

    def get_device_name(self, device: int) -> str:
        return self.name

    def current_stream(self, device: int) -> object:
        return self.stream

    def is_current_stream_capturing(self) -> bool:
        self.check()
        return self.capturing

    def check(self) -> None:
        """After an error on the device every call raises it again."""
        if self.broken:
            raise RuntimeError("CUDA error: device-side assert triggered")

    def Event(self, enable_timing: bool) -> FakeEvent:
        assert enable_timing
        self.made += 1
        return FakeEvent(self)


class FakeEvent:
    def __init__(self, cuda: FakeCuda) -> None:
        self.cuda = cuda
        self.at: float | None = None

    def record(self, stream: Any) -> None:
        assert not self.cuda.capturing, "an event in a captured graph"
        self.cuda.check()
        self.at = self.cuda.queued
        self.cuda.recorded += 1

    def query(self) -> bool:
        assert not self.cuda.capturing, "a query breaks a capture"
        assert self.at is not None
        return self.at <= self.cuda.reached

    def elapsed_time(self, end: FakeEvent) -> float:
        if not (self.query() and end.query()):
            raise RuntimeError("CUDA error: device not ready")
        assert self.at is not None and end.at is not None
        return end.at - self.at

    def synchronize(self) -> None:
        self.cuda.waits += 1
        self.cuda.catch_up()
