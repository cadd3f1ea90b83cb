"""Where a report stands: titles, sections, sentences and tables in lines of one width."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from ..table import Table
from .letters import width_of
from .text_table import text_table

__all__ = ["TextPage"]

_INSET = 4  # blanks in front of what a section holds


@dataclass(frozen=True)
class TextPage:
    """width: columns of its lines."""

    width: int

    def head(self, text: str) -> list[str]:
        """A title, and a line below it."""
        return [text, "─" * min(width_of(text), self.width)]

    def section(self, title: str, lines: Sequence[str]) -> list[str]:
        """Nothing where there are no lines."""
        return ["", f"  {title}", *(f"{' ' * _INSET}{line}" for line in lines)] if lines else []

    def wrapped(self, text: str, hang: int = 0) -> list[str]:
        """A sentence in lines; all but the first begin with `hang` blanks."""
        room = self.width - _INSET
        return textwrap.wrap(text, room, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False)

    def table(self, table: Table, names: Sequence[str], most: int | None = None) -> list[str]:
        """See text_table.py."""
        return text_table(table, names, most, self.width - _INSET)
