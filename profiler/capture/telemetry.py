"""What the GPUs and the machine do meanwhile, a few times a second from a thread of its own."""

from __future__ import annotations

import logging
import os
import sys
import threading
import weakref
from collections.abc import Callable, Iterable
from typing import Any

from .publisher import is_closed

__all__ = ["Telemetry"]

_log = logging.getLogger("stepscope")
# One for each writer: a second timer must not log the same figures again.
_served: weakref.WeakSet[Any] = weakref.WeakSet()

Figures = Iterable[tuple[str, float]]


class Telemetry:
    """Logs `gpu/<i>/…` and `host/…` as scalars `hz` times a second, until it is closed or the writer is.

    GPUs need the package nvidia-ml-py, the host psutil. What is missing is told in one line of the log "stepscope";
    nothing here raises. `step` is what the scalars are logged at, `device` the only GPU of interest once it is known.
    """

    def __init__(self, writer: Any, *, hz: float = 1.0) -> None:
        self.step = 0
        self.device: int | None = None
        self._writer = writer
        self._seconds = 1.0 / hz
        self._stopping = threading.Event()
        self._pid = os.getpid()
        self._thread: threading.Thread | None = None
        if _claim(writer):
            self._thread = threading.Thread(target=self._run, name="stepscope telemetry", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread soon."""
        self._stopping.set()

    def close(self) -> None:
        """End the thread."""
        self.stop()
        if self._thread is not None and self._pid == os.getpid():
            self._thread.join(2)
            _served.discard(self._writer)

    def _run(self) -> None:
        sources = [source for source in (_gpus(self), _host()) if source is not None]
        while sources and not self._stopping.wait(self._seconds) and not sys.is_finalizing():
            if is_closed(self._writer):
                return
            for source in list(sources):
                try:
                    for tag, value in source():
                        self._writer.add_scalar(tag, value, self.step)
                except Exception as error:  # a driver that was unloaded, a writer that refuses
                    _log.warning("telemetry: some figures are no longer taken: %r", error)
                    sources.remove(source)


def _claim(writer: Any) -> bool:
    try:
        if writer in _served:
            return False
        _served.add(writer)
    except TypeError:  # cannot be referred to weakly: nothing is known of other timers
        pass
    return True


def _gpus(telemetry: Telemetry) -> Callable[[], Figures] | None:
    from .nvml import Gpus

    try:
        return Gpus(lambda: telemetry.device).figures
    except ImportError:
        _log.info("telemetry: no figures of GPUs, the package nvidia-ml-py is not installed")
    except Exception as error:  # no driver, no GPU, no permission
        _log.info("telemetry: no figures of GPUs: %s", error)
    return None


def _host() -> Callable[[], Figures] | None:
    from .host_load import HostLoad

    try:
        return HostLoad().figures
    except ImportError:
        _log.info("telemetry: no figures of the host, the package psutil is not installed")
    except Exception as error:
        _log.info("telemetry: no figures of the host: %s", error)
    return None
