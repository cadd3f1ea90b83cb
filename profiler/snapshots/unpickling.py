"""Pickles are read without a class being named or a function called, in bounded memory, truncated ones too."""

from __future__ import annotations

import pickletools
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from ...logger import native
from . import pickle_layout as at
from .pickle_bytes import pickle_bytes
from .pickled import Pickled

__all__ = ["PickleRefused", "kernels", "read_pickle"]

_FOLDER = Path(__file__).parent
_SOURCES = [_FOLDER / f"pickle_{part}.py" for part in ("kernels", "containers", "numbers", "values", "layout")]
_READERS = [Path(native.__file__).parent / "reader" / f"{part}.py" for part in ("memory", "wire")]
_LEAST_BYTES = 64 << 20
_BYTES_PER_BYTE = 6  # of tables for one of the file; snapshots take about one
_ROWS = 1 << 12  # of each table at first
_LIST_INDEX = 1 << 18


def kernels() -> SimpleNamespace:
    """The compiled machine: loaded from what an earlier process compiled; compiled the first time."""
    return native.load(f"{__package__}.pickle_kernels", [*_SOURCES, *_READERS])


class PickleRefused(ValueError):
    """A pickle that is not read: it would import or call something, is damaged, or too large."""


def read_pickle(path: str | Path) -> Pickled:
    """What a pickle of numbers, texts, lists and dicts holds; `problem` tells where a truncated one ends.

    Raises OSError, and PickleRefused naming the file, the byte and, where the pickle wants one, the class.
    """
    data, damage = pickle_bytes(path)
    if not len(data):
        raise PickleRefused(f"{path}: the file is empty")
    machine = _Machine(str(path), data)
    end = machine.run(data)
    problem = ""
    if end == at.TRUNCATED:
        problem = f"{damage or f'the file ends in the middle, at byte {len(data):,}'}: what stands before is shown"
        machine.close_all()
    elif end != at.DONE:
        raise PickleRefused(machine.sentence(end))
    if not machine.state[at.STACK]:
        raise PickleRefused(f"{path}: no pickle: it ends at byte {len(data):,} before it holds anything")
    return machine.result(problem)


class _Machine:
    """The tables of a run: they grow when the kernel asks."""

    def __init__(self, path: str, data: NDArray[np.uint8]) -> None:
        self.path, self.data = path, data
        self.state = np.zeros(at.STATES, np.int64)
        self.state[at.SHAPES] = 1  # the shape of an empty dict
        self.tables = {name: np.zeros(_ROWS * numbers, np.int64) for name, numbers in at.TABLES.items()}
        self.indexes = {name: np.zeros(_LIST_INDEX if name == "list_index" else _ROWS, np.int64) for name in at.INDEXES}
        self.most = max(_LEAST_BYTES, _BYTES_PER_BYTE * len(data))

    def run(self, operations: NDArray[np.uint8]) -> int:
        """Execute from the state's position on; how it ended, see pickle_layout."""
        kernel = kernels().run
        while True:
            self.state[[at.DATA, at.SIZE]] = operations.ctypes.data, len(operations)
            for place, (name, table) in enumerate(self.tables.items()):
                self.state[[at.STACK_ROOM + place, at.STACK_AT + place]] = (
                    len(table) // at.TABLES[name],
                    table.ctypes.data,
                )
            for place, index in enumerate(self.indexes.values()):
                self.state[[at.TEXT_INDEX_ROOM + place, at.TEXT_INDEX_AT + place]] = len(index), index.ctypes.data
            end: int = kernel(self.state.ctypes.data)
            if end != at.GROW:
                return end
            self._grow()

    def _grow(self) -> None:
        high = int(self.state[at.STACK])
        reserves = {"pool": high + at.MOST_KEYS + 64, "shapes": high + 64}
        for place, (name, table) in enumerate(self.tables.items()):
            reserve = reserves.get(name, 64)
            if int(self.state[at.STACK + place]) + reserve > len(table) // at.TABLES[name]:
                more = max(len(table), reserve * at.TABLES[name])
                self.tables[name] = np.concatenate([table, np.zeros(more, np.int64)])
        # An index that is full begins anew, larger: what was in it is only not found again, and gets a row of its own.
        for name, wanted in (("text_index", self.state[at.TEXTS]), ("shape_index", self.state[at.SHAPES] + high)):
            while 4 * int(wanted) >= 3 * len(self.indexes[name]):
                self.indexes[name] = np.zeros(4 * len(self.indexes[name]), np.int64)
        if sum(table.nbytes for table in (*self.tables.values(), *self.indexes.values())) > self.most:
            raise PickleRefused(
                f"{self.path}: at byte {self.state[at.POSITION]:,} its values take more than {self.most >> 20:,} MiB "
                f"of memory, for a file of {len(self.data) >> 20:,} MiB: this is no snapshot"
            )

    def sentence(self, end: int) -> str:
        """Why a run ended."""
        offset = int(self.state[at.POSITION])
        place = f"{self.path}: at byte {offset:,}"
        code = int(self.data[offset])
        known = {ord(each.code): each.name for each in pickletools.opcodes}
        if end == at.REFUSED:
            wanted = self._wanted(code, offset) or f"to execute {known.get(code, hex(code))}"
            return (
                f"{place} the pickle wants {wanted}. Snapshots hold only numbers, texts, lists and dicts: "
                "nothing was imported or called, and the file is not read"
            )
        if end == at.UNKNOWN:
            name = known.get(code)
            what = f"{name}, which no snapshot has" if name else f"0x{code:02x}, which is no operation of a pickle"
            return f"{place} stands {what}: the file is damaged or no snapshot"
        reasons = {
            at.UNDERFLOW: "a value is missing or of the wrong kind",
            at.BAD_NUMBER: "stands no number",
            at.NO_MEMO: "a value is named that was not kept before",
            at.TOO_LARGE: "a dict has more keys than a snapshot's",
        }
        return f"{place} {reasons[end]}: the file is damaged or no snapshot"

    def _wanted(self, code: int, offset: int) -> str:
        """The class or function that an operation names."""
        if code in b"ci":  # GLOBAL, INST: two lines
            lines = self.data[offset + 1 : offset + 513].tobytes().split(b"\n")
            return f"to import {_printable(lines[0])}.{_printable(lines[1])}" if len(lines) > 2 else ""
        if code == 0x93 and self.state[at.STACK] >= 2:  # STACK_GLOBAL
            module, name = self.tables["stack"][self.state[at.STACK] - 2 : self.state[at.STACK]]
            pickled = self.result("")
            if module & 7 == name & 7 == at.TEXT:
                return f"to import {pickled.text(int(module) >> 3)}.{pickled.text(int(name) >> 3)}"
        if code in b"PQ":
            return "to fetch an object from outside (a persistent id)"
        return ""

    def close_all(self) -> None:
        """Close what a truncated file left open, innermost first, each into what holds it."""
        while operation := self._closing():
            self.state[at.POSITION] = 0
            self.run(np.frombuffer(operation, np.uint8))

    def _closing(self) -> bytes:
        """The operation that closes the innermost list or dict; none when all is closed."""
        high, marks = int(self.state[at.STACK]), int(self.state[at.MARKS])
        first = int(self.tables["marks"][marks - 1]) if marks else 0
        kinds = (self.tables["stack"][:high] & 7).tolist()
        inner, below = kinds[first:], kinds[first - 1] if marks and first else at.NOTHING
        if not inner and marks:
            return b"1"
        if inner[-3:-1] == [at.DICT, at.TEXT] and (below != at.DICT or len(inner) % 2):
            return b"s"
        if inner[-2:] == [at.DICT, at.TEXT] and below != at.DICT:
            return b"0"
        if marks and below == at.LIST and (len(inner) < 2 or inner[-2] != at.LIST):
            return b"e"
        if marks and below == at.DICT and len(inner) % 2 == 0 and inner[-2] == at.TEXT:
            return b"u"
        if len(inner) > 1 and inner[-2] == at.LIST:
            return b"a"
        return b"0" if marks or high > 1 else b""

    def result(self, problem: str) -> Pickled:
        tables, state = self.tables, self.state
        return Pickled(
            path=self.path,
            data=self.data,
            root=int(tables["stack"][0 if problem else state[at.STACK] - 1]) if state[at.STACK] else 0,
            pool=tables["pool"][: state[at.POOL]],
            objects=tables["objects"][: 5 * state[at.OBJECTS]].reshape(-1, 5),
            texts=tables["texts"][: 3 * state[at.TEXTS]].reshape(-1, 3),
            wides=tables["wides"][: state[at.WIDES]],
            shapes=tables["shapes"][: 2 * state[at.SHAPES]].reshape(-1, 2),
            problem=problem,
        )


def _printable(raw: bytes) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in raw.decode("utf-8", "replace"))
