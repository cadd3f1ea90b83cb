"""Loops over the graph of dependencies. Only the compiler imports this module; compiled.py hands out what it made."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

from numba import int8, int32, int64, njit, types, void

__all__ = ["EXPORTS"]

_I1_IN, _I4_IN = types.Array(int8, 1, "C", readonly=True), types.Array(int32, 1, "C", readonly=True)
_I8_IN = types.Array(int64, 1, "C", readonly=True)
_I4, _I8 = types.Array(int32, 1, "C"), types.Array(int64, 1, "C")
_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)


@_kernel
def follow_threads(track, start, end, stack, tail, head, inside, count):
    """What each thread did after what: an edge per piece of time between two ends of its slices.

    track, start, end  (m,) the host's slices by (track, start, -duration); an end beyond its parent's is cut
    stack              (m,) int32, room
    tail, head         (3 m,) int32, filled: node 2 i is the start of slice i, 2 i + 1 its end; tail -1 begins a thread
    inside             (3 m,) int32, filled: the innermost slice around that piece of time; -1 between slices
    count              (1,) int64, filled: how many edges
    """
    edges, depth, last, here = 0, 0, -1, -1
    for i in range(len(track) + 1):
        while depth > 0 and (i == len(track) or track[i] != here or end[stack[depth - 1]] <= start[i]):
            depth -= 1
            top = stack[depth]
            tail[edges], head[edges], inside[edges] = last, 2 * top + 1, top
            edges += 1
            last = 2 * top + 1
        if i == len(track):
            break
        if track[i] != here:
            last, here = -1, track[i]
        around = stack[depth - 1] if depth > 0 else -1
        if around >= 0 and end[around] < end[i]:
            end[i] = end[around]
        tail[edges], head[edges], inside[edges] = last, 2 * i, around
        edges += 1
        last = 2 * i
        stack[depth] = i
        depth += 1
    count[0] = edges


@_kernel
def follow_streams(stream, start, end, launched, may_wait, waits_for, newest, ended, bound, kind):
    """What each piece of device work began after: the latest of its launch, its stream, and what it waited for.

    stream, start, end  (d,) device work by start; streams count from 0
    launched            (d,) int64 ns when its launch began; below every start when that is not in the graph
    may_wait            (d,) int8, 1: it may have waited for another stream, though nothing tells for which
    waits_for           (d,) int32, work whose end it waits for, as recorded events tell; -1
    newest, ended       (streams,) int32, -1: the last work that began, and the last that ended, of each stream
    bound, kind         (d,) filled: the work that it began after, and how: 0 its launch (bound -1), 1 the end of what
                        ran before on its stream, 2 the start of it (they overlap), 3 the end of work elsewhere
    """
    for i in range(len(stream)):
        time, at = launched[i], stream[i]
        bound[i], kind[i] = -1, 0
        before = newest[at]
        if before >= 0:
            overlaps = end[before] > start[i]
            ready = start[before] if overlaps else end[before]
            if ready > time:
                time, bound[i], kind[i] = ready, before, 2 if overlaps else 1
        other = waits_for[i]
        if other >= 0 and time < end[other] <= start[i]:
            time, bound[i], kind[i] = end[other], other, 3
        if may_wait[i]:
            for j in range(len(ended)):
                latest = ended[j]
                if j != at and latest >= 0 and time < end[latest] <= start[i] and launched[latest] <= launched[i]:
                    time, bound[i], kind[i] = end[latest], latest, 3
        newest[at] = i
        # `ended` runs behind: of each stream the work that had ended as the next one of any stream begins.
        if i + 1 < len(stream):
            for j in range(len(newest)):
                if newest[j] >= 0 and end[newest[j]] <= start[i + 1]:
                    ended[j] = newest[j]


@_kernel
def longest_path(tail, head, weight, first, by_tail, waiting, queue, distance, came_by, seen):
    """The longest way to every node of a graph without circles, each edge looked at once (Kahn's order).

    tail, head, weight  (e,) edges
    first, by_tail      (v + 1,) and (e,) int32: the edges that leave node u are by_tail[first[u]:first[u + 1]]
    waiting             (v,) int32, the number of edges that reach each node; used up
    queue               (v,) int32, room
    distance, came_by   (v,) filled; came_by: the last edge of the longest way, -1 at its begin
    seen                (1,) int64, filled: how many nodes were reached; fewer than v when there is a circle
    """
    nodes, filled = len(waiting), 0
    for node in range(nodes):
        distance[node], came_by[node] = 0, -1
        if waiting[node] == 0:
            queue[filled] = node
            filled += 1
    done = 0
    while done < filled:
        node = queue[done]
        done += 1
        for place in range(first[node], first[node + 1]):
            edge = by_tail[place]
            to = head[edge]
            reached = distance[node] + weight[edge]
            if came_by[to] < 0 or reached > distance[to]:
                distance[to], came_by[to] = reached, edge
            waiting[to] -= 1
            if waiting[to] == 0:
                queue[filled] = to
                filled += 1
    seen[0] = done


EXPORTS = {
    "follow_threads": (follow_threads, void(_I4_IN, _I8_IN, _I8, _I4, _I4, _I4, _I4, _I8)),
    "follow_streams": (
        follow_streams,
        void(_I4_IN, _I8_IN, _I8_IN, _I8_IN, _I1_IN, _I4_IN, _I4, _I4, _I4, _I4),
    ),
    "longest_path": (longest_path, void(_I4_IN, _I4_IN, _I8_IN, _I4_IN, _I4_IN, _I4, _I4, _I8, _I4, _I8)),
}
