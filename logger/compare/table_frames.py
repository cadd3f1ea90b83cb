"""A run table as an Arrow table, and what is made of one. The libraries are imported when they are asked for."""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from .column_values import Column, Numbers, Table, Texts

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

__all__ = ["parquet_bytes", "to_arrow", "to_pandas", "to_polars"]


def to_arrow(table: Table) -> pyarrow.Table:
    """Columns `run` and those of the table: float64, bool, string, timestamps in UTC, durations; null for missing.

    Steps beyond 2^53 make a column of int64.
    """
    arrow = _needed("pyarrow", "to_arrow")
    columns = {"run": arrow.array(table.runs, arrow.string())}
    for info in table.columns:
        columns[info.name] = _arrow_column(arrow, table.values(info.name))
    return arrow.table(columns)


def to_pandas(table: Table) -> pandas.DataFrame:
    """Indexed by run; bools are of the nullable kind, times in UTC."""
    pandas = _needed("pandas", "to_pandas")
    columns: dict[str, Any] = {}
    for info in table.columns:
        column = table.values(info.name)
        values = column.array()
        if info.kind == "bool":
            values = pandas.array([column.at(row) for row in range(len(table))], dtype="boolean")
        elif isinstance(column, Numbers) and column.whole is not None:
            values = pandas.array([column.at(row) for row in range(len(table))], dtype="Int64")
        elif info.kind == "time":
            values = pandas.to_datetime(values, unit="s", utc=True, errors="coerce")  # years that it lacks: NaT
        elif info.kind == "duration":
            values = pandas.to_timedelta(values, unit="s", errors="coerce")
        columns[info.name] = values
    return pandas.DataFrame(columns, index=pandas.Index(table.runs, name="run", dtype=object))


def to_polars(table: Table) -> polars.DataFrame:
    """As in Arrow."""
    arrow_reader = _needed("polars", "to_polars").from_arrow
    return arrow_reader(to_arrow(table))


def parquet_bytes(table: Table) -> bytes:
    """The content of a Parquet file."""
    parquet = _needed("pyarrow.parquet", "to_parquet")
    out = io.BytesIO()
    parquet.write_table(to_arrow(table), out)
    return out.getvalue()


def _arrow_column(arrow: Any, column: Column) -> Any:
    if isinstance(column, Texts):
        return arrow.array(column.array().tolist(), arrow.string())
    if column.kind == "bool":
        return arrow.array(column.values != 0, arrow.bool_(), mask=column.missing)
    if column.whole is not None:
        return arrow.array(column.whole, arrow.int64(), mask=column.missing)
    values = arrow.array(column.values, arrow.float64(), mask=column.missing)
    if column.kind in ("time", "duration"):
        kind = arrow.timestamp("us", tz="UTC") if column.kind == "time" else arrow.duration("us")
        micros = np.rint(column.values.clip(-9e12, 9e12) * 1e6).astype("timedelta64[us]").astype("int64")
        return arrow.array(micros, arrow.int64(), mask=column.missing).cast(kind)
    return values


def _needed(module: str, call: str) -> Any:
    """The library. Raises ModuleNotFoundError with what to install."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.split(".")[0]
        raise ModuleNotFoundError(f"{call} needs {package}: pip install {package}", name=package) from error
