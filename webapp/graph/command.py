"""`dashboard graph`: a model graph as a picture or as JSON, without a browser."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ...logger.errors import LogError
from ..queries import Refused
from .categories import CATEGORIES
from .coloring import box_values, colorings
from .exporting import export_graph
from .found_graphs import FoundGraphs
from .opened import OpenedGraph, Picture
from .presenting import graph_title
from .svg import picture_svg
from .theme import Theme, read_theme
from .tints import Tints, tints
from .viewing import View, find_picture

__all__ = ["write_graph"]


def write_graph(asked: argparse.Namespace) -> int:
    """Write what was asked for; the exit code."""
    with FoundGraphs(asked.logdir, asked.index_dir) as found:
        try:
            graph = _graph(found, asked)
            content = _picture(graph, asked) if asked.form == "svg" else export_graph(graph, asked.form)
            _write(asked.output, content)
        except (Refused, LogError, ValueError, OSError) as error:
            print(f"dashboard graph: {error}", file=sys.stderr)
            return 1
    for note in graph.model.notes:
        _say(note)
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
    picture = find_picture(graph, _view(graph, asked))
    if picture.scene.refused:
        _say(picture.scene.refused)
    theme = read_theme(asked.theme)
    title = asked.title if asked.title is not None else graph_title(graph)
    return picture_svg(picture, title, theme, _tints(graph, picture, asked.color, theme)).encode()


def _view(graph: OpenedGraph, asked: argparse.Namespace) -> View:
    """Raises Refused for a group that the graph does not have."""
    opened = None
    if asked.open is not None:
        places = [graph.tree.find(f"{name.rstrip('/')}/")[0] for name in asked.open]
        inside = {above for place in places if place for above in (*graph.tree.above(place), place)}
        opened = frozenset(graph.tree.group_id(place) for place in inside)
    depth = asked.depth if asked.open is None else None
    return View(open=opened, unfold=frozenset(), depth=depth, fold=not asked.unfold)


def _tints(graph: OpenedGraph, picture: Picture, color: str, theme: Theme) -> Tints:
    """As the page colours it where nothing else is said."""
    by = color or _usual(graph)
    if by == "none":
        return Tints()
    has_own = by in CATEGORIES  # a frame around other boxes has none: sums would be counted twice
    boxes = zip(picture.shown["boxes"]["id"], picture.shown["boxes"]["kind"], strict=True)
    ids = [name for name, kind in boxes if kind != "stub" and (kind != "open" or has_own)]
    return tints(theme, by, ids, box_values(graph, by, ids, picture))


def _usual(graph: OpenedGraph) -> str:
    known = colorings(graph)
    modules = ("module",) if graph.model.format != "keras" else ()
    return next((by for by in ("status", *modules, "op") if by in known), "none")


def _write(output: str, content: bytes) -> None:
    """Raises Refused where that cannot be."""
    try:
        if output == "-":
            sys.stdout.buffer.write(content)
        else:
            Path(output).expanduser().write_bytes(content)
    except OSError as error:
        raise Refused(f"{output} cannot be written: {error.strerror or error}") from None


def _say(sentence: str) -> None:
    print(f"dashboard graph: {sentence}", file=sys.stderr)
