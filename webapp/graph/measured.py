"""What graphs can be coloured by beside what is in them: tables that somebody opened, figures of the run."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..queries import Refused

if TYPE_CHECKING:
    from .named_parts import NamedParts, Part
    from .number_tables import NumberTable
    from .run_histograms import RunHistograms
    from .run_profiles import RunProfiles

__all__ = ["TABLE", "Measured", "OpenedTables"]

TABLE = "table:"  # what the names of these colourings begin with
_MOST_TABLES = 32  # kept, the newest ones
_MOST_NAMED = 5  # paths in a sentence


class OpenedTables:
    """The tables last opened, for every graph that has their paths. For any thread."""

    def __init__(self) -> None:
        self._tables: OrderedDict[str, NumberTable] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, table: NumberTable) -> str:
        """Keep a table; the `by` that names it."""
        content = repr((table.title, table.unit, table.combine, sorted(table.rows.items())))
        by = TABLE + hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=8).hexdigest()
        with self._lock:
            self._tables[by] = table
            self._tables.move_to_end(by)
            while len(self._tables) > _MOST_TABLES:
                self._tables.popitem(last=False)
        return by

    def read(self, content: bytes, name: str, names: NamedParts) -> dict[str, Any]:
        """`{by, title, matched, unmatched, notes}` of a file. Raises Refused (422) where it is no table."""
        from .number_tables import parse_tables

        try:
            tables = parse_tables(content, name)
        except ValueError as error:
            raise Refused(str(error), 422) from None
        named = [(self.add(table), table) for table in reversed(tables)]
        by, table = named[-1]
        unknown = [path for path in table.rows if not names.find(path)]
        notes = [*table.notes, *_of_unknown(unknown, len(table.rows), name)]
        return {
            "by": by,
            "title": table.title,
            "matched": len(table.rows) - len(unknown),
            "unmatched": len(unknown),
            "notes": notes,
        }

    def find(self, by: str) -> NumberTable:
        """Raises Refused (404)."""
        with self._lock:
            found = self._tables.get(by)
        if found is None:
            raise Refused(f"the table {by[:80]!r} is not open here (any more); open it again", 404)
        return found

    def listed(self) -> list[tuple[str, NumberTable]]:
        """(by, table), the last one first."""
        with self._lock:
            return [*reversed(self._tables.items())]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a graph can be coloured by beside what is in it: tables, histograms and profiles of its run."""

    tables: OpenedTables = field(default_factory=OpenedTables)
    histograms: RunHistograms | None = None
    profiles: RunProfiles | None = None
    _placed: dict[str, dict[Part, float]] = field(default_factory=dict)  # of tables, by their names

    def placed(self, by: str, table: NumberTable, names: NamedParts) -> Mapping[Part, float]:
        """The numbers of a table, which `by` names, by the parts of the graph that they are of.

        `names`: always those of one graph.
        """
        found = self._placed.get(by)
        if found is None:
            while len(self._placed) >= _MOST_TABLES:
                self._placed.popitem()
            found = {part: number for path, number in table.rows.items() for part in names.find(path)}
            self._placed[by] = found
        return found


def _of_unknown(paths: Sequence[str], rows: int, name: str) -> list[str]:
    if not paths:
        return []
    listed = ", ".join(repr(path[:80]) for path in paths[:_MOST_NAMED]) + (" …" if len(paths) > _MOST_NAMED else "")
    whole = "none" if len(paths) == rows else f"{rows - len(paths):,}"
    return [f"{name}: {whole} of {rows:,} paths are in this graph; not in it: {listed}."]
