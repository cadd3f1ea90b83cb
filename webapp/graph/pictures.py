"""Pictures of graphs without the page: what it would draw, in the colours that it would choose."""

from __future__ import annotations

from .categories import CATEGORIES
from .coloring import box_values, colorings
from .opened import OpenedGraph, Picture
from .presenting import graph_title
from .svg import picture_svg
from .theme import Theme, ThemeName, read_theme
from .tints import Tints, tints
from .viewing import View, find_picture

__all__ = ["draw_svg"]


def draw_svg(
    graph: OpenedGraph, view: View, by: str = "", theme_name: ThemeName = "light", title: str | None = None
) -> tuple[bytes, str]:
    """An SVG document, and why it shows less than was asked for ("" if it does not).

    by     what the colours mean, "none", or "" for what suits the graph
    title  what stands above; None: what the graph is called

    Raises Refused where there is no such colouring.
    """
    picture = find_picture(graph, view)
    theme = read_theme(theme_name)
    colors = _tints(graph, picture, by or _usual(graph), theme)
    return picture_svg(
        picture, graph_title(graph) if title is None else title, theme, colors
    ).encode(), picture.scene.refused


def _usual(graph: OpenedGraph) -> str:
    known = colorings(graph)
    modules = ("module",) if graph.model.format != "keras" else ()
    return next((by for by in ("status", *modules, "op") if by in known), "none")


def _tints(graph: OpenedGraph, picture: Picture, by: str, theme: Theme) -> Tints:
    if by == "none":
        return Tints()
    has_own = by in CATEGORIES  # a frame around other boxes has no number: sums would be counted twice
    boxes = zip(picture.shown["boxes"]["id"], picture.shown["boxes"]["kind"], strict=True)
    ids = [name for name, kind in boxes if kind != "stub" and (kind != "open" or has_own)]
    return tints(theme, by, ids, box_values(graph, by, ids, picture))
