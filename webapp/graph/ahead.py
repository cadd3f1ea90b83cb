"""The newest graph is read before anybody asks for it, where that takes a moment only."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from ...logger.errors import LogError
from ..queries import Refused
from .sources import GRAPHS

if TYPE_CHECKING:
    from ...logger import LogDir
    from ..context import Site

__all__ = ["read_ahead"]

_SMALL = 2 << 20  # bytes of a stored graph: some ten thousand nodes, a quarter of a second
_ROOM = 1 << 16, 1 << 16  # pixels: any picture fits, so that all of drawing is made ready


def read_ahead(site: Site, log: LogDir) -> None:
    """Make what a page of the newest graph asks for first; only import what it takes where the graph is large."""
    name = site.graphs.catalog.newest(log)
    if name is None:
        return
    from .pictures import draw_first
    from .presenting import scene_answer
    from .viewing import find_picture, parse_view

    with contextlib.suppress(LogError, Refused):  # whoever asks is told
        values = site.series.find(log, name.run, GRAPHS, name.tag or "")
        if int(values.nbytes[-1]) <= _SMALL:
            graph = site.graphs.open(name, lambda: log, site.series)
            scene_answer(graph, find_picture(graph, parse_view({})), "")
            draw_first(graph, "light", _ROOM)
