"""Pages of HTML that somebody logged, for a frame in which they can do nothing but be looked at.

The frame's document has a policy of its own: no origin (so nothing of ours can be read or asked for), no scripts, no
forms, and pictures, fonts and styles from the document itself only. That holds wherever the address is opened, in a
tab as well. Its scripts run only where a person asked for it, in a frame of our page: there they have no origin
either, can fetch nothing, and the page's own policy keeps the frame from going elsewhere.
"""

from __future__ import annotations

import re

from flask import request

from .forms import Answer, Asked, attachment, form, json_form

__all__ = ["file", "info", "pane", "raw", "source"]

_LONGEST_SOURCE = 1_000_000  # characters
_COUNTED = 1 << 22  # characters in which scripts and addresses are counted
_LOOKS = "style-src 'unsafe-inline'; img-src data:; font-src data:; media-src data:"
_NOTHING_ELSE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
_STILL = f"sandbox; {_NOTHING_ELSE}; {_LOOKS}"
# The page measures how high the document is; without scripts an origin is of no use to the document.
_MEASURED = f"sandbox allow-same-origin; {_NOTHING_ELSE}; {_LOOKS}"
_RUNNING = (
    f"sandbox allow-scripts; {_NOTHING_ELSE}; script-src 'unsafe-inline' 'unsafe-eval'; connect-src 'none'; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:"
)
# No policy keeps these from looking up a host, and frames in the frame could hold them.
_REACHING_OUT = re.compile(r"<(/?)(link|iframe|frame|portal|fencedframe)(?=[\s/>])", re.IGNORECASE)
_SCRIPT = re.compile(r"<script[\s>/]|\son[a-z]+\s*=|javascript:", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"""(?:\b(?:src|srcset|poster|data)\s*=\s*["']?|\burl\(\s*["']?|<link[^<>]+href\s*=\s*["']?)(?:https?:)?//""", re.I
)


@form("html", "pane")
def pane(asked: Asked) -> Answer:
    """The document. `as=scripts`, `as=measure`: see above; only for frames of our own page."""
    mine = request.headers.get("Sec-Fetch-Dest") == "iframe" and request.headers.get("Sec-Fetch-Site") == "same-origin"
    policy = {"scripts": _RUNNING, "measure": _MEASURED}.get(asked.args.get("as", ""), _STILL) if mine else _STILL
    headers = {
        "Content-Security-Policy": policy,
        "X-DNS-Prefetch-Control": "off",
        "Cache-Control": "no-store",  # who asks decides what is answered
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), fullscreen=(), clipboard-write=(), usb=()",
    }
    document = _REACHING_OUT.sub(r"<\1x-\2", asked.value())
    return Answer(document.encode("utf-8", "replace"), "text/html; charset=utf-8", headers)


@form("html", "info", cache=True)
def info(asked: Asked) -> Answer:
    """JSON: characters; scripts and elsewhere: roughly how many scripts it has, and addresses that are not loaded."""
    document = asked.value()
    beginning = document[:_COUNTED]
    return json_form(
        {
            "characters": len(document),
            "scripts": len(_SCRIPT.findall(beginning)),
            "elsewhere": len(_ELSEWHERE.findall(beginning)),
        }
    )


@form("html", "source", cache=True)
def source(asked: Asked) -> Answer:
    """JSON: text (its beginning, where it is long) and characters (of all of it)."""
    document = asked.value()
    return json_form({"text": document[:_LONGEST_SOURCE], "characters": len(document)})


@form("html", "raw")
def raw(asked: Asked) -> Answer:
    """The document as plain text."""
    return Answer(asked.value().encode("utf-8", "replace"), "text/plain; charset=utf-8")


@form("html", "file")
def file(asked: Asked) -> Answer:
    """The document as a file to be saved."""
    return attachment(asked, asked.value().encode("utf-8", "replace"), ".html")
