"""Texts as pages show them: Markdown as safe HTML, tensors of texts as tables, and the bytes themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from ...logger.proto.event_pb2 import Summary
from ..queries import Refused
from .forms import Answer, Asked, form, json_form
from .markdown import LONGEST, Shown, shown_markdown

__all__ = ["html", "raw", "source"]

Texts = npt.NDArray[Any]  # of str

_MOST_CELLS = 2_000  # of tables; a browser lays out many more, nobody reads them
_MOST_COLUMNS = 100
_MOST_SLICES = 8  # tables of a tensor with more than two dimensions
_LONGEST_SOURCE = 1_000_000  # characters


@form("text", "html", cache=True)
def html(asked: Asked) -> Answer:
    """JSON: html (safe, of Markdown; a table for several texts), shape ([] for one text), notes (what is left out)."""
    texts, notes = _texts(asked)
    page = _Rendered(notes=notes)
    if texts.size == 1:
        page.whole(str(texts.item()))
    elif texts.size == 0:
        page.notes.append(f"An empty tensor of shape {_shape_text(texts.shape)}: there are no texts in it.")
    else:
        page.tables(texts)
    return json_form({"html": "".join(page.parts), "shape": _told_shape(texts), "notes": page.notes})


@form("text", "source", cache=True)
def source(asked: Asked) -> Answer:
    """JSON: text (as logged; several as JSON lists), characters (of all of it), shape, notes."""
    texts, notes = _texts(asked)
    text = _plain(texts)
    if len(text) > _LONGEST_SOURCE:
        notes.append(f"The first {_LONGEST_SOURCE:,} of {len(text):,} characters; the download has all.")
    return json_form(
        {"text": text[:_LONGEST_SOURCE], "characters": len(text), "shape": _told_shape(texts), "notes": notes}
    )


@form("text", "raw")
def raw(asked: Asked) -> Answer:
    """The bytes of the text as they were logged; of several texts JSON lists, or the one in place `element`."""
    texts, _ = _texts(asked)
    element = asked.whole("element", 0, 0, 1 << 40)
    if "element" in asked.args and element >= texts.size:
        raise Refused(f"there is no text {element}: {texts.size} were logged together", 404)
    if texts.size == 1 or "element" in asked.args:
        stored = Summary.Value.FromString(asked.message()).tensor.string_val
        body = stored[min(element, len(stored) - 1)]  # the last one stands for all that follow
    else:
        body = _plain(texts).encode("utf-8", "replace")
    return Answer(body, "text/plain; charset=utf-8")


def _plain(texts: Texts) -> str:
    return str(texts.item()) if texts.size == 1 else json.dumps(texts.tolist(), ensure_ascii=False, indent=1)


def _texts(asked: Asked) -> tuple[Texts, list[str]]:
    """The value as an array, and what is wrong with it."""
    message = asked.message()
    value = asked.series.decoded(asked.index, message)
    texts = np.asarray(value, object)
    unknown = sum(text.count("\ufffd") for text in texts.ravel())
    if unknown > message.count("\ufffd".encode()):
        return texts, ["Some bytes are no valid UTF-8; � stands for them. The event file has them as they were logged."]
    return texts, []


def _is_json(text: str) -> bool:
    """Whether it is JSON over several lines, as settings are logged: as Markdown its names and lines would suffer."""
    ends = text.lstrip()[:1], text.rstrip()[-1:]
    if ends not in (("{", "}"), ("[", "]")) or "\n" not in text or len(text) > _LONGEST_SOURCE:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _told_shape(texts: Texts) -> list[int]:
    return [] if texts.shape in ((), (1,)) else list(texts.shape)


def _shape_text(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


@dataclass
class _Rendered:
    """HTML as it comes together, with one limit on its characters for all texts of a value."""

    notes: list[str]
    parts: list[str] = field(default_factory=list)
    left: int = LONGEST
    told: bool = False  # that something is over the limit
    held_back: bool = False  # something was, and that is told

    def add(self, html: str) -> None:
        self.parts.append(html)

    def whole(self, text: str) -> None:
        """A text that stands alone; says so where nothing of it can be seen."""
        html = self.code(text) if _is_json(text) else self.text(text)
        self.add(html)
        if not text.strip():
            self.notes.append("The text is only blank space." if text else "The text is empty.")
        elif not html.strip():
            self.notes.append("As Markdown nothing of this text is to be seen; Raw shows it as it was logged.")

    def text(self, text: str) -> str:
        """One Markdown text as HTML; that something in it was held back is told once."""
        shown: Shown = shown_markdown(self.beginning(text))
        if shown.held_back and not self.held_back:
            self.held_back = True
            self.notes.append("Markup that could act, such as scripts, styles and forms, is left out; Raw shows it.")
        return shown.html

    def code(self, text: str) -> str:
        """A text whose lines and spaces stay as they are, as HTML."""
        return f"<pre><code>{escape(self.beginning(text))}</code></pre>"

    def beginning(self, text: str) -> str:
        """As much of a text as there is room for; what is over the limit is left out, and that is told once."""
        if len(text) > self.left and not self.told:
            self.told = True
            self.notes.append(f"The first {LONGEST:,} characters are shown; the download has all.")
        shown = text[: self.left]
        self.left -= len(shown)
        return shown

    def tables(self, texts: Texts) -> None:
        """A table; more than two dimensions as the first of the tables they are made of."""
        if texts.ndim <= 2:
            self.table(texts.reshape(len(texts), -1))
            return
        whole, shape = _shape_text(texts.shape), texts.shape[:-2]
        places = list(_first_places(shape))
        for place in places:
            self.add(f"<h4>[{escape(', '.join(map(str, place)))}, :, :]</h4>")
            self.table(texts[place])
        count = int(np.prod(shape))
        shown = f"the first {len(places)} of {count:,} tables" if count > len(places) else f"{count} tables"
        self.notes.append(f"A tensor of shape {whole}, as {shown} of its last two dimensions.")

    def table(self, texts: Texts) -> None:
        """Rows and columns with their numbers."""
        rows, columns = texts.shape
        if not texts.size:
            return
        wide = min(columns, _MOST_COLUMNS)
        high = min(rows, max(1, _MOST_CELLS // wide))
        if (high, wide) != (rows, columns):
            self.notes.append(
                f"The first {high:,} of {rows:,} rows and {wide} of {columns:,} columns; the download has all."
            )
        head = "".join(f"<th>{column}</th>" for column in range(wide))
        body = "".join(
            f"<tr><th>{row}</th>{''.join(f'<td>{self.text(str(text))}</td>' for text in texts[row, :wide])}</tr>"
            for row in range(high)
        )
        top = f"<thead><tr><th></th>{head}</tr></thead>" if columns > 1 else ""
        self.add(f"<table>{top}<tbody>{body}</tbody></table>")


def _first_places(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    for number in range(min(_MOST_SLICES, int(np.prod(shape)))):
        yield tuple(int(index) for index in np.unravel_index(number, shape))
