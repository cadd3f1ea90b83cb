"""CPU, memory, disk and network of this process and its machine, through psutil."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

__all__ = ["HostLoad"]


class HostLoad:
    """Raises ImportError without psutil."""

    def __init__(self) -> None:
        import psutil

        self._psutil = psutil
        self._process = psutil.Process()
        # Shares of CPU are of the time between two calls; the first call has none to tell.
        psutil.cpu_percent()
        self._process.cpu_percent()
        self._rates = {"disk": _Rate(), "network": _Rate()}

    def figures(self) -> Iterator[tuple[str, float]]:
        """(tag, value): percent (100 is one core for the process, all cores for the machine), MiB, MiB/s."""
        yield "host/cpu_percent", self._psutil.cpu_percent()
        yield "host/process_cpu_percent", self._process.cpu_percent()
        yield "host/process_rss_mib", self._process.memory_info().rss / 2**20
        yield "host/memory_percent", self._psutil.virtual_memory().percent
        disk = self._psutil.disk_io_counters()  # None in some containers
        if disk is not None:
            yield from self._rates["disk"].of("host/disk", read=disk.read_bytes, write=disk.write_bytes)
        network = self._psutil.net_io_counters()
        if network is not None:
            yield from self._rates["network"].of("host/network", received=network.bytes_recv, sent=network.bytes_sent)


class _Rate:
    """Counters of bytes → MiB a second since the last time."""

    def __init__(self) -> None:
        self._last: tuple[float, dict[str, Any]] | None = None

    def of(self, prefix: str, **counters: int) -> Iterator[tuple[str, float]]:
        now, last = time.monotonic(), self._last
        self._last = now, counters
        if last is not None and now > last[0]:
            for name, value in counters.items():
                yield f"{prefix}_{name}_mib_s", max(value - last[1][name], 0) / 2**20 / (now - last[0])
