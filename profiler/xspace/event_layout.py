"""Columns that the kernel of events fills and numpy reads: plain integers for both."""

from __future__ import annotations

# The state: counted first with both addresses 0, then filled. STAT_ROOM: rows there are for stats.
EVENTS, STATS, EVENTS_AT, STATS_AT, STAT_ROOM, DAMAGED = range(6)
STATES = 6

# An event: the id of its metadata, offset and duration in ps, whether it has a duration at all.
METADATA, OFFSET, DURATION, TIMED = range(4)
EVENT_COLUMNS = 4

# A stat: the event's row, the id of its name, what the value is, the value (of texts: where they begin), its length.
STAT_EVENT, STAT_NAME, STAT_KIND, STAT_VALUE, STAT_LENGTH = range(5)
STAT_COLUMNS = 5

# What a value is: the number of its field.
DOUBLE, UNSIGNED, SIGNED, TEXT, BYTES, REFERENCE = range(2, 8)
