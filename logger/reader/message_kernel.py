"""An Event message into rows: scalars, blobs and tags, each into the table that `layout.py` describes."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

import numpy as np

from . import layout as L
from .tensor_kernel import single_number
from .wire import helper, load8, load32, load64, plain_crc, read_span, read_varint, same_bytes, skip_field

__all__ = ["decode_event", "name_hash"]

# What `decode_event` answers.
_DONE, _MALFORMED, _FULL, _GROW = 0, -1, L.FULL, L.GROW

# Slots of `parts`: where the fields of the Value being read lie.
_NAME, _NAME_END, _NODE, _NODE_END, _METADATA, _METADATA_END, _CODE, _BODY, _BODY_END = 0, 1, 2, 3, 4, 5, 6, 7, 8
PARTS = 9

_SIMPLE_VALUE = 100  # a code besides those of blobs
_PLUGIN_SCALARS = np.frombuffer(b"scalars", np.uint8)


@helper
def _bits_to_float(bits):
    return np.uint64(bits).view(np.float64)


@helper
def _float_to_bits(number):
    return np.float64(number).view(np.int64)


@helper
def _read_value(buffer, position, end, parts):
    """Note where the fields of a Summary.Value lie. The position behind it, or -1."""
    parts[:] = -1
    parts[_CODE] = 0
    while position < end:
        key, position = read_varint(buffer, position, end)
        if position < 0 or key < np.uint64(8):
            return np.int64(-1)
        if key == np.uint64(21):  # simple_value
            parts[_CODE], parts[_BODY] = _SIMPLE_VALUE, position
            position += 4
            if position > end:
                return np.int64(-1)
        elif key & np.uint64(7) == np.uint64(2):
            first, position = read_span(buffer, position, end)
            if position < 0:
                return np.int64(-1)
            field = np.int64(key >> np.uint64(3))
            if field == 1:
                parts[_NAME], parts[_NAME_END] = first, position
            elif field == 9:
                parts[_METADATA], parts[_METADATA_END] = first, position
            elif field == 7:
                parts[_NODE], parts[_NODE_END] = first, position
            else:
                code = _code_of_field(field)
                if code:
                    parts[_CODE], parts[_BODY], parts[_BODY_END] = code, first, position
        else:
            position = skip_field(buffer, position, end, key & np.uint64(7))
            if position < 0:
                return np.int64(-1)
    if parts[_NAME_END] <= parts[_NAME] and parts[_NODE] >= 0:  # old writers name the node instead
        parts[_NAME], parts[_NAME_END] = parts[_NODE], parts[_NODE_END]
    return position


@helper
def _code_of_field(field):
    if field == 8:
        return L.CODE_TENSOR
    if field == 5:
        return L.CODE_HISTOGRAM
    if field == 4:
        return L.CODE_IMAGE
    if field == 6:
        return L.CODE_AUDIO
    return L.CODE_OLD_HISTOGRAM if field == 3 else 0


@helper
def _read_metadata(buffer, position, end):
    """(first byte, end of the plugin's name, data class); the first is -1 when malformed."""
    name, name_end, data_class = position, position, np.int64(0)
    while position < end:
        key, position = read_varint(buffer, position, end)
        if position < 0:
            break
        if key == np.uint64(10):  # plugin_data
            position, stop = read_span(buffer, position, end)
            while 0 <= position < stop:
                key, position = read_varint(buffer, position, stop)
                if position < 0:
                    break
                if key == np.uint64(10):
                    name, name_end = read_span(buffer, position, stop)
                    position = name_end
                else:
                    position = skip_field(buffer, position, stop, key & np.uint64(7))
        elif key == np.uint64(32):
            bits, position = read_varint(buffer, position, end)
            data_class = np.int64(bits)
        else:
            position = skip_field(buffer, position, end, key & np.uint64(7))
        if position < 0:
            break
    return (name, name_end, data_class) if position >= 0 else (np.int64(-1), np.int64(-1), np.int64(0))


@helper
def name_hash(buffer, position, end):
    """A hash of the name, eight bytes at a time."""
    h = np.uint64(end - position) * np.uint64(0x9E3779B97F4A7C15)
    while position + 8 <= end:
        h = (h ^ load64(buffer, position)) * np.uint64(0xFF51AFD7ED558CCD)
        h ^= h >> np.uint64(32)
        position += 8
    while position < end:
        h = (h ^ load8(buffer, position)) * np.uint64(0x100000001B3)
        position += 1
    return np.int64((h ^ (h >> np.uint64(29))) >> np.uint64(1))


@helper
def _is_tag(buffer, parts, plugin, plugin_end, tags, arena, row):
    """Whether row `row` of the tag table is this value's: the same name and, where both name one, the same plugin."""
    length = parts[_NAME_END] - parts[_NAME]
    if tags[row, L.TAG_NAME_LENGTH] != length:
        return False
    if not same_bytes(buffer, parts[_NAME], arena, tags[row, L.TAG_NAME_AT], length):
        return False
    size = plugin_end - plugin
    if size <= 0 or tags[row, L.TAG_PLUGIN_LENGTH] <= 0:
        return True
    known = tags[row, L.TAG_PLUGIN_LENGTH]
    return known == size and same_bytes(buffer, plugin, arena, tags[row, L.TAG_PLUGIN_AT], size)


@helper
def _append(buffer, position, end, arena, state):
    """Copy bytes into the arena, which has room; where they went."""
    at = state[L.ARENA]
    for i in range(end - position):
        arena[at + i] = buffer[position + i]
    state[L.ARENA] = at + end - position
    return at


@helper
def _note_metadata(buffer, parts, plugin, plugin_end, data_class, tags, arena, state, row):
    """Give a tag the first metadata seen for it."""
    at = _append(buffer, parts[_METADATA], parts[_METADATA_END], arena, state)
    size = plugin_end - plugin
    tags[row, L.TAG_METADATA_AT] = at
    tags[row, L.TAG_METADATA_LENGTH] = parts[_METADATA_END] - parts[_METADATA]
    tags[row, L.TAG_PLUGIN_AT] = at + plugin - parts[_METADATA]
    tags[row, L.TAG_PLUGIN_LENGTH] = size
    scalars = size == len(_PLUGIN_SCALARS) and same_bytes(buffer, plugin, _PLUGIN_SCALARS, 0, size)
    if scalars or data_class == 1:
        tags[row, L.TAG_CLASS] = L.CLASS_SCALAR
    elif size > 0 or data_class > 0:
        tags[row, L.TAG_CLASS] = L.CLASS_OTHER


@helper
def _find_tag(buffer, parts, tags, arena, slots, state):
    """The row of this value's tag, added when new. -1: the metadata are malformed, -2: there is no room."""
    has_metadata = parts[_METADATA] >= 0
    guess = tags[state[L.LAST_TAG], L.TAG_NEXT] if state[L.TAGS] else np.int64(-1)
    plugin, plugin_end, data_class = np.int64(0), np.int64(0), np.int64(0)
    if has_metadata:
        plugin, plugin_end, data_class = _read_metadata(buffer, parts[_METADATA], parts[_METADATA_END])
        if plugin < 0:
            return np.int64(-1)
    if guess < 0 or not _is_tag(buffer, parts, plugin, plugin_end, tags, arena, guess):
        mask = len(slots) - 1
        slot = name_hash(buffer, parts[_NAME], parts[_NAME_END]) & mask
        while slots[slot] >= 0 and not _is_tag(buffer, parts, plugin, plugin_end, tags, arena, slots[slot]):
            slot = (slot + 1) & mask
        guess = np.int64(slots[slot])
        room = len(arena) - state[L.ARENA] - (parts[_NAME_END] - parts[_NAME])
        if guess < 0:
            if state[L.TAGS] >= len(tags) or room < parts[_METADATA_END] - parts[_METADATA]:
                return np.int64(-2)
            guess = state[L.TAGS]
            slots[slot] = guess
            state[L.TAGS] += 1
            tags[guess, :] = -1
            tags[guess, L.TAG_CLASS] = L.CLASS_UNKNOWN
            tags[guess, L.TAG_NAME_LENGTH] = max(parts[_NAME_END] - parts[_NAME], 0)
            tags[guess, L.TAG_NAME_AT] = _append(buffer, parts[_NAME], parts[_NAME_END], arena, state)
        tags[state[L.LAST_TAG], L.TAG_NEXT] = guess
    if has_metadata and tags[guess, L.TAG_PLUGIN_LENGTH] < 0:
        if len(arena) - state[L.ARENA] < parts[_METADATA_END] - parts[_METADATA]:
            return np.int64(-2)
        _note_metadata(buffer, parts, plugin, plugin_end, data_class, tags, arena, state, guess)
    state[L.LAST_TAG] = guess
    return guess


@helper
def _add_scalar(tag, step, wall, value, scalar_tags, steps, walls, values, state):
    row = state[L.SCALARS]
    if row >= len(steps):
        return _FULL
    scalar_tags[row], steps[row], walls[row], values[row] = tag, step, wall, value
    state[L.SCALARS] = row + 1
    state[L.MIN_STEP] = min(state[L.MIN_STEP], step)
    if np.float64(np.float32(value)) != value and value == value:
        state[L.INEXACT] = 1
    return _DONE


@helper
def _add_blob(tag, code, step, wall, buffer, start, end, blobs, state):
    row = state[L.BLOBS]
    if row >= len(blobs):
        return _FULL
    blobs[row, L.BLOB_TAG] = tag
    blobs[row, L.BLOB_CODE] = code
    blobs[row, L.BLOB_STEP] = step
    blobs[row, L.BLOB_WALL] = _float_to_bits(wall)
    blobs[row, L.BLOB_AT] = state[L.BASE] + start
    blobs[row, L.BLOB_LENGTH] = end - start
    blobs[row, L.BLOB_CRC] = np.int64(plain_crc(buffer, start, end))
    state[L.BLOBS] = row + 1
    return _DONE


@helper
def _add_value(
    buffer, start, end, step, wall, parts, scalar_tags, steps, walls, values, blobs, tags, arena, slots, state
):
    """The row or rows of one Summary.Value."""
    if _read_value(buffer, start, end, parts) < 0:
        return _MALFORMED
    code = parts[_CODE]
    if code == 0:
        if parts[_METADATA] < 0:
            return _DONE  # a name alone holds nothing
        code = L.CODE_METADATA
    tag = _find_tag(buffer, parts, tags, arena, slots, state)
    if tag < 0:
        return _MALFORMED if tag == -1 else _GROW
    if code == _SIMPLE_VALUE:
        number = np.float64(np.uint32(load32(buffer, parts[_BODY])).view(np.float32))
        return _add_scalar(tag, step, wall, number, scalar_tags, steps, walls, values, state)
    if code == L.CODE_TENSOR and tags[tag, L.TAG_CLASS] != L.CLASS_OTHER:
        numeric, number = single_number(buffer, parts[_BODY], parts[_BODY_END])
        if numeric < 0:
            return _MALFORMED
        if numeric:
            added = _add_scalar(tag, step, wall, number, scalar_tags, steps, walls, values, state)
            if added != _DONE or tags[tag, L.TAG_CLASS] == L.CLASS_SCALAR:
                return added
            code = L.CODE_MAYBE_SCALAR
    return _add_blob(tag, code, step, wall, buffer, start, end, blobs, state)


@helper
def _add_run_metadata(buffer, start, end, step, wall, parts, blobs, tags, arena, slots, state):
    """A TaggedRunMetadata: its tag is field 1, like a Value's."""
    if _read_value(buffer, start, end, parts) < 0:
        return _MALFORMED
    parts[_METADATA] = parts[_METADATA_END] = -1
    tag = _find_tag(buffer, parts, tags, arena, slots, state)
    if tag < 0:
        return _GROW
    return _add_blob(tag, L.CODE_RUN_METADATA, step, wall, buffer, start, end, blobs, state)


@helper
def _add_session(buffer, start, end, step, wall, blobs, state):
    """A marker where a session starts; other session events say nothing about the data."""
    status, position = np.uint64(0), start
    while position < end:
        key, position = read_varint(buffer, position, end)
        if position < 0:
            return _MALFORMED
        if key == np.uint64(8):
            status, position = read_varint(buffer, position, end)
        else:
            position = skip_field(buffer, position, end, key & np.uint64(7))
        if position < 0:
            return _MALFORMED
    if status != np.uint64(1):
        return _DONE
    added = _add_blob(-1, L.CODE_SESSION_START, step, wall, buffer, start, end, blobs, state)
    if added == _DONE:
        blobs[state[L.BLOBS] - 1, L.BLOB_LENGTH] = state[L.SCALARS]
    return added


@helper
def _event_head(buffer, position, end):
    """(step, wall time, position behind the event or -1)."""
    step, wall = np.int64(0), 0.0
    while position < end:
        key, position = read_varint(buffer, position, end)
        if position < 0 or key < np.uint64(8):
            return step, wall, np.int64(-1)
        if key == np.uint64(9) and position + 8 <= end:
            wall = _bits_to_float(load64(buffer, position))
            position += 8
        elif key == np.uint64(16):
            bits, position = read_varint(buffer, position, end)
            step = np.int64(bits)
        else:
            position = skip_field(buffer, position, end, key & np.uint64(7))
        if position < 0:
            break
    return step, wall, position


@helper
def decode_event(buffer, start, end, parts, scalar_tags, steps, walls, values, blobs, tags, arena, slots, state, clock):
    """Write the rows of the Event in buffer[start:end]."""
    step, wall, position = _event_head(buffer, start, end)
    if position < 0:
        return _MALFORMED
    scalars_before, blobs_before = state[L.SCALARS], state[L.BLOBS]
    position = start
    while position < end:
        key, position = read_varint(buffer, position, end)
        if key & np.uint64(7) != np.uint64(2):
            position = skip_field(buffer, position, end, key & np.uint64(7))
            continue
        first, position = read_span(buffer, position, end)
        if key == np.uint64(42):  # summary
            while first < position:
                key, first = read_varint(buffer, first, position)
                if first < 0:
                    return _MALFORMED
                if key != np.uint64(10):
                    first = skip_field(buffer, first, position, key & np.uint64(7))
                    if first < 0:
                        return _MALFORMED
                    continue
                value, first = read_span(buffer, first, position)
                if first < 0:
                    return _MALFORMED
                added = _add_value(
                    buffer, value, first, step, wall, parts,
                    scalar_tags, steps, walls, values, blobs, tags, arena, slots, state,
                )  # fmt: skip
                if added != _DONE:
                    return added
        else:
            added = _DONE
            if key == np.uint64(34):
                added = _add_blob(-1, L.CODE_GRAPH, step, wall, buffer, first, position, blobs, state)
            elif key == np.uint64(74):
                added = _add_blob(-1, L.CODE_META_GRAPH, step, wall, buffer, first, position, blobs, state)
            elif key == np.uint64(58):
                added = _add_session(buffer, first, position, step, wall, blobs, state)
            elif key == np.uint64(66):
                added = _add_run_metadata(
                    buffer, first, position, step, wall, parts, blobs, tags, arena, slots, state
                )  # fmt: skip
            if added != _DONE:
                return added
    if state[L.EVENTS] == 0 and np.isnan(clock[L.FIRST_EVENT]):
        clock[L.FIRST_EVENT] = wall
    if state[L.SCALARS] > scalars_before or state[L.BLOBS] > blobs_before:
        state[L.MAX_STEP] = max(state[L.MAX_STEP], step)
        if not wall >= clock[L.MIN_WALL]:
            clock[L.MIN_WALL] = wall if wall == wall else clock[L.MIN_WALL]
        if not wall <= clock[L.MAX_WALL]:
            clock[L.MAX_WALL] = wall if wall == wall else clock[L.MAX_WALL]
    return _DONE
