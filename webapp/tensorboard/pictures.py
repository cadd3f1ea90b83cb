"""Pictures of a log by their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..queries import Refused
from .blob_keys import BlobKey
from .samples import sampled_value

if TYPE_CHECKING:
    from ...logger import LogDir

__all__ = ["FIRST", "picture"]

FIRST = 2  # strings of an image summary before the pictures: width and height
_SHOWN_AS = {"image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp"}  # an SVG could hold scripts


def picture(log: LogDir, key: BlobKey) -> tuple[bytes, str]:
    """(bytes, content type) of a picture, or of its width or height as text. Raises Refused (404)."""
    image = sampled_value(log, "images", key)
    if image is not None:
        strings = (str(image.width).encode(), str(image.height).encode(), *image.samples)
        if 0 <= key.part < len(strings):
            shown = key.part >= FIRST and image.mime in _SHOWN_AS
            return strings[key.part], image.mime if shown else "application/octet-stream"
    raise Refused("there is no such image (any more)", 404)
