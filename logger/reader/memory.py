"""Loads, stores and CRC-32C steps on raw addresses, for numba.

Arrays as arguments make small compiled functions slow to call and the whole slow to compile (each is seven values and a
reference count); the kernels take addresses instead and check every position against the end themselves.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import llvmlite.binding
import numpy as np
from llvmlite import ir
from numba import config, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = [
    "bits_of_float",
    "crc_step64",
    "crc_through",
    "float_of_bits",
    "float_of_bits32",
    "get",
    "helper",
    "load8",
    "load32",
    "load64",
    "put",
    "put8",
    "put32",
    "rounded32",
]

# A function that only compiled functions call needs no wrappers for Python.
helper = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy")

_I64, _F64, _F32 = ir.IntType(64), ir.DoubleType(), ir.FloatType()


def _loader(bits):
    """The little-endian integer of `bits` bits at an address, zero-extended."""

    @intrinsic
    def load(typing_context, address):
        def generate(context, builder, signature, arguments):
            pointer = builder.inttoptr(arguments[0], ir.IntType(bits).as_pointer())
            value = builder.load(pointer, align=1)
            return value if bits == 64 else builder.zext(value, _I64)

        return types.int64(types.int64), generate

    return load


def _storer(bits):
    """Store the low `bits` bits of a value at an address."""

    @intrinsic
    def store(typing_context, address, value):
        def generate(context, builder, signature, arguments):
            pointer = builder.inttoptr(arguments[0], ir.IntType(bits).as_pointer())
            value = arguments[1] if bits == 64 else builder.trunc(arguments[1], ir.IntType(bits))
            builder.store(value, pointer, align=1)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64), generate

    return store


load8, load32, load64 = _loader(8), _loader(32), _loader(64)
put8, put32 = _storer(8), _storer(32)


def _slot_pointer(builder, arguments):
    return builder.gep(builder.inttoptr(arguments[0], _I64.as_pointer()), [arguments[1]])


@intrinsic
def get(typing_context, table, slot):
    """Slot `slot` of the int64 array at address `table`."""

    def generate(context, builder, signature, arguments):
        return builder.load(_slot_pointer(builder, arguments), align=8)

    return types.int64(types.int64, types.int64), generate


@intrinsic
def put(typing_context, table, slot, value):
    """Set slot `slot` of the int64 array at address `table`."""

    def generate(context, builder, signature, arguments):
        builder.store(arguments[2], _slot_pointer(builder, arguments), align=8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), generate


@intrinsic
def float_of_bits(typing_context, bits):
    """The float64 with these bits."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], _F64)

    return types.float64(types.int64), generate


@intrinsic
def float_of_bits32(typing_context, bits):
    """The float32 with these (low 32) bits, as float64."""

    def generate(context, builder, signature, arguments):
        return builder.fpext(builder.bitcast(builder.trunc(arguments[0], ir.IntType(32)), _F32), _F64)

    return types.float64(types.int64), generate


@intrinsic
def bits_of_float(typing_context, number):
    """The bits of a float64."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], _I64)

    return types.int64(types.float64), generate


@intrinsic
def rounded32(typing_context, number):
    """The float64 rounded to float32."""

    def generate(context, builder, signature, arguments):
        return builder.fpext(builder.fptrunc(arguments[0], _F32), _F64)

    return types.float64(types.float64), generate


# --- CRC-32C ----------------------------------------------------------------------------------------------------------


def _has_crc_instruction() -> bool:
    # A NUMBA_CPU_NAME other than the host's could not select the instruction.
    if config.CPU_NAME or config.CPU_FEATURES is not None:
        return False
    if not llvmlite.binding.get_process_triple().startswith("x86_64"):
        return False
    return bool(llvmlite.binding.get_host_cpu_features().get("sse4.2"))


def _crc_tables() -> np.ndarray:
    tables = np.zeros((8, 256), np.int64)
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
        tables[0, byte] = crc
    for k in range(1, 8):
        tables[k] = (tables[k - 1] >> 8) ^ tables[0, tables[k - 1] & 255]
    return tables


def _instruction(bits, name):
    """One step of the processor's own CRC-32C: (crc, word) → crc."""
    narrow, word_type = (ir.IntType(size) for size in ((64, 64) if bits == 64 else (32, bits)))

    @intrinsic
    def step(typing_context, crc, word):
        def generate(context, builder, signature, arguments):
            function_type = ir.FunctionType(narrow, [narrow, word_type])
            function = cgutils.get_or_insert_function(builder.module, function_type, name)
            if bits == 64:
                return builder.call(function, arguments)
            crc, word = builder.trunc(arguments[0], narrow), builder.trunc(arguments[1], word_type)
            return builder.zext(builder.call(function, [crc, word]), _I64)

        return types.int64(types.int64, types.int64), generate

    return step


_TABLES = _crc_tables()


@helper
def table_step64(crc, word):
    """Slicing-by-8: eight table look-ups instead of a chain of eight dependent ones."""
    x = crc ^ word
    low = _TABLES[7, x & 255] ^ _TABLES[6, (x >> 8) & 255] ^ _TABLES[5, (x >> 16) & 255]
    low ^= _TABLES[4, (x >> 24) & 255] ^ _TABLES[3, (x >> 32) & 255]
    return low ^ _TABLES[2, (x >> 40) & 255] ^ _TABLES[1, (x >> 48) & 255] ^ _TABLES[0, (x >> 56) & 255]


@helper
def table_step8(crc, byte):
    return _TABLES[0, (crc ^ byte) & 255] ^ (crc >> 8)


if _has_crc_instruction():
    crc_step64 = _instruction(64, "llvm.x86.sse42.crc32.64.64")
    crc_step8 = _instruction(8, "llvm.x86.sse42.crc32.32.8")
else:
    crc_step64, crc_step8 = table_step64, table_step8


@helper
def crc_through(crc, position, end):
    """The CRC-32C register `crc` after the bytes up to `end`; it starts as all ones, and its complement is the sum."""
    while position + 8 <= end:
        crc = crc_step64(crc, load64(position))
        position += 8
    while position < end:
        crc = crc_step8(crc, load8(position))
        position += 1
    return crc
