"""Reading bytes at native speed: unaligned loads, CRC-32C and the protobuf wire format, for numba.

Everything here is compiled into the kernels of `kernels.py`. A position of -1 means "malformed"; every
function takes the end of what it may touch, so that no byte outside the message is ever read.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import llvmlite.binding
import numpy as np
from llvmlite import ir
from numba import config, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["framed_crc", "helper", "header_ok", "load32", "load64", "load8", "read_varint", "same_bytes", "skip_field"]


# A function that only other compiled functions call: without the wrappers that Python would call it by, it compiles in
# half the time.
helper = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy")


def _pointer(context, builder, array_type, array, position):
    data = context.make_array(array_type)(context, builder, array).data
    return builder.gep(data, [position])


def _loader(bits):
    """An intrinsic that loads `bits` little-endian bits from any position, unchecked and unaligned."""

    @intrinsic
    def load(typingctx, array, position):
        def codegen(context, builder, signature, args):
            pointer = _pointer(context, builder, signature.args[0], *args)
            pointer = builder.bitcast(pointer, ir.IntType(bits).as_pointer())
            value = builder.load(pointer, align=1)
            return value if bits == 64 else builder.zext(value, ir.IntType(64))

        return types.uint64(array, types.int64), codegen

    return load


load8, load32, load64 = _loader(8), _loader(32), _loader(64)


# --- CRC-32C ----------------------------------------------------------------------------------------------------------


def _has_crc_instruction() -> bool:
    # A NUMBA_CPU_NAME other than the host's could not select the instruction.
    if (
        config.CPU_NAME
        or config.CPU_FEATURES is not None
        or not llvmlite.binding.get_process_triple().startswith("x86")
    ):
        return False
    return bool(llvmlite.binding.get_host_cpu_features().get("sse4.2"))


def _crc_tables() -> np.ndarray:
    tables = np.zeros((8, 256), np.uint64)
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
        tables[0, byte] = crc
    for k in range(1, 8):
        previous = tables[k - 1]
        tables[k] = (previous >> np.uint64(8)) ^ tables[0, (previous & np.uint64(255)).astype(np.int64)]
    return tables


_TABLES = _crc_tables()

if _has_crc_instruction():

    def _instruction(bits, name):
        @intrinsic
        def step(typingctx, crc, word):
            def codegen(context, builder, signature, args):
                wide = ir.IntType(64)
                narrow = ir.IntType(64 if bits == 64 else 32)
                word_type = ir.IntType(bits)
                function = cgutils.get_or_insert_function(
                    builder.module, ir.FunctionType(narrow, [narrow, word_type]), name
                )
                crc, word = args
                if bits != 64:
                    crc, word = builder.trunc(crc, narrow), builder.trunc(word, word_type)
                result = builder.call(function, [crc, word])
                return result if bits == 64 else builder.zext(result, wide)

            return types.uint64(types.uint64, types.uint64), codegen

        return step

    _crc_step64 = _instruction(64, "llvm.x86.sse42.crc32.64.64")
    _crc_step8 = _instruction(8, "llvm.x86.sse42.crc32.32.8")

else:

    @helper
    def _crc_step64(crc, word):
        """Slicing-by-8: eight table look-ups instead of a chain of eight dependent ones."""
        x = crc ^ word
        m = np.uint64(255)
        low = _TABLES[7, x & m] ^ _TABLES[6, (x >> np.uint64(8)) & m] ^ _TABLES[5, (x >> np.uint64(16)) & m]
        low ^= _TABLES[4, (x >> np.uint64(24)) & m] ^ _TABLES[3, (x >> np.uint64(32)) & m]
        low ^= _TABLES[2, (x >> np.uint64(40)) & m] ^ _TABLES[1, (x >> np.uint64(48)) & m]
        return low ^ _TABLES[0, x >> np.uint64(56)]

    @helper
    def _crc_step8(crc, byte):
        return _TABLES[0, (crc ^ byte) & np.uint64(255)] ^ (crc >> np.uint64(8))


@helper
def plain_crc(buffer, start, end):
    """CRC-32C of buffer[start:end]."""
    crc = np.uint64(0xFFFFFFFF)
    position = start
    while position + 8 <= end:
        crc = _crc_step64(crc, load64(buffer, position))
        position += 8
    while position < end:
        crc = _crc_step8(crc, load8(buffer, position))
        position += 1
    return crc ^ np.uint64(0xFFFFFFFF)


@helper
def framed_crc(buffer, start, end):
    """The masked CRC-32C that a record stores for buffer[start:end]."""
    crc = plain_crc(buffer, start, end)
    rotated = (crc >> np.uint64(15)) | (crc << np.uint64(17))
    return (rotated + np.uint64(0xA282EAD8)) & np.uint64(0xFFFFFFFF)


@helper
def header_ok(buffer, position):
    """Whether the 12 bytes at `position` are a record's length and its checksum."""
    length = load64(buffer, position)
    # No event is a terabyte: such a length is noise whatever its checksum says, and would overflow positions.
    return length < np.uint64(1 << 40) and framed_crc(buffer, position, position + 8) == load32(buffer, position + 8)


# --- protobuf ---------------------------------------------------------------------------------------------------------


@helper
def read_varint(buffer, position, end):
    """(value, position behind it)."""
    value = np.uint64(0)
    shift = np.uint64(0)
    while position < end and shift < np.uint64(70):
        byte = load8(buffer, position)
        position += 1
        value |= (byte & np.uint64(127)) << shift
        if byte < np.uint64(128):
            return value, position
        shift += np.uint64(7)
    return np.uint64(0), np.int64(-1)


@helper
def read_span(buffer, position, end):
    """(first byte, position behind the last) of a length-delimited field."""
    length, position = read_varint(buffer, position, end)
    if position < 0 or length > np.uint64(end - position):
        return np.int64(-1), np.int64(-1)
    return position, position + np.int64(length)


@helper
def skip_field(buffer, position, end, wire_type):
    """The position behind the field whose key was just read."""
    if wire_type == 0:
        return read_varint(buffer, position, end)[1]
    if wire_type == 2:
        return read_span(buffer, position, end)[1]
    size = 8 if wire_type == 1 else 4 if wire_type == 5 else -1
    return position + size if size > 0 and position + size <= end else np.int64(-1)


@helper
def same_bytes(a, a_start, b, b_start, length):
    i = 0
    while i + 8 <= length:
        if load64(a, a_start + i) != load64(b, b_start + i):
            return False
        i += 8
    while i < length:
        if load8(a, a_start + i) != load8(b, b_start + i):
            return False
        i += 1
    return True
