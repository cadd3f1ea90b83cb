"""Texts as TensorBoard lays them out: one alone as it is, several that were logged together as a table."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import numpy.typing as npt

from ..kept import Kept
from .html import markdown_html, markdowns_html, safe_html

__all__ = ["text_html"]

# TensorBoard's words, which scripts may look for.
_ONLY_TWO = (
    "**Warning:** This text summary contained data of dimensionality {}, but only   2d tables are supported. "
    "Showing a 2d slice of the data instead."
)
_LONGEST_KEPT = 4_000  # characters of a text
_MOST_KEPT = 32 << 20  # bytes of all: a short text may be a table of a thousand columns

# Markdown takes a good part of a millisecond, and who follows a training asks for all texts again and again.
_kept: Kept[str] = Kept(_MOST_KEPT, lambda html: sys.getsizeof(html) + 4 * _LONGEST_KEPT)  # and the text itself


def text_html(text: str | npt.NDArray[Any], as_markdown: bool) -> str:
    """Safe HTML of a text, or of an array of texts of any shape: of more than two dimensions the first slice."""
    if isinstance(text, str):
        if not as_markdown:
            return safe_html(text)
        return markdown_html(text) if len(text) > _LONGEST_KEPT else _kept.get(text, lambda: markdown_html(text))
    note = ""
    if text.ndim > 2:
        note = markdown_html(_ONLY_TWO.format(text.ndim))
    above = max(text.ndim - 2, 0)
    shown: npt.NDArray[Any] = text[(0,) * above] if all(text.shape[:above]) else np.empty((0, 0), object)
    texts, shape = shown.ravel().tolist(), shown.shape
    if as_markdown:
        return note + markdowns_html(texts, lambda parts: _table(parts, shape))
    return note + safe_html(_table(texts, shape))


def _table(cells: list[str], shape: tuple[int, ...]) -> str:
    """Rows of cells; a vector is one column."""
    rows = np.array(cells, object).reshape(shape if len(shape) == 2 else (-1, 1)).tolist()
    body = "".join("<tr>\n" + "".join(f"<td>{cell}</td>\n" for cell in row) + "</tr>\n" for row in rows)
    return f"<table>\n<tbody>\n{body}</tbody>\n</table>"
