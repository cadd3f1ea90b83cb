"""Markdown as HTML that can do nothing: for texts of a log, descriptions and notes, which anybody may have written.

markdown-it-py reads the Markdown, nh3 keeps what is on a short list of the HTML it makes. There are no classes, styles
or ids, so nothing can be made to look like a part of the page; links lead to other places only, pictures come from the
text itself. The page builds its own elements from this HTML by a list of its own (static/ui/safe-html.js).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, html_inline, newline
from markdown_it.token import Token

from .inline_pictures import is_small_picture

__all__ = ["LONGEST", "Shown", "markdown_html", "shown_markdown"]

LONGEST = 100_000  # characters; nobody reads more rendered, and hostile ones take time by their square

_TAGS = set(
    re.findall(
        r"\w+",
        "a abbr b blockquote br code dd del details dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s "
        "samp small strong sub summary sup table tbody td tfoot th thead tr u ul var",
    )
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "details": {"open"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
# What stands in these is no text for people.
_WITH_CONTENT = {"script", "style", "title", "template", "noscript", "iframe", "object", "textarea", "svg", "math"}
# All else that HTML has or had: they go, their text stays.
_SHAPES = set(
    re.findall(
        r"\w+",
        "acronym address applet area article aside audio base basefont bdi bdo bgsound big blink body button canvas "
        "caption center cite col colgroup datalist dfn dialog dir div embed fieldset figcaption figure font "
        "footer form frame frameset head header hgroup html input label legend link main map marquee menu menuitem "
        "meta meter nav nobr noembed noframes optgroup option param picture progress rb rp rt rtc ruby "
        "section select slot source span strike time track tt video wbr",
    )
)
# Any other tag is no markup but a word of a language model, "<unk>" or "<think>". So are "<s>", for Markdown has "~~",
# "<data>", "<output>" and "<search>", which models say and no README has, and these, in HTML always with attributes:
_NEVER_BARE = {"area", "embed", "input", "param", "source", "track"}
_BARE = re.compile(r"</|<[^\s/>]*\s*/?>")
_MARKUP = (_TAGS | _WITH_CONTENT | _SHAPES) - {"s"}
_TAG = re.compile(r"</?([A-Za-z][^\s/>]*)")
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
# What is worth a word when it is left out: markup that would run, load, ask, or take its own look.
_ACTS = re.compile(
    r"<(?:script|style|iframe|object|embed|applet|svg|math|form|link|meta|base)\b|<[^<>]*\son[a-z]+\s*=|"
    r"<[^<>]*\s[a-z]+\s*=\s*(?:[\"']\s*)?(?:javascript|vbscript):",
    re.IGNORECASE,
)
_DEEPEST = 40  # quotes in quotes
_INDENT = re.compile(r"[ \t]{1,80}")
_TASK = re.compile(r"^\[([ xX])\](?=\s)")


class Shown(NamedTuple):
    """A text as it is shown."""

    html: str
    held_back: bool  # it had markup that could do something, which is left out


def markdown_html(text: str) -> str:
    """Safe HTML of the first `LONGEST` characters of a Markdown text."""
    return shown_markdown(text).html


def shown_markdown(text: str) -> Shown:
    """Safe HTML of the first `LONGEST` characters of a Markdown text, and whether anything was held back for it."""
    readable = text[:LONGEST].replace("\0", "\ufffd").encode("utf-8", "replace").decode()  # no half of a pair
    made = _parser().render(readable)
    html = nh3.clean(
        made,
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={"http", "https", "mailto", "data"},  # data only where `_attribute` lets it
    )
    return Shown(html, _ACTS.search(made) is not None)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value that an attribute may have; None for none."""
    if name == "href":
        return value if _LINK.match(value.strip()) else None
    if name == "src":
        return value if is_small_picture(value) else None
    if name == "align":
        return value if value in ("left", "center", "right") else None
    if name == "start":
        return value if re.fullmatch(r"-?\d{1,9}", value) else None
    return value


@cache
def _parser() -> MarkdownIt:
    """Markdown as GitHub has it: tables, strikethrough, task lists, bare addresses as links; a line stays a line.

    Most texts of a log are what a model said, not paragraphs that somebody wrapped.
    """
    parser = MarkdownIt("commonmark", {"html": True, "linkify": True, "breaks": True, "maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough", "linkify"])
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})  # "model.py" is no address
    parser.block.ruler.at("html_block", _markup_block, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.inline.ruler.at("html_inline", _markup_inline)
    parser.inline.ruler.at("newline", _indented_line)
    parser.core.ruler.push("tasks", _mark_tasks)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("html_block", _markup)
    for cell in ("th_open", "td_open"):
        parser.add_render_rule(cell, _table_cell)
    return parser


def _is_word(text: str, at: int) -> bool:
    """Whether what looks like a tag is none of HTML."""
    found = _TAG.match(text, at)
    if found is None:
        return False
    name = found[1].lower()
    return name not in _MARKUP or (name in _NEVER_BARE and _BARE.match(text, at) is not None)


def _markup_block(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    at = state.bMarks[first] + state.tShift[first]
    return not _is_word(state.src, at) and html_block(state, first, end, silent)


def _markup_inline(state: StateInline, silent: bool) -> bool:
    return not _is_word(state.src, state.pos) and html_inline(state, silent)


def _indented_line(state: StateInline, silent: bool) -> bool:
    """A line that stays one keeps how far it is indented: settings and models are logged as they print themselves."""
    found = _INDENT.match(state.src, state.pos + 1)
    if not newline(state, silent):
        return False
    if found is not None and not silent:
        state.push("text", "", 0).content = "\u00a0" * len(found[0].expandtabs(4))
    return True


def _markup(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: Any, environment: Any) -> str:
    """Lines of HTML, with words that look like tags as text."""
    text = tokens[at].content
    return _TAG.sub(lambda tag: f"&lt;{tag[0][1:]}" if _is_word(text, tag.start()) else tag[0], text)


def _mark_tasks(state: StateCore) -> None:
    """Items that begin with [ ] or [x] begin with a box, as text: a real one would ask to be ticked."""
    for item, paragraph, token in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if (item.type, paragraph.type) != ("list_item_open", "paragraph_open") or not token.children:
            continue
        first = token.children[0]
        if first.type == "text":
            first.content = _TASK.sub(_box, first.content, count=1)


def _box(found: re.Match[str]) -> str:
    return "☐" if found[1] == " " else "☑"


def _image(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: Any, environment: Any) -> str:
    """A picture that would come from elsewhere is a link to it: nothing is fetched."""
    token = tokens[at]
    source = str(token.attrs.get("src", ""))
    label = renderer.renderInlineAsText(token.children, options, environment)
    if _LINK.match(source):
        return f'<a href="{escape(source)}">{escape(label or source)}</a>'
    title = escape(str(token.attrs.get("title", "")))
    return f'<img src="{escape(source)}" alt="{escape(label)}" title="{title}">'


def _table_cell(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: Any, environment: Any) -> str:
    """The side that a column's values stand on, without a style."""
    token = tokens[at]
    side = str(token.attrs.get("style", "")).removeprefix("text-align:")
    return f'<{token.tag} align="{side}">' if side else f"<{token.tag}>"
