"""What a browser may do with the dashboard's page: content security policies, https://www.w3.org/TR/CSP3/."""

from __future__ import annotations

import base64
import hashlib

__all__ = ["POLICY", "hash_source", "with_inline_script"]

POLICY = (
    "default-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


def with_inline_script(script: str) -> str:
    """The policy of a page that holds `script`: that text may run, to the letter, and no other in the page."""
    return f"{POLICY}; script-src 'self' {hash_source(script)}"


def hash_source(text: str) -> str:
    """What allows inline scripts or styles of exactly this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
