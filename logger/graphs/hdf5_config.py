"""The configuration of a model in the HDF5 that Keras saves: a text before the weights, told by its start."""

from __future__ import annotations

import re

from .wire import Buffer

__all__ = ["config_in_hdf5"]

_BEGIN = re.compile(rb'\{"(?:class_name|module)": ?"')
_SIGN = re.compile(rb'\\.|["{}]', re.DOTALL)
_SEARCHED = 64 << 20  # bytes; Keras writes it before the weights
_LONGEST = 16 << 20  # bytes of a configuration
_TRIES = 20  # objects of Keras: what the model was compiled with may stand before its configuration


def config_in_hdf5(data: Buffer, limit: int) -> bytes:
    """The first JSON object of at most `limit` bytes that begins like one of Keras and has layers; b"" without one."""
    at = 0
    for _ in range(_TRIES):
        begun = _BEGIN.search(data, at, _SEARCHED)
        found = _object_at(data, begun.start(), min(limit, _LONGEST)) if begun else b""
        if not begun or not found or b'"layers"' in found:
            return found
        at = begun.start() + len(found)
    return b""


def _object_at(data: Buffer, begin: int, limit: int) -> bytes:
    """The JSON object that begins here; b"" where it is not closed within `limit` bytes."""
    depth, quoted = 0, False
    for sign in _SIGN.finditer(data, begin, begin + limit):
        if sign[0] == b'"':
            quoted = not quoted
        elif not quoted:
            depth += {b"{": 1, b"}": -1}.get(sign[0], 0)
            if not depth:
                return bytes(data[begin : sign.end()])
    return b""
