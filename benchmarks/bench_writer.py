"""What logging costs a training: time on the calling thread, total CPU, and the import."""

import importlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from .measure import Row, Table, in_turns

WRITERS = {
    "stepscope": "stepscope.logger",
    "torch": "torch.utils.tensorboard",
    "tensorboardX": "tensorboardX",
}
_CALLS_PER_STEP = 20
_STEP_SECONDS = 0.005  # what the training does between two steps

Measure = Callable[[type], float]


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    repeats = 3 if quick else 7
    classes = {name: importlib.import_module(module).SummaryWriter for name, module in WRITERS.items()}
    image = np.random.default_rng(0).random((3, 512, 512), np.float32)
    million = np.random.default_rng(0).normal(size=1_000_000).astype(np.float32)
    subjects: list[tuple[str, Measure, float | None]] = [
        ("`add_scalar`, calling thread, 20 calls a step, 5 ms between steps", _scalar_in_steps, 25),
        ("`add_scalar`, calling thread, 10,000 calls without a pause", _scalar_without_pause, None),
        ("`add_scalar`, CPU of all threads per call, until closed", _scalar_cpu, 10),
        ("`add_image` 3×512×512, calling thread", lambda c: _image_call(c, image), 20),
        ("`add_histogram` of 1 M values, calling thread", lambda c: _histogram_call(c, million), 3),
        ("`add_histogram` of 1 M values, until on disk", lambda c: _histogram_until_closed(c, million), 3),
    ]
    rows = [_row(classes, repeats, *subject) for subject in subjects]
    notes = "Medians, the writers in turns. Per call; wall time unless CPU is named."
    return [Table("Writer", ("torch", "tensorboardX"), notes, rows), _import_table(repeats)]


def _row(classes: dict[str, type], repeats: int, what: str, measure: Measure, at_least: float | None) -> Row:
    for writer_class in classes.values():  # warm up: lazy imports, first PNG, first histogram
        measure(writer_class)
    figures = in_turns(repeats, {name: lambda c=writer_class: measure(c) for name, writer_class in classes.items()})
    ours, *theirs = figures.values()
    return Row(what, ours, theirs, at_least=at_least)


@contextmanager
def _writer(writer_class: type) -> Iterator[Any]:
    folder = tempfile.mkdtemp()
    writer = writer_class(folder)
    try:
        yield writer
    finally:
        writer.close()
        shutil.rmtree(folder)


def _scalar_in_steps(writer_class: type, steps: int = 100) -> float:
    spent = 0.0
    with _writer(writer_class) as writer:
        for step in range(steps):
            start = time.perf_counter()
            for _ in range(_CALLS_PER_STEP):
                writer.add_scalar("train/loss", 0.5, step)
            spent += time.perf_counter() - start
            time.sleep(_STEP_SECONDS)
    return spent / (steps * _CALLS_PER_STEP)


def _scalar_without_pause(writer_class: type, calls: int = 10_000) -> float:
    with _writer(writer_class) as writer:
        start = time.perf_counter()
        for step in range(calls):
            writer.add_scalar("train/loss", 0.5, step)
        return (time.perf_counter() - start) / calls


def _scalar_cpu(writer_class: type, calls: int = 10_000) -> float:
    with _writer(writer_class) as writer:
        start = time.process_time()
        for step in range(calls):
            writer.add_scalar("train/loss", 0.5, step)
        writer.close()  # tensorboardX's flush does not wait for its queue, so all are timed until closed
        return (time.process_time() - start) / calls


def _image_call(writer_class: type, image: np.ndarray) -> float:
    with _writer(writer_class) as writer:
        start = time.perf_counter()
        writer.add_image("samples/noise", image, 0)
        return time.perf_counter() - start


def _histogram_call(writer_class: type, values: np.ndarray) -> float:
    with _writer(writer_class) as writer:
        start = time.perf_counter()
        writer.add_histogram("weights", values, 0)
        return time.perf_counter() - start


def _histogram_until_closed(writer_class: type, values: np.ndarray) -> float:
    with _writer(writer_class) as writer:
        start = time.perf_counter()
        writer.add_histogram("weights", values, 0)
        writer.close()
        return time.perf_counter() - start


def _import_table(repeats: int) -> Table:
    tasks = {name: lambda m=module: _import_seconds("numpy", m) for name, module in WRITERS.items() if name != "torch"}
    tasks["torch"] = lambda: _import_seconds("torch", WRITERS["torch"])
    figures = in_turns(repeats, tasks)
    rivals = ("torch", "tensorboardX")
    row = Row(
        "the writer's module, in a fresh process", figures["stepscope"], [figures[r] for r in rivals], at_most=0.15
    )
    return Table("Import", rivals, "Beyond `import numpy`; torch's writer beyond `import torch`.", [row])


def _import_seconds(before: str, module: str) -> float:
    timed = f"import {module}; {module}.SummaryWriter"
    code = f"import time, {before}; start = time.perf_counter(); {timed}; print(time.perf_counter() - start)"
    return float(subprocess.check_output([sys.executable, "-c", code]))
