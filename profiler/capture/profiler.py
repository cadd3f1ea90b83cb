"""Profiler: full traces of a few steps, written beside the run's event files."""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .memory_history import MemoryHistory, SnapshotMode
from .module_marks import ModuleMarks
from .nvtx import NvtxRanges
from .own_time import OWN_TIME
from .schedules import Plan
from .trace_files import TraceFiles, copy_trace, rank_of_process, worker_name
from .triggers import Triggers

__all__ = ["Profiler"]

_TRIGGERS = ("file", "signal")


class Profiler:
    """Captures steps with torch.profiler and writes `<worker>.<time in ns>.pt.trace.json.gz` into the run's folder.

    Arguments that torch.profiler.profile has mean what they mean there; so do `step()`, `start()`, `stop()`,
    `add_metadata()` and all else that it can do (`key_averages()` …).

    where: the run's folder, or a writer into it.
    schedule: see `schedule` and `on_demand`; None captures the whole block, as torch does.
    on_trace_ready: called with this object for each trace, besides writing it.
    memory_snapshot: "oom" writes the CUDA allocator's state when memory runs out, True also with each trace.
    module_marks: mark the forward of each module in captured steps, for the model graph coloured by time.
    worker: begins the files' names; by default "rank3" in distributed trainings, else host and process.
    gzip: compress, on a thread of its own. nvtx: name steps for Nsight Systems too.
    trigger: ways to ask for a capture while it runs: "file" (PROFILE_NOW in the folder; it may hold a number of
    steps), "signal" (SIGUSR2, when nobody else uses it). The capture begins at the next step.

    A file that cannot be written costs one warning. Raises what torch.profiler raises for wrong arguments.

    >>> with Profiler("runs/first", schedule=schedule(wait=10, warmup=2, active=3, repeat=1)) as p:
    ...     for batch in loader:
    ...         train(batch)
    ...         p.step()
    """

    def __init__(
        self,
        where: Any,
        *,
        schedule: Callable[[int], Any] | None = None,
        activities: Iterable[Any] | None = None,
        on_trace_ready: Callable[[Any], Any] | None = None,
        record_shapes: bool = True,
        profile_memory: bool = False,
        with_stack: bool = False,
        with_flops: bool = False,
        with_modules: bool = False,
        experimental_config: Any = None,
        memory_snapshot: SnapshotMode = "oom",
        module_marks: bool = True,
        worker: str | None = None,
        gzip: bool = True,
        nvtx: bool = False,
        trigger: str | Iterable[str] = _TRIGGERS,
        **more: Any,
    ) -> None:
        self.folder = _folder_of(where)
        if memory_snapshot not in ("oom", True, False):
            raise ValueError(f"Profiler: memory_snapshot must be 'oom', True or False, got {memory_snapshot!r}")
        self._kinds = (trigger,) if isinstance(trigger, str) else tuple(trigger)
        if not set(self._kinds) <= set(_TRIGGERS):
            raise ValueError(f"Profiler: trigger takes any of {_TRIGGERS}, got {trigger!r}")
        if worker is not None and (not worker or set(worker) & set('/\\:*?"<>|')):
            raise ValueError(f"Profiler: worker begins the names of files, so it can not be {worker!r}")
        self._schedule, self._on_trace_ready = schedule, on_trace_ready
        self._options: dict[str, Any] = {
            "activities": activities,
            "record_shapes": record_shapes,
            "profile_memory": profile_memory,
            "with_stack": with_stack,
            "with_flops": with_flops,
            "with_modules": with_modules,
            "experimental_config": experimental_config,
            **more,
        }
        self._worker, self._gzip, self._memory_mode = worker, gzip, memory_snapshot
        self._wants_nvtx = nvtx
        self._nvtx: NvtxRanges | None = None
        self._modules = ModuleMarks() if module_marks else None
        self._torch: Any = None  # torch.profiler.profile, between start and stop, and afterwards
        self._triggers: Triggers | None = None
        self._written: Path | None = None  # the last trace

    def start(self) -> None:
        """As entering the `with` block. Raises ImportError without torch."""
        try:
            from torch.profiler import profile
        except ImportError as error:
            raise ImportError("Profiler needs PyTorch, which is not installed: pip install torch") from error

        if self._wants_nvtx:
            self._nvtx = NvtxRanges("Profiler")
        rank, size = rank_of_process()
        self._files = TraceFiles(self.folder, self._worker or worker_name(rank))
        self._memory = MemoryHistory(self._memory_mode, self._files)
        # It says that a cycle's events are gone with the next one: by then they are in a file.
        warnings.filterwarnings("ignore", message="Warning: Profiler clears events", category=UserWarning)
        inner = profile(schedule=Plan(self._schedule, self._asked), on_trace_ready=self._save, **self._options)
        if hasattr(inner, "preset_metadata_json"):  # not so before torch 2.4
            for key, value in _metadata(rank, size, self._files.worker).items():
                inner.preset_metadata_json(key, value)
        inner.start()
        self._torch, self._written = inner, None
        self._triggers = Triggers(self.folder, self._kinds, alone=size == 1, first=not rank)
        self._step_begins()

    def step(self) -> None:
        """The next step begins."""
        if self._torch is None:
            raise RuntimeError("Profiler.step() before start(): use it within `with Profiler(…) as p`")
        if self._nvtx is not None:
            self._nvtx.pop()
        began = time.perf_counter_ns()
        self._torch.step()
        OWN_TIME.ns += time.perf_counter_ns() - began
        self._step_begins()

    def capture(self, active: int = 0) -> None:
        """Capture the steps after the next `step()`, `active` of them or as many as the schedule does."""
        if self._triggers is not None:
            self._triggers.ask(active)

    def snapshot(self) -> Path | None:
        """Write a snapshot of CUDA memory now; its path, None where there is none."""
        return self._memory.write()

    def export_chrome_trace(self, path: str | os.PathLike[str], **how: Any) -> None:
        """Copy the last trace, compressed where the name ends in .gz: torch can write each only once, which was ours.

        Raises OSError when it can not be copied.
        """
        if self._written is None:
            self.__getattr__("export_chrome_trace")(os.fspath(path), **how)
        else:
            self._files.wait()
            copy_trace(self._written, Path(path))

    def stop(self) -> None:
        """As leaving the `with` block: what was captured last is written, and complete when this returns."""
        if self._triggers is None:
            return
        if self._nvtx is not None:
            self._nvtx.pop()
        if self._modules is not None:
            self._modules.show(False)
        self._triggers.close()
        self._triggers = None
        try:
            self._torch.stop()
        finally:
            self._memory.close()
            self._files.wait()

    def __enter__(self) -> Profiler:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __getattr__(self, name: str) -> Any:
        """What torch's profiler has besides."""
        inner = self.__dict__.get("_torch")
        if inner is None or name.startswith("__"):
            raise AttributeError(f"Profiler has no attribute {name!r}" + ("" if inner else " before it is started"))
        return getattr(inner, name)

    def _asked(self) -> int | None:
        return None if self._triggers is None else self._triggers.take()

    def _step_begins(self) -> None:
        from torch.profiler import ProfilerAction

        if self._modules is not None:
            self._modules.show(self._torch.current_action != ProfilerAction.NONE)
        self._memory.step()
        if self._nvtx is not None:
            self._nvtx.push(f"ProfilerStep#{self._torch.step_num}")

    def _save(self, captured: Any) -> None:
        self._written = self._files.save("pt.trace.json", captured.export_chrome_trace, compress=self._gzip)
        self._memory.with_trace()
        if self._on_trace_ready is not None:
            self._on_trace_ready(self)


def _folder_of(where: Any) -> Path:
    """Raises TypeError for what is neither a path nor a writer."""
    for name in ("log_dir", "logdir"):
        where = getattr(where, name, where)
    if not isinstance(where, str | os.PathLike):
        raise TypeError(f"Profiler: expected the run's folder or a writer, got {type(where).__name__}")
    return Path(where)


def _metadata(rank: int | None, size: int, worker: str) -> dict[str, str]:
    """What the trace tells of its process, each as JSON. torch tells the rank itself once it is distributed."""
    told = {"worker": json.dumps(worker)}
    distributed = sys.modules.get("torch.distributed")
    if rank is not None and not (distributed and distributed.is_available() and distributed.is_initialized()):
        told["distributedInfo"] = json.dumps({"rank": rank, "world_size": size})
    return told
