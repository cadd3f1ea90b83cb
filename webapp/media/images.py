"""Pictures as pages show them: what they are, small for the grid, their exact values for the viewer."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..packed import Packing
from ..queries import Refused
from . import video  # noqa: F401 (registers what is made of pictures that move)
from .animation import is_animated, read_animation
from .forms import Answer, Asked, chosen_sample, form, json_form
from .picture_levels import light_range, parse_levels, with_levels
from .pictures import NoPicture, bits_per_channel, eight_bit, exact_values, load, open_picture, shown_size

__all__ = ["info", "pixels", "small", "thumbnail"]

_SMALLEST, _USUAL, _LARGEST = 16, 384, 4096  # pixels of a thumbnail's longer side
_LARGEST_PROFILE = 1 << 14  # bytes; those of screens and cameras have 500 to 4,000
_MOST_PIXELS = 1 << 24  # whose values are sent at once
_REDUCED = 2048  # pixels of the longer side of what stands for a larger picture
# Measured at 256 and 512 pixels on plots, photographs and noise: JPEG without reduced colours takes 0.5 to 4 ms, WebP
# of the same quality 2 to 28 ms, PNG 2 to 60 ms and up to ten times the bytes.
_OPAQUE: dict[str, Any] = {"format": "JPEG", "quality": 88, "subsampling": 0}
_CLEAR: dict[str, Any] = {"format": "WEBP", "quality": 90, "method": 0}
_EXACT: dict[str, Any] = {"format": "PNG", "compress_level": 1}
_AS_STORED = ("PNG", "JPEG", "WEBP")


@form("images", "info")
def info(asked: Asked) -> Answer:
    """JSON: width, height, mime, bytes, mode, bits, frames of one sample, and how many samples there are.

    `stated`: [width, height] that the log gives, where the file has others. `light`, of 16 bits that can be read only:
    the least and the greatest value as shares of white. Raises NoPicture.
    """
    value = asked.value()
    data = chosen_sample(asked, value)
    picture = open_picture(data)
    width, height = shown_size(picture)
    stated = [value.width, value.height]
    bits = bits_per_channel(picture)
    return json_form(
        {
            "width": width,
            "height": height,
            "mime": Image.MIME.get(picture.format or "", ""),
            "bytes": len(data),
            "mode": picture.mode,
            "bits": bits,
            **(_light(picture, data) if bits == 16 else {}),
            "frames": len(moving.durations) or 1 if (moving := read_animation(data)) else 1,
            "samples": len(value.samples),
            "stated": None if stated in ([width, height], list(picture.size), [0, 0]) else stated,
        }
    )


def _light(picture: Image.Image, data: bytes) -> dict[str, list[float]]:
    try:
        return {"light": light_range(picture, data)}
    except NoPicture:  # what its header tells is true all the same
        return {}


@form("images", "thumbnail", cache=True)
def thumbnail(asked: Asked) -> Answer:
    """The first frame, at most `size` pixels wide and high, never enlarged.

    Small files that browsers show as they should be seen go as they are. `levels` (brightness,contrast,gamma) are put
    on all the bits there are. Headers: X-Width and X-Height of the whole picture, X-Samples. Raises NoPicture, Refused.
    """
    value = asked.value()
    return small(asked, chosen_sample(asked, value), {"X-Samples": str(len(value.samples))})


def small(asked: Asked, data: bytes, told: dict[str, str]) -> Answer:
    """A picture file as a thumbnail of the `size` asked for; `told` are further headers. Raises NoPicture."""
    size = asked.whole("size", _USUAL, _SMALLEST, _LARGEST)
    picture = open_picture(data)
    width, height = shown_size(picture)
    told = {"X-Width": str(width), "X-Height": str(height), **told}
    levels = asked.args.get("levels", "")
    if not levels and _goes_as_stored(picture, data, size):
        load(picture)  # a broken file is said to be broken, and not left to the browser
        return Answer(data, Image.MIME[picture.format or ""], told)
    shrunk = _shrunk(with_levels(picture, data, parse_levels(levels)) if levels else load(picture, size), size)
    profile = _profile(picture, len(shrunk.getbands()))
    shrunk.info = {}  # neither EXIF nor text
    how = _CLEAR if shrunk.mode in ("LA", "RGBA") else _OPAQUE if max(picture.size) > size else _EXACT
    file = io.BytesIO()
    in_gray = how is _CLEAR and len(shrunk.getbands()) < 3  # WebP has colours only: a profile of grey would not fit
    shrunk.save(file, icc_profile=None if in_gray else profile, **how)
    return Answer(file.getvalue(), Image.MIME[how["format"]], told)


@form("images", "pixels")
def pixels(asked: Asked) -> Answer:
    """Exact values of the rectangle x, y, width, height (by default all): the binary envelope with one array.

    The array has shape (height, width, channels) and type u1 or u2; the header says these, x, y, `white` (the value
    that means white), the `size` of the whole picture, and whether it is `profiled`: its colours are what a profile
    other than sRGB makes of the values, which is not done here. All of a picture above 16 million pixels is sent
    reduced, to 8 bits and a longer side of 2048 pixels. Raises NoPicture, Refused where a part is too large.
    """
    data = chosen_sample(asked, asked.value())
    picture = open_picture(data)
    across, down = shown_size(picture)
    if across * down > _MOST_PIXELS and not {"x", "y", "width", "height"} & set(asked.args):
        reduced = np.asarray(_shrunk(load(picture, _REDUCED), _REDUCED))
        values = reduced if reduced.ndim == 3 else reduced[..., None]
        return _values_answer(values, (0, 0), (across, down), 255, picture)
    left, top = asked.whole("x", 0, 0, across - 1), asked.whole("y", 0, 0, down - 1)
    width = asked.whole("width", across, 1, across - left)
    height = asked.whole("height", down, 1, down - top)
    if width * height > _MOST_PIXELS:
        raise Refused(f"{width:,} × {height:,} pixels are more than are sent at once; ask for a smaller part", 413)
    values, white = exact_values(picture, data)
    part = values[top : top + height, left : left + width]
    return _values_answer(part, (left, top), (values.shape[1], values.shape[0]), white, picture)


def _values_answer(
    part: NDArray[Any], corner: tuple[int, int], size: tuple[int, int], white: int, picture: Image.Image
) -> Answer:
    packing = Packing()
    place = packing.add(part)
    height, width, channels = part.shape
    shape = {"width": width, "height": height, "channels": channels}
    profiled = _profile(picture, channels) is not None
    header = {"x": corner[0], "y": corner[1], "white": white, "size": size, "profiled": profiled, "values": place}
    return Answer(packing.frame(shape | header), "application/octet-stream")


def _profile(picture: Image.Image, channels: int) -> bytes | None:
    """The colour profile without which `channels` of values are other colours; None for the usual one, sRGB."""
    profile = picture.info.get("icc_profile") or b""
    space = b"GRAY" if channels < 3 else b"RGB "
    usual = any(name.encode(code) in profile for name in ("sRGB", "IEC61966-2.1") for code in ("ascii", "utf-16-be"))
    fits = profile[16:20] == space and len(profile) <= _LARGEST_PROFILE  # that of CMYK is none for what came of it
    return profile if fits and not usual else None


def _goes_as_stored(picture: Image.Image, data: bytes, size: int) -> bool:
    """Whether a browser shows the file itself as the thumbnail would be: small, still, 8 bits, without EXIF."""
    plain = bits_per_channel(picture) <= 8 and picture.mode != "CMYK" and "exif" not in picture.info
    return max(picture.size) <= size and plain and picture.format in _AS_STORED and not is_animated(data)


def _shrunk(picture: Image.Image, size: int) -> Image.Image:
    """8 bits a channel, the longer side at most `size`."""
    picture = eight_bit(picture)
    longer = max(picture.size)
    if longer <= size:
        return picture
    width, height = (max(1, round(side * size / longer)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.HAMMING, reducing_gap=2.0)
