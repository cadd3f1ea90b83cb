"""The Python lines that an operator was called from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace
from .names import timeless_names
from .nesting import Nesting
from .paths import merge_paths

__all__ = ["call_stacks"]


def call_stacks(trace: Trace, nested: Nesting) -> tuple[list[str], NDArray[np.int64]]:
    """Texts, a line a frame and the innermost first, and (n,) the code of each slice; the last text is "".

    From the argument `Call stack` of old traces, else from the Python frames that are open around a slice.
    """
    told = trace.arguments.get("Call stack")
    if told is not None and told.texts is not None:
        texts = ["\n".join(frame.strip() for frame in text.split(";") if frame.strip()) for text in told.texts]
        return [*texts, ""], told.dense(len(trace.slices), len(texts)).astype(np.int64)
    python = trace.slices.category == Category.PYTHON
    key, names = timeless_names(trace, np.flatnonzero(python))
    frames = merge_paths(nested.parent, key, python)
    around = np.where(nested.python >= 0, frames.of[nested.python], -1)
    used, codes = np.unique(around, return_inverse=True)
    texts = ["\n".join(names[code] for code in frames.chain(int(node))) for node in used]
    return [*texts, ""], codes.reshape(-1).astype(np.int64)
