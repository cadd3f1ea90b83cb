"""The dashboard and TensorBoard as processes: started on a logdir, awaited, ended."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SERVERS = ("stepscope", "tensorboard")
_POLL = 0.005  # s between two tries
_TIMEOUT = 300.0  # s


@contextmanager
def running(server: str, logdir: Path, *, environment: Mapping[str, str] | None = None) -> Iterator[tuple[str, float]]:
    """Run one of SERVERS and yield its URL and the seconds from the start of the process to its first answer 200.

    Ours keeps its index in a folder of its own that is removed afterwards, so that nothing is left from an earlier run.
    """
    port = _free_port()
    scratch = tempfile.mkdtemp()
    command = [
        _script("dashboard" if server == "stepscope" else "tensorboard"),
        "--logdir",
        str(logdir),
        "--port",
        str(port),
    ]
    if server == "stepscope":
        command += ["--index-dir", scratch]
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
    )
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_until(lambda: _answers(url, process), f"first answer of {server}")
        yield url, time.perf_counter() - start
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(scratch, ignore_errors=True)


def wait_loaded(server: str, url: str, runs: int, tag: str, last_step: int) -> None:
    """Wait until the server has read all of `runs` runs, the last step of `tag` included."""
    if server == "stepscope":
        wait_until(lambda: _get(f"{url}api/status")["ready"], "the dashboard to be ready")
    else:
        wait_until(lambda: _tensorboard_has(url, runs, tag, last_step), "TensorBoard to have loaded", poll=0.5)


def wait_until(condition: Callable[[], bool], what: str, *, poll: float = _POLL) -> None:
    """Poll a condition; TimeoutError that names `what` after some minutes."""
    deadline = time.monotonic() + _TIMEOUT
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {_TIMEOUT:.0f} s for {what}")
        time.sleep(poll)


def server_resident_bytes() -> float:
    """Memory of the one dashboard that this process has started (Linux)."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    (server,) = (pid for pid in children if b"dashboard" in Path(f"/proc/{pid}/cmdline").read_bytes())
    return float(Path(f"/proc/{server}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _tensorboard_has(url: str, runs: int, tag: str, last_step: int) -> bool:
    names = _get(f"{url}data/runs")
    if len(names) < runs:
        return False
    form = urllib.parse.urlencode([("tag", tag), *(("runs", name) for name in names)]).encode()
    series = _get(f"{url}data/plugin/scalars/scalars_multirun", form)
    return len(series) == runs and all(points[-1][1] == last_step for points in series.values())


def _answers(url: str, process: subprocess.Popen) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"{process.args[0]} ended with {process.returncode} before it answered")
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _get(url: str, form: bytes | None = None) -> object:
    with urllib.request.urlopen(url, form, timeout=60) as answer:
        return json.load(answer)


def _script(name: str) -> str:
    """A console command of the running Python's environment."""
    path = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if path is None:
        raise FileNotFoundError(f"the command {name} is not installed beside {sys.executable}")
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
