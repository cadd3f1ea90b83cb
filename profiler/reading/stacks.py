"""`read_stacks`: call stacks with a count or time each, as `export_stacks` and other samplers write them."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..analysis.nesting import descendants_of
from ..trace import Category, Remark, Trace, Track
from .made_trace import made_trace, spread
from .read import Progress

__all__ = ["FoldedStacks", "read_stacks", "read_stacks_as_trace"]

_NO_TIMES = "stacks have no times: they are merged, each microsecond stands for one of their counts"
_EMPTY = (
    "the file is empty: torch.profiler writes stacks only with "
    "experimental_config=torch._C._profiler._ExperimentalConfig(verbose=True) beside with_stack=True"
)


@dataclass(frozen=True)
class FoldedStacks:
    """frames: distinct names. parent (n,) int32, name (n,) int32: a tree, parents before their children, -1 at the
    root; own (n,) int64: what ended at a node; total (n,) int64: with all below. `most`: the deepest stack.
    """

    path: str
    frames: list[str]
    parent: NDArray[np.int32]
    name: NDArray[np.int32]
    own: NDArray[np.int64]
    total: NDArray[np.int64]
    remarks: list[Remark] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.parent)


def read_stacks(path: str | Path) -> FoldedStacks:
    """Of lines `frame;frame;frame 12`, the outermost frame first.

    Raises OSError, and ValueError with a sentence for an empty file and for one without such lines. Lines that are
    damaged are counted in `remarks`, with the byte of the first.
    """
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if not data.strip():
        raise ValueError(f"{path}: {_EMPTY}")
    tree = _Tree()
    damaged, first, offset = 0, -1, 0
    for line in data.split(b"\n"):
        stack, _, count = line.rstrip().rpartition(b" ")
        if stack and count.isdigit():
            tree.add(stack.decode("utf-8", "replace").split(";"), int(count))
        elif line.strip():
            damaged, first = damaged + 1, offset if first < 0 else first
        offset += len(line) + 1
    if not tree.parent:
        raise ValueError(f"{path}: no stacks: a line is expected to be 'frame;frame;frame 12'")
    remarks = [Remark("lines without frames and a number, left out", damaged, first)] if damaged else []
    own = np.array(tree.own, np.int64)
    parent, name = np.array(tree.parent, np.int32), np.array(tree.name, np.int32)
    return FoldedStacks(str(path), list(tree.codes), parent, name, own, descendants_of(parent, own), remarks)


def read_stacks_as_trace(path: str | Path, progress: Progress | None = None) -> Trace:
    """The stacks as Python frames beside each other, as wide as their numbers: µs where torch wrote them."""
    found = read_stacks(path)
    count = len(found)
    trace = made_trace(
        found.path,
        found.frames,
        (
            found.name,
            np.full(count, Category.PYTHON, np.int8),
            np.zeros(count, np.int32),
            spread(found.parent, found.total) * 1000,
            found.total * 1000,
        ),
        [Track("stacks", 0, "Stacks", "all threads")],
        {},
        Remark(_NO_TIMES),
        {},
    )
    return replace(trace, remarks=[*trace.remarks, *found.remarks])


class _Tree:
    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.parent: list[int] = []
        self.name: list[int] = []
        self.own: list[int] = []
        self._nodes: dict[tuple[int, int], int] = {}

    def add(self, frames: list[str], count: int) -> None:
        node = -1
        for frame in frames:
            code = self.codes.setdefault(frame, len(self.codes))
            inner = self._nodes.get((node, code))
            if inner is None:
                inner = self._nodes[node, code] = len(self.parent)
                self.parent.append(node)
                self.name.append(code)
                self.own.append(0)
            node = inner
        self.own[node] += count
