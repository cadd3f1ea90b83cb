"""The order in which the statistics of a series are stored; shared with the kernel."""

from __future__ import annotations

from .tokens import FIELDS

__all__ = ["COLUMNS", "UNSORTED", "WIDTH"]

COLUMNS = FIELDS  # last, first, min, max, mean, std, count, nan, inf, first_step, last_step, step_at_min, step_at_max
UNSORTED = len(COLUMNS)  # 1 where steps go back: the points must be put in order first
WIDTH = len(COLUMNS) + 1
