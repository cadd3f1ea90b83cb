"""A training that is timed at every step and captured in a few: one batch comes late, and the capture shows why.

Times are real ones of the machine that wrote them, moved to where the sample runs begin.
"""

import gzip
import json
import time
from pathlib import Path

import torch
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from stepscope.logger import SummaryWriter
from stepscope.profiler import Profiler, StepTimer, schedule

from .clock import START, Clock
from .digits_torch import Digits, load
from .encoders import Encoder, FeedForward

STEPS, BATCH, RATE = 150, 32, 2e-3
LATE, LATE_SECONDS = 100, 0.08  # the step whose batch comes late, as from a disk that is busy
SECONDS_PER_STEP = 0.01  # at least: a training that is over at once shows little


class Rows(Dataset):
    """The digits and their classes; one of them is hard to come by."""

    def __init__(self, digits: Digits) -> None:
        self.digits = digits

    def __len__(self) -> int:
        return STEPS * BATCH

    def __getitem__(self, row: int) -> tuple[torch.Tensor, torch.Tensor]:
        if row == LATE * BATCH:
            time.sleep(LATE_SECONDS)
        row %= len(self.digits.train_y)
        return self.digits.train_x[row], self.digits.train_y[row]


def write(folder: Path, clock: Clock) -> None:
    """Train, and log into `folder`."""
    torch.set_num_threads(1)
    torch.manual_seed(7)
    digits = load(seed=7)
    model = Encoder(FeedForward)
    with SummaryWriter(folder) as writer:
        writer.add_graph(model, digits.train_x[:2])
        began = train(writer, model, digits, clock)
    move_trace(folder, int(START * 1e9) - began)


def train(writer: SummaryWriter, model: Encoder, digits: Digits, clock: Clock) -> int:
    """Time all steps, capture the one that comes late and the next; when the first began, ns of the real clock."""
    optimizer = torch.optim.AdamW(model.parameters(), RATE, fused=True)
    captured = schedule(wait=LATE - 1, warmup=1, active=2, repeat=1)
    with (
        StepTimer(writer, samples_per_step=BATCH, telemetry_hz=0) as timer,
        Profiler(writer, schedule=captured, worker="trainer", trigger=()) as profiler,
    ):
        began, began_ns = time.perf_counter(), time.time_ns()
        for step, (images, classes) in enumerate(timer.wrap_loader(DataLoader(Rows(digits), BATCH))):
            with timer.step(step):
                with timer("forward"):
                    loss = functional.cross_entropy(model(images), classes)
                with timer("backward"):
                    loss.backward()
                with timer("optimizer"):
                    optimizer.step()
                    optimizer.zero_grad()
                clock.now = START + time.perf_counter() - began  # the stopped clock passes as the real one does
            writer.add_scalar("loss/train", loss, step)
            profiler.step()
            time.sleep(max((step + 1) * SECONDS_PER_STEP - (time.perf_counter() - began), 0))
    return began_ns


def move_trace(folder: Path, nanoseconds: int) -> None:
    """Let the trace begin where the scalars do, under a name that is the same each time."""
    (path,) = folder.glob("*.pt.trace.json.gz")
    trace = json.loads(gzip.decompress(path.read_bytes()))
    trace["baseTimeNanoseconds"] += nanoseconds
    trace.update(traceName="trainer", host_name="trainer", trace_id="")
    path.unlink()
    path = folder / f"trainer.{int(START * 1e9)}.pt.trace.json.gz"
    path.write_bytes(gzip.compress(json.dumps(trace, separators=(",", ":")).encode(), 9, mtime=0))
