"""How long the modules of a run's model took, from the profiles that lie beside its event files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..queries import Refused
from .group_tree import GroupTree
from .named_parts import NamedParts, Part

if TYPE_CHECKING:
    from ...logger.graphs.model import GraphModel
    from ...profiler.table import Table
    from ..profile.listing import ListedProfile
    from ..profile.opened import OpenedProfile
    from ..profile.store import ProfileStore

__all__ = ["PROFILE", "RunProfiles"]

PROFILE = "profile:"  # what the names of these colourings begin with
_CLOCKS = {"device": ("device_total",), "host": ("host_total", "host_backward")}  # columns of the table of modules
_PATIENCE = 0.5  # s that a page waits for the first look through the folders
_MARK = re.compile(r"(.+) \(([^()]+)\)")  # "Net.encoder.0 (Linear)", as stepscope.profiler marks modules
_FRAME = re.compile(r"(\w+)_(\d+)")  # "Linear_3", as torch names them with with_stack=True
_SECONDS = 1e-9  # in a ns


class RunProfiles:
    """The profiles of one run. For any thread."""

    def __init__(self, store: ProfileStore, run: str) -> None:
        self._store, self._run = store, run
        self._without_device: set[str] = set()  # ids

    def listed(self) -> Iterator[dict[str, str]]:
        """`{by, title, group}` of each, the newest first; nothing is read for it."""
        found = [one for one in self._store.listing.profiles(_PATIENCE) if self._is_mine(one)]
        for one in sorted(found, key=lambda one: -one.found.wall_time):
            name = f" · {one.found.name}" if len(found) > 1 else ""
            for clock in _CLOCKS:
                if clock != "device" or one.id not in self._without_device:
                    yield {"by": f"{PROFILE}{clock}:{one.id}", "title": f"{clock} time{name}", "group": "Profile"}

    def times(self, by: str, model: GraphModel, tree: GroupTree, names: NamedParts) -> Mapping[Part, float]:
        """Seconds by the parts of the graph, over all captured steps. Raises Refused, Waiting while it is read."""
        clock, _, id = by.removeprefix(PROFILE).partition(":")
        if clock not in _CLOCKS:
            raise Refused(f"by: a profile's time is of the device or the host, got {clock[:80]!r}")
        opened = self._store.find(id)
        table = self._modules(opened)
        if not len(table):
            raise Refused(f"{opened.found.name}: {' '.join(table.notes)}", 422)
        times = np.sum([np.asarray(table[column]) for column in _CLOCKS[clock]], axis=0)
        if clock == "device" and not times.any():
            self._without_device.add(id)
            raise Refused(f"{opened.found.name}: no work of a device in it; colour by host time instead", 422)
        labels: Any = table["name"]
        return _placed(labels, times * _SECONDS, model, tree, names)

    def _is_mine(self, one: ListedProfile) -> bool:
        return one.found.run == self._run and one.found.kind == "kineto"

    def _modules(self, opened: OpenedProfile) -> Table:
        from ...profiler.analysis.modules import modules

        trace = self._store.trace(opened, None)
        return self._store.answer(opened, "modules of the graph", "Adding up modules", lambda: modules(trace))


def _placed(
    labels: Sequence[str], times: Any, model: GraphModel, tree: GroupTree, names: NamedParts
) -> dict[Part, float]:
    """A module that is called in several places has all of their times."""
    numbered = _numbered(model, tree)
    found: dict[Part, float] = {}
    for label, time in zip(labels, times.tolist(), strict=True):
        marked, frame = _MARK.fullmatch(label), _FRAME.fullmatch(label)
        parts = _named(marked[1], names) if marked else numbered.get((frame[1], int(frame[2])), ()) if frame else ()
        for part in parts:
            found[part] = found.get(part, 0.0) + time
    return found


def _named(path: str, names: NamedParts) -> Sequence[Part]:
    """The parts of "Trainer.model.encoder.0" are those of "encoder.0" where the graph is of the inner model."""
    words = path.split(".")
    for first in range(len(words)):
        rest = words[first:]
        if first and len(rest) == 1 and rest[0].isdecimal():
            break  # a bare number may be anything
        found = names.find(".".join(rest))
        if found:
            return [part for part in found if part.kind == "group"]
    return ()


def _numbered(model: GraphModel, tree: GroupTree) -> dict[tuple[str, int], list[Part]]:
    """(class, number) → the calls of a module: torch numbers the modules of each class as they are first called."""
    found: dict[tuple[str, int], list[Part]] = {}
    seen: dict[str, dict[str, int]] = {}
    for place in sorted(range(1, len(model.groups)), key=lambda place: int(tree.enter[place])):
        group = model.groups[place]
        if group.module is not None and group.type:
            known = seen.setdefault(group.type, {})
            number = known.setdefault(group.module, len(known))
            found.setdefault((group.type, number), []).append(Part("group", place))
    return found
