"""The arrays that the kernels fill: column numbers, state slots, codes. Plain integers, shared by numba and numpy."""

from __future__ import annotations

# --- one row per distinct tag: a table of int64 ---
TAG_NAME_AT = 0  # in the arena
TAG_NAME_LENGTH = 1
TAG_METADATA_AT = 2  # the first SummaryMetadata seen, in the arena
TAG_METADATA_LENGTH = 3  # -1 while none was seen
TAG_PLUGIN_AT = 4
TAG_PLUGIN_LENGTH = 5  # -1 while no metadata was seen
TAG_CLASS = 6
TAG_NEXT = 7  # the tag that followed this one last time: the first guess for the next value
TAG_COLUMNS = 8

# What a tag's single-number tensors are.
CLASS_UNKNOWN = 0  # no metadata yet: a scalar, unless the run knows better
CLASS_SCALAR = 1
CLASS_OTHER = 2

# --- one row per blob: a table of int64 ---
BLOB_TAG = 0
BLOB_CODE = 1
BLOB_STEP = 2
BLOB_WALL = 3  # the float64's bits
BLOB_AT = 4  # absolute file offset
BLOB_LENGTH = 5
BLOB_CRC = 6  # CRC-32C of the bytes, so that a later read can be checked
BLOB_COLUMNS = 7

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

# --- one row per damaged stretch: a table of int64 ---
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

# --- the decoder's state: int64 slots ---
POSITION = 0  # in the buffer
SCALARS = 1  # rows filled
BLOBS = 2
TAGS = 3
ARENA = 4  # bytes used
DAMAGES = 5
EVENTS = 6
SCAN_FROM = 7  # absolute offset where a damaged stretch began, -1 outside of one
SCAN_REASON = 8
MIN_STEP = 9
MAX_STEP = 10
INEXACT = 11  # 1 when a value is not a float32
LAST_TAG = 12
BASE = 13  # absolute offset of the buffer's first byte
FINAL = 14  # 1 when the buffer ends where the file ends
NEED = 15  # bytes wanted from POSITION on
STATE_SLOTS = 16

# --- float64 slots ---
FIRST_EVENT = 0  # wall time of the first event, whatever it holds
MIN_WALL = 1  # of events with data, NaN ignored
MAX_WALL = 2
CLOCK_SLOTS = 3

# --- what `decode` answers ---
MORE = 0  # wants NEED bytes from POSITION on (at the end of the file: a truncated tail)
FULL = 1  # the row tables are full: empty or grow them
GROW = 2  # the tag table or the arena is full
BAD_TAIL = 3  # the last record's data are wrong; they may not be written out yet
