"""The configuration of a model in the HDF5 that Keras saves: one text before the weights, told by its start."""

from __future__ import annotations

import re

from .wire import Buffer

__all__ = ["config_in_hdf5"]

_BEGIN = re.compile(rb'\{"(?:class_name|module)": ?"')
_PART = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}]', re.DOTALL)
_SEARCHED = 64 << 20  # bytes; Keras writes it before the weights


def config_in_hdf5(data: Buffer, limit: int) -> bytes:
    """The first JSON object of at most `limit` bytes that begins like one of Keras; b"" where there is none."""
    begun = _BEGIN.search(data, 0, _SEARCHED)
    depth = 0
    for part in _PART.finditer(data, begun.start(), begun.start() + limit) if begun else ():
        depth += {b"{": 1, b"}": -1}.get(part[0], 0)
        if begun and not depth:
            return bytes(data[begun.start() : part.end()])
    return b""
