"""Pictures of graphs without the page: what it would draw, in the colours that it would choose."""

from __future__ import annotations

from ..queries import Refused
from .opened import OpenedGraph, Picture
from .picture_colors import picture_colors
from .presenting import graph_title
from .svg import picture_svg, scene_svg
from .theme import Theme, ThemeName, read_theme
from .tints import Tints, tints
from .viewing import View, find_picture

__all__ = ["draw_first", "draw_svg"]

_NOTHING = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
# As the page meets a graph, see lib/graph-camera.js.
_MARGIN, _MOST, _READABLE = 24, 1.25, 0.5


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
    heading = graph_title(graph) if title is None else title
    drawing = picture_svg(picture, heading, theme, _tints(graph, picture, by, theme))
    return drawing.encode(), picture.scene.refused


def draw_first(graph: OpenedGraph | None, theme_name: ThemeName, room: tuple[int, int]) -> bytes:
    """What the page is about to draw of a graph that nobody has touched, in the size it has in a room of pixels.

    A picture of one clear pixel without a graph, and of one that cannot be read as a whole: the page shows a part then.
    """
    if graph is None:
        return _NOTHING
    picture = find_picture(graph, View(open=None, unfold=frozenset()))
    width, height = picture.scene.size
    scale = min((room[0] - 2 * _MARGIN) / max(1, width), (room[1] - 2 * _MARGIN) / max(1, height), _MOST)
    if scale < _READABLE:
        return _NOTHING
    theme = read_theme(theme_name)
    return scene_svg(picture, theme, _tints(graph, picture, "", theme), scale).encode()


def _tints(graph: OpenedGraph, picture: Picture, by: str, theme: Theme) -> Tints:
    if by == "none":
        return Tints()
    colors = picture_colors(graph, picture, by)
    if "problem" in colors:
        raise Refused(colors["problem"])
    return tints(theme, colors["by"], colors["ids"], colors)
