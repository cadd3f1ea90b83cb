"""A copy of the process beside the training: what it must not do to it, and what comes of it in the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from test_add_graph import logged
from torch import nn

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.graphs.forked_work import ForkedWork, can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="processes are forked on Linux alone")


def test_without_another_process_the_graph_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fork() -> int:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)
    with SummaryWriter(tmp_path) as writer:
        writer.add_graph(nn.Linear(2, 2), torch.ones(1, 2))
        before = os.listdir("/proc/self/fd")
        writer.add_graph(nn.Linear(2, 2), torch.ones(1, 2))
        deadline = time.monotonic() + 20
        while len(os.listdir("/proc/self/fd")) > len(before):  # threads open files for a moment, too
            assert time.monotonic() < deadline, "pipes stayed open"
            time.sleep(0.01)
    assert "no process could be made for it" in logged(tmp_path, "graph").notes[-1]


def test_hooks_log_nothing_from_the_copy(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(2, 2))
    with SummaryWriter(tmp_path) as writer:
        model[0].register_forward_hook(lambda *_: writer.add_scalar("calls", 1.0, 1))
        writer.add_graph(model, torch.ones(1, 2), export_limit=60)
    assert len(list(tmp_path.iterdir())) == 1
    log = open_logdir(tmp_path)
    assert len(log.scalars(log.runs[0], "calls")) == 1
    assert "From torch.export" in logged(tmp_path, "graph/aten").notes[0]


def test_a_program_that_ends_without_close_has_the_whole_graph(tmp_path: Path) -> None:
    lines = [
        "import torch",
        "from stepscope.logger import SummaryWriter",
        f"writer = SummaryWriter({str(tmp_path)!r})",
        "writer.add_graph(torch.nn.Linear(2, 2), torch.ones(1, 2), export_limit=60)",
    ]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True, timeout=120)
    assert "From torch.export" in logged(tmp_path, "graph/aten").notes[0]


def test_the_copy_ends_with_the_training_and_leaves_no_zombie() -> None:
    lines = [
        "import os, time",
        "from stepscope.logger.graphs.forked_work import ForkedWork",
        "def work(send): send(str(os.getpid()).encode()); time.sleep(60)",
        "ForkedWork(work, 60, lambda result, _: print(result.decode(), flush=True))",
    ]
    with subprocess.Popen([sys.executable, "-c", "\n".join(lines)], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        child = int(program.stdout.readline())
        program.kill()
    deadline = time.monotonic() + 20
    while _is_running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_running(child)


def _is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_signals_do_not_run_the_handlers_of_the_program(tmp_path: Path) -> None:
    def work(send: Callable[[bytes], None]) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)

    before = signal.signal(signal.SIGTERM, lambda *_: (tmp_path / "checkpoint").touch())
    told: list[str] = []
    try:
        ForkedWork(work, 30, lambda _, failure: told.append(failure)).join()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert told == ["its process ended without a result"] and not (tmp_path / "checkpoint").exists()


def test_an_error_of_whom_a_result_is_for_ends_no_thread_early() -> None:
    def refuse(result: bytes, failure: str) -> None:
        raise OSError("the disk is gone")

    work = ForkedWork(lambda send: send(b"one"), 30, refuse)
    work.wait_for_first()
    work.join()
    assert work.is_done


def test_many_graphs_at_once_share_a_few_processes(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for number in range(6):
            writer.add_graph(nn.Linear(2, 2), torch.ones(1, 2), tag=f"graph {number}", export_limit=60)
            assert len(writer._unfinished) <= 4
    log = open_logdir(tmp_path)
    assert all(len(log.graphs(log.runs[0], f"graph {number}/aten")) == 2 for number in range(6))
