"""The timeline of a trace, from columns to what a picture of any part of it needs."""

from __future__ import annotations

from .bands import Band, BandKind
from .levels import Records
from .timeline import Timeline, Window, timeline_window

__all__ = ["Band", "BandKind", "Records", "Timeline", "Window", "timeline_window"]
