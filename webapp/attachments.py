"""Answers that a browser saves as a file."""

from __future__ import annotations

import re
from urllib.parse import quote

__all__ = ["attachment"]


def attachment(name: str) -> str:
    """Content-Disposition with a name every browser understands, without what a file system or header trips over."""
    plain = re.sub(r"[^\w. -]+", "_", name).strip(" .") or "download"
    ascii_name = plain.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(plain)}"
