"""Traces on their way to disk: complete or not at all, compressed beside the training, a failing disk told once."""

from __future__ import annotations

import contextlib
import gzip
import os
import re
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...logger.event_files import warn_on_thread
from ...logger.safe_files import delete_left_overs

__all__ = ["TraceFiles", "copy_trace", "rank_of_process", "worker_name"]

_CHUNK = 1 << 20
_PREFIX = "stepscope-"  # of temporary files
_HALF_WRITTEN = re.compile(r"\..+\.\d{16,}\.[\w.]+\.(?:part|packed)")
_LEFT_OVER = 86_400.0  # s; nobody takes longer to compress a trace
_ROOM = 4 << 30  # bytes free among temporary files: how large a trace gets is known only when it is written
# What srun, Open MPI and MPICH tell a process; a number of 1 says nothing, as a shell within a job has it.
_LAUNCHERS = (
    ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("PMI_RANK", "PMI_SIZE"),
)


class TraceFiles:
    """Files `<worker>.<time in ns>.<what it is>` in a folder."""

    def __init__(self, folder: Path, worker: str) -> None:
        self.folder, self.worker = folder, worker
        self._threads: list[threading.Thread] = []
        self._warned = self._swept = False

    def save(self, ending: str, write: Callable[[str], Any], compress: bool = False) -> Path | None:
        """Let `write` write a new file; None when it could not. `compress` goes on in a thread: `.gz` is added.

        `write` gets a hidden path beside it, with an ending that no reader looks for. What is compressed is first
        written to the system's folder for temporary files where that has room: the run's folder may be a slow one.
        """
        final = self.folder / f"{self.worker}.{time.time_ns()}.{ending}{'.gz' if compress else ''}"
        part = self.folder / f".{final.name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.touch(exist_ok=False)  # Kineto does not tell when it cannot write
            if compress and (local := _written_locally(ending, write)) is not None:
                part.unlink()
                part = local
            else:
                write(os.fspath(part))
                _check_whole(part, ending)
        except Exception as error:
            self._failed(final, error, part)
            return None
        if not compress:
            return self._finish(part, final)
        thread = threading.Thread(target=self._compress, args=(part, final), name="stepscope trace")
        try:
            thread.start()  # no daemon: the end of the program waits for it
        except RuntimeError:  # the program is at its end already
            self._compress(part, final)
        else:
            self._threads = [*(thread for thread in self._threads if thread.is_alive()), thread]
        return final

    def wait(self) -> None:
        """Until all files are complete."""
        while self._threads:
            self._threads.pop().join()

    def _compress(self, part: Path, final: Path) -> None:
        packed = self.folder / f".{final.name}.packed"
        self._sweep()
        try:
            with part.open("rb") as source, gzip.open(packed, "wb", compresslevel=5) as target:
                shutil.copyfileobj(source, target, _CHUNK)
            os.replace(packed, final)
            part.unlink()
        except OSError as error:
            self._failed(final, error, part, packed)

    def _finish(self, part: Path, final: Path) -> Path | None:
        try:
            os.replace(part, final)
        except OSError as error:
            self._failed(final, error, part)
            return None
        if not self._swept:
            with contextlib.suppress(RuntimeError):  # the program is at its end already
                threading.Thread(target=self._sweep, name="stepscope left-overs", daemon=True).start()
        return final

    def _sweep(self) -> None:
        """Delete what killed processes left half written, once: here nobody waits for it."""
        if self._swept:
            return
        self._swept = True
        left = [path for path in self.folder.glob(".*") if _HALF_WRITTEN.fullmatch(path.name)]
        delete_left_overs([*left, *Path(tempfile.gettempdir()).glob(f"{_PREFIX}*.pt.trace.json")], _LEFT_OVER)

    def _failed(self, final: Path, error: Exception, *parts: Path) -> None:
        for part in parts:
            with contextlib.suppress(OSError):
                part.unlink()
        if not self._warned:
            self._warned = True
            warn_on_thread(f"Profiler: {final} could not be written, training goes on: {error}")


def copy_trace(source: Path, target: Path) -> None:
    """Each of the two is compressed where its name ends in .gz. Raises OSError."""
    packed, wanted = source.suffix == ".gz", target.suffix == ".gz"
    if packed == wanted:
        shutil.copyfile(source, target)
        return
    with (
        gzip.open(source) if packed else source.open("rb") as reading,
        gzip.open(target, "wb", compresslevel=5) if wanted else target.open("wb") as writing,
    ):
        shutil.copyfileobj(reading, writing, _CHUNK)


def _written_locally(ending: str, write: Callable[[str], Any]) -> Path | None:
    """The temporary file; None where there is no room for one. Raises what `write` does: torch writes a trace once."""
    try:
        if shutil.disk_usage(tempfile.gettempdir()).free < _ROOM:
            return None
        descriptor, name = tempfile.mkstemp(f".{ending}", _PREFIX)
    except OSError:
        return None
    os.close(descriptor)
    path = Path(name)
    try:
        write(name)
        _check_whole(path, ending)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    return path


def _check_whole(path: Path, ending: str) -> None:
    """Raises OSError for JSON that a full disk cut short."""
    if not ending.endswith(".json"):
        return
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 16, 0))
        if not file.read().rstrip().endswith(b"}"):
            raise OSError("only a part of it could be written, the disk may be full")


def rank_of_process() -> tuple[int | None, int]:
    """(rank, number of processes) from torch.distributed, else from what started it; (None, 1) when alone."""
    import torch.distributed as distributed

    if distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    rank, size = os.environ.get("RANK", ""), os.environ.get("WORLD_SIZE", "")
    if rank.isdecimal():
        return int(rank), int(size) if size.isdecimal() else 1
    for names in _LAUNCHERS:
        rank, size = (os.environ.get(name, "") for name in names)
        if rank.isdecimal() and size.isdecimal() and int(size) > 1:
            return int(rank), int(size)
    return None, 1


def worker_name(rank: int | None) -> str:
    """What begins the names of a process's files: "rank3", or as torch's own handler has it, host and process."""
    return f"{socket.gethostname()}_{os.getpid()}" if rank is None else f"rank{rank}"
