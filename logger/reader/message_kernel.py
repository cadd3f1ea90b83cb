"""An Event message into rows: scalars, blobs and tags, each into the table that `layout.py` describes."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

from . import layout as L
from .memory import bits_of_float, float_of_bits, float_of_bits32, get, helper, load32, load64, put, put32, rounded32
from .tag_kernel import find_tag
from .tensor_kernel import single_number
from .wire import plain_crc, read_span, read_varint, skip_field

__all__ = ["decode_event"]

_DONE, _MALFORMED = 0, -1  # answers, besides FULL and GROW

# Keys of Event's fields: number << 3 | wire type.
_WALL_TIME, _STEP, _GRAPH_DEF, _SUMMARY, _SESSION_LOG, _RUN_METADATA, _META_GRAPH_DEF = 9, 16, 34, 42, 58, 66, 74


@helper
def _code_of_field(field):
    """What kind of value field `field` of Summary.Value holds."""
    if field == 8:
        return L.CODE_TENSOR
    if field == 5:
        return L.CODE_HISTOGRAM
    if field == 4:
        return L.CODE_IMAGE
    if field == 6:
        return L.CODE_AUDIO
    return L.CODE_OLD_HISTOGRAM if field == 3 else L.CODE_NOTHING


@helper
def _read_value(position, end, state):
    """Note in the state where the fields of a Summary.Value lie. The position behind it, or -1."""
    put(state, L.NAME, -1)
    put(state, L.NAME_END, -1)
    put(state, L.NODE, -1)
    put(state, L.METADATA, -1)
    put(state, L.METADATA_END, -1)
    put(state, L.CODE, L.CODE_NOTHING)
    while position < end:
        key, position = read_varint(position, end)
        if position < 0 or key < 8:
            return -1
        if key == 21:  # simple_value
            put(state, L.CODE, L.CODE_SIMPLE_VALUE)
            put(state, L.BODY, position)
            position += 4
            if position > end:
                return -1
        elif key & 7 == 2:
            first, position = read_span(position, end)
            if position < 0:
                return -1
            field = key >> 3
            at = L.NAME if field == 1 else L.METADATA if field == 9 else L.NODE if field == 7 else L.BODY
            code = _code_of_field(field)
            if at != L.BODY or code != L.CODE_NOTHING:
                put(state, at, first)
                put(state, at + 1, position)
            if code != L.CODE_NOTHING:
                put(state, L.CODE, code)
        else:
            position = skip_field(key, position, end)
            if position < 0:
                return -1
    if get(state, L.NAME_END) <= get(state, L.NAME) and get(state, L.NODE) >= 0:
        # Old writers name the node instead.
        put(state, L.NAME, get(state, L.NODE))
        put(state, L.NAME_END, get(state, L.NODE_END))
    return position


@helper
def _add_scalar(tag, step, wall, value, state):
    """A row of the scalar columns; `wall` as bits."""
    row = get(state, L.SCALARS)
    if row >= get(state, L.SCALAR_ROOM):
        return L.FULL
    put32(get(state, L.SCALAR_TAGS) + 4 * row, tag)
    put(get(state, L.STEPS), row, step)
    put(get(state, L.WALLS), row, wall)
    put(get(state, L.VALUES), row, bits_of_float(value))
    put(state, L.SCALARS, row + 1)
    if step < get(state, L.MIN_STEP):
        put(state, L.MIN_STEP, step)
    return _DONE


@helper
def _add_blob(tag, code, step, wall, start, end, state):
    """A row of the blob table for the bytes from `start` to `end`."""
    row = get(state, L.BLOBS)
    if row >= get(state, L.BLOB_ROOM):
        return L.FULL_BLOBS
    to = get(state, L.BLOB_ROWS) + 8 * L.BLOB_COLUMNS * row
    put(to, L.BLOB_TAG, tag)
    put(to, L.BLOB_CODE, code)
    put(to, L.BLOB_STEP, step)
    put(to, L.BLOB_WALL, wall)
    put(to, L.BLOB_AT, get(state, L.BASE) + start - get(state, L.BUFFER))
    put(to, L.BLOB_LENGTH, end - start)
    put(to, L.BLOB_CRC, plain_crc(start, end))
    put(state, L.BLOBS, row + 1)
    return _DONE


@helper
def _add_value(start, end, step, wall, state):
    """The row or rows of one Summary.Value."""
    if _read_value(start, end, state) < 0:
        return _MALFORMED
    code = get(state, L.CODE)
    if code == L.CODE_NOTHING:
        if get(state, L.METADATA) < 0:
            return _DONE  # a name alone holds nothing
        code = L.CODE_METADATA
    tag = find_tag(state)
    if tag < 0:
        return _MALFORMED if tag == -1 else L.GROW
    if code == L.CODE_SIMPLE_VALUE:
        return _add_scalar(tag, step, wall, float_of_bits32(load32(get(state, L.BODY))), state)
    if code == L.CODE_TENSOR:
        klass = get(get(state, L.TAG_ROWS) + 8 * L.TAG_COLUMNS * tag, L.TAG_CLASS)
        if klass != L.CLASS_OTHER:
            numeric, number = single_number(get(state, L.BODY), get(state, L.BODY_END))
            if numeric < 0:
                return _MALFORMED
            if numeric:
                # Only tensors hold numbers that need not be float32.
                if rounded32(number) != number and number == number:
                    put(state, L.INEXACT, 1)
                added = _add_scalar(tag, step, wall, number, state)
                if added != _DONE or klass == L.CLASS_SCALAR:
                    return added
                code = L.CODE_MAYBE_SCALAR
    return _add_blob(tag, code, step, wall, start, end, state)


@helper
def _add_run_metadata(start, end, step, wall, state):
    """A TaggedRunMetadata: its tag is field 1, as in a Value."""
    if _read_value(start, end, state) < 0:
        return _MALFORMED
    put(state, L.METADATA, -1)
    put(state, L.METADATA_END, -1)
    tag = find_tag(state)
    return L.GROW if tag < 0 else _add_blob(tag, L.CODE_RUN_METADATA, step, wall, start, end, state)


@helper
def _add_session(start, end, step, wall, state):
    """A marker where a session starts; where it stops or saves a checkpoint a blob, which is no data."""
    status, position = 0, start
    while position < end:
        key, position = read_varint(position, end)
        if position >= 0 and key == 8:
            status, position = read_varint(position, end)
        elif position >= 0:
            position = skip_field(key, position, end)
        if position < 0:
            return _MALFORMED
    if status == 2 or status == 3:
        return _add_blob(-1, L.CODE_SESSION_STOP if status == 2 else L.CODE_CHECKPOINT, step, wall, start, end, state)
    if status != 1:
        return _DONE
    row = get(state, L.BLOBS)
    added = _add_blob(-1, L.CODE_SESSION_START, step, wall, start, end, state)
    if added == _DONE:
        put(get(state, L.BLOB_ROWS) + 8 * L.BLOB_COLUMNS * row, L.BLOB_LENGTH, get(state, L.SCALARS))
    return added


@helper
def _event_head(position, end):
    """(step, wall time as bits, position behind the event or -1)."""
    step, wall = 0, 0
    while position < end:
        key, position = read_varint(position, end)
        if position < 0 or key < 8:
            return step, wall, -1
        if key == _STEP:
            step, position = read_varint(position, end)
        else:
            first = position
            position = skip_field(key, position, end)
            if key == _WALL_TIME and position >= 0:
                wall = load64(first)
        if position < 0:
            break
    return step, wall, position


@helper
def _add_field(key, first, end, step, wall, state):
    """The rows of one field of an Event, whose content is first…end."""
    if key == _SUMMARY:
        while first < end:
            key, first = read_varint(first, end)
            if first < 0:
                return _MALFORMED
            start = first
            first = skip_field(key, first, end)
            if first < 0:
                return _MALFORMED
            if key == 10:  # value
                start, first = read_span(start, end)
                added = _add_value(start, first, step, wall, state)
                if added != _DONE:
                    return added
        return _DONE
    if key == _GRAPH_DEF:
        return _add_blob(-1, L.CODE_GRAPH, step, wall, first, end, state)
    if key == _META_GRAPH_DEF:
        return _add_blob(-1, L.CODE_META_GRAPH, step, wall, first, end, state)
    if key == _SESSION_LOG:
        return _add_session(first, end, step, wall, state)
    if key == _RUN_METADATA:
        return _add_run_metadata(first, end, step, wall, state)
    return _DONE


@helper
def _ends_with_session_note(state):
    """Whether the last blob is a stop or a checkpoint."""
    if get(state, L.BLOBS) == 0:
        return False
    last = get(state, L.BLOB_ROWS) + 8 * L.BLOB_COLUMNS * (get(state, L.BLOBS) - 1)
    return get(last, L.BLOB_CODE) == L.CODE_SESSION_STOP or get(last, L.BLOB_CODE) == L.CODE_CHECKPOINT


@helper
def decode_event(start, end, state):
    """Write the rows of the Event from `start` to `end`. 0, or -1 when it is malformed, or FULL or GROW."""
    step, wall, position = _event_head(start, end)
    if position < 0:
        return _MALFORMED
    rows_before = get(state, L.SCALARS) + get(state, L.BLOBS)
    position = start
    says_nothing = False
    while position < end:
        key, first = read_varint(position, end)
        position = skip_field(key, first, end)
        if key & 7 == 2:
            added = _add_field(key, read_span(first, end)[0], position, step, wall, state)
            if added != _DONE:
                return added
            says_nothing = key == _SESSION_LOG and _ends_with_session_note(state)
    has_data = not says_nothing and get(state, L.SCALARS) + get(state, L.BLOBS) > rows_before
    _note_times(step, wall, has_data, state)
    return _DONE


@helper
def _note_times(step, wall, has_data, state):
    """Keep the first event's time and the bounds over events with data."""
    if get(state, L.EVENTS) == 0:
        put(state, L.FIRST_EVENT, wall)
    if has_data:
        put(state, L.MAX_STEP, max(step, get(state, L.MAX_STEP)))
        time = float_of_bits(wall)
        # The bounds begin as NaN, which no comparison holds for.
        if time == time and not time >= float_of_bits(get(state, L.MIN_WALL)):
            put(state, L.MIN_WALL, wall)
        if time == time and not time <= float_of_bits(get(state, L.MAX_WALL)):
            put(state, L.MAX_WALL, wall)
