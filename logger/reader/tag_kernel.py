"""The table of tags that the decoder fills: looking a value's tag up, noting its first metadata."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

from . import layout as L
from .memory import get, helper, load8, load32, load64, put, put8, put32
from .wire import read_span, read_varint, same_bytes, skip_field

__all__ = ["enter_tag", "find_tag"]

_SCALARS = int.from_bytes(b"scalars", "little")  # the plugin's name, as a number
_ROW = 8 * L.TAG_COLUMNS


@helper
def _name_hash(position, length):
    """A hash of the name, eight bytes at a time."""
    h = length * 0x1E3779B97F4A7C15
    end = position + length
    while position + 8 <= end:
        h = (h ^ load64(position)) * 0x7F51AFD7ED558CCD
        h ^= h >> 32
        position += 8
    while position < end:
        h = (h ^ load8(position)) * 0x100000001B3
        position += 1
    return h ^ (h >> 29)


@helper
def _read_plugin(state):
    """Note the plugin's name and the data class of the value's metadata. Whether they are well-formed."""
    position, end = get(state, L.METADATA), get(state, L.METADATA_END)
    put(state, L.PLUGIN, position)
    put(state, L.PLUGIN_END, position)
    put(state, L.DATA_CLASS, 0)
    while 0 <= position < end:
        key, position = read_varint(position, end)
        if position >= 0 and key == 10:  # plugin_data
            inner, stop = read_span(position, end)
            while 0 <= inner < stop:
                key, inner = read_varint(inner, stop)
                if inner >= 0 and key == 10:  # plugin_name
                    first, last = read_span(inner, stop)
                    put(state, L.PLUGIN, first)
                    put(state, L.PLUGIN_END, last)
                inner = skip_field(key, inner, stop) if inner >= 0 else -1
            position = stop if inner >= 0 else -1
        elif position >= 0 and key == 32:  # data_class
            value, position = read_varint(position, end)
            put(state, L.DATA_CLASS, value)
        elif position >= 0:
            position = skip_field(key, position, end)
    return position >= 0


@helper
def _is_tag(state, row):
    """Whether this row of the table is the value's tag: the same name and, where both name one, the same plugin."""
    tag = get(state, L.TAG_ROWS) + _ROW * row
    name, length = get(state, L.NAME), get(state, L.NAME_END) - get(state, L.NAME)
    if get(tag, L.TAG_NAME_LENGTH) != length or not same_bytes(
        name, get(state, L.ARENA) + get(tag, L.TAG_NAME_AT), length
    ):
        return False
    if get(state, L.METADATA) < 0 or get(tag, L.TAG_PLUGIN_LENGTH) <= 0:
        return True
    size = get(state, L.PLUGIN_END) - get(state, L.PLUGIN)
    if size == 0:
        return True
    known = get(state, L.ARENA) + get(tag, L.TAG_PLUGIN_AT)
    return get(tag, L.TAG_PLUGIN_LENGTH) == size and same_bytes(get(state, L.PLUGIN), known, size)


@helper
def _append(position, end, state):
    """Copy bytes into the arena. Where they went, -1 where there is no room."""
    used = get(state, L.ARENA_USED)
    if used + end - position > get(state, L.ARENA_ROOM):
        return -1
    to = get(state, L.ARENA) + used
    while position < end:
        put8(to, load8(position))
        to += 1
        position += 1
    put(state, L.ARENA_USED, to - get(state, L.ARENA))
    return used


@helper
def _note_metadata(tag, state):
    """Give a tag the first metadata seen for it. Whether there was room."""
    start, end = get(state, L.METADATA), get(state, L.METADATA_END)
    at = _append(start, end, state)
    if at < 0:
        return False
    size = get(state, L.PLUGIN_END) - get(state, L.PLUGIN)
    put(tag, L.TAG_METADATA_AT, at)
    put(tag, L.TAG_METADATA_LENGTH, end - start)
    put(tag, L.TAG_PLUGIN_AT, at + get(state, L.PLUGIN) - start)
    put(tag, L.TAG_PLUGIN_LENGTH, size)
    name = get(state, L.ARENA) + at + get(state, L.PLUGIN) - start
    is_scalars = size == 7 and (load32(name) | load32(name + 3) >> 8 << 32) == _SCALARS
    if is_scalars or get(state, L.DATA_CLASS) == 1:
        put(tag, L.TAG_CLASS, L.CLASS_SCALAR)
    elif size > 0 or get(state, L.DATA_CLASS) > 0:
        put(tag, L.TAG_CLASS, L.CLASS_OTHER)
    return True


@helper
def _slot_of(state):
    """The slot of the value's tag in the hash table, or the free one where it belongs."""
    mask = get(state, L.SLOT_MASK)
    slot = _name_hash(get(state, L.NAME), get(state, L.NAME_END) - get(state, L.NAME)) & mask
    while True:
        row = load32(get(state, L.SLOTS) + 4 * slot)
        if row == 0xFFFFFFFF or _is_tag(state, row):
            return slot
        slot = (slot + 1) & mask


@helper
def _look_up(state):
    """The row of the value's tag, added when new; -2 where there is no room."""
    at = get(state, L.SLOTS) + 4 * _slot_of(state)
    row = load32(at)
    if row != 0xFFFFFFFF:
        return row
    row = get(state, L.TAGS)
    name = -1 if row >= get(state, L.TAG_ROOM) else _append(get(state, L.NAME), get(state, L.NAME_END), state)
    if name < 0:
        return -2
    put32(at, row)
    put(state, L.TAGS, row + 1)
    tag = get(state, L.TAG_ROWS) + _ROW * row
    put(tag, L.TAG_NAME_AT, name)
    put(tag, L.TAG_NAME_LENGTH, get(state, L.NAME_END) - get(state, L.NAME))
    put(tag, L.TAG_METADATA_LENGTH, -1)
    put(tag, L.TAG_PLUGIN_LENGTH, -1)
    put(tag, L.TAG_CLASS, L.CLASS_UNKNOWN)
    put(tag, L.TAG_NEXT, -1)
    return row


@helper
def find_tag(state):
    """The row of the value's tag, added when new. -1: its metadata are malformed, -2: there is no room."""
    has_metadata = get(state, L.METADATA) >= 0
    if has_metadata and not _read_plugin(state):
        return -1
    last = get(state, L.TAG_ROWS) + _ROW * get(state, L.LAST_TAG)
    row = get(last, L.TAG_NEXT) if get(state, L.TAGS) > 0 else -1
    if row < 0 or not _is_tag(state, row):
        row = _look_up(state)
        if row < 0:
            return row
        put(last, L.TAG_NEXT, row)
    tag = get(state, L.TAG_ROWS) + _ROW * row
    if has_metadata and get(tag, L.TAG_PLUGIN_LENGTH) < 0 and not _note_metadata(tag, state):
        return -2
    put(state, L.LAST_TAG, row)
    return row


@helper
def enter_tag(state, row):
    """Enter a row of the table into an empty place of the hash table."""
    tag = get(state, L.TAG_ROWS) + _ROW * row
    mask = get(state, L.SLOT_MASK)
    slot = _name_hash(get(state, L.ARENA) + get(tag, L.TAG_NAME_AT), get(tag, L.TAG_NAME_LENGTH)) & mask
    while load32(get(state, L.SLOTS) + 4 * slot) != 0xFFFFFFFF:
        slot = (slot + 1) & mask
    put32(get(state, L.SLOTS) + 4 * slot, row)
