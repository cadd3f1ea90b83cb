"""The groups of modules in programs that torch exported, named as those of a recorded run are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .builder import GraphBuilder

__all__ = ["last_source", "module_group"]

_FRAME = re.compile(r'File "([^"\n]{1,1000})", line (\d{1,9})')


def module_group(builder: GraphBuilder, stack: Sequence[tuple[str, str]]) -> int:
    """The group of the innermost module of `stack`: (dotted name, class) from the outside in.

    A name ends in "@1" in the module's second call. Every group is named by what its name adds to the one around it.
    """
    parts: list[str] = []
    outer, place = "", 0
    for name, kind in stack:
        module, _, call = name.partition("@")
        if not module:
            continue
        inside = outer and module.startswith(f"{outer}.") and module != outer
        label = module.removeprefix(f"{outer}.") if inside else module
        number = int(call) if call.isdecimal() and len(call) < 7 else 0
        parts.append(f"{label}@{number}" if number else label)
        place = builder.group(parts, type=kind.rsplit(".", 1)[-1], module=module, call=number)
        outer = module
    return place


def last_source(trace: str) -> str:
    """The innermost line outside of installed packages that a stack trace names: "model.py:31"."""
    frames = _FRAME.findall(trace[-20_000:])
    own = [frame for frame in frames if "site-packages" not in frame[0] and "dist-packages" not in frame[0]]
    file, line = (own or frames or [("", "")])[-1]
    return f"{file}:{line}" if file else ""
