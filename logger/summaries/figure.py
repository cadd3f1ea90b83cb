"""Matplotlib figures → pixels."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from typing import Any

import numpy as np

from ..proto.event_pb2 import Summary
from .image import GRID_COLUMNS, Pixels, grid, png_summary

# One drawing at a time: Matplotlib's text layout is not made for several threads.
_drawing = threading.Lock()


def _renew_lock() -> None:
    """In a forked child: a thread of the parent may have been drawing."""
    global _drawing
    _drawing = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


def taken_figure(figure: Any, close: bool) -> bytes | Pixels:
    """What must be kept of a figure at the call: a copy to draw later when it is closed now, else its picture.

    Drawing takes tens of milliseconds, copying a few. A figure that stays open belongs to its window, and one
    that holds functions cannot be copied: these are drawn at once.
    """
    if not close:
        return draw(figure)
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)
    try:
        return pickle.dumps(figure)
    except Exception:  # whatever an artist's own state refuses with
        return draw(figure)


def draw(figure: Any) -> Pixels:
    """The figure's picture (height, width, 3); its own canvas is left as it was."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    before = figure.canvas
    with _drawing:
        try:
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
            return np.array(canvas.buffer_rgba())[:, :, :3]
        finally:
            figure.set_canvas(before)


def figure_summary(tag: str, taken: list[bytes | Pixels]) -> Summary:
    """One figure, or several of equal size as a grid."""
    pictures = [draw(pickle.loads(one)) if isinstance(one, bytes) else one for one in taken]
    picture = pictures[0] if len(pictures) == 1 else grid(np.stack(pictures), GRID_COLUMNS)
    return png_summary(tag, np.ascontiguousarray(picture))


def check_figures(call: str, figure: Any) -> list[Any]:
    """The figures as a list. Raises TypeError for anything else, ValueError when their sizes differ."""
    figures = list(figure) if isinstance(figure, (list, tuple)) else [figure]
    if not figures or not all(hasattr(one, "savefig") and hasattr(one, "get_size_inches") for one in figures):
        names = ", ".join(type(one).__name__ for one in figures) or "an empty list"
        raise TypeError(f"{call}: expected a matplotlib figure or a list of them, got {names}")
    sizes = {tuple((one.get_size_inches() * one.dpi).round().tolist()) for one in figures}
    if len(sizes) > 1:
        raise ValueError(f"{call}: expected figures of one size, got {sorted(sizes)}")
    return figures
