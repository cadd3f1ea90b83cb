"""A report: one HTML file that needs neither server nor network.

It holds the dashboard's own style sheets and chart modules and, compressed, the data. Nothing of the log stands in the
file as text but the title: data are in base64, whose letters can end no element, and become text nodes only. The
file's content security policy lets nothing run but its own script, and nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import html
import zlib

from .assets import Assets

__all__ = ["report_page"]

_STYLES = ("tokens", "base", "cards", "overlays", "report")
_ENTRY = "report.js"
_PAGE = """<!doctype html>
<html lang="en" class="report">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="stepscope">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<noscript>This report draws its charts with JavaScript, which this browser has switched off.</noscript>
<script type="application/octet-stream" id="report-data">{data}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def report_page(assets: Assets, data: bytes, title: str) -> bytes:
    """The file. Raises CannotJoin when the installation lacks a module."""
    script = assets.joined(_ENTRY)
    style = "\n".join(assets.text(f"css/{name}.css") for name in _STYLES)
    for text, end in ((script, "</script"), (script, "<!--"), (style, "</style")):
        if end in text.lower():
            raise ValueError(f"a file of the page holds {end!r}: it cannot stand inside an HTML file")
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    page = _PAGE.format(
        policy=policy,
        title=html.escape(title),
        style=style,
        data=base64.b64encode(zlib.compress(data, 9)).decode(),
        script=script,
    )
    return page.encode("utf-8", "xmlcharrefreplace")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
