"""What the writer's tests share: reading event files back, strictly, and running a script in a process of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from stepscope.logger.proto.event_pb2 import Event, SessionLog, Summary
from stepscope.logger.records import read_records


def event_files(folder: Path) -> list[Path]:
    """Every event file below the folder, in order of name."""
    return sorted(folder.rglob("events.out.tfevents.*"))


def all_events(folder: Path) -> list[Event]:
    """Every event below the folder, file after file. Fails at a wrong checksum."""
    found = []
    for path in event_files(folder):
        with path.open("rb") as stream:
            found += [Event.FromString(record) for record in read_records(stream)]
    return found


def events(folder: Path) -> list[Event]:
    """The same without the marks that a run ended."""
    return [event for event in all_events(folder) if event.session_log.status != SessionLog.STOP]


def points(folder: Path, tag: str) -> list[tuple[int, float]]:
    """(step, value) of the plain scalars under the tag."""
    return [
        (event.step, value.simple_value)
        for event in events(folder)
        for value in event.summary.value
        if value.tag == tag and value.HasField("simple_value")
    ]


def only_value(folder: Path, tag: str) -> Summary.Value:
    """The one summary value under the tag."""
    (value,) = [value for event in events(folder) for value in event.summary.value if value.tag == tag]
    return value


def accumulated(folder: Path) -> Any:
    """TensorBoard's own reader over the folder's events, everything kept."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    kinds = ("scalars", "histograms", "compressedHistograms", "images", "audio", "tensors")
    accumulator = EventAccumulator(str(folder), size_guidance=dict.fromkeys(kinds, 0))
    accumulator.Reload()
    return accumulator


def pixels(value: Any) -> np.ndarray:
    """The picture in a summary value, decoded."""
    with Image.open(io.BytesIO(value.image.encoded_image_string)) as image:
        return np.asarray(image)


def _shown(value: Any) -> Any:
    """A summary value with files replaced by what they show, to compare where bytes may differ."""
    if value.HasField("image"):
        image = Image.open(io.BytesIO(value.image.encoded_image_string))
        return value.image.height, value.image.width, value.image.colorspace, image.format, np.asarray(image).tolist()
    if value.HasField("audio"):
        return value.audio
    if value.HasField("tensor"):
        from tensorboard.util.tensor_util import make_ndarray

        plugin = value.metadata.plugin_data
        return make_ndarray(value.tensor).tolist(), plugin.plugin_name, plugin.content
    return value


def tensorboard_values(folder: Path) -> list[Any]:
    """(step, tag, what is shown) of every summary value, as TensorBoard parses it."""
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

    found = []
    for path in event_files(folder):
        for event in LegacyEventFileLoader(str(path)).Load():
            found += [(event.step, value.tag, _shown(value)) for value in event.summary.value]
    return found


def run_script(
    source: str, *arguments: object, timeout: float = 60, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python source in a fresh process; `sys.argv[1:]` are the arguments."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, **environment},
        check=False,
    )
