"""Numbers that the kernel of pickles and its callers share: kinds of values, ends of a run, places of the state."""

from __future__ import annotations

# A value is an int64: one of these in the low bits, above them a number or a row of a table.
TAG_BITS = 3
NOTHING, INT, WIDE, FLOAT, TEXT, LIST, DICT = range(7)

# How a run ends. REFUSED: an operation that imports, calls or fetches.
DONE, GROW = 0, 1
TRUNCATED, REFUSED, UNKNOWN, UNDERFLOW, BAD_NUMBER, NO_MEMO, TOO_LARGE = -1, -2, -3, -4, -5, -6, -7

# The tables of int64, and how many numbers a row of each has.
#   stack, memo, pool  values. marks: heights of the stack. wides: 64 bits of long whole numbers and of floats
#   objects      lists and dicts: first row in the pool, number of values, the next object of a list that goes on
#                elsewhere (-1), the last of those, shape of a dict (-1 of a list)
#   texts        first byte in the file, number of bytes, whether there are escapes in them (1 Python's, 2 \u only)
#   shapes       the shape without the last key (row 0: none), the last key
#   text_index, shape_index, list_index  rows + 1 of texts, shapes and lists by a hash; 0 where free
TABLES = {"stack": 1, "marks": 1, "memo": 1, "pool": 1, "objects": 5, "texts": 3, "wides": 1, "shapes": 2}
INDEXES = ("text_index", "shape_index", "list_index")

# Slots of the state. First the offset in the file of the next operation, the address of the file and its size; then
# how many rows of each table are used, how many there is room for, and where each table is.
POSITION, DATA, SIZE = range(3)
STACK, MARKS, MEMO, POOL, OBJECTS, TEXTS, WIDES, SHAPES = range(3, 11)
STACK_ROOM, MARKS_ROOM, MEMO_ROOM, POOL_ROOM, OBJECTS_ROOM, TEXTS_ROOM, WIDES_ROOM, SHAPES_ROOM = range(11, 19)
STACK_AT, MARKS_AT, MEMO_AT, POOL_AT, OBJECTS_AT, TEXTS_AT, WIDES_AT, SHAPES_AT = range(19, 27)
TEXT_INDEX_ROOM, SHAPE_INDEX_ROOM, LIST_INDEX_ROOM = range(27, 30)
TEXT_INDEX_AT, SHAPE_INDEX_AT, LIST_INDEX_AT = range(30, 33)
STATES = 33

MOST_KEYS = 1000  # of a dict
