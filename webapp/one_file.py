"""A page as one HTML file that needs neither server nor network: its modules, its style sheets, its data.

Nothing of the data stands in the file as text but the title: data are in base64, whose letters can end no element, and
become text nodes only. The file's content security policy lets nothing run but its own script, and nothing be fetched.
"""

from __future__ import annotations

import base64
import html
import zlib
from collections.abc import Sequence

from .assets import Assets
from .content_policy import hash_source

__all__ = ["one_file"]

_PAGE = """<!doctype html>
<html lang="en" class="{look}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="stepscope">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<noscript>This page draws with JavaScript, which this browser has switched off.</noscript>
<script type="application/octet-stream" id="page-data">{data}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def one_file(
    assets: Assets,
    entry: str,
    styles: Sequence[str],
    data: bytes,
    title: str,
    look: str,
    *,
    with_on_demand: bool = False,
) -> bytes:
    """`entry`: the module that reads the data. `styles`: "page.css" is all sheets of it. `look`: class of the page.

    with_on_demand: what the modules import on demand goes in as well. Raises CannotJoin when a file is missing.
    """
    script = assets.joined(entry, with_on_demand=with_on_demand)
    style = "\n".join(map(assets.styles, styles))
    for text, end in ((script, "</script"), (script, "<!--"), (style, "</style")):
        if end in text.lower():
            raise ValueError(f"a file of the page holds {end!r}: it cannot stand inside an HTML file")
    policy = (
        f"default-src 'none'; script-src {hash_source(script)}; style-src {hash_source(style)}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    page = _PAGE.format(
        look=look,
        policy=policy,
        title=html.escape(title),
        style=style,
        data=base64.b64encode(zlib.compress(data, 9)).decode(),
        script=script,
    )
    return page.encode("utf-8", "xmlcharrefreplace")
