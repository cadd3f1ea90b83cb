"""Columns by name: what the page, the filter and `log.table()` show of each row.

run, name, state, start, last …   comparison.BUILTIN
lr, hparams.lr                    a hyperparameter; the long form where something else is called `lr`, too
val/acc, val/acc.max …            a scalar: its last value, or one of tokens.FIELDS
loss.at(val/acc.max)              the loss at the step at which val/acc is greatest
note, text.note                   the last text under a tag
val/acc.max - train/acc.max       any expression over these
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import LogError
from ..reader.blocks import ColumnsDamaged
from ..reader.kinds import TEXT
from .column_values import Column, ColumnInfo, Numbers, Texts, numbers, texts
from .comparison import BUILTIN, Snapshot
from .evaluate import Evaluator
from .expressions import parse
from .hyperparameters import HParam
from .nodes import ExpressionError, Member, Name, Node, walk
from .run_state import run_state
from .statistics import COLUMNS
from .unknown_names import unknown_name

__all__ = ["ColumnReader"]

_LONGEST_TEXT = 2_000  # characters of a logged text that a table shows
_FIELD = {name: at for at, name in enumerate(COLUMNS)}


class ColumnReader:
    """Reads columns of a snapshot.

    user   run → what the user said of it: "name", "tags", "note" (the "runs" of the user state)
    now    seconds since the epoch, for the state of runs
    rows   some of the snapshot's rows; None: all
    """

    def __init__(
        self,
        snapshot: Snapshot,
        user: Mapping[str, Mapping[str, Any]] | None = None,
        now: float | None = None,
        rows: Sequence[str] | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.rows = snapshot.rows if rows is None else tuple(rows)
        self.user = user or {}
        self.now = time.time() if now is None else now
        self._own: dict[str, Column] = {}  # columns that depend on user or now
        self._shared = snapshot.columns if rows is None else {}
        self.evaluator = Evaluator(len(self.rows), self._resolve)

    def parse(self, text: str) -> Node:
        """The tree of a column's or a filter's text; a bare name needs no backticks. Raises ExpressionError."""
        if text in self.snapshot.known:
            return Name(text, start=0, end=len(text))
        return parse(text, self.snapshot.known)

    def column(self, text: str) -> tuple[ColumnInfo, Column]:
        """A column and what heads it. Raises ExpressionError."""
        node = self.parse(text)
        column = self.evaluator.column(node)
        title = BUILTIN[text][0] if text in BUILTIN else text.replace("`", "").removeprefix("hparams.")
        return ColumnInfo(text, title, column.kind), column

    def prepare(self, nodes: Iterable[Node]) -> None:
        """Compute the statistics of all scalars in these expressions in one go."""
        names = [part for node in nodes for part in walk(node)]
        tags = {part.name for part in names if isinstance(part, Member)}
        tags |= {part.text for part in names if isinstance(part, Name)}
        self._ensure(tags.intersection(self.snapshot.scalars_known))

    def _ensure(self, tags: Collection[str]) -> None:
        snapshot = self.snapshot
        own = {tag.removeprefix(f"{name}/") for tag in tags for name in snapshot.part_names}
        damaged = snapshot.statistics.ensure(snapshot.views, sorted({*tags, *own})) if tags else []
        for run in damaged:  # the index was damaged: this reads the event file again, and the next snapshot has it
            snapshot.log.scalar_columns(next(iter(tags)), [run])

    # --- names → columns ---

    def _resolve(self, node: Name | Member) -> Column:
        key = _key(node)
        found = self._own.get(key) or self._shared.get(key)
        if found is None:
            found = self._read(node)
            depends = isinstance(node, Name) and node.text in ("name", "state", "tags", "note")
            (self._own if depends else self._shared)[key] = found
        return found

    def _read(self, node: Name | Member) -> Column:
        snapshot = self.snapshot
        if isinstance(node, Member):
            if node.name not in snapshot.scalars_known:
                raise self._no_scalar(node)
            if node.field == "at":
                return self._value_at(node)
            return self._statistic(node.name, node.field)
        name = node.text
        if name in BUILTIN:
            return self._builtin(name)
        hparam = name.removeprefix("hparams.")
        if name in snapshot.hparam_infos or (name != hparam and hparam in snapshot.hparam_infos):
            return self._hparam(name if name in snapshot.hparam_infos else hparam)
        if name in snapshot.scalars_known:
            return self._statistic(name, "last")
        tag = snapshot.text_tags.get(name) or snapshot.text_tags.get(name.removeprefix("text."))
        if tag is not None:
            return self._text(tag)
        raise unknown_name(name, snapshot.known, node.start, node.end)

    def _no_scalar(self, node: Member) -> ExpressionError:
        if node.name in self.snapshot.known:
            sentence = f"`{node.name}` is no scalar: only the points of one have `.{node.field}`"
            return ExpressionError(sentence, node.start, node.end)
        return unknown_name(node.name, self.snapshot.scalars, node.start, node.start + len(node.name))

    def _builtin(self, name: str) -> Column:
        of_row: dict[str, Callable[[str], str | None]] = {
            "run": lambda row: row, "name": self._name, "tags": self._tags, "note": self._note, "state": self._state,
        }  # fmt: skip
        if name in of_row:
            return texts([of_row[name](row) for row in self.rows])
        infos = [self.snapshot.whole(row).info for row in self.rows]
        if name == "duration":
            return numbers([_finite(info.last_wall_time - info.first_wall_time) for info in infos], "duration")
        if name in ("start", "last"):
            times = [info.first_wall_time if name == "start" else info.last_wall_time for info in infos]
            return numbers([_finite(value) for value in times], "time")
        if name == "last_step":
            return numbers([info.last_step for info in infos])
        return numbers([info.scalar_points if name == "points" else info.damaged_files for info in infos])

    def _name(self, row: str) -> str:
        return str(self.user.get(row, {}).get("name") or row)

    def _tags(self, row: str) -> str | None:
        return ", ".join(map(str, self.user.get(row, {}).get("tags") or ())) or None

    def _note(self, row: str) -> str | None:
        return str(self.user.get(row, {}).get("note") or "") or None

    def _state(self, row: str) -> str:
        return run_state(self.snapshot.activity(row), self.now)

    def _hparam(self, name: str) -> Column:
        values: list[HParam | None] = [self.snapshot.hparams[row].get(name) for row in self.rows]
        kind = self.snapshot.hparam_infos[name].kind
        if kind in ("number", "bool"):
            return numbers([None if value is None else float(value) for value in values], kind)  # type: ignore[arg-type]
        return texts([None if value is None else _plain(value) for value in values])

    def _statistic(self, tag: str, field: str) -> Numbers:
        self._ensure([tag])
        snapshot, at = self.snapshot, _FIELD[field]
        values, missing = snapshot.statistics.column(self.rows, tag, at)
        joined = snapshot.joins.members.keys() | snapshot.joins.parts.keys()
        lacking = [i for i in np.flatnonzero(missing).tolist() if self.rows[i] in joined] if joined else []
        for i in lacking:  # what the row lacks itself may be a member's or a part's
            source = snapshot.source(self.rows[i], tag)
            if source is not None:
                own, absent = snapshot.statistics.column([source[0]], source[1], at)
                values[i], missing[i] = own[0], absent[0]
        return Numbers(values, missing)

    def _value_at(self, node: Member) -> Numbers:
        """The value at the step where another scalar is least or greatest: at that step, or the last one before."""
        place = node.args[0]
        assert isinstance(place, Member)
        if place.name not in self.snapshot.scalars_known:
            raise self._no_scalar(place)
        field = {"min": "step_at_min", "max": "step_at_max", "first": "first_step", "last": "last_step"}[place.field]
        steps = self._statistic(place.name, field)
        return numbers([self._at_step(row, node.name, steps.at(i)) for i, row in enumerate(self.rows)])

    def _at_step(self, row: str, tag: str, step: float | None) -> float | None:
        if step is None or math.isnan(step):
            return None
        source = self.snapshot.source(row, tag)
        try:
            series = self.snapshot.views[source[0]].find(source[1]) if source is not None else None
        except ColumnsDamaged:
            return None  # the statistics had it read again
        if series is None:
            return None
        rows = series.latest
        before = int(np.searchsorted(rows.step, step, side="right"))
        return float(rows.value[before - 1]) if before else None

    def _text(self, tag: str) -> Texts:
        return texts([self._last_text(row, tag) for row in self.rows])

    def _last_text(self, row: str, tag: str) -> str | None:
        for run in self.snapshot.runs_of(row):
            view = self.snapshot.views[run]
            if tag in view.by_kind.get(TEXT, ()):
                try:
                    text = self.snapshot.log.text(run, tag)[-1]
                except LogError:  # deleted or changed meanwhile
                    return None
                shown = text if isinstance(text, str) else "\n".join(map(str, np.ravel(text)))
                return shown[:_LONGEST_TEXT]
        return None


def _key(node: Name | Member) -> str:
    """What a name stands for, whichever way it was written."""
    return repr(node.text) if isinstance(node, Name) else f"{node.name!r}.{node.field}({node.args!r})"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _plain(value: HParam) -> str:
    """A value of a hyperparameter whose values are of different kinds."""
    return str(value).lower() if isinstance(value, bool) else str(value)
