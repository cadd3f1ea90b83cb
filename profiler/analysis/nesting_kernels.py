"""The loops over slices in order of time. Only the compiler imports this module; compiled.py hands out what it made."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

from numba import int8, int32, int64, njit, types, void

__all__ = ["EXPORTS"]

_I1_IN, _I4_IN = types.Array(int8, 1, "C", readonly=True), types.Array(int32, 1, "C", readonly=True)
_I8_IN = types.Array(int64, 1, "C", readonly=True)
_I4, _I8 = types.Array(int32, 1, "C"), types.Array(int64, 1, "C")
_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
_inlined = njit(inline="always", error_model="numpy")

_HOST, _PYTHON = 1, 2


@_inlined
def _open_at(time, top, stack, start, duration, parent):
    """The innermost slice of a stack that is open at a time; what ended before is taken off."""
    row = top[stack]
    while row >= 0 and start[row] + duration[row] <= time:
        row = parent[row]
    top[stack] = row
    return row


@_kernel
def nest(start, duration, track, stack_of, is_operator, top, parent, depth, python, operator, crossings):
    """What each slice lies in. Slices come by (start, -duration), so that a parent comes before its children.

    stack_of     (n,) int8: 1 for the host's stack, 2 for that of Python's frames, 0 for neither
    is_operator  (n,) int8
    top          (2 × tracks,) int32, -1: the innermost open slice of each stack; parents are the rest of it
    parent, depth, python, operator  (n,) int32, filled; `python` and `operator` are the innermost around a slice
    crossings    (2,) int64: slices that begin within their neighbour and end after it, by stack. Such a slice is
                 a child of the first that holds it whole
    """
    for row in range(len(start)):
        parent[row] = python[row] = operator[row] = -1
        depth[row] = 0
        kind = stack_of[row]
        if kind == 0:
            continue
        frames = 2 * track[row] + 1
        stack = frames if kind == _PYTHON else frames - 1
        end = start[row] + duration[row]
        around = _open_at(start[row], top, stack, start, duration, parent)
        if around >= 0 and start[around] + duration[around] < end:
            crossings[kind - 1] += 1
            while around >= 0 and start[around] + duration[around] < end:
                around = parent[around]
        parent[row] = around
        top[stack] = row
        depth[row] = depth[around] + 1 if around >= 0 else 0
        if kind == _HOST:
            python[row] = _open_at(start[row], top, frames, start, duration, parent)
            operator[row] = row if is_operator[row] else (operator[around] if around >= 0 else -1)


@_kernel
def add_up(parent, value, out):
    """out[parent] += value for every slice that has a parent: the sum over direct children."""
    for row in range(len(parent)):
        if parent[row] >= 0:
            out[parent[row]] += value[row]


@_kernel
def add_to_ancestors(parent, total):
    """Values of each slice alone become values with all that lies in it: children come after their parents."""
    for row in range(len(parent) - 1, -1, -1):
        if parent[row] >= 0:
            total[parent[row]] += total[row]


EXPORTS = {
    "nest": (
        nest,
        void(_I8_IN, _I8_IN, _I4_IN, _I1_IN, _I1_IN, _I4, _I4, _I4, _I4, _I4, _I8),
    ),
    "add_up": (add_up, void(_I4_IN, _I8_IN, _I8)),
    "add_to_ancestors": (add_to_ancestors, void(_I4_IN, _I8)),
}
