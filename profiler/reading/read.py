"""`read_trace`: the reader for a file, chosen by what is in it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

from ..trace import Trace
from .byte_source import Progress
from .formats import Kind, kind_of, why_unknown

__all__ = ["Progress", "read_trace"]

# Kind → the module and function that make a Trace of it: (path, progress) → Trace.
_READERS: dict[Kind, tuple[str, str]] = {
    "kineto": (".kineto", "read_kineto"),
    "xplane": ("..xspace.reading", "read_xspace"),
    "execution_trace": (".execution_trace", "read_execution_as_trace"),
    "stacks": (".stacks", "read_stacks_as_trace"),
}


def read_trace(path: str | Path, progress: Progress | None = None) -> Trace:
    """The trace of a file of any kind that has one.

    Raises OSError, and ValueError with a sentence for what is no trace.
    """
    kind = kind_of(path)
    if kind is None:
        raise ValueError(f"{path}: {why_unknown(path)}")
    if kind not in _READERS:
        raise ValueError(f"{path}: no trace: this is a {kind.replace('_', ' ')}, which holds no timeline")
    module, name = _READERS[kind]
    reader: Callable[[str | Path, Progress | None], Trace] = getattr(importlib.import_module(module, __package__), name)
    return reader(path, progress)
