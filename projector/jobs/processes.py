"""An executor of processes, one for each task under way, which can be ended at any time."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, TypeVar

from .process_main import read_message, write_message

__all__ = ["ProcessExecutor", "WorkerDied", "WorkerKilled"]

# The first entry is the folder it is started in: that may be a log of anybody's, with a module of some library's name.
_START = "import sys; sys.path[:] = sys.argv[1:]; from {module} import main; main()"
_FIT_BYTES = 1 << 30  # that a process may have taken to be used again
_SPARE_SECONDS = 600.0  # that a process waits for a task before it goes; it takes memory

T = TypeVar("T")


class WorkerDied(BrokenExecutor):
    """The process of a task ended without an answer; the text says how."""


class WorkerKilled(WorkerDied):
    """It was ended because somebody asked for it."""


class ProcessExecutor(Executor):
    """Every task begins at once in a process that has no other; who submits bounds how many.

    Functions and arguments are pickled; the function must be importable. The main script is not imported in the
    process, so it needs no `if __name__ == "__main__"`. Processes have a low priority and end with this one, even when
    it is killed.

    ready   called in a process that `prestart` starts ahead of its task: imports, compiled code
    """

    def __init__(self, ready: Callable[[], object] | None = None) -> None:
        self._ready = ready
        self._lock = threading.Lock()
        self._spare: _Process | None = None
        self._clock: threading.Timer | None = None  # looks after the spare process
        self._running: dict[Future[Any], _Process] = {}
        self._closed = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """As `Executor.submit`, without keyword arguments for the function."""
        if kwargs:
            raise TypeError(f"submit: keyword arguments are not passed on, got {', '.join(kwargs)}")
        task = (fn, args)
        pickle.dumps(task)  # a mistake is said here, not in another thread
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the executor was shut down: it takes no tasks")
            process, self._spare = self._spare or _Process(None), None
            self._running[future] = process
        future.set_running_or_notify_cancel()
        threading.Thread(target=self._wait, args=(future, process, task), name="worker", daemon=True).start()
        return future

    def kill(self, future: Future[Any]) -> bool:
        """End the process of a task now; its future raises WorkerKilled. False when it had ended."""
        with self._lock:
            process = self._running.get(future)
        if process is None:
            return False
        process.kill()
        return True

    def pid(self, future: Future[Any]) -> int | None:
        """The process of a task; None when it has ended."""
        with self._lock:
            process = self._running.get(future)
        return None if process is None else process.pid

    def prestart(self) -> None:
        """Have a process ready for the next task; returns at once."""
        with self._lock:
            if self._spare is not None and self._spare.is_alive:
                return
            if not self._closed:
                self._keep(_Process(self._ready))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks. With `cancel_futures` those under way are ended; without they go on to their end."""
        with self._lock:
            self._closed = True
            spare, self._spare = self._spare, None
            if self._clock is not None:
                self._clock.cancel()
            running = dict(self._running)
        if spare is not None:
            spare.end()
        if cancel_futures:
            for process in running.values():
                process.kill()
        if wait:
            for future in running:
                with contextlib.suppress(Exception):
                    future.exception()

    def _wait(self, future: Future[Any], process: _Process, task: Any) -> None:
        try:
            went_well, value = process.run(task)
        except BaseException as error:
            went_well, value = False, error
        with self._lock:
            self._running.pop(future, None)
            stays = process.is_fit and self._spare is None and not self._closed
            if stays:
                self._keep(process)
        if not stays:
            process.end()
        if went_well:
            future.set_result(value)
        else:
            future.set_exception(value)

    def _keep(self, process: _Process) -> None:
        """It is for the next task. Under the lock."""
        self._spare = process
        if self._clock is None:
            self._wind(_SPARE_SECONDS)

    def _wind(self, seconds: float) -> None:
        self._clock = threading.Timer(seconds, self._drop)
        self._clock.daemon = True
        self._clock.start()

    def _drop(self) -> None:
        """End a process that nobody needed for long."""
        with self._lock:
            self._clock = None
            spare = self._spare
            if spare is None:
                return
            left = spare.used_at + _SPARE_SECONDS - time.monotonic()
            if left > 0:
                self._wind(left)
                return
            self._spare = None
        spare.end()


class _Process:
    """One process that makes itself ready and takes tasks, one at a time.

    used_at  when its last task ended, or it began; on the monotonic clock
    is_fit   whether it may have another task
    """

    def __init__(self, ready: Callable[[], object] | None) -> None:
        code = _START.format(module=read_message.__module__)
        self._killed = False
        self._is_ready = False
        self.is_fit = True
        self.used_at = time.monotonic()
        self._popen = subprocess.Popen(
            [sys.executable, "-c", code, *(entry or os.getcwd() for entry in sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal is for the parent; and all of it can be ended at once
        )
        with contextlib.suppress(OSError):  # it is gone already: said when it gets a task
            write_message(self._input, ready)

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def is_alive(self) -> bool:
        return self._popen.poll() is None

    @property
    def _input(self) -> Any:
        return self._popen.stdin

    def run(self, task: Any) -> tuple[bool, Any]:
        """(whether it went well, its value or error). Raises WorkerDied."""
        output: Any = self._popen.stdout
        try:
            write_message(self._input, task)
            if not self._is_ready:
                read_message(output)
                self._is_ready = True
            went_well, value, memory = pickle.loads(read_message(output))
        except (EOFError, OSError):
            raise self._death() from None
        self.used_at = time.monotonic()
        self.is_fit = memory < _FIT_BYTES and not self._killed
        return went_well, value

    def kill(self) -> None:
        """End it and what it started; nothing if it has ended."""
        self._killed = True
        if self._popen.poll() is None:
            with contextlib.suppress(OSError):
                if hasattr(os, "killpg"):
                    os.killpg(self._popen.pid, signal.SIGKILL)
                else:
                    self._popen.kill()
        self._popen.wait()

    def end(self) -> None:
        """As `kill`, for who holds it last: closes its pipes as well."""
        self.kill()
        for pipe in (self._popen.stdin, self._popen.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def _death(self) -> WorkerDied:
        self.is_fit = False
        killed, code = self._killed, self._popen.wait()
        if killed:
            return WorkerKilled("the worker process was ended")
        if code == -getattr(signal, "SIGKILL", 9):
            reason = "was killed: by somebody, or by the system because memory ran out"
        elif code < 0:
            reason = f"was ended by {signal.Signals(-code).name}"
        else:
            reason = f"ended with exit code {code}"
        return WorkerDied(f"the worker process {reason}; start it again, with fewer points where memory is short")
