"""A report: one HTML file that needs neither server nor network, with the dashboard's own chart modules."""

from __future__ import annotations

from .assets import Assets
from .one_file import one_file

__all__ = ["report_page"]

_STYLES = tuple(f"css/{name}.css" for name in ("tokens", "base", "cards", "overlays", "markdown", "report"))
_ENTRY = "report.js"


def report_page(assets: Assets, data: bytes, title: str) -> bytes:
    """The file. Raises CannotJoin when the installation lacks a module."""
    return one_file(assets, _ENTRY, _STYLES, data, title, "report")
