"""`read_snapshot`: what `torch.cuda.memory._dump_snapshot` wrote, of any generation, without executing anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import Remark
from .pickled import Pickled, Values
from .snapshot import Action, Annotation, Blocks, Events, Segments, Snapshot, State
from .stacks import read_stacks
from .unpickling import PickleRefused, read_pickle

__all__ = ["read_snapshot"]

_STATES = {
    "active_allocated": State.ALLOCATED,
    "active_awaiting_free": State.AWAITING_FREE,
    "active_pending_free": State.AWAITING_FREE,
}
_ACTIONS = {action.name.lower(): action for action in Action} | {"free": Action.FREE_COMPLETED}
_NONE = np.empty(0, np.int64)


def read_snapshot(path: str | Path) -> Snapshot:
    """The snapshot in a pickle of protocol 0 to 5; of a truncated one what stands before the end.

    Raises OSError, and PickleRefused (a ValueError) with a sentence for pickles that would execute something, are
    damaged, or hold something else.
    """
    pickled = read_pickle(path)
    told = pickled.fields(pickled.root)
    segments = pickled.items(told.get("segments", 0) or (0 if told else pickled.root))
    if not told and not len(segments):
        raise PickleRefused(f"{path}: no memory snapshot: it holds neither 'segments' nor 'device_traces'")
    if told and not {"segments", "device_traces"} & set(told):
        keys = ", ".join(list(told)[:5])
        raise PickleRefused(f"{path}: no memory snapshot: it has no 'segments' and no 'device_traces', only {keys}")
    per_device = [pickled.items(int(each)) for each in pickled.items(told.get("device_traces", 0))]
    return _Reader(pickled, segments, per_device).snapshot(told)


class _Reader:
    """Columns out of the dicts of a snapshot."""

    def __init__(self, pickled: Pickled, segments: Values, per_device: list[Values]) -> None:
        self.pickled = pickled
        order = np.lexsort([self._numbers(segments, "address"), self._numbers(segments, "device")])
        self.segments = segments[order]
        lists = [pickled.items(int(each)) for each in pickled.column(self.segments, "blocks")]
        self.blocks = np.concatenate([_NONE, *lists])
        self.segment_of = np.repeat(np.arange(len(lists)), [len(each) for each in lists]).astype(np.int32)
        self.events = np.concatenate([_NONE, *per_device])
        self.device_of = np.repeat(np.arange(len(per_device)), [len(each) for each in per_device]).astype(np.int32)

    def snapshot(self, told: dict[str, int]) -> Snapshot:
        history, own = self._history()
        lists = (
            _frames_of(self.pickled, self.segments),
            np.where(own != 0, own, _frames_of(self.pickled, history)),
            _frames_of(self.pickled, self.events),
        )
        stacks, rows = read_stacks(self.pickled, np.concatenate(lists))
        of_segments, of_blocks, of_events = np.split(rows, np.cumsum([len(each) for each in lists])[:2])
        segments = self._segments(of_segments)
        settings = self.pickled.plain(told.get("allocator_settings", 0))
        return Snapshot(
            path=self.pickled.path,
            segments=segments,
            blocks=self._blocks(segments, of_blocks, history),
            events=self._events(of_events),
            stacks=stacks,
            annotations=self._annotations(told.get("external_annotations", 0)),
            settings=settings if isinstance(settings, dict) else {},
            remarks=self._remarks(),
        )

    def _numbers(self, dicts: Values, key: str, missing: int = 0) -> NDArray[np.int64]:
        return self.pickled.numbers(self.pickled.column(dicts, key), missing)

    def _codes(self, dicts: Values, key: str, names: dict[str, Any]) -> NDArray[np.int8]:
        """(n,) the number of each text by `names`; 0 for others."""
        values = self.pickled.column(dicts, key)
        distinct, inverse = np.unique(values, return_inverse=True)
        codes = [int(names.get(self.pickled.text_of(value), 0)) for value in distinct.tolist()]
        return np.array(codes, np.int8)[inverse.ravel()]

    def _history(self) -> tuple[Values, Values]:
        """(the latest entry of each block's "history", which snapshots before torch 2.1 have; "frames" of others)."""
        lists = self.pickled.column(self.blocks, "history")
        first = np.zeros(len(lists), np.int64)
        for place in np.flatnonzero(lists):
            items = self.pickled.items(int(lists[place]))
            first[place] = items[0] if len(items) else 0
        return first, _frames_of(self.pickled, self.blocks)

    def _segments(self, stack: NDArray[np.int32]) -> Segments:
        rows = self.segments
        total, active = self._numbers(rows, "total_size"), self._numbers(rows, "active_size")
        return Segments(
            device=self._numbers(rows, "device"),
            address=self._numbers(rows, "address"),
            total=total,
            allocated=self._numbers(rows, "allocated_size"),
            active=active,
            requested=self._numbers(rows, "requested_size"),
            stream=self._numbers(rows, "stream"),
            large=self._codes(rows, "segment_type", {"large": 1}).astype(np.bool_),
            expandable=self._numbers(rows, "is_expandable").astype(np.bool_),
            stack=stack,
        )

    def _blocks(self, segments: Segments, stack: NDArray[np.int32], history: Values) -> Blocks:
        size = self._numbers(self.blocks, "size")
        requested = self._numbers(self.blocks, "requested_size", -1)
        real = self._numbers(history, "real_size", -1)
        address = self._numbers(self.blocks, "address", -1)
        before = np.cumsum(size) - size
        first = np.searchsorted(self.segment_of, np.arange(len(segments)))
        within = before - before[np.minimum(first, max(len(size) - 1, 0))][self.segment_of] if len(size) else before
        address = np.where(address == -1, segments.address[self.segment_of] + within, address)
        state = self._codes(self.blocks, "state", _STATES)
        requested = np.where(requested >= 0, requested, np.where(real >= 0, real, size))
        return Blocks(self.segment_of, address, size, requested, state, stack)

    def _events(self, stack: NDArray[np.int32]) -> Events:
        rows = self.events
        return Events(
            device=self.device_of,
            action=self._codes(rows, "action", _ACTIONS),
            address=self._numbers(rows, "addr"),
            size=self._numbers(rows, "size"),
            stream=self._numbers(rows, "stream"),
            time=self._numbers(rows, "time_us") * 1000,
            stack=stack,
            free=self._numbers(rows, "device_free", -1),
        )

    def _annotations(self, value: int) -> list[Annotation]:
        rows = self.pickled.items(value)
        times, devices = self._numbers(rows, "time_us") * 1000, self._numbers(rows, "device")
        texts = [
            [self.pickled.text_of(int(each)) for each in self.pickled.column(rows, key)] for key in ("name", "stage")
        ]
        return [
            Annotation(name, stage, int(device), int(time))
            for name, stage, device, time in zip(*texts, devices, times, strict=True)
        ]

    def _remarks(self) -> list[Remark]:
        remarks = []
        if self.pickled.problem:
            remarks.append(Remark(self.pickled.problem, offset=len(self.pickled.data)))
        values = self.pickled.column(self.events, "action")
        unknown = {self.pickled.text_of(value, "(none)") for value in np.unique(values).tolist()} - set(_ACTIONS)
        if unknown:
            count = int((self._codes(self.events, "action", _ACTIONS) == Action.OTHER).sum())
            remarks.append(Remark(f"actions that are not known here: {', '.join(sorted(unknown))}", count))
        return remarks


def _frames_of(pickled: Pickled, dicts: Values) -> Values:
    """(n,) the lists of frames of n dicts; 0 without one."""
    return pickled.column(dicts, "frames")
