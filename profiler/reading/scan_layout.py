"""Where the scanner of events keeps what: slots of its state, kinds of values, columns of its tables.

The state is an int64 array. Every table is an address in it, a count and the room there is.
"""

from __future__ import annotations

# Slots of the state.
BUFFER, END = 0, 1  # address of the bytes, and how many there are; 16 zero bytes follow
STRINGS, STRING_ROOM, STRING_SLOTS, STRING_MASK = 2, 3, 4, 5  # the dictionary of texts, see STRING_… below
ARENA, ARENA_USED, ARENA_ROOM = 6, 7, 8
TRACKS, TRACK_ROOM, TRACK_SLOTS, TRACK_MASK = 9, 10, 11, 12
EVENTS, EVENT_ROOM, EVENT_COUNT = 13, 14, 15
ARGUMENTS, ARGUMENT_ROOM, ARGUMENT_COUNT = 16, 17, 18
STRING_COUNT, TRACK_COUNT, COLUMN_COUNT = 19, 20, 21
VALUE_KIND, VALUE = 22, 23  # what `read_value` found
TIME = 24  # what `read_time` found
POSITION = 25  # offset in the buffer to go on from
EVENT_AT = 26  # offset in the buffer of the event that could not be read
BASE = 27  # offset in the text of the buffer's first byte
# Damage that is stepped over: how often, and the offset in the text where it was first seen.
CONTROLS, CONTROL_AT, ESCAPES, ESCAPE_AT, WORDS, WORD_AT = 28, 29, 30, 31, 32, 33
TIMELESS, TIMELESS_AT = 34, 35  # events whose time is no number
ONE_VALUE = 36  # whether to step over one value, not to take events
STATE_SLOTS = 40

# Slots of a text in the dictionary.
STRING_HASH, STRING_AT, STRING_LENGTH, STRING_KIND, STRING_COLUMN = 0, 1, 2, 3, 4
STRING_WIDTH = 5

# Slots of a track: codes of the texts of pid and tid; MISSING where the event has none.
TRACK_PID, TRACK_TID = 0, 1
TRACK_WIDTH = 2

# Slots of an event.
PHASE, CATEGORY, NAME, TRACK, START, DURATION, ID_KIND, ID, ARGUMENTS_END, SEEN_AT = range(10)
EVENT_WIDTH = 10

# Slots of an argument: its column, the row of its event in this table of events, and the value.
ARGUMENT_COLUMN, ARGUMENT_EVENT, ARGUMENT_KIND, ARGUMENT_VALUE = 0, 1, 2, 3
ARGUMENT_WIDTH = 4

# Kinds of values. NUMBER is the text of one that int64 and exact float64 arithmetic do not hold. RAW is JSON's text.
NULL, INTEGER, FLOAT, TEXT, RAW, NUMBER = range(6)

MISSING = -1  # a code, where the event has no such member
NO_TIME = -(1 << 63)  # START of an event without `ts`, DURATION of one without `dur`
BAD_TIME = NO_TIME + 1  # what is there is no number, or beyond int64

# Answers of `scan`.
MORE, LIST_END, BAD, FULL = 0, 1, 2, 3
