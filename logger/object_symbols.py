"""What machine code calls that is not in it: the undefined symbols of an object file."""

from __future__ import annotations

import struct
from typing import Any

__all__ = ["undefined_symbols"]

_SYMBOL = struct.Struct("<IBBHQQ")  # of 64-bit ELF: where the name is, info, other, section, value, size
_UNDEFINED = 0


def undefined_symbols(object_file: Any) -> list[str]:
    """Names that must be found elsewhere before the code of an `llvmlite.binding.ObjectFileRef` may run.

    Read from 64-bit ELF. Objects of macOS and Windows have other tables and tell nothing here; they are made from the
    same sources.
    """
    sections = {}
    for section in object_file.sections():  # one object that moves on: what it says holds until the next
        if (name := section.name()) in (b".strtab", b".symtab"):
            sections[name] = section.data()
    names, table = sections.get(b".strtab", b""), sections.get(b".symtab", b"")
    found = []
    for at, _, _, home, _, _ in _SYMBOL.iter_unpack(table[: len(table) - len(table) % _SYMBOL.size]):
        if home == _UNDEFINED and at:
            found.append(names[at : names.index(b"\0", at)].decode())
    return found
