"""Which rows a query finds: an expression over columns, or plain words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .column_values import Texts
from .columns import ColumnReader
from .expressions import ExpressionError
from .filter_syntax import is_words
from .nodes import Text

__all__ = ["matching"]

_SEARCHED = ("name", "run", "tags", "note")


def matching(reader: ColumnReader, query: str) -> npt.NDArray[np.intp] | None:
    """Indices of the rows that the query finds, in order; None for all: the query is empty.

    A query that is no expression but plain words finds the rows that hold all of them, in whatever case, in their
    name, run, tags, note or a hyperparameter that is text; one text in quotes is such a word, spaces and all.
    Raises ExpressionError.
    """
    if not query.strip():
        return None
    try:
        node = reader.parse(query)
    except ExpressionError:
        if not is_words(query):
            raise
        found = _with_words(reader, query.split())
        if not len(found):
            raise  # neither a name nor a word of any row
        return found
    if isinstance(node, Text):
        return _with_words(reader, [node.value])
    reader.prepare([node])
    return np.flatnonzero(reader.evaluator.mask(node))


def _with_words(reader: ColumnReader, words: list[str]) -> npt.NDArray[np.intp]:
    hparams = [f"hparams.{name}" for name, info in reader.snapshot.hparam_infos.items() if info.kind == "text"]
    columns = [reader.column(name)[1] for name in (*_SEARCHED, *hparams)]
    found = np.ones(len(reader.snapshot.rows), bool)
    for word in words:
        wanted = word.casefold()
        having = np.zeros(len(found), bool)
        for column in columns:
            if isinstance(column, Texts):
                having |= np.array([*(wanted in text.casefold() for text in column.strings), False])[column.codes]
        found &= having
    return np.flatnonzero(found)
