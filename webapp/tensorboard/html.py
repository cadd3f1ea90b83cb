"""Markdown and HTML of a log as TensorBoard's routes send them: safe to put into a page.

Markdown is turned into HTML by Python-Markdown, as TensorBoard does. What is allowed is decided by nh3, whose output
stands as it is but for quotation marks: tags that are not allowed appear as text, comments are dropped.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["markdown_html", "markdowns_html", "safe_html"]

_TAGS = {
    "ul", "ol", "li", "p", "pre", "code", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "br", "strong", "em",
    "a", "img", "table", "thead", "tbody", "td", "tr", "th",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "title", "alt"}}
_SCHEMES = {"http", "https", "mailto"}
_TAG = re.compile(r"<(?=/?([A-Za-z][^\s/>]*))")
# Characters and opening brackets of Markdown that is converted; the time grows with their square, or more.
_LONGEST, _MOST_BRACKETS = 20_000, 1_000
# Quotation marks that are written as entities stay so: nh3 would write the character. These stand for them meanwhile.
_QUOTES = {"&quot;": "\ue000", "&#x27;": "\ue001", "&#39;": "\ue002"}
# Lines in which no sign means anything to Markdown or HTML: they begin with a letter and end with no space.
_PLAIN_LINE = r"""[^\W\d_](?:[^\W_]|[,.;:?!%$'"()/ =+-])*(?<! )"""
_PLAIN = re.compile(rf"{_PLAIN_LINE}(?:\n{{1,2}}{_PLAIN_LINE})*")

_local = threading.local()  # a Markdown converter is for one thread


def markdown_html(text: str) -> str:
    """Markdown with tables and fenced code as HTML."""
    return markdowns_html([text], lambda parts: parts[0])


def markdowns_html(texts: Sequence[str], combine: Callable[[list[str]], str]) -> str:
    """Several texts as one piece of HTML, put together by `combine`."""
    bare = [text.replace("\0", "") for text in texts]
    dropped = sum(len(text) for text in texts) - sum(len(text) for text in bare)
    note = f"<!-- WARNING: discarded {dropped} null bytes in markdown string after UTF-8 decoding -->\n"
    html = safe_html(combine(_converted(bare)))
    return note + html if dropped else html


def _converted(texts: Sequence[str]) -> list[str]:
    """HTML of each; where they are too long together they stay Markdown: a converter may take the square of it."""
    brackets = sum(text.count("[") + text.count("<") for text in texts)
    if sum(map(len, texts)) > _LONGEST or brackets > _MOST_BRACKETS:
        return list(texts)
    try:
        return [_plain_html(text) or _converter().convert(text) for text in texts]
    except RecursionError:  # lists in lists in lists; the converter still believes to be in them
        del _local.markdown
        return list(texts)


def _plain_html(text: str) -> str | None:
    """What the converter makes of sentences without any markup, at a twentieth of its time; None for other texts."""
    if _PLAIN.fullmatch(text) is None:
        return None
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))


def safe_html(html: str) -> str:
    """HTML without anything but the tags and attributes of plain text."""
    import nh3

    quoted = html
    for entity, sign in _QUOTES.items():
        quoted = quoted.replace(sign, "").replace(entity, sign)
    shown = _TAG.sub(lambda tag: "<" if tag[1].lower() in _TAGS else "&lt;", quoted)
    clean = nh3.clean(
        shown, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None, clean_content_tags=set()
    )
    for entity, sign in _QUOTES.items():
        clean = clean.replace(sign, entity)
    return clean


def _converter() -> Any:
    if not hasattr(_local, "markdown"):
        from markdown import Markdown

        _local.markdown = Markdown(extensions=["markdown.extensions.tables", "markdown.extensions.fenced_code"])
    return _local.markdown
