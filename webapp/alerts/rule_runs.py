"""Which runs the rules are about: their filters, asked of the run table as it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...logger.compare.filter_syntax import is_words
from ...logger.compare.nodes import ExpressionError
from .rules import Rule

if TYPE_CHECKING:
    from ...logger import LogDir

__all__ = ["RuleRuns"]


class RuleRuns:
    """The answer of one moment.

    people   run → what people added ("runs" of the user state)
    """

    def __init__(
        self, rules: Sequence[Rule], log: LogDir | None = None, people: Mapping[str, Any] | None = None
    ) -> None:
        self.problems: list[str] = []
        self._rules = [rule for rule in rules if rule.enabled]
        self._found: dict[str, frozenset[str]] = {}  # id of a rule with a filter → runs
        filtered = [rule for rule in self._rules if rule.runs.strip()]
        if filtered and log is not None:
            self._ask(filtered, log, people or {})

    @property
    def are_filtered(self) -> bool:
        """Whether the answer may be another one later."""
        return bool(self._found)

    def of(self, run: str) -> tuple[Rule, ...]:
        """The rules that are about a run."""
        return tuple(rule for rule in self._rules if rule.id not in self._found or run in self._found[rule.id])

    def _ask(self, rules: Sequence[Rule], log: LogDir, people: Mapping[str, Any]) -> None:
        from ...logger.compare.columns import ColumnReader
        from ...logger.compare.comparison import compare
        from ...logger.compare.filter import matching

        snapshot = compare(log)
        reader = ColumnReader(snapshot, people)
        for rule in rules:
            try:
                places = matching(reader, rule.runs)
                rows = snapshot.rows if places is None else [snapshot.rows[place] for place in places.tolist()]
            except ExpressionError as error:
                rows = []
                if not is_words(rule.runs):  # words that no run holds yet are no mistake
                    self.problems.append(f"the rule {rule.id!r}: runs: {error.message}")
            self._found[rule.id] = frozenset(run for row in rows for run in snapshot.runs_of(row))
