"""Files that end before their events do: up to which moment nothing is missing, and what is said of it."""

from __future__ import annotations

from ..trace import DEVICE_WORK, HOST_CALLS, Category, Trace

__all__ = ["reached", "why_missing"]

# Exporters write one kind of event behind the other, each in order of time: a file that is cut off has lost one kind
# from some moment on, and all kinds behind it.
_ON_THE_HOST = ((Category.OPERATOR, Category.ANNOTATION), (Category.PYTHON,), HOST_CALLS)


def reached(trace: Trace) -> tuple[int, int] | None:
    """ns up to which a file that was cut off holds every kind of event: the host's, the device's. None: it is whole.

    It is where the kind that ends first begins its last event. Where the file describes GPUs and holds no work of
    any, that is the beginning: what they did stood behind the cut.
    """
    if not trace.cut_off or not len(trace.slices):
        return None
    start = trace.slices.start
    lasts = [int(start[rows].max()) for kinds in _ON_THE_HOST if len(rows := trace.rows_of(*kinds))]
    host = min(lasts, default=int(trace.slices.end.max()))
    work = trace.rows_of(*DEVICE_WORK)
    if len(work):
        return host, int(start[work].max())
    return host, int(start[0]) if trace.devices else int(trace.slices.end.max())


def why_missing(trace: Trace, remedy: str) -> str:
    """Of something that a trace does not tell: how to record it, or that it may stand behind the cut."""
    return "the file is cut off, and it may stand behind the cut" if trace.cut_off else remedy
