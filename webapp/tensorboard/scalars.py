"""The points of a scalar as rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..numbers import cleansed, csv_number
from ..queries import Refused

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.reader import Scalars

__all__ = ["Row", "cleansed_rows", "csv_text", "find_rows", "scalar_rows"]

Row = tuple[float, int, float]  # wall time, step, value


def scalar_rows(series: Scalars) -> list[Row]:
    """(wall time, step, value) of each point."""
    return list(zip(series.wall_time.tolist(), series.step.tolist(), series.value.tolist(), strict=True))


def find_rows(log: LogDir, run: str, tag: str) -> list[Row]:
    """The points that no restart superseded. Raises Refused (404) where there is no such run or tag."""
    try:
        return scalar_rows(log.scalars(run, tag).latest())
    except KeyError:
        raise Refused(f"no scalar data for run={run[:200]!r}, tag={tag[:200]!r}", 404) from None


def cleansed_rows(rows: Iterable[Row]) -> list[tuple[float | str, int, float | str]]:
    """Rows for JSON."""
    return [(cleansed(wall_time), step, cleansed(value)) for wall_time, step, value in rows]


def csv_text(rows: Iterable[Row]) -> str:
    """Rows for a spreadsheet."""
    return "\r\n".join(["Wall time,Step,Value", *(",".join(map(csv_number, row)) for row in rows), ""])
