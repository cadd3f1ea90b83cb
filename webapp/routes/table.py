"""The run table: what columns there are, their values, filters, export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from ..context import get_log, get_site
from ..json_answers import json_answer
from ..numbers import cleansed
from ..queries import Refused, parse_json
from ..table_queries import export_query, filter_query, table_query

if TYPE_CHECKING:
    from ...logger.compare.columns import ColumnReader
    from ...logger.compare.expressions import ExpressionError
    from ..table_wire import ColumnAnswer

__all__ = ["routes"]

routes = Blueprint("table", __name__)

_TYPES = {
    "csv": ("text/csv; charset=utf-8", "runs.csv"),
    "json": ("application/json", "runs.json"),
    "markdown": ("text/markdown; charset=utf-8", "runs.md"),
    "latex": ("application/x-tex; charset=utf-8", "runs.tex"),
    "parquet": ("application/vnd.apache.parquet", "runs.parquet"),
}


@routes.get("/api/columns")
def columns() -> Response:
    """What the table can show: {version, hparams, scalars, texts, builtin}."""
    version, reader = _reader()
    snapshot = reader.snapshot
    hparams = [
        {
            "name": info.name,
            "kind": info.kind,
            "distinct": info.distinct,
            "differs": info.differs,
            "missing": info.missing,
            "values": [cleansed(value) if isinstance(value, float) else value for value in info.values],
        }
        for info in snapshot.hparam_infos.values()
    ]
    from ...logger.compare.comparison import BUILTIN

    builtin = [{"name": name, "title": title, "kind": kind} for name, (title, kind) in BUILTIN.items()]
    return json_answer(
        {
            "version": version,
            "hparams": hparams,
            "scalars": snapshot.scalars,
            "texts": snapshot.texts,
            "builtin": builtin,
            "rows": len(snapshot.rows),
        }
    )


@routes.post("/api/table")
def table() -> Response:
    """The columns asked for over all rows, or over those that changed since an earlier answer (see table_wire.py)."""
    from ...logger.compare.columns import ColumnReader
    from ..table_changes import changed_rows
    from ..table_wire import encode_table

    query = table_query(parse_json(request.get_data(cache=False)))
    version, reader = _reader()
    changed = changed_rows(get_site().source, reader, query.columns, version, query.since)
    part = reader if changed is None else ColumnReader(reader.snapshot, reader.user, reader.now, changed)
    answers = _column_answers(part, query.columns)
    if part is not reader and any(column is None for _, column in answers):
        part = reader  # a column may make sense over all rows and not over these
        answers = _column_answers(part, query.columns)
    answer = encode_table(version, part.rows, len(reader.rows), answers)
    return Response(answer, content_type="application/octet-stream")


@routes.post("/api/filter")
def find() -> Response:
    """{query} → the rows it finds, as indices into the rows of /api/table; null: all. An error stands in the answer."""
    from ...logger.compare.expressions import ExpressionError
    from ...logger.compare.filter import matching

    query = filter_query(parse_json(request.get_data(cache=False)))
    version, reader = _reader()
    try:
        found = matching(reader, query)
    except ExpressionError as error:
        return json_answer({"version": version, "runs": [], "error": _described(error)})
    return json_answer({"version": version, "runs": None if found is None else found.tolist(), "error": None})


@routes.post("/api/table/export")
def export() -> Response:
    """The table as a file: these columns, these runs in this order."""
    from ...logger.compare.expressions import ExpressionError
    from ...logger.compare.table import build_table

    query = export_query(parse_json(request.get_data(cache=False)))
    _, reader = _reader()
    try:
        built = build_table(reader, query.columns, runs=query.runs, baseline=query.baseline)
    except ExpressionError as error:
        return json_answer({"error": f"columns: {error}"}, 400)
    if query.format == "parquet":
        from ...logger.compare.table_frames import parquet_bytes

        try:
            content: bytes | str = parquet_bytes(built)
        except ModuleNotFoundError as error:
            raise Refused(f"this server cannot write Parquet files: {error}", 501) from None
    else:
        writers = {"csv": built.to_csv, "json": built.to_json, "markdown": built.to_markdown, "latex": built.to_latex}
        content = writers[query.format]()
    content_type, name = _TYPES[query.format]
    return Response(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _reader() -> tuple[int, ColumnReader]:
    """(version, columns of the log as it is now)."""
    from ...logger.compare.columns import ColumnReader
    from ...logger.compare.comparison import compare

    site, log = get_site(), get_log()
    version = site.source.version  # before the snapshot, which may be newer: pages then ask again
    return version, ColumnReader(compare(log), site.state.read().document["runs"])


def _column_answers(reader: ColumnReader, names: tuple[str, ...]) -> list[ColumnAnswer]:
    """Each column, or what is wrong with its name."""
    from ...logger.compare.expressions import ExpressionError

    nodes = []
    for name in names:
        try:
            nodes.append(reader.parse(name))
        except ExpressionError:
            continue  # said below
    reader.prepare(nodes)
    answers: list[ColumnAnswer] = []
    for name in names:
        try:
            info, column = reader.column(name)
            answers.append(({"name": name, "title": info.title, "kind": info.kind}, column))
        except ExpressionError as error:
            answers.append(({"name": name, "title": name, "kind": "number", "error": _described(error)}, None))
    return answers


def _described(error: ExpressionError) -> dict[str, Any]:
    return {"message": error.message, "start": error.start, "end": error.end}
