"""Which hyperparameters matter for a metric."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from ..context import get_log
from ..json_answers import json_answer
from ..queries import Refused, names_list, parse_json

if TYPE_CHECKING:
    from ...logger.compare.comparison import Snapshot
    from ..importance_jobs import ImportanceJobs

__all__ = ["routes"]

routes = Blueprint("hparams", __name__)

_SUPERSEDED = 409


@routes.post("/api/importance")
def importance() -> Response:
    """{metric, runs?, keys?, asker?} → {metric, runs, without, explained, warning, importances, left_out}.

    `asker` is any text that names a page: its next question ends this one, which is then answered 409.
    """
    from ..importance_jobs import Superseded  # numpy: start-up does not wait for it

    body = parse_json(request.get_data(cache=False))
    if not isinstance(body, dict) or not isinstance(body.get("metric"), str):
        raise Refused('the body: expected an object with "metric", the name of a column')
    snapshot = _snapshot()
    runs, keys = _names(body, "runs"), _names(body, "keys")
    rows = [row for row, run in enumerate(snapshot.rows) if runs is None or run in runs]
    names = [name for name in snapshot.hparam_infos if keys is None or name in keys]
    metric = _metric(snapshot, body["metric"])
    columns = {key: [snapshot.hparams[snapshot.rows[row]].get(key) for row in rows] for key in names}
    asker = body.get("asker")
    try:
        ranking = _jobs().rank(str(asker or uuid.uuid4())[:100], [metric[row] for row in rows], columns)
    except Superseded:
        raise Refused("this page asked for another ranking meanwhile", _SUPERSEDED) from None
    answer = asdict(ranking)
    answer["left_out"] = [{"name": name, "why": why} for name, why in ranking.left_out]
    return json_answer({"metric": body["metric"], **answer})


@routes.get("/api/importance/progress")
def progress() -> Response:
    """{done}: the share of the ranking that `asker` waits for, 0 … 1; null when there is none under way."""
    return json_answer({"done": _jobs().progress(request.args.get("asker", "")[:100])})


@cache
def _jobs() -> ImportanceJobs:
    """One for the process: rankings are kept by their data, whichever log it comes from."""
    from ..importance_jobs import ImportanceJobs

    return ImportanceJobs()


def _snapshot() -> Snapshot:
    from ...logger.compare.comparison import compare

    return compare(get_log())


def _names(body: dict[str, Any], field: str) -> set[str] | None:
    """A list of names, None where it is not given. Raises Refused."""
    return None if body.get(field) is None else set(names_list(body[field], field))


def _metric(snapshot: Snapshot, name: str) -> list[float]:
    """The metric of every row, NaN where it is missing. Raises Refused for what is no column of numbers."""
    from ...logger.compare.columns import ColumnReader
    from ...logger.compare.expressions import ExpressionError

    try:
        info, column = ColumnReader(snapshot).column(name)
    except ExpressionError as error:
        raise Refused(f"metric: {error}") from None
    if info.kind == "text":
        raise Refused(f"metric: {name[:200]!r} is text; only a column of numbers can be explained")
    values: list[float] = column.array().tolist()
    return values
