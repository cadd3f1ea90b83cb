"""Snapshots of CUDA memory, with a torch that pretends to have CUDA."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from stepscope.profiler import Profiler  # noqa: E402
from stepscope.profiler.capture import memory_history  # noqa: E402

SNAPSHOT = {"segments": [], "device_traces": []}


class Allocator:
    """What was asked of the allocator."""

    def __init__(self) -> None:
        self.recorded: list[dict[str, Any]] = []
        self.observers: list[Any] = []

    def record(self, **options: Any) -> None:
        self.recorded.append(options)

    def runs_out(self) -> None:
        for observer in self.observers:
            observer(0, 1 << 40, 1 << 30, 0)


@pytest.fixture
def allocator(monkeypatch: pytest.MonkeyPatch) -> Allocator:
    found = Allocator()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda.memory, "_record_memory_history", found.record)
    monkeypatch.setattr(torch.cuda.memory, "_snapshot", lambda: SNAPSHOT)
    monkeypatch.setattr(torch._C, "_cuda_attachOutOfMemoryObserver", found.observers.append, raising=False)
    monkeypatch.setattr(memory_history, "_attached", [])
    return found


def profiler(folder: Path, **options: Any) -> Profiler:
    activities = [torch.profiler.ProfilerActivity.CPU]
    return Profiler(folder, activities=activities, trigger=(), worker="w", **options)


def snapshots(folder: Path, why: str = "") -> list[Any]:
    return [pickle.loads(path.read_bytes()) for path in folder.glob(f"w.*[0-9].{why}memory_snapshot.pickle")]


def test_running_out_of_memory_writes_what_was_in_it(allocator: Allocator, tmp_path: Path) -> None:
    with profiler(tmp_path):
        assert allocator.recorded[0]["max_entries"] == 100_000
        assert snapshots(tmp_path, "oom.") == []
        allocator.runs_out()
        assert snapshots(tmp_path, "oom.") == [SNAPSHOT]
        for _ in range(5):
            allocator.runs_out()
        assert len(snapshots(tmp_path, "oom.")) == 3, "a training that goes on must not fill the disk"
    assert allocator.recorded[-1] == {"enabled": None}
    allocator.runs_out()
    assert len(snapshots(tmp_path, "oom.")) == 3, "nobody records any more"


def test_a_snapshot_goes_with_each_trace_where_it_is_wanted(allocator: Allocator, tmp_path: Path) -> None:
    with profiler(tmp_path, memory_snapshot=True):
        pass
    assert snapshots(tmp_path) == [SNAPSHOT]


def test_the_program_may_ask_for_a_snapshot(allocator: Allocator, tmp_path: Path) -> None:
    with profiler(tmp_path) as running:
        path = running.snapshot()
        assert path is not None
        assert pickle.loads(path.read_bytes()) == SNAPSHOT


def test_a_snapshot_that_fails_does_not_hide_the_error_of_the_allocator(
    allocator: Allocator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise RuntimeError("no memory for that either")

    monkeypatch.setattr(torch.cuda.memory, "_snapshot", fails)
    with pytest.warns(RuntimeWarning, match="no memory for that either"), profiler(tmp_path):
        allocator.runs_out()
    assert snapshots(tmp_path, "oom.") == []


def test_without_cuda_a_snapshot_is_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is CUDA")
    with profiler(tmp_path, memory_snapshot=True) as running:
        assert running.snapshot() is None
    assert "there is no CUDA device" in caplog.text
