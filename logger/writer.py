"""SummaryWriter, and the one that a whole program shares."""

from __future__ import annotations

from .writer_scalars import ScalarMethods


class SummaryWriter(ScalarMethods):
    """Logs a run: what training looks like, for the dashboard."""
