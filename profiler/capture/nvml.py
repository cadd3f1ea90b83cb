"""Figures of NVIDIA GPUs through NVML, and which of them a process means by its device numbers."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["Gpus", "visible_devices"]

# Bits of nvmlDeviceGetCurrentClocksEventReasons that slow a GPU that has work. Idling and clocks that somebody set
# are no throttling.
_REASONS = {
    0x4: "power_cap",
    0x8: "hardware_slowdown",
    0x10: "sync_boost",
    0x20: "software_thermal",
    0x40: "hardware_thermal",
    0x80: "power_brake",
}


class Gpus:
    """The GPUs that this process sees, or the one that `only()` names once it does.

    Raises ImportError without nvidia-ml-py, and its errors where there is no driver.
    """

    def __init__(self, only: Callable[[], int | None] = lambda: None) -> None:
        import pynvml

        pynvml.nvmlInit()
        self._nvml, self._only = pynvml, only
        self._look()

    def _look(self) -> None:
        self._certain = bool(_torch_uuids())  # until CUDA is set up its order of the devices can only be guessed
        names = visible_devices(_count(self._nvml))
        self._gpus = [_Gpu(self._nvml, index, name) for index, name in enumerate(names)]

    def figures(self) -> Iterator[tuple[str, float]]:
        """(tag, value) of each GPU: percent, MiB, W, °C, MHz, 0 or 1."""
        if not self._certain and _torch_uuids():
            self._look()
        only = self._only()
        for gpu in self._gpus:
            if only is None or gpu.index == only:
                yield from gpu.figures()


def visible_devices(count: int) -> list[int | str]:
    """What a process means by its devices 0, 1, …: NVML's numbers, or UUIDs of GPUs or MIG instances.

    As CUDA reads CUDA_VISIBLE_DEVICES: up to the first entry that makes no sense, UUIDs may be cut short. Where torch
    has set up CUDA its own UUIDs count, as they do not depend on the order in which CUDA lists devices.
    """
    told = _torch_uuids()
    if told:
        return told
    listed = os.environ.get("CUDA_VISIBLE_DEVICES")
    if listed is None:
        return list(range(count))
    found: list[int | str] = []
    for entry in (entry.strip() for entry in listed.split(",")):
        if entry.isdecimal() and int(entry) < count:
            found.append(int(entry))
        elif entry.startswith(("GPU-", "MIG-")):
            found.append(entry)
        else:
            break
    return found if len(set(found)) == len(found) else []  # CUDA sees nothing when one is named twice


def _torch_uuids() -> list[int | str]:
    torch = sys.modules.get("torch")
    try:
        if torch is None or not torch.cuda.is_initialized():
            return []
        devices = [torch.cuda.get_device_properties(index) for index in range(torch.cuda.device_count())]
        return [f"GPU-{device.uuid}" for device in devices]  # torch 2.3 and older tell none
    except (AttributeError, RuntimeError):
        return []


def _count(pynvml: Any) -> int:
    return int(pynvml.nvmlDeviceGetCount())


def _told_apart(pynvml: Any, name: int | str) -> int | str:
    """torch gives the UUID of a MIG instance as it gives that of a GPU: only the driver knows which it is."""
    if isinstance(name, str) and name.startswith("GPU-"):
        instance = "MIG-" + name.removeprefix("GPU-")
        with contextlib.suppress(pynvml.NVMLError):
            pynvml.nvmlDeviceGetHandleByUUID(instance)
            return instance
    return name


def _handle(pynvml: Any, name: int | str) -> Any:
    if isinstance(name, int):
        return pynvml.nvmlDeviceGetHandleByIndex(name)
    try:
        return pynvml.nvmlDeviceGetHandleByUUID(name)
    except pynvml.NVMLError:
        return _by_beginning(pynvml, name)


def _by_beginning(pynvml: Any, name: str) -> Any:
    """GPU-8932f937 for a whole UUID, and MIG-<the GPU's UUID>/<instance>/<compute instance> of older drivers."""
    start = name.partition("/")[0].removeprefix("MIG-")
    start = start if start.startswith("GPU-") else f"GPU-{start}"
    for index in range(_count(pynvml)):
        handle = pynvml.nvmlDeviceGetHandleByIndex(index)
        uuid = pynvml.nvmlDeviceGetUUID(handle)
        if (uuid.decode() if isinstance(uuid, bytes) else str(uuid)).startswith(start):
            return handle
    raise ValueError(f"no GPU has a UUID that begins with {name}")


class _Gpu:
    """One device of the process. Of a MIG instance only the memory is its own, the rest is told of the whole GPU."""

    def __init__(self, pynvml: Any, index: int, name: int | str) -> None:
        self.index = index
        self._nvml = pynvml
        name = _told_apart(pynvml, name)
        self._own = self._whole = _handle(pynvml, name)
        if isinstance(name, str) and name.startswith("MIG-"):
            try:
                self._whole = pynvml.nvmlDeviceGetDeviceHandleFromMigDeviceHandle(self._own)
            except pynvml.NVMLError:
                self._whole = self._own
        self._throttled_by: set[str] = set()  # reasons seen so far: others have no curve
        self._missing: set[str] = set()

    def figures(self) -> Iterator[tuple[str, float]]:
        for name, value in self._known():
            yield f"gpu/{self.index}/{name}", value

    def _known(self) -> Iterator[tuple[str, float]]:
        nvml, gpu = self._nvml, self._whole
        used = self._ask(lambda: nvml.nvmlDeviceGetUtilizationRates(gpu), "utilization")
        if used is not None:
            yield "utilization_percent", float(used.gpu)
            yield "memory_busy_percent", float(used.memory)
        memory = self._ask(lambda: nvml.nvmlDeviceGetMemoryInfo(self._own), "memory")
        if memory is not None:
            yield "memory_used_mib", memory.used / 2**20
            yield "memory_used_percent", 100 * memory.used / max(memory.total, 1)
        for name, ask, scale in (
            ("power_w", lambda: nvml.nvmlDeviceGetPowerUsage(gpu), 1e-3),
            ("temperature_c", lambda: nvml.nvmlDeviceGetTemperature(gpu, nvml.NVML_TEMPERATURE_GPU), 1),
            ("sm_clock_mhz", lambda: nvml.nvmlDeviceGetClockInfo(gpu, nvml.NVML_CLOCK_SM), 1),
            ("memory_clock_mhz", lambda: nvml.nvmlDeviceGetClockInfo(gpu, nvml.NVML_CLOCK_MEM), 1),
        ):
            value = self._ask(ask, name)
            if value is not None:
                yield name, value * scale
        reasons = self._ask(self._reasons, "throttling")
        if reasons is not None:
            yield from self._throttling(reasons)

    def _reasons(self) -> int:
        # The name since driver 535; the older one is still there in older packages.
        ask = getattr(self._nvml, "nvmlDeviceGetCurrentClocksEventReasons", None)
        return int((ask or self._nvml.nvmlDeviceGetCurrentClocksThrottleReasons)(self._whole))

    def _throttling(self, reasons: int) -> Iterator[tuple[str, float]]:
        now = {name for bit, name in _REASONS.items() if reasons & bit}
        self._throttled_by |= now
        yield "throttled", float(bool(now))
        for name in sorted(self._throttled_by):
            yield f"throttled_by/{name}", float(name in now)

    def _ask(self, ask: Callable[[], Any], what: str) -> Any:
        """None for what this GPU does not tell; it is not asked again."""
        if what in self._missing:
            return None
        try:
            return ask()
        except (self._nvml.NVMLError, AttributeError):
            self._missing.add(what)
            return None
