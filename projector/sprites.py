"""Thumbnails of the points in one picture: how large one is, and whether there are enough."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from .embedding import Sprite

__all__ = ["FORMATS", "picture_size", "sprite_of_images", "sprite_of_picture"]

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")  # a log may be anybody's, and some others start programs


def picture_size(data: bytes) -> tuple[int, int]:
    """(width, height) of a picture in pixels. Raises ValueError where it is none."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            width, height = picture.size
    except UnidentifiedImageError:
        raise ValueError("no picture that can be read") from None
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"no picture that can be read ({error})") from None
    return width, height


def sprite_of_picture(path: Path, size: Sequence[int] | int | None, points: int) -> tuple[Sprite | None, list[str]]:
    """The thumbnails in the picture `path`, each `size` (width, height; a number: both) large, and what is wrong.

    Without a size the picture is taken for a square grid, as `add_embedding` writes it.
    """
    try:
        width, height = picture_size(path.read_bytes())
    except (OSError, ValueError) as error:
        return None, [f"{path.name}: {error}. The points are shown without thumbnails; store a PNG or JPEG."]
    side = max(1, math.ceil(math.sqrt(points)))
    size = (size,) if isinstance(size, int) else size
    thumbnail = tuple(size) if size else (max(1, width // side), max(1, height // side))
    if len(thumbnail) == 1:
        thumbnail = thumbnail * 2
    if len(thumbnail) != 2 or min(thumbnail) < 1 or width % thumbnail[0] or height % thumbnail[1]:
        wanted = " × ".join(map(str, thumbnail))
        return None, [
            f"{path.name} is {width:,} × {height:,} pixels, which thumbnails of {wanted} do not fill. The points are "
            f"shown without them; single_image_dim has to be the width and height of one."
        ]
    columns, rows = width // thumbnail[0], height // thumbnail[1]
    sprite = Sprite(path.read_bytes, thumbnail[0], thumbnail[1], columns, columns * rows)
    if sprite.count < points:
        return sprite, [
            f"{path.name} holds {sprite.count:,} thumbnails for {points:,} points: point {sprite.count + 1:,} and "
            f"those after it have none. Check single_image_dim ({thumbnail[0]} × {thumbnail[1]})."
        ]
    return sprite, []


def sprite_of_images(images: Any, points: int) -> Sprite:
    """Thumbnails from an array (n, height, width) or (n, height, width, channels), uint8 or floats of 0 … 1.

    Raises ValueError where the shape is another.
    """
    import numpy as np

    from ..logger.embedding_files import sprite_sheet

    pictures = np.asarray(images)
    if pictures.ndim == 3:
        pictures = pictures[..., None]
    if pictures.ndim != 4 or len(pictures) != points or pictures.shape[3] not in (1, 3, 4):
        raise ValueError(f"sprite: got an array {pictures.shape}, want ({points}, height, width, 1, 3 or 4)")
    data, width, height = sprite_sheet(pictures.transpose(0, 3, 1, 2))
    side = math.ceil(math.sqrt(points))
    return Sprite(partial(bytes, data), width, height, side, side * side)  # goes to other processes, too
