"""`dashboard graph`: a model graph as a picture or as JSON, without a browser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from ...logger.errors import LogError
from ..output_files import write_output
from ..queries import Refused
from .diffing import Change, Comparison
from .exporting import export_graph
from .found_graphs import FoundGraphs
from .number_tables import MOST_TABLE_BYTES
from .opened import OpenedGraph
from .pictures import draw_svg
from .viewing import View

__all__ = ["write_graph"]


def write_graph(asked: argparse.Namespace) -> int:
    """Write what was asked for; the exit code."""
    with FoundGraphs(asked.logdir, asked.index_dir) as found:
        try:
            graph = _graph(found, asked)
            content = _picture(graph, asked) if asked.form == "svg" else export_graph(graph, asked.form)
            write_output(asked.output, content)
        except (Refused, LogError, ValueError, OSError) as error:
            print(f"dashboard graph: {error}", file=sys.stderr)
            return 1
    for note in graph.model.notes:
        _say(note)
    if graph.comparison is not None:
        _tell_changes(graph.comparison)
    if asked.output != "-":
        print(f"{asked.output}: {len(content) / 1e3:,.1f} kB, {len(graph.model.nodes):,} nodes")
    return 0


def _graph(found: FoundGraphs, asked: argparse.Namespace) -> OpenedGraph:
    graph = found.graph(asked.what, asked.tag, asked.step)
    if asked.against is None and asked.against_tag is None and asked.against_step is None:
        return graph
    other = found.graph(asked.against or asked.what, asked.against_tag, asked.against_step)
    return found.difference(other, graph)


def _picture(graph: OpenedGraph, asked: argparse.Namespace) -> bytes:
    color = _table(graph, asked.table) if asked.table else asked.color
    content, refused = draw_svg(graph, _view(graph, asked), color, asked.theme, asked.title)
    if refused:
        _say(refused)
    return content


def _table(graph: OpenedGraph, path: str) -> str:
    """The colouring of a table. Raises Refused, OSError."""
    with Path(path).expanduser().open("rb") as file:
        content = file.read(MOST_TABLE_BYTES + 1)
    if len(content) > MOST_TABLE_BYTES:
        raise Refused(f"{path} is larger than the {MOST_TABLE_BYTES >> 20} MB that are read of a table")
    told = graph.measured.tables.read(content, Path(path).name, graph.names)
    for note in told["notes"]:
        _say(note)
    return str(told["by"])


def _view(graph: OpenedGraph, asked: argparse.Namespace) -> View:
    """Raises Refused for a group that the graph does not have."""
    opened, within = None, tuple[str, ...]()
    if asked.open is not None:
        places = [graph.tree.find(f"{name.rstrip('/')}/")[0] for name in asked.open]
        inside = {above for place in places if place for above in (*graph.tree.above(place), place)}
        opened = frozenset(graph.tree.group_id(place) for place in inside)
        within = tuple(sorted(graph.tree.group_id(place) for place in places if place))
    depth = asked.depth if asked.open is None else None
    return View(open=opened, unfold=frozenset(), depth=depth, reveal=within, fold=not asked.unfold)


def _tell_changes(comparison: Comparison) -> None:
    """A line for each part that is not the same; what lies in a group that came or went is counted on its line."""
    whole = {change.id for change in comparison.changes if change.status != "changed" and change.id.endswith("/")}
    tops: list[tuple[Change, int]] = []
    place_of: dict[str, int] = {}
    for change in comparison.changes:
        around = next((group for group in _groups_around(change.id) if group in whole), "")
        if around in place_of:
            top, count = tops[place_of[around]]
            tops[place_of[around]] = top, count + 1
        else:
            place_of[change.id] = len(tops)
            tops.append((change, 0))
    for change, count in tops:
        within = f" with {count:,} {'part' if count == 1 else 'parts'} in it" if count else ""
        fields = "; ".join(f"{field}: {a or 'none'} → {b or 'none'}" for field, a, b in change.what)
        _say(f"{change.status} {change.label}{within}{': ' if fields else ''}{fields}")


def _groups_around(part: str) -> Iterator[str]:
    """The ids of the groups that a node or group lies in, the outermost first."""
    at = part.find("/")
    while 0 <= at < len(part) - 1:
        yield part[: at + 1]
        at = part.find("/", at + 1)


def _say(sentence: str) -> None:
    print(f"dashboard graph: {sentence}", file=sys.stderr)
