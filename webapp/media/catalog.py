"""Which lines of the log have which tags of which kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ...logger.compare.comparison import Snapshot, compare
from ...logger.reader import kinds as K
from ...logger.reader.discovery import natural_key

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.reader.run import RunView
    from .moving import MovingTags

__all__ = ["kinds_catalog"]

_ELSEWHERE = {K.SCALARS, K.HPARAMS, K.CUSTOM_SCALARS, K.GRAPHS, K.EVENTS}  # these have pages of their own


def kinds_catalog(log: LogDir, moving: MovingTags) -> dict[str, Any]:
    """The answer to GET /api/kinds: see there."""
    snapshot = compare(log)
    numbers = _Numbers()
    runs, parts = [], []
    for place, row in enumerate(snapshot.rows):
        runs.append([row, numbers.of(_kinds_of(snapshot, row))])
        for name, part in snapshot.joins.parts.get(row, {}).items():
            parts.append({"name": part, "row": place, "part": name, "set": numbers.of(_kinds_of(snapshot, part))})
    animated = [
        numbers.tags[tag] for tag, view in _image_tags(snapshot).items() if moving.moves(log.storage, view, tag)
    ]
    return {"tags": list(numbers.tags), "sets": numbers.sets, "runs": runs, "parts": parts, "animated": animated}


def _image_tags(snapshot: Snapshot) -> dict[str, RunView]:
    """Every tag of images, and the view of a run that has it."""
    found: dict[str, RunView] = {}
    unlike: dict[int, RunView] = {}  # runs with the same tags share the mapping
    for row in snapshot.rows:
        for run in snapshot.runs_of(row):
            unlike.setdefault(id(snapshot.views[run].by_kind), snapshot.views[run])
    for view in unlike.values():
        for tag in view.by_kind.get(K.IMAGES, ()):
            found.setdefault(tag, view)
    return found


def _kinds_of(snapshot: Snapshot, run: str) -> tuple[dict[str, list[str]], ...]:
    """Tags by kind of a run and of its members, as the views have them: equal ones are one object."""
    return tuple(snapshot.views[name].by_kind for name in (run, *snapshot.joins.members.get(run, ())))


class _Numbers:
    """Numbers for tags and for sets of tags, in the order in which they are met."""

    def __init__(self) -> None:
        self.tags: dict[str, int] = {}
        self.sets: list[dict[str, list[int]]] = []
        self._known: dict[str, int] = {}  # the set as text → its place
        self._seen: dict[tuple[int, ...], tuple[Any, int]] = {}  # identities → (the objects, kept alive; the place)

    def of(self, sources: tuple[dict[str, list[str]], ...]) -> int:
        """The place of what these hold together."""
        key = tuple(map(id, sources))
        if key not in self._seen:
            self._seen[key] = (sources, self._place(sources))
        return self._seen[key][1]

    def _place(self, sources: tuple[dict[str, list[str]], ...]) -> int:
        kinds = dict.fromkeys(kind for source in sources for kind in source if kind not in _ELSEWHERE)
        numbered = {kind: self._number(tag for source in sources for tag in source.get(kind, ())) for kind in kinds}
        place = self._known.setdefault(repr(numbered), len(self.sets))
        if place == len(self.sets):
            self.sets.append(numbered)
        return place

    def _number(self, tags: Iterable[str]) -> list[int]:
        return [self.tags.setdefault(tag, len(self.tags)) for tag in sorted(set(tags), key=natural_key)]
