"""Which tags of images hold pictures that move: pages show those as videos."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ...logger.errors import LogError

if TYPE_CHECKING:
    from ...logger.reader.run import RunView
    from ...logger.reader.storage import Storage

__all__ = ["MovingTags"]

_HEAD = 16 << 10  # bytes of a message, of which the picture's own head is a part
_MAY_MOVE = (b"GIF8", b"acTL", b"WEBPVP8X")  # GIF, animated PNG, extended WebP
_MOST = 100_000  # tags


class MovingTags:
    """Looks at the first value of a tag, once for as long as the run's files stay what they are. For any thread."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, tuple[int, ...]], bool] = {}
        self._lock = threading.Lock()

    def moves(self, storage: Storage, view: RunView, tag: str) -> bool:
        """Whether the first picture of the tag is an animation; one that cannot be read is none."""
        key = (view.name, tag, view.origin)
        known = self._known.get(key)
        if known is None:
            known = _first_moves(storage, view, tag)
            with self._lock:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[key] = known
        return known


def _first_moves(storage: Storage, view: RunView, tag: str) -> bool:
    from ...logger.reader.blob_queries import blob_series  # here: a page is answered before anything reads logs
    from ...logger.reader.kinds import IMAGES
    from .animation import is_animated

    try:
        series = blob_series(storage, view, IMAGES, tag)
        head = series.head(0, _HEAD)
        return any(mark in head for mark in _MAY_MOVE) and is_animated(series[0].data)
    except LogError:
        return False
