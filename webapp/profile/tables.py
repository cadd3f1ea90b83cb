"""The tables that the page asks for by name: each is one function of the profiler."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..queries import Refused
from .asking import Asked
from .operator_tables import OPERATOR_TABLES
from .time_tables import TIME_TABLES

if TYPE_CHECKING:
    from ...profiler.table import Table

__all__ = ["TABLES", "table"]


# By name; modules of analyses are imported when they are asked for.
TABLES: dict[str, Callable[[Asked], Table]] = {
    **OPERATOR_TABLES,
    **TIME_TABLES,
}


def table(name: str, asked: Asked) -> Table:
    """Raises Refused, Waiting."""
    function = TABLES.get(name)
    if function is None:
        raise Refused(f"name: there is no table {name[:80]!r}; there are {', '.join(sorted(TABLES))}")
    asked.trace  # noqa: B018  # first, so that the page is told how far reading is
    return asked.answer(f"table {name}", lambda: function(asked))
