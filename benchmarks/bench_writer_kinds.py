"""What the kinds beside pictures cost the calling thread: each call against `add_image` of as many bytes."""

import tempfile
import time
from collections.abc import Callable

import numpy as np
import pandas

from stepscope.logger import SummaryWriter

from .measure import Row, Table, in_turns

_BYTES = 3 << 20
_LEAST_RATIO = 0.9  # of the same cost: that of equal calls differs by a tenth on a busy machine

Call = Callable[[SummaryWriter], None]


def run(*, quick: bool) -> list[Table]:
    """The table of this subject."""
    calls = _calls(np.random.default_rng(0))
    with tempfile.TemporaryDirectory() as folder, SummaryWriter(folder) as writer:
        writer.add_scalar("first", 0.0)  # which starts the thread
        tasks = {name: lambda c=call: _seconds(writer, c) for name, call in calls.items()}
        figures = in_turns(5 if quick else 25, tasks)
    image = figures.pop("image")
    rows = [Row(f"`{name}`", ours, [image], at_least=_LEAST_RATIO) for name, ours in figures.items()]
    notes = (
        "CPU seconds of the calling thread, 3 MB a call, medians in turns; each is written before the next is called. "
        "The table is a data frame of 8 columns."
    )
    return [Table("Writer, other kinds", ("`add_image`, as many bytes",), notes, rows)]


def _calls(rng: np.random.Generator) -> dict[str, Call]:
    picture = rng.random((3, 512, 512), np.float32)
    points = rng.random((_BYTES // 12, 3), np.float32)
    scores = rng.random(_BYTES // 16)
    labels = rng.integers(0, 10, _BYTES // 16)
    figure = {"data": [{"type": "scatter", "x": np.arange(len(scores), dtype=np.float64), "y": scores}]}
    frame = pandas.DataFrame(rng.random((_BYTES // 64, 8)), columns=[*"abcdefgh"])
    page = "<p>hello</p>" * (_BYTES // 12)
    film = rng.integers(0, 255, (1, 16, 3, 256, 256), np.uint8)
    return {
        "image": lambda writer: writer.add_image("image", picture),
        "add_plotly": lambda writer: writer.add_plotly("figure", figure),
        "add_html": lambda writer: writer.add_html("page", page),
        "add_table": lambda writer: writer.add_table("table", frame),
        "add_confusion_matrix": lambda writer: writer.add_confusion_matrix("matrix", labels, labels),
        "add_roc_curve": lambda writer: writer.add_roc_curve("curve", labels > 4, scores),
        "add_object": lambda writer: writer.add_object("cloud", points),
        "add_video": lambda writer: writer.add_video("film", film),
    }


def _seconds(writer: SummaryWriter, call: Call) -> float:
    writer.flush()
    start = time.thread_time()
    call(writer)
    return time.thread_time() - start
