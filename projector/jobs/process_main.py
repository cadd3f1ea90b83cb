"""What a worker process runs: it makes itself ready, then takes tasks from its standard input, one after the other.

It ends when its input does: that is when its parent went away, even by a signal that nobody can catch.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import struct
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from typing import IO, Any

__all__ = ["main", "read_message", "write_message"]

_LENGTH = struct.Struct("<Q")
_NICE = 10  # training runs on the same machine come first


def main() -> None:
    """Messages come pickled: what makes it ready (a function or None), then (function, args) for each task."""
    orders, answers = sys.stdin.buffer, _take_output()
    _step_back()
    warnings.simplefilter("ignore")  # of engines, in nobody's terminal
    messages: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders, messages), name="parent", daemon=True).start()
    with contextlib.suppress(BrokenPipeError):  # nobody wants anything from it any more
        ready = pickle.loads(messages.get())
        if ready is not None:
            with contextlib.suppress(Exception):  # the task says it in a sentence
                ready()
        write_message(answers, None)
        while True:
            function, args = pickle.loads(messages.get())
            with _ending_with_parent(orders):
                answer = _answer(function, args)
            write_message(answers, (*answer, _memory()))


def _listen(orders: IO[bytes], messages: queue.SimpleQueue[bytes]) -> None:
    try:
        while True:
            messages.put(read_message(orders))
    except EOFError:
        os._exit(0)


def read_message(stream: IO[bytes]) -> bytes:
    """Raises EOFError when the other side is gone."""
    length = _LENGTH.unpack(_exactly(stream, _LENGTH.size))[0]
    return _exactly(stream, length)


def write_message(stream: IO[bytes], value: Any) -> None:
    """Raises OSError when the other side is gone, and whatever pickle does."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _take_output() -> IO[bytes]:
    """Standard output as it was; what libraries print goes to the terminal's error output instead."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _step_back() -> None:
    """Others come first with the processor, and this is the first to go when memory runs out."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICE)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("600")


@contextlib.contextmanager
def _ending_with_parent(orders: IO[bytes]) -> Iterator[None]:
    """During a task nothing comes on the input but its end.

    Where the kernel can send a signal on that (Linux), it ends the process even in the midst of compiled code, when the
    thread that listens gets no turn.
    """
    try:
        import fcntl

        flags = fcntl.fcntl(orders, fcntl.F_GETFL)
        signal.signal(signal.SIGIO, signal.SIG_DFL)  # which ends the process
        fcntl.fcntl(orders, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(orders, fcntl.F_SETFL, flags | os.O_ASYNC)
    except (ImportError, OSError, AttributeError):
        yield
        return
    try:
        yield
    finally:
        fcntl.fcntl(orders, fcntl.F_SETFL, flags)


def _memory() -> int:
    """The most bytes it ever had; 0 where the system does not tell."""
    with contextlib.suppress(OSError, StopIteration), open("/proc/self/status") as status:
        # Linux hands the mark of `getrusage` on to whom a process starts: a large parent's would be ours.
        return int(next(line for line in status if line.startswith("VmHWM:")).split()[1]) * 1024
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _answer(function: Any, args: tuple[Any, ...]) -> tuple[bool, Any]:
    """(whether it went well, the value or the error)."""
    try:
        return True, function(*args)
    except BaseException as error:
        traceback.print_exc()
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:
            return False, RuntimeError(f"{type(error).__name__}: {error}")
        return False, error
