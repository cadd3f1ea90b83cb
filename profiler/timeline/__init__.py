"""The timeline of a trace, from columns to what a picture of any part of it needs."""

from __future__ import annotations

from .bands import Band, BandKind
from .curves import Curve, curve_cells, curves_of
from .details import Joined, Link, details
from .levels import Records
from .ranges import range_devices, range_table
from .search import search
from .timeline import Timeline, Window, timeline_window

__all__ = [
    "Band",
    "BandKind",
    "Curve",
    "Joined",
    "Link",
    "Records",
    "Timeline",
    "Window",
    "curve_cells",
    "curves_of",
    "details",
    "range_devices",
    "range_table",
    "search",
    "timeline_window",
]
