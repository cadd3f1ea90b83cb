"""What a worker process runs: it makes itself ready, takes one task from its standard input, answers, and ends.

It ends as well when its input does: that is when its parent went away, even by a signal that nobody can catch.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import sys
import threading
import traceback
import warnings
from typing import IO, Any

__all__ = ["main", "read_message", "write_message"]

_LENGTH = struct.Struct("<Q")
_NICE = 10  # training runs on the same machine come first


def main() -> None:
    """Needs pickled messages on standard input: what makes it ready (function or None), then (function, args)."""
    orders, answers = sys.stdin.buffer, _take_output()
    _step_back()
    warnings.simplefilter("ignore")  # of engines, in nobody's terminal
    try:
        ready = pickle.loads(read_message(orders))
        if ready is not None:
            with contextlib.suppress(Exception):  # the task says it in a sentence
                ready()
        write_message(answers, None)
        function, args = pickle.loads(read_message(orders))
    except (EOFError, BrokenPipeError):  # nobody wants anything from it any more
        return
    _end_with_parent(orders)
    write_message(answers, _answer(function, args))


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


def _end_with_parent(orders: IO[bytes]) -> None:
    """From now on nothing comes on the input but its end.

    Where the kernel can send a signal on that (Linux), it does, even in the midst of compiled code; a thread looks
    everywhere else.
    """

    def watch() -> None:
        orders.read(1)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import fcntl

        signal.signal(signal.SIGIO, signal.SIG_DFL)  # which ends the process
        fcntl.fcntl(orders, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(orders, fcntl.F_SETFL, fcntl.fcntl(orders, fcntl.F_GETFL) | os.O_ASYNC)


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
