"""What the planes, lines and events of XSpace are: which of them are kernels, copies, operators, frames."""

from __future__ import annotations

import re
from enum import Enum

from ..trace import Category

__all__ = ["PlaneKind", "category_of_name", "derived_line", "device_category", "plane_kind"]

# What TensorFlow's own tools derive from the kernels: spans of operators and modules over streams. No work of its own.
_DERIVED = {
    "Steps",
    "XLA Modules",
    "XLA Ops",
    "Framework Name Scope",
    "Framework Ops",
    "TensorFlow Name Scope",
    "TensorFlow Ops",
    "Source code",
    "Launch Stats",
}
_OPERATOR = re.compile(r"[^\s:]+:[A-Z]\w*$")  # "model/dense/MatMul:MatMul"
_FILE_AND_LINE = re.compile(r"\$\S+:\d+ ")
_RUNTIME = re.compile(r"(cuda|hip)[A-Z]\w*$")
_DRIVER = re.compile(r"cu[A-Z]\w*$")


class PlaneKind(Enum):
    """HOST: threads. GPU: streams. TPU: a core. CALLS: threads' calls of the driver. OTHER: nothing that took time."""

    HOST = "host"
    GPU = "gpu"
    TPU = "tpu"
    CALLS = "calls"
    OTHER = "other"


def plane_kind(name: str) -> PlaneKind:
    """By the names that xplane_schema.h of XLA lists."""
    if name.startswith("/device:GPU:"):
        return PlaneKind.GPU
    if name.startswith("/device:TPU:"):
        return PlaneKind.TPU
    if name in ("/host:CUPTI", "/host:ROCTRACER"):
        return PlaneKind.CALLS
    if name.startswith("/host:") and name != "/host:metadata":
        return PlaneKind.HOST
    return PlaneKind.OTHER


def category_of_name(name: str, kind: PlaneKind) -> Category:
    """Of an event on a thread, as far as its name tells; values beside it may tell more."""
    if _FILE_AND_LINE.match(name):
        return Category.PYTHON
    if _RUNTIME.match(name):
        return Category.RUNTIME
    if _DRIVER.match(name) or kind == PlaneKind.CALLS:
        return Category.DRIVER
    return Category.OPERATOR if _OPERATOR.match(name) else Category.OTHER


def derived_line(name: str, kind: PlaneKind) -> bool:
    """Whether a line of a device repeats in other words what stands on its streams."""
    return name in _DERIVED and not (kind == PlaneKind.TPU and name == "XLA Ops")


def device_category(name: str, line: str, kind: PlaneKind) -> Category:
    """Of an event on a device, as far as names tell."""
    if derived_line(line, kind):
        return Category.GPU_ANNOTATION
    lower = name.lower()
    if kind == PlaneKind.TPU:
        return Category.KERNEL if line == "XLA Ops" else Category.MEMCPY if "Async" in line else Category.GPU_ANNOTATION
    if lower.startswith("memcpy"):
        return Category.MEMCPY
    return Category.MEMSET if lower.startswith("memset") else Category.KERNEL
