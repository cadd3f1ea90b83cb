"""The log's queries for everything that is read on demand."""

from __future__ import annotations

__all__ = ["BlobQueries"]


class BlobQueries:
    """Mixed into LogDir."""
