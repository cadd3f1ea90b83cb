"""What clients ask of the run table, checked at the edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from .queries import Refused, as_object, names_list, one_of

__all__ = ["EXPORT_FORMATS", "ExportQuery", "TableQuery", "export_query", "filter_query", "table_query"]

Format = Literal["csv", "json", "markdown", "latex", "parquet"]
EXPORT_FORMATS: tuple[Format, ...] = get_args(Format)
_MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class TableQuery:
    """The body of POST /api/table."""

    columns: tuple[str, ...]
    since: int  # version of what the client has; 0: nothing


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """The body of POST /api/table/export."""

    columns: tuple[str, ...]
    runs: tuple[str, ...] | None  # None: all
    format: Format
    baseline: str | None


def table_query(body: Any) -> TableQuery:
    """Raises Refused."""
    since = as_object(body).get("since", 0)
    if since is not None and (not isinstance(since, int) or isinstance(since, bool)):
        raise Refused("since: expected the version of an earlier answer")
    return TableQuery(_columns(body), max(since or 0, 0))


def filter_query(body: Any) -> str:
    """The query's text. Raises Refused."""
    query = as_object(body).get("query")
    if not isinstance(query, str):
        raise Refused("query: expected a string")
    return query


def export_query(body: Any) -> ExportQuery:
    """Raises Refused."""
    runs, baseline = as_object(body).get("runs"), body.get("baseline")
    if baseline is not None and not isinstance(baseline, str):
        raise Refused("baseline: expected the name of a run")
    return ExportQuery(
        columns=_columns(body),
        runs=None if runs is None else tuple(names_list(runs, "runs")),
        format=one_of(body.get("format"), EXPORT_FORMATS, "format"),
        baseline=baseline,
    )


def _columns(body: dict[str, Any]) -> tuple[str, ...]:
    columns = tuple(names_list(body.get("columns"), "columns"))
    if len(columns) > _MOST_COLUMNS:
        raise Refused(f"columns: {len(columns):,} asked for, at most {_MOST_COLUMNS:,} are answered at once")
    return columns
