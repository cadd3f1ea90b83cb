"""What `add_graph` costs the calling thread: transformers of 100 layers, against one forward pass of the same."""

import tempfile
import time
from typing import Any

from stepscope.logger import SummaryWriter

from .measure import Row, Table, in_turns

_LAYERS = 100
_FIXED = 0.2  # seconds
_SIZES = ((64, 1, 16), (256, 4, 32), (512, 8, 64))  # width, sequences, steps


def run(*, quick: bool) -> list[Table]:
    """The table of this subject."""
    rows = [_row(*size, repeats=3 if quick else 7) for size in (_SIZES[:2] if quick else _SIZES)]
    notes = (
        f"`nn.TransformerEncoder` of {_LAYERS} layers on the CPU, medians in turns. At most twice a forward pass and"
        f" {_FIXED:g} s. The graph, its encoding and torch.export are other threads' and processes' work."
        " torch's own `add_graph` cannot trace this model in evaluation mode."
    )
    return [Table("Graph of a torch model", ("one forward pass",), notes, rows)]


def _row(width: int, sequences: int, steps: int, repeats: int) -> Row:
    import torch

    layer = torch.nn.TransformerEncoderLayer(width, 4, 2 * width, batch_first=True)
    model = torch.nn.TransformerEncoder(layer, _LAYERS).eval()
    batch = torch.rand(sequences, steps, width)
    _forward(torch, model, batch)
    figures = in_turns(repeats, {"ours": lambda: _capture(model, batch), "pass": lambda: _forward(torch, model, batch)})
    what = f"width {width}, batch {sequences} × {steps}"
    return Row(what, figures["ours"], [figures["pass"]], at_most=_FIXED + 2 * figures["pass"])


def _capture(model: Any, batch: Any) -> float:
    with tempfile.TemporaryDirectory() as folder, SummaryWriter(folder) as writer:
        start = time.perf_counter()
        writer.add_graph(model, batch, export_limit=2)
        return time.perf_counter() - start


def _forward(torch: Any, model: Any, batch: Any) -> float:
    with torch.no_grad():
        start = time.perf_counter()
        model(batch)
        return time.perf_counter() - start
