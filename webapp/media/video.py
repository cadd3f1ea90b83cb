"""Pictures that move, as players need them: what they are, and their frames as pictures.

A browser that can decode single frames takes the file as it is stored; for others, and for films too large to be played
as they are, frames are decoded here. What that may cost is bounded by the pixels up to the frame that is asked for.
"""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from .animation import MOST_FRAMES, is_whole, read_animation
from .forms import Answer, Asked, chosen_sample, form, json_form
from .pictures import NoPicture, eight_bit, load, open_picture, seek, shown_size

__all__ = ["film", "frames"]

_MOST_AT_ONCE = 32  # frames of one answer
_TALLEST = 16_000  # pixels of the strip that they are
_SMALLEST, _USUAL, _LARGEST = 16, 512, 2048  # pixels of a frame's longer side
_WORK = 1 << 31  # pixels: a frame is decoded from those before it
_EXACT: dict[str, Any] = {"format": "PNG", "compress_level": 1}
_PHOTO: dict[str, Any] = {"format": "JPEG", "quality": 90, "subsampling": 0}
_SMALL = 1 << 20  # pixels of a strip that is sent without loss


@form("images", "film")
def film(asked: Asked) -> Answer:
    """JSON: format, mime, width, height, durations (ms, one of each whole frame), whole (false: the file is cut off).

    Also bytes, and how many samples there are. Raises NoPicture.
    """
    value = asked.value()
    data = chosen_sample(asked, value)
    picture = open_picture(data)
    width, height = shown_size(picture)
    found = read_animation(data)
    return json_form(
        {
            "format": picture.format,
            "mime": Image.MIME.get(picture.format or "", ""),
            "width": width,
            "height": height,
            "durations": (found.durations if found else []) or [0],
            "whole": is_whole(data),
            "bytes": len(data),
            "samples": len(value.samples),
        }
    )


@form("images", "frames", cache=True)
def frames(asked: Asked) -> Answer:
    """`count` frames from `first` on, below one another in one picture, each at most `size` pixels wide and high.

    Fewer where the film ends or is broken; the header X-Count says how many. Raises NoPicture where there is none.
    """
    picture = open_picture(chosen_sample(asked, asked.value()))
    first = asked.whole("first", 0, 0, MOST_FRAMES)
    size = asked.whole("size", _USUAL, _SMALLEST, _LARGEST)
    scale = min(1.0, size / max(picture.size))
    width, height = (max(1, round(side * scale)) for side in shown_size(picture))
    reachable = _WORK // (picture.width * picture.height) - first
    if reachable < 1:
        raise NoPicture(
            f"Frame {first + 1:,} of this {picture.format} comes behind more pixels than the {_WORK:,} that are "
            "decoded here. The file as stored can be downloaded."
        )
    count = min(asked.whole("count", 1, 1, _MOST_AT_ONCE), max(1, _TALLEST // height), reachable)
    found = _decoded(picture, first, count, (width, height))
    clear = any(frame.mode in ("LA", "RGBA") for frame in found)
    strip = Image.new("RGBA" if clear else "RGB", (width, height * len(found)))
    for place, frame in enumerate(found):
        strip.paste(frame, (0, place * height))
    how = _EXACT if clear or strip.width * strip.height <= _SMALL else _PHOTO
    file = io.BytesIO()
    strip.save(file, **how)
    return Answer(file.getvalue(), Image.MIME[how["format"]], {"X-Count": str(len(found))})


def _decoded(picture: Image.Image, first: int, count: int, size: tuple[int, int]) -> list[Image.Image]:
    """The frames in 8 bits and of this size, up to the first that is not there. Raises NoPicture where none is."""
    found: list[Image.Image] = []
    for place in range(first, first + count):
        try:
            seek(picture, place)
            frame = eight_bit(load(picture)).copy()  # the next one is drawn over it
        except NoPicture:
            if not found:
                raise
            break
        found.append(frame if frame.size == size else frame.resize(size, Image.Resampling.BILINEAR))
    return found
