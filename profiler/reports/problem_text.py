"""What is wrong with a file, in a sentence. Loads nothing: pages say it, too."""

from __future__ import annotations

import os

__all__ = ["sentence_of"]


def sentence_of(error: Exception, shown: str) -> str:
    """An error in reading a file, as a sentence that begins with its name."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    for name in (getattr(error, "filename", None), shown):
        text = text.removeprefix(f"{name}: ") if name else text
    path, colon, rest = text.partition(": ")
    if colon and os.path.basename(path) == os.path.basename(shown):
        text = rest
    return f"{shown}: {text}"
