"""`read_snapshot`: what `torch.cuda.memory._dump_snapshot` wrote, of any generation, without executing anything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..trace import Remark
from .pickle_layout import DICT, LIST
from .pickled import Dicts, Pickled, Values
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
    _refuse_without_lists(path, pickled, told, segments)
    per_device = [pickled.items(int(each)) for each in pickled.items(told.get("device_traces", 0))]
    return _Reader(pickled, segments, per_device).snapshot(told)


def _refuse_without_lists(path: str | Path, pickled: Pickled, told: dict[str, int], segments: Values) -> None:
    """A pickle of something else may have the keys of a snapshot, or be a list as the oldest snapshots are."""
    if not told and not (segments & 7 == DICT).any():
        raise PickleRefused(f"{path}: no memory snapshot: the list in it holds no segments")
    values = [told[name] for name in ("segments", "device_traces") if name in told]
    if told and not pickled.problem and not any(value & 7 == LIST for value in values):
        raise PickleRefused(f"{path}: no memory snapshot: its 'segments' and 'device_traces' are no lists")


class _Reader:
    """Columns out of the dicts of a snapshot."""

    def __init__(self, pickled: Pickled, segments: Values, per_device: list[Values]) -> None:
        self.pickled = pickled
        self.left_out: dict[str, int] = {}
        segments = self._dicts("segments", segments)
        told = Dicts(pickled, segments)
        order = np.lexsort([told.numbers("address"), told.numbers("device")])
        self.segments = Dicts(pickled, segments[order])
        lists = [self._dicts("blocks", pickled.items(each)) for each in self.segments["blocks"].tolist()]
        self.blocks = Dicts(pickled, np.concatenate([_NONE, *lists]))
        self.segment_of = np.repeat(np.arange(len(lists)), [len(each) for each in lists]).astype(np.int32)
        per_device = [self._dicts("events", values) for values in per_device]
        self.events = Dicts(pickled, np.concatenate([_NONE, *per_device]))
        self.device_of = np.repeat(np.arange(len(per_device)), [len(each) for each in per_device]).astype(np.int32)

    def _dicts(self, what: str, values: Values) -> Values:
        """Those of a list that are dicts; the others are counted."""
        is_dict = values & 7 == DICT
        self.left_out[what] = self.left_out.get(what, 0) + int((~is_dict).sum())
        return np.asarray(values[is_dict])

    def snapshot(self, told: dict[str, int]) -> Snapshot:
        history, own = self._history(), self.blocks["frames"]
        lists = self.segments["frames"], np.where(own != 0, own, history["frames"]), self.events["frames"]
        stacks, rows = read_stacks(self.pickled, np.concatenate(lists))
        of_segments, of_blocks, of_events = np.split(rows, np.cumsum([len(each) for each in lists])[:2])
        segments, events = self._segments(of_segments), self._events(of_events)
        settings = self.pickled.plain(told.get("allocator_settings", 0))
        return Snapshot(
            path=self.pickled.path,
            segments=segments,
            blocks=self._blocks(segments, of_blocks, history),
            events=events,
            stacks=stacks,
            annotations=self._annotations(told.get("external_annotations", 0)),
            settings=settings if isinstance(settings, dict) else {},
            remarks=self._remarks(events.action),
        )

    def _history(self) -> Dicts:
        """The latest entry of each block's "history", as snapshots before torch 2.1 have it."""
        lists = self.blocks["history"]
        first = np.zeros(len(lists), np.int64)
        for place in np.flatnonzero(lists).tolist():
            items = self.pickled.items(int(lists[place]))
            first[place] = items[0] if len(items) else 0
        return Dicts(self.pickled, first)

    def _segments(self, stack: NDArray[np.int32]) -> Segments:
        rows = self.segments
        return Segments(
            device=rows.numbers("device"),
            address=rows.numbers("address"),
            total=rows.numbers("total_size"),
            allocated=rows.numbers("allocated_size"),
            active=rows.numbers("active_size"),
            requested=rows.numbers("requested_size"),
            stream=rows.numbers("stream"),
            large=rows.codes("segment_type", {"large": 1}).astype(np.bool_),
            expandable=rows.numbers("is_expandable").astype(np.bool_),
            stack=stack,
        )

    def _blocks(self, segments: Segments, stack: NDArray[np.int32], history: Dicts) -> Blocks:
        size = self.blocks.numbers("size")
        requested = self.blocks.numbers("requested_size", -1)
        real = history.numbers("real_size", -1)
        address = self.blocks.numbers("address", -1)
        before = np.cumsum(size) - size
        first = np.searchsorted(self.segment_of, np.arange(len(segments)))
        within = before - before[np.minimum(first, max(len(size) - 1, 0))][self.segment_of] if len(size) else before
        address = np.where(address == -1, segments.address[self.segment_of] + within, address)
        state = self.blocks.codes("state", _STATES)
        requested = np.where(requested >= 0, requested, np.where(real >= 0, real, size))
        return Blocks(self.segment_of, address, size, requested, state, stack)

    def _events(self, stack: NDArray[np.int32]) -> Events:
        rows = self.events
        return Events(
            device=self.device_of,
            action=rows.codes("action", _ACTIONS),
            address=rows.numbers("addr"),
            size=rows.numbers("size"),
            stream=rows.numbers("stream"),
            time=rows.numbers("time_us") * 1000,
            stack=stack,
            free=rows.numbers("device_free", -1),
        )

    def _annotations(self, value: int) -> list[Annotation]:
        rows = Dicts(self.pickled, self.pickled.items(value))
        times, devices = (rows.numbers("time_us") * 1000).tolist(), rows.numbers("device").tolist()
        return list(map(Annotation, rows.texts("name"), rows.texts("stage"), devices, times))

    def _remarks(self, action: NDArray[np.int8]) -> list[Remark]:
        remarks = []
        if self.pickled.problem:
            remarks.append(Remark(self.pickled.problem))
        remarks += [
            Remark(f"{what} that are no dicts, left out", count) for what, count in self.left_out.items() if count
        ]
        unknown = action == Action.OTHER
        if unknown.any():
            values = np.unique(self.events["action"][unknown]).tolist()
            names = ", ".join(sorted(self.pickled.text_of(value, "(none)") for value in values))
            remarks.append(Remark(f"actions that are not known here: {names}", int(unknown.sum())))
        return remarks
