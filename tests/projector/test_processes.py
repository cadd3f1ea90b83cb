"""Worker processes: one for each task under way, ended at any time, gone with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from toy_work import fail, process_of, sleep_for_ever

from stepscope.projector.jobs import process_main
from stepscope.projector.jobs.processes import ProcessExecutor, WorkerDied, WorkerKilled


def is_there(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.01)


@pytest.fixture
def executor() -> Iterator[ProcessExecutor]:
    made = ProcessExecutor()
    yield made
    made.shutdown(cancel_futures=True)


def test_a_task_runs_in_another_process_and_its_errors_come_back(executor: ProcessExecutor) -> None:
    assert executor.submit(process_of).result(30) != os.getpid()
    with pytest.raises(KeyError, match="nothing here"):
        executor.submit(fail).result(30)


def test_a_process_is_used_again_by_the_next_task(executor: ProcessExecutor) -> None:
    assert executor.submit(process_of).result(30) == executor.submit(process_of).result(30)


def test_a_process_counts_its_own_memory_not_that_of_who_started_it(executor: ProcessExecutor) -> None:
    large = bytearray(b"x") * 300_000_000
    assert executor.submit(process_main._memory).result(30) < len(large)


def test_a_killed_task_leaves_no_process(executor: ProcessExecutor) -> None:
    future = executor.submit(sleep_for_ever)
    pid = executor.pid(future)
    assert pid is not None and executor.kill(future)
    with pytest.raises(WorkerKilled):
        future.result(10)
    assert not is_there(pid)


def test_a_process_that_somebody_else_kills_is_told_in_a_sentence(executor: ProcessExecutor) -> None:
    future = executor.submit(sleep_for_ever)
    os.kill(executor.pid(future) or 0, signal.SIGKILL)
    with pytest.raises(WorkerDied, match="was killed: by somebody, or by the system because memory ran out"):
        future.result(10)


def test_a_worker_imports_nothing_from_the_folder_it_is_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, executor: ProcessExecutor
) -> None:
    for name in ("json", "pickle", "struct", "queue"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('run by a worker')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    assert executor.submit(process_of).result() != os.getpid()


def test_workers_come_after_everybody_else(executor: ProcessExecutor) -> None:
    future = executor.submit(sleep_for_ever)
    pid = executor.pid(future) or 0
    wait_until(lambda: os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0))


PARENT = """
import sys, time
sys.path.insert(0, {tests!r})
from toy_work import hold_the_interpreter
from stepscope.projector.jobs.processes import ProcessExecutor
executor = ProcessExecutor()
print(executor.pid(executor.submit(hold_the_interpreter, {begun!r})), flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has to notice it")
def test_a_worker_ends_with_its_parent_even_when_that_is_killed(tmp_path: Path) -> None:
    """In the midst of compiled code as well."""
    begun = tmp_path / "begun"
    code = PARENT.format(tests=str(Path(__file__).parent), begun=str(begun))
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
    wait_until(begun.exists)
    assert is_there(pid)
    parent.kill()
    parent.wait()
    wait_until(lambda: not is_there(pid), 5)
