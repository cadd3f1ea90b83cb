"""The thumbnails of all points in pages that a graphics card takes, cut from the one picture they were stored in."""

from __future__ import annotations

import io
import math
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..queries import Refused

if TYPE_CHECKING:
    from PIL.Image import Image

    from ...projector.embedding import Sprite

__all__ = ["Atlas"]

_SIDE = 4096  # px of a page: every browser takes that much
_MOST_PAGES = 4  # 256 MB on the card; thumbnails are made smaller beyond that
_MOST_THUMBNAIL = 512  # px


class Atlas:
    """Pages row by row, as the picture. For any thread."""

    def __init__(self, sprite: Sprite, points: int) -> None:
        self._sprite = sprite
        self.count = min(points, sprite.count)
        scale = self._scale()
        self.width = max(1, math.floor(sprite.width * scale))
        self.height = max(1, math.floor(sprite.height * scale))
        self.columns = min(max(1, self.count), max(1, _SIDE // self.width))
        self.rows = max(1, _SIDE // self.height)
        self._lock = threading.Lock()
        self._pages: dict[int, bytes] = {}

    @property
    def pages(self) -> int:
        """How many."""
        return max(1, math.ceil(self.count / (self.columns * self.rows)))

    def as_json(self) -> dict[str, Any]:
        """`{width, height, pages: [{columns, rows, first, count}]}` in pixels of a thumbnail and in points."""
        held = self.columns * self.rows
        pages = []
        for page in range(self.pages):
            count = min(held, self.count - page * held)
            rows = math.ceil(count / self.columns)
            pages.append({"columns": self.columns, "rows": rows, "first": page * held, "count": count})
        return {"width": self.width, "height": self.height, "pages": pages}

    def page(self, page: int) -> bytes:
        """PNG. Raises Refused."""
        if not 0 <= page < self.pages:
            raise Refused(f"there is no page {page} of thumbnails, there are {self.pages}", 404)
        with self._lock:  # one page at a time: each takes memory while it is made
            if page not in self._pages:
                self._pages[page] = _png(self._cut(page))
            return self._pages[page]

    def thumbnail(self, row: int, size: int) -> bytes:
        """PNG of one point, as it was stored or enlarged up to `size` pixels. Raises Refused."""
        if not 0 <= row < self.count:
            raise Refused(f"point {row:,} has no thumbnail: there are {self.count:,}", 404)
        with self._lock:
            picture = self._sheet.crop(self._place(row))
        return _png(_resized(picture, min(size, _MOST_THUMBNAIL)))

    @cached_property
    def _sheet(self) -> Image:
        """The picture as it was stored. Raises Refused."""
        from PIL import Image, UnidentifiedImageError

        from ...projector.sprites import FORMATS

        try:
            picture = Image.open(io.BytesIO(self._sprite.read()), formats=FORMATS)
            picture.load()
        except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise Refused(f"the thumbnails cannot be read: {error}", 422) from None
        return picture if picture.mode in ("L", "RGB", "RGBA") else picture.convert("RGBA")

    def _scale(self) -> float:
        """1, or what makes the thumbnails fit into the pages."""
        width, height = self._sprite.width, self._sprite.height
        scale = min(1.0, _SIDE / width, _SIDE / height)
        while scale > 0.001:
            columns, rows = _SIDE // max(1, int(width * scale)), _SIDE // max(1, int(height * scale))
            if columns * rows * _MOST_PAGES >= self.count:
                break
            scale *= 0.97
        return scale

    def _place(self, row: int) -> tuple[int, int, int, int]:
        left = row % self._sprite.columns * self._sprite.width
        top = row // self._sprite.columns * self._sprite.height
        return left, top, left + self._sprite.width, top + self._sprite.height

    def _cut(self, page: int) -> Image:
        from PIL import Image

        about = self.as_json()["pages"][page]
        sheet = Image.new(self._sheet.mode, (self.columns * self.width, about["rows"] * self.height))
        is_whole = (self.width, self.height) == (self._sprite.width, self._sprite.height)
        for place in range(about["count"]):
            thumbnail = self._sheet.crop(self._place(about["first"] + place))
            if not is_whole:
                thumbnail = thumbnail.resize((self.width, self.height), Image.Resampling.BOX)
            sheet.paste(thumbnail, (place % self.columns * self.width, place // self.columns * self.height))
        return sheet


def _resized(picture: Image, size: int) -> Image:
    """Enlarged by a whole number, so that pixels stay what they are; never made smaller."""
    times = size // max(picture.size)
    if times <= 1:
        return picture
    from PIL import Image

    return picture.resize((picture.width * times, picture.height * times), Image.Resampling.NEAREST)


def _png(picture: Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=1)
    return written.getvalue()
