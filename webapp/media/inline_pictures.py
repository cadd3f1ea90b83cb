"""Pictures inside of texts, as data: addresses."""

from __future__ import annotations

import base64
import re

from .pictures import NoPicture, open_picture

__all__ = ["is_small_picture"]

_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,([A-Za-z0-9+/=\s]+)")  # no SVG: it is a document
_MOST_PIXELS = 1 << 22


def is_small_picture(address: str) -> bool:
    """Whether an address holds a picture that a browser can unpack; few bytes may stand for gigabytes of pixels."""
    found = _DATA.fullmatch(address.strip())
    if found is None:
        return False
    try:
        picture = open_picture(base64.b64decode(found[1]))
    except (NoPicture, ValueError):
        return False
    return picture.width * picture.height <= _MOST_PIXELS
