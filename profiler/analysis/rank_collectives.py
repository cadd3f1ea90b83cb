"""The collectives of one rank: kernels of NCCL and RCCL, or, on the host, what Gloo, MPI and UCC say they do."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace
from .attribution import Attribution, attribution
from .collective_names import collective_type, element_bytes
from .communication import is_communication
from .nesting import Nesting, nesting
from .steps import Steps, steps

__all__ = ["Collective", "RankCollectives", "rank_collectives"]

_HOST = re.compile(r"^(?:gloo|mpi|ucc|xccl|hccl|oneccl):", re.IGNORECASE)
_OF_OPERATOR = re.compile(r"^(?:nccl|rccl|gloo|mpi|ucc):|^c10d::|^record_param_comms$", re.IGNORECASE)
_BEYOND = 1e18  # only damage makes such numbers
_GROUP = ("Process Group Name", "Process Group Description")


@dataclass(frozen=True)
class Collective:
    """key: equal on all ranks that take part: process group, then Seq, or the step and which one of the step it is.

    kind         "all_reduce" …; bytes of the message as nccl-tests count it, NaN where the file does not tell
    start, end   ns on the clock of the rank: since the epoch, or since the trace's zero where there is no epoch
    row          of the rank's trace; members: the ranks of the group, empty where not told; size: how many
    peer         the other rank of a send or a receive; -1 where not told, and of what all of a group do
    """

    key: tuple[str, ...]
    kind: str
    group: str
    step: str
    bytes: float
    start: int
    end: int
    row: int
    size: int
    members: tuple[int, ...] = ()
    peer: int = -1

    @property
    def numbered(self) -> bool:
        """Whether the file tells which one of its group it is."""
        return self.key[1] == "seq"


@dataclass(frozen=True)
class RankCollectives:
    """What matching ranks needs of one of them. steps: names, in order; world_size: 0 where the file does not tell."""

    rank: int
    path: str
    host: str
    has_epoch: bool
    world_size: int
    steps: tuple[str, ...]
    collectives: list[Collective]


def rank_collectives(trace: Trace, rank: int | None = None) -> RankCollectives:
    """rank: when the file does not tell, or tells what another file tells, too."""
    nested = nesting(trace)
    found = attribution(trace, nested)
    told = steps(trace, found)
    rows, launch = _rows(trace, found)
    if rank is None:
        rank = trace.rank if trace.rank is not None else 0
    return RankCollectives(
        rank,
        trace.path,
        str(trace.metadata.get("host_name", "")),
        bool(trace.zero_ns),
        int(trace.world_size or 0),
        tuple(told.name) if told.marked else (),
        _collectives(trace, nested, told, rows, launch),
    )


def _rows(trace: Trace, found: Attribution) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the collectives in order of start, and the call that launched each, -1 on the host."""
    place = np.flatnonzero(is_communication(trace)[found.rows])
    if len(place):
        return found.rows[place], found.launch[place].astype(np.int64)
    named = np.array([_HOST.search(name) is not None for name in trace.names] or [False], np.bool_)
    rows = trace.rows_of(Category.ANNOTATION, Category.OPERATOR)
    rows = rows[named[trace.slices.name[rows]]]
    return rows, np.full(len(rows), -1, np.int64)


def _collectives(
    trace: Trace, nested: Nesting, told: Steps, rows: NDArray[np.int64], launch: NDArray[np.int64]
) -> list[Collective]:
    begun = trace.slices.start[np.where(launch >= 0, launch, rows)]
    at = np.searchsorted(told.host_start, begun, "right") - 1
    inside = (at >= 0) & (begun <= told.host_end[np.maximum(at, 0)]) & told.marked
    step_of = [told.name[step] if within else "" for step, within in zip(at.tolist(), inside.tolist(), strict=True)]
    seen: Counter[tuple[str, ...]] = Counter()
    made = []
    for row, call, step in zip(rows.tolist(), launch.tolist(), step_of, strict=True):
        about = _About(trace, nested, row, call)
        sequence = about.text("Seq")
        base = (about.group, "seq", sequence) if sequence else (about.group, "step", step)
        seen[base] += 1
        made.append(about.collective((*base, str(seen[base])), step, trace.zero_ns or 0))
    return made


class _About:
    """What the file tells of one collective: beside its kernel, or beside an operator around its launch."""

    def __init__(self, trace: Trace, nested: Nesting, row: int, call: int) -> None:
        self._trace, self._row = trace, row
        self._around = [row]
        parent = int(nested.parent[call]) if call >= 0 else -1
        while parent >= 0:
            if _OF_OPERATOR.search(trace.names[trace.slices.name[parent]]):
                self._around.append(parent)
            parent = int(nested.parent[parent])

    def text(self, *names: str) -> str:
        """The first argument of these names, "" for none."""
        for row in self._around:
            for name in names:
                column = self._trace.arguments.get(name)
                value = column.at(row) if column is not None else None
                if value is not None and value != "":
                    return str(value)
        return ""

    @property
    def group(self) -> str:
        return self.text(*_GROUP)

    def collective(self, key: tuple[str, ...], step: str, zero: int) -> Collective:
        slices = self._trace.slices
        kind, members = self._kind(), self._members()
        size = int(_number(self.text("Group size"))) or len(members) or int(self._trace.world_size or 0)
        start, lasted = int(slices.start[self._row]), max(int(slices.duration[self._row]), 0)
        return Collective(
            key,
            kind,
            self.group,
            step,
            self._bytes(kind, size),
            zero + start,
            zero + start + lasted,
            self._row,
            size,
            members,
            self._peer(kind),
        )

    def _kind(self) -> str:
        names = [self.text("Collective name")]
        # The kernel of an all_to_all is called SendRecv: operators know better.
        names += [self._trace.names[self._trace.slices.name[row]] for row in (*self._around[1:], self._row)]
        kinds = (collective_type(name) for name in names if name)
        return next((kind for kind in kinds if kind != "other"), "other")

    def _peer(self, kind: str) -> int:
        told = self.text("Dst Rank" if kind == "send" else "Src Rank") if kind in ("send", "recv") else ""
        return int(_number(told)) if told else -1

    def _members(self) -> tuple[int, ...]:
        told = re.findall(r"\d+", self.text("Process Group Ranks"))
        return tuple(int(rank) for rank in told)

    def _bytes(self, kind: str, size: int) -> float:
        """The larger of what goes in and what comes out: nccl-tests count an all_gather by its output."""
        elements = [_number(self.text(name)) for name in ("In msg nelems", "Out msg nelems")]
        if any(elements):
            return max(elements) * element_bytes(self.text("dtype"))
        return self._bytes_of_inputs() * (max(size, 1) if kind == "all_gather" else 1)

    def _bytes_of_inputs(self) -> float:
        """Of the first input whose shape and type are told."""
        for row in self._around:
            for shape, dtype in zip(self._list("Input Dims", row), self._list("Input type", row), strict=False):
                whole = isinstance(shape, list) and shape and all(isinstance(each, int) for each in shape)
                if whole and isinstance(dtype, str) and not math.isnan(element_bytes(dtype)):
                    return float(math.prod(shape) * element_bytes(dtype))
        return float("nan")

    def _list(self, name: str, row: int) -> list[Any]:
        column = self._trace.arguments.get(name)
        value = column.at(row) if column is not None else None
        try:
            told = json.loads(value) if isinstance(value, str) else []
        except ValueError:
            return []
        return told if isinstance(told, list) else []


def _number(text: str) -> float:
    try:
        number = float(text or 0)
    except ValueError:
        return 0.0
    return number if abs(number) < _BEYOND else 0.0
