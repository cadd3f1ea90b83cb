"""Loops over trees of slices. Only the compiler imports this module; compiled.py hands out what it made of it."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

from numba import int8, int32, int64, njit, types, void

__all__ = ["EXPORTS"]

_I1_IN, _I4_IN = types.Array(int8, 1, "C", readonly=True), types.Array(int32, 1, "C", readonly=True)
_I8_IN = types.Array(int64, 1, "C", readonly=True)
_I1, _I4 = types.Array(int8, 1, "C"), types.Array(int32, 1, "C")
_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)


@_kernel
def merge(parent, key, include, table, node, node_parent, node_key):
    """Slices that have the same keys from the root down become one node; returns how many nodes there are.

    parent       (n,) int32, before its children
    include      (n,) int8: 0 for slices that stand for the node around them
    table        a power of two of int32, at least twice the slices, all -1: places of nodes by hash, probed in line
    node         (n,) int32, filled: the node of each slice; -1 for what is in none
    node_parent, node_key  (n,) int32, filled for the nodes, parents first
    """
    mask = len(table) - 1
    count = 0
    for row in range(len(parent)):
        around = node[parent[row]] if parent[row] >= 0 else -1
        if not include[row]:
            node[row] = around
            continue
        place = ((int64(around) + 1) * 0x9E3779B1 + int64(key[row]) * 0x85EBCA77) & mask
        while table[place] >= 0 and (node_parent[table[place]] != around or node_key[table[place]] != key[row]):
            place = (place + 1) & mask
        if table[place] < 0:
            table[place] = count
            node_parent[count] = around
            node_key[count] = key[row]
            count += 1
        node[row] = table[place]
    return count


@_kernel
def within_alike(parent, key, found):
    """found[row] = 1 where a slice lies in another with the same key; keys below 0 are alike with nothing."""
    for row in range(len(parent)):
        found[row] = 0
        if key[row] < 0:
            continue
        above = parent[row]
        while above >= 0:
            if key[above] == key[row]:
                found[row] = 1
                break
            above = parent[above]


@_kernel
def nearest(parent, include, found):
    """found[row]: the slice itself where it is included, else the nearest included one around it, else -1."""
    for row in range(len(parent)):
        if include[row]:
            found[row] = row
        else:
            found[row] = found[parent[row]] if parent[row] >= 0 else -1


@_kernel
def join(start, duration, track, stack_of, parent, top, joined):
    """One tree of both stacks: the parent is the innermost slice of either stack that holds a slice whole.

    stack_of  (n,) int8: 1 for the host's stack, 2 for that of Python's frames, 0 for neither
    top       (2 × tracks,) int32, all -1
    joined    (n,) int32, filled
    """
    for row in range(len(parent)):
        joined[row] = -1
        if stack_of[row] == 0:
            continue
        own = 2 * track[row] + stack_of[row] - 1
        other = 4 * track[row] + 1 - own
        across = top[other]
        while across >= 0 and start[across] + duration[across] <= start[row]:
            across = parent[across]
        top[other] = across
        while across >= 0 and start[across] + duration[across] < start[row] + duration[row]:
            across = parent[across]
        top[own] = row
        joined[row] = max(parent[row], across)


EXPORTS = {
    "merge": (merge, int64(_I4_IN, _I4_IN, _I1_IN, _I4, _I4, _I4, _I4)),
    "within_alike": (within_alike, void(_I4_IN, _I4_IN, _I1)),
    "nearest": (nearest, void(_I4_IN, _I1_IN, _I4)),
    "join": (join, void(_I8_IN, _I8_IN, _I4_IN, _I1_IN, _I4_IN, _I4, _I4)),
}
