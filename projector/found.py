"""An embedding that was found and not opened yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .embedding import Embedding

__all__ = ["FoundEmbedding", "tag_and_step"]

_STEP = re.compile(r"(.*):(\d{5,})", re.DOTALL)  # how add_embedding writes tag and step


@dataclass(frozen=True)
class FoundEmbedding:
    """One embedding of a run: a tag at a step."""

    run: str
    name: str  # as in the configuration: "layer:00010"
    tag: str  # "layer"
    step: int  # 10; 0 where the name has none
    path: Path  # of the configuration or the checkpoint
    shape: tuple[int, int] | None = None  # (points, dimensions) where they are known without reading all of it
    metadata: bool = False
    sprite: bool = False
    broken: str = ""  # a sentence that says why it cannot be opened
    files: tuple[Path, ...] = ()  # all that it is read from, the configuration apart: it grows with every step
    opening: Callable[[bool | Path], Embedding] | None = field(default=None, repr=False, compare=False)

    def open(self, *, cache: bool | Path = True) -> Embedding:
        """cache: as of `load_embedding`. Raises ValueError with a sentence, OSError."""
        if self.broken or self.opening is None:
            raise ValueError(self.broken or f"{self.name!r} cannot be opened")
        return self.opening(cache)


def tag_and_step(name: str) -> tuple[str, int]:
    """ "layer:00010" → ("layer", 10); a name without a step → (name, 0)."""
    match = _STEP.fullmatch(name)
    return (match[1], int(match[2])) if match else (name, 0)
