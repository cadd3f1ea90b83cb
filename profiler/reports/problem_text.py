"""What is wrong with a file, in a sentence. Loads nothing: pages say it, too."""

from __future__ import annotations

import os
from collections.abc import Iterable

__all__ = ["no_rank", "sentence_of"]


def sentence_of(error: Exception, shown: str) -> str:
    """An error in reading a file, as a sentence that begins with its name."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    for name in (getattr(error, "filename", None), shown):
        text = text.removeprefix(f"{name}: ") if name else text
    path, colon, rest = text.partition(": ")
    if colon and os.path.basename(path) == os.path.basename(shown):
        text = rest
    return f"{shown}: {text}"


def no_rank(name: str, wanted: Iterable[int], there: Iterable[int]) -> str:
    """That a profile does not have these ranks."""
    has = [str(rank) for rank in there]
    known = f"there are {', '.join(has)}" if len(has) > 1 else f"there is only rank {has[0]}" if has else "it has none"
    return f"{name}: there is no rank {', '.join(map(str, wanted))}; {known}"
