"""Figures of GPUs and of the machine: taken where they can be had, told of in one line where not."""

from __future__ import annotations

import logging
import sys
import types
from typing import Any

import pytest
from test_step_timer import Notes

from stepscope.profiler import StepTimer
from stepscope.profiler.capture import nvml
from stepscope.profiler.capture.nvml import Gpus, visible_devices
from stepscope.profiler.capture.telemetry import Telemetry

UUIDS = ["GPU-11111111-aaaa", "GPU-22222222-bbbb"]
MIG = "MIG-33333333-cccc"


class NVMLError(Exception):
    pass


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A driver with two GPUs; handles are their places, and a MIG instance of the second one."""
    fake: Any = types.ModuleType("pynvml")
    fake.NVMLError = NVMLError
    fake.NVML_TEMPERATURE_GPU = fake.NVML_CLOCK_SM = 0
    fake.NVML_CLOCK_MEM = 1
    fake.reasons = 0x1
    fake.nvmlInit = lambda: None
    fake.nvmlDeviceGetCount = lambda: 2
    fake.nvmlDeviceGetHandleByIndex = lambda index: index
    fake.nvmlDeviceGetUUID = lambda handle: UUIDS[handle]
    fake.nvmlDeviceGetDeviceHandleFromMigDeviceHandle = lambda handle: 1

    def by_uuid(uuid: str) -> Any:
        if uuid == MIG:
            return "mig"
        if uuid not in UUIDS:
            raise NVMLError("not found")
        return UUIDS.index(uuid)

    fake.nvmlDeviceGetHandleByUUID = by_uuid

    def utilization(handle: Any) -> Any:
        if handle == "mig":
            raise NVMLError("not supported")
        return types.SimpleNamespace(gpu=80 + handle, memory=40)

    fake.nvmlDeviceGetUtilizationRates = utilization
    sizes = {0: 80, 1: 80, "mig": 10}
    fake.nvmlDeviceGetMemoryInfo = lambda h: types.SimpleNamespace(used=5 << 30, total=sizes[h] << 30)
    fake.nvmlDeviceGetPowerUsage = lambda handle: 350_000
    fake.nvmlDeviceGetTemperature = lambda handle, sensor: 61
    fake.nvmlDeviceGetClockInfo = lambda handle, clock: [1980, 2619][clock]
    fake.nvmlDeviceGetCurrentClocksEventReasons = lambda handle: fake.reasons
    monkeypatch.setitem(sys.modules, "pynvml", fake)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(nvml, "_torch_uuids", list)
    return fake


def test_each_gpu_tells_its_figures(driver: Any) -> None:
    figures = dict(Gpus().figures())
    assert {tag.removeprefix("gpu/1/"): value for tag, value in figures.items() if tag.startswith("gpu/1/")} == {
        "utilization_percent": 81,
        "memory_busy_percent": 40,
        "memory_used_mib": 5120,
        "memory_used_percent": 6.25,
        "power_w": 350,
        "temperature_c": 61,
        "sm_clock_mhz": 1980,
        "memory_clock_mhz": 2619,
        "throttled": 0,
    }


def test_throttling_has_a_curve_for_each_reason_that_was_seen(driver: Any) -> None:
    gpus = Gpus(lambda: 0)
    driver.reasons = 0x4 | 0x40
    assert {tag: value for tag, value in gpus.figures() if "throttled" in tag} == {
        "gpu/0/throttled": 1,
        "gpu/0/throttled_by/hardware_thermal": 1,
        "gpu/0/throttled_by/power_cap": 1,
    }
    driver.reasons = 0x4
    assert dict(gpus.figures())["gpu/0/throttled_by/hardware_thermal"] == 0


def test_only_the_device_of_the_training_once_it_is_known(driver: Any) -> None:
    assert {tag.split("/")[1] for tag, _ in Gpus(lambda: 1).figures()} == {"1"}


def test_what_a_gpu_does_not_tell_is_left_out(driver: Any) -> None:
    def refuses(handle: Any) -> None:
        raise NVMLError("not supported")

    driver.nvmlDeviceGetPowerUsage = refuses
    figures = dict(Gpus().figures())
    assert "gpu/0/power_w" not in figures
    assert "gpu/0/temperature_c" in figures


@pytest.mark.parametrize(
    ("listed", "devices"),
    [
        ("1", [1]),
        ("1,0", [1, 0]),
        ("", []),
        ("-1", []),
        ("0,7,1", [0]),
        ("1,1", []),
        (UUIDS[1], [UUIDS[1]]),
        ("GPU-2222,MIG-33333333-cccc", ["GPU-2222", MIG]),
    ],
)
def test_devices_are_numbered_as_cuda_numbers_them(
    driver: Any, monkeypatch: pytest.MonkeyPatch, listed: str, devices: list[int | str]
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", listed)
    assert visible_devices(2) == devices


def test_a_uuid_may_be_cut_short(driver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "GPU-2222")
    assert dict(Gpus().figures())["gpu/0/utilization_percent"] == 81


def test_of_a_mig_instance_only_the_memory_is_its_own(driver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", MIG)
    figures = dict(Gpus().figures())
    assert figures["gpu/0/memory_used_percent"] == 50
    assert figures["gpu/0/utilization_percent"] == 81


def test_the_devices_are_those_of_cuda_once_it_is_set_up(driver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    gpus = Gpus(lambda: 0)
    assert dict(gpus.figures())["gpu/0/utilization_percent"] == 80, "as the driver counts them"
    monkeypatch.setattr(nvml, "_torch_uuids", lambda: [UUIDS[1], UUIDS[0]])
    assert dict(gpus.figures())["gpu/0/utilization_percent"] == 81
    monkeypatch.setattr(nvml, "_torch_uuids", lambda: [MIG.replace("MIG", "GPU")])
    assert dict(Gpus(lambda: 0).figures())["gpu/0/memory_used_percent"] == 50


def test_the_host_is_measured() -> None:
    pytest.importorskip("psutil")
    from stepscope.profiler.capture.host_load import HostLoad

    load = HostLoad()
    dict(load.figures())
    figures = dict(load.figures())
    assert figures["host/process_rss_mib"] > 10
    assert {"host/cpu_percent", "host/process_cpu_percent", "host/memory_percent"} <= figures.keys()
    assert all(value >= 0 for value in figures.values())


def test_missing_packages_are_one_line_each(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    monkeypatch.setitem(sys.modules, "psutil", None)
    caplog.set_level(logging.INFO, "stepscope")
    telemetry = Telemetry(Notes(), hz=10)
    assert telemetry._thread is not None
    telemetry._thread.join(10)
    telemetry.close()
    assert [record.message.partition(",")[0] for record in caplog.records] == [
        "telemetry: no figures of GPUs",
        "telemetry: no figures of the host",
    ]


def test_figures_come_at_the_step_that_runs_and_once_for_each_writer(driver: Any) -> None:
    notes = Notes()
    with StepTimer(notes, telemetry_hz=10) as timer, StepTimer(notes, prefix="second", telemetry_hz=10) as second:
        with timer.step(41):
            pass
        assert second._telemetry is not None and second._telemetry._thread is None
        thread = timer._telemetry and timer._telemetry._thread
        assert thread is not None
        for _ in range(200):
            if notes.of("gpu/0/power_w"):
                break
            thread.join(0.05)
    steps = {step for tag, _, step in notes.points if tag == "gpu/0/power_w"}
    assert steps <= {0, 41} and 41 in steps
