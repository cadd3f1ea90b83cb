"""Kernels that numba compiles once and later processes load without it.

Importing numba and bringing up its type tables costs most of a second, each time; the kernels are 30 kB of machine
code. So the code is kept as an object file in the user's cache folder and handed to LLVM's own loader, which takes
0.1 s.

A module of kernels names its entry points in `EXPORTS`: name → (numba function, signature). Arguments are int64,
float64 and one-dimensional C-contiguous arrays; results int64, float64 or nothing; entry points may not allocate. They
run without the GIL.

Code that calls numba's own runtime (an array assigned to a part of itself allocates) cannot run without numba. It is
refused rather than left to crash, and the process that needs it compiles it again.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib
import json
import logging
import os
import struct
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import llvmlite
import llvmlite.binding as llvm
import numpy as np

from .cache_folder import cache_folder
from .object_symbols import undefined_symbols
from .safe_files import delete_left_overs

__all__ = ["load"]

_FORMAT = 1
_CTYPES: dict[str, Any] = {"int64": ctypes.c_int64, "float64": ctypes.c_double, "none": ctypes.c_int64}
# What numba passes for an array: memory owner, parent, items, item size, data, shape, strides.
_POINTER, _INTEGER = ctypes.c_void_p, ctypes.c_int64
_ARRAY = (_POINTER, _POINTER, _INTEGER, _INTEGER, _POINTER, _INTEGER, _INTEGER)
# Ends the memory owner of an array: the code for arrays names it, but arrays come without an owner here.
_DESTRUCTOR = "NRT_MemInfo_call_dtor"
_never_called = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(lambda owner: None)

_logger = logging.getLogger(__name__)
_lock = threading.Lock()
_loaded: dict[str, SimpleNamespace] = {}
_engines: list[Any] = []  # own the machine code; it lives as long as the process


@dataclass(frozen=True)
class _Entry:
    """One entry point: its symbol in the object, "int64", "float64" or "none" for the result, and its arguments.

    An argument is "int64", "float64", or the dtype of an array: "<i8" read-only, "<i8!" written to.
    """

    symbol: str
    result: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class _Code:
    entries: dict[str, _Entry]
    machine_code: bytes


class _SymbolsMissing(Exception):
    """The code calls functions that this process does not have; the text names them."""


def load(module: str, sources: Sequence[str | Path]) -> SimpleNamespace:
    """The entry points of `module` as attributes, compiled now if no earlier process has.

    `sources` are the files that the code depends on: any change compiles anew. Thread safe.
    """
    with _lock:
        if module not in _loaded:
            path = _cache_file(module, sources)
            code = _read(path)
            if code is None:
                code = _compile(module)
                _keep(path, code)
            try:
                _loaded[module] = _link(code)
            except _SymbolsMissing as problem:
                _logger.warning("%s: %s; each process compiles it anew, which takes seconds", module, problem)
                _loaded[module] = _link(_compile(module))  # numba is there now, and its runtime with it
        return _loaded[module]


# --- compiling --------------------------------------------------------------------------------------------------------


def _compile(module: str) -> _Code:
    exports = importlib.import_module(module).EXPORTS
    entries: dict[str, _Entry] = {}
    linked = None
    for name, (function, signature) in exports.items():
        function.compile(signature)
        compiled = function.overloads[signature.args]
        part = llvm.parse_assembly(compiled.library.get_llvm_str())
        if linked is None:
            linked = part
        else:
            linked.link_in(part)
        arguments = tuple(_argument(kind) for kind in signature.args)
        entries[name] = _Entry(compiled.fndesc.llvm_func_name, str(signature.return_type), arguments)
    return _Code(entries, _target_machine().emit_object(linked))


def _argument(kind: Any) -> str:
    if not hasattr(kind, "dtype"):
        return str(kind)
    dtype = np.dtype(str(kind.dtype)).newbyteorder("<").str
    return f"{dtype}{'!' if kind.mutable else ''}"


def _target_machine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="default",
        codemodel="jitdefault",
        jit=True,
    )


# --- calling ----------------------------------------------------------------------------------------------------------


def _link(code: _Code) -> SimpleNamespace:
    """Raises _SymbolsMissing: a call of what is not there would end the process."""
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine())
    if llvm.address_of_symbol(_DESTRUCTOR) is None:  # numba would have brought it
        llvm.add_symbol(_DESTRUCTOR, ctypes.cast(_never_called, ctypes.c_void_p).value)
    machine_code = llvm.ObjectFileRef.from_data(code.machine_code)
    missing = [name for name in undefined_symbols(machine_code) if llvm.address_of_symbol(name) is None]
    if missing:
        raise _SymbolsMissing(f"the compiled code calls {', '.join(missing)}, which only numba brings")
    engine.add_object_file(machine_code)
    engine.finalize_object()
    _engines.append(engine)
    callables = {
        name: _callable(name, entry, engine.get_function_address(entry.symbol)) for name, entry in code.entries.items()
    }
    return SimpleNamespace(**callables)


def _callable(name: str, entry: _Entry, address: int) -> Callable[..., Any]:
    """numba's calling convention: (address of the result, address of an exception, the arguments) → status."""
    kinds: list[Any] = [ctypes.c_void_p, ctypes.c_void_p]
    for argument in entry.arguments:
        kinds.extend([_CTYPES[argument]] if argument in _CTYPES else _ARRAY)
    function = ctypes.CFUNCTYPE(ctypes.c_int32, *kinds)(address)
    result_type = _CTYPES[entry.result]
    plain = all(argument in _CTYPES for argument in entry.arguments)

    def call(*arguments: Any) -> Any:
        result, exception = result_type(), ctypes.c_void_p()
        flat = arguments if plain else _flatten(name, entry, arguments)
        status = function(ctypes.addressof(result), ctypes.addressof(exception), *flat)
        if status > 0:
            raise RuntimeError(f"{name}: the kernel failed with status {status}")
        return None if entry.result == "none" else result.value

    return call


def _flatten(name: str, entry: _Entry, arguments: Sequence[Any]) -> list[Any]:
    """Each array as numba passes it. Raises TypeError for one the machine code would misread."""
    flat: list[Any] = []
    if len(arguments) != len(entry.arguments):
        raise TypeError(f"{name}: got {len(arguments)} arguments, want {len(entry.arguments)}")
    for given, wanted in zip(arguments, entry.arguments, strict=True):
        if wanted in _CTYPES:
            flat.append(given)
            continue
        dtype, written = wanted.rstrip("!"), wanted.endswith("!")
        right = isinstance(given, np.ndarray) and given.dtype.str == dtype
        if not right or given.ndim != 1 or not given.flags.c_contiguous or (written and not given.flags.writeable):
            raise TypeError(f"{name}: got {_described(given)}, want a contiguous{' writable' * written} {dtype} array")
        flat += (None, None, given.size, given.itemsize, given.ctypes.data, given.size, given.itemsize)
    return flat


def _described(given: Any) -> str:
    return f"{given.dtype.str} {given.shape}" if isinstance(given, np.ndarray) else type(given).__name__


# --- the cache file: SHA-256 of what follows, length of the entries, the entries as JSON, the object ------------------


def _cache_file(module: str, sources: Sequence[str | Path]) -> Path:
    """Named after all that the code depends on: sources, compiler, processor."""
    digest = hashlib.sha256()
    for source in sources:
        digest.update(Path(source).read_bytes())
    for fact in (_FORMAT, llvmlite.__version__, llvm.get_process_triple(), llvm.get_host_cpu_name()):
        digest.update(f"\0{fact}".encode())
    digest.update(llvm.get_host_cpu_features().flatten().encode())
    return cache_folder("kernels") / f"{module.rpartition('.')[2]}-{digest.hexdigest()[:24]}.bin"


def _read(path: Path) -> _Code | None:
    """What an earlier process kept; None when there is nothing, or it is not whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if len(content) < 36 or hashlib.sha256(content[32:]).digest() != content[:32]:
        return None
    (length,) = struct.unpack_from("<I", content, 32)
    stored = json.loads(content[36 : 36 + length])
    entries = {name: _Entry(symbol, result, tuple(arguments)) for name, (symbol, result, arguments) in stored.items()}
    return _Code(entries, content[36 + length :])


def _keep(path: Path, code: _Code) -> None:
    """Atomically: other processes may be doing the same. Where nothing can be kept each process compiles."""
    stored = {name: (entry.symbol, entry.result, entry.arguments) for name, entry in code.entries.items()}
    header = json.dumps(stored).encode()
    content = struct.pack("<I", len(header)) + header + code.machine_code
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=path.name, suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(hashlib.sha256(content).digest() + content)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
        delete_left_overs(path.parent.glob("*.tmp"))
    except OSError:
        return
