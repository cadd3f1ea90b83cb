"""Columns of the table of session groups: what is filtered, sorted and left out by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ...logger.compare.patterns import Pattern, PatternTooSlow
from ...logger.proto.hparams_api_pb2 import ORDER_DESC, ORDER_UNSPECIFIED, ColParams, SessionGroup
from ..queries import Refused
from .hparams_cells import Cell, hparam_cell, plain
from .hparams_metrics import find_value

__all__ = ["filtered", "keep_included", "sort_groups"]


def filtered(groups: Sequence[SessionGroup], columns: Sequence[ColParams]) -> list[SessionGroup]:
    """The groups that pass the filters of all columns. Raises Refused."""
    kept = list(groups)
    for column in columns:
        passes = _filter(column)
        kept = [
            group
            for group in kept
            if (not column.exclude_missing_values if (cell := _cell(group, column)) is None else passes(cell))
        ]
    return kept


def sort_groups(groups: list[SessionGroup], columns: Sequence[ColParams]) -> None:
    """Sort by the columns that have an order, the first of them first, then by name."""
    groups.sort(key=lambda group: group.name)
    for column in reversed(columns):
        if column.order == ORDER_UNSPECIFIED:
            continue
        descending = column.order == ORDER_DESC
        missing_last = column.missing_values_first == descending  # in rising order, which `reverse` turns round
        groups.sort(key=lambda group, c=column, last=missing_last: _rank(_cell(group, c), last), reverse=descending)  # type: ignore[misc]


def keep_included(groups: Sequence[SessionGroup], columns: Sequence[ColParams]) -> None:
    """Leave out the hyperparameters that the columns do not ask for, if any column says what to include."""
    if not any(column.HasField("include_in_result") for column in columns):
        return
    wanted = {
        column.hparam for column in columns if column.include_in_result or not column.HasField("include_in_result")
    }
    for group in groups:
        for name in list(group.hparams):
            if name not in wanted:
                del group.hparams[name]


def _cell(group: SessionGroup, column: ColParams) -> Cell:
    """The group's value in a column, None where it has none. Raises Refused."""
    which = column.WhichOneof("name")
    if which == "metric":
        found = find_value(group, column.metric)
        return None if found is None else found.value
    if which == "hparam":
        return hparam_cell(group, column.hparam)
    raise Refused("colParams: expected each with hparam or metric")


def _rank(cell: Cell, missing_last: bool) -> tuple[bool, bool, bool, float, str]:
    """Missing values at one end; numbers before texts, which cannot be compared with each other."""
    missing = cell is None
    text = cell if isinstance(cell, str) else ""
    number = float(cell) if isinstance(cell, (bool, int, float)) else 0.0
    return missing == missing_last, missing, isinstance(cell, str), number, text


def _filter(column: ColParams) -> Callable[[float | str | bool], bool]:
    kind = column.WhichOneof("filter")
    if kind == "filter_regexp":
        return _pattern_filter(column.filter_regexp)
    if kind == "filter_interval":
        low, high = column.filter_interval.min_value, column.filter_interval.max_value
        return lambda cell: low <= _number(cell) <= high
    if kind == "filter_discrete":
        listed = [plain(value) for value in column.filter_discrete.values]
        return lambda cell: cell in listed
    return lambda cell: True


def _pattern_filter(text: str) -> Callable[[float | str | bool], bool]:
    try:
        pattern = Pattern(text)
    except re.error as error:
        raise Refused(f"filterRegexp: {text[:80]!r} is no regular expression: {error}") from None

    def passes(cell: float | str | bool) -> bool:
        if not isinstance(cell, str):
            raise Refused(f"filterRegexp: {cell!r} is no text")
        try:
            return pattern.search(cell) is not None
        except PatternTooSlow as error:
            raise Refused(f"filterRegexp: {error}") from None

    return passes


def _number(cell: float | str | bool) -> float:
    if isinstance(cell, str):
        raise Refused(f"filterInterval: {cell[:80]!r} is no number")
    return cell
