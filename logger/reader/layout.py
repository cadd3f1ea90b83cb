"""The memory that the kernels work on: state slots, column numbers, codes. Plain integers for numba and numpy alike.

A kernel gets the address of the state, an int64 array; the state holds the addresses of the tables and their sizes.
"""

from __future__ import annotations

# --- the state: int64 slots ---
BUFFER = 0  # address of the bytes to decode
BASE = 1  # offset in the file of the buffer's first byte
FINAL = 2  # 1 when the buffer ends where the file ends
POSITION = 3  # in the buffer: where to begin, then how far the kernel came
NEED = 4  # bytes wanted from POSITION on
SCAN_FROM = 5  # offset in the file where a damaged stretch began, -1 outside of one
SCAN_REASON = 6

SCALARS = 7  # rows filled
SCALAR_ROOM = 8  # rows there are
SCALAR_TAGS, STEPS, WALLS, VALUES = 9, 10, 11, 12  # addresses of the columns: int32, int64, float64, float64
MIN_STEP = 13
MAX_STEP = 14
INEXACT = 15  # 1 when a value is not a float32

BLOBS, BLOB_ROOM, BLOB_ROWS = 16, 17, 18  # filled, room, address
DAMAGES, DAMAGE_ROOM, DAMAGE_ROWS = 19, 20, 21
TAGS, TAG_ROOM, TAG_ROWS = 22, 23, 24
ARENA_USED, ARENA_ROOM, ARENA = 25, 26, 27  # the bytes of tag names and metadata
SLOTS, SLOT_MASK = 28, 29  # hash table of tag rows (int32, -1 = free): address, size - 1
LAST_TAG = 30

EVENTS = 31
FIRST_EVENT = 32  # wall times, float64 bits: of the first event, whatever it holds
MIN_WALL = 33  # of events with data, NaN ignored
MAX_WALL = 34

# Where the fields of the Summary.Value being read lie: addresses, -1 = absent.
NAME, NAME_END = 35, 36
NODE, NODE_END = 37, 38
METADATA, METADATA_END = 39, 40
BODY, BODY_END = 41, 42
CODE = 43
PLUGIN, PLUGIN_END, DATA_CLASS = 44, 45, 46
STATE_SLOTS = 47

# --- one row of int64 per distinct tag ---
TAG_NAME_AT = 0  # in the arena
TAG_NAME_LENGTH = 1
TAG_METADATA_AT = 2  # the first SummaryMetadata seen, in the arena
TAG_METADATA_LENGTH = 3  # -1 while none was seen
TAG_PLUGIN_AT = 4
TAG_PLUGIN_LENGTH = 5  # -1 while no metadata was seen
TAG_CLASS = 6
TAG_NEXT = 7  # the tag that followed this one last time: the first guess for the next value; -1: none yet
TAG_COLUMNS = 8

# What a tag's single-number tensors are.
CLASS_UNKNOWN = 0  # no metadata yet: a scalar, unless the run knows better
CLASS_SCALAR = 1
CLASS_OTHER = 2

# --- one row of int64 per blob ---
BLOB_TAG = 0
BLOB_CODE = 1
BLOB_STEP = 2
BLOB_WALL = 3  # the float64's bits
BLOB_AT = 4  # offset in the file
BLOB_LENGTH = 5
BLOB_CRC = 6  # CRC-32C of the bytes, so that a later read can be checked
BLOB_COLUMNS = 7

CODE_NOTHING = 0
CODE_TENSOR = 1
CODE_MAYBE_SCALAR = 2  # a single number without metadata; also given as a scalar row
CODE_HISTOGRAM = 3
CODE_IMAGE = 4
CODE_AUDIO = 5
CODE_METADATA = 6  # a value with metadata only (hparams)
CODE_OLD_HISTOGRAM = 7
CODE_GRAPH = 8
CODE_META_GRAPH = 9
CODE_RUN_METADATA = 10
CODE_SESSION_START = 11  # BLOB_LENGTH holds the number of scalar rows before it
CODE_SIMPLE_VALUE = 12  # never a blob
CODE_SESSION_STOP = 13  # these two point to the SessionLog
CODE_CHECKPOINT = 14

# --- one row of int64 per damaged stretch ---
DAMAGE_AT = 0
DAMAGE_LENGTH = 1
DAMAGE_REASON = 2
DAMAGE_COLUMNS = 3

REASON_LENGTH = 1
REASON_DATA = 2
REASON_MESSAGE = 3
REASONS = {
    REASON_LENGTH: "no valid record",
    REASON_DATA: "checksum of the data is wrong",
    REASON_MESSAGE: "malformed message",
}

# --- what `decode` answers ---
MORE = 0  # wants NEED bytes from POSITION on (at the end of the file: a truncated tail)
FULL = 1  # there is no room for the scalars of the next record
FULL_BLOBS = 4  # nor for its blobs
GROW = 2  # the tag table or the arena is full
BAD_TAIL = 3  # the last record's data are wrong; they may not be written out yet
