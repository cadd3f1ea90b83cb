"""A log as hyperparameter searches leave it: thousands of short runs with their hyperparameters and a few scalars."""

from pathlib import Path

import numpy as np

from stepscope.logger.proto.event_pb2 import Event, Summary
from stepscope.logger.records import frame
from stepscope.logger.summaries.hparams import session_start_summary

from .make_logdir import CACHE, START

HPARAMS, SCALARS, STEPS = 10, 10, 3


def sweep_logdir(runs: int) -> Path:
    """The folder with `runs` runs; written unless it is there."""
    folder = CACHE / f"sweep{runs}"
    if not folder.exists():
        random = np.random.default_rng(0)
        building = folder.with_name(f".{folder.name}")
        for number in range(runs):
            path = building / f"trial-{number:05d}"
            path.mkdir(parents=True, exist_ok=True)
            (path / "events.out.tfevents.1700000000.host").write_bytes(_trial(random, number))
        building.rename(folder)
    return folder


def _trial(random: np.random.Generator, number: int) -> bytes:
    """One run's event file."""
    hparams = {f"hparam{n}": float(random.integers(1, 5)) for n in range(1, HPARAMS)}
    hparams["learning_rate"] = float(10 ** random.uniform(-4, -1))
    begin = START + 60 * number
    summary = session_start_summary(hparams, begin)
    records = [frame(Event(wall_time=begin, summary=summary).SerializeToString())]
    for step in range(STEPS):
        values = [Summary.Value(tag=f"tag{n}", simple_value=random.random()) for n in range(SCALARS)]
        event = Event(wall_time=begin + step, step=step, summary=Summary(value=values))
        records.append(frame(event.SerializeToString()))
    return b"".join(records)
