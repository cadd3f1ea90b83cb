"""Picture files of unknown origin, opened with care.

What a log holds is not trusted: the size is read from the header before a pixel is decoded, only the formats that
browsers know are tried, and two large pictures are never decoded at once.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from ..queries import Refused
from .animation import whole_part
from .forms import sniff
from .png16 import decode_png16

__all__ = ["NoPicture", "bits_per_channel", "eight_bit", "exact_values", "load", "open_picture", "seek", "shown_size"]

_LARGEST = 1 << 25  # pixels: 8192 × 4096, 128 MB as RGBA and as much again while it is made smaller
_LONGEST_SIDE = 1 << 20  # pixels: decoders keep an address for each row
_MOST_WORK = 1 << 31  # pixels, counted anew for each time a progressive JPEG goes over them
_LARGE = 1 << 22  # pixels; pictures above are decoded one after another
_LARGEST_16 = 1 << 24  # pixels of a colour picture whose 16 bits are kept: 12 bytes a pixel while it is decoded
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
# Of others only the name is told: browsers do not show them, and each decoder is one more for hostile files to reach.
_OTHERS = (
    (0, b"II*\0", "a TIFF"),
    (0, b"MM\0*", "a TIFF"),
    (4, b"jP  ", "a JPEG 2000"),
    (4, b"JXL ", "a JPEG XL"),
    (0, b"\xff\x0a", "a JPEG XL"),
    (4, b"ftyphei", "a HEIC"),
    (4, b"ftypmif1", "a HEIF"),
    (0, b"\0\0\1\0", "an icon"),
    (0, b"v/1\1", "an OpenEXR picture"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"%PDF", "a PDF"),
)
_ORIENTATION = 0x0112
# How cameras and phones say that a picture is to be turned: EXIF 2.32, section 4.6.4.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_one_large = threading.Lock()


class NoPicture(Refused):
    """The bytes are no picture that can be shown; the text says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, 422)


def open_picture(data: bytes) -> Image.Image:
    """The picture with its header read and nothing decoded; the whole frames of a film that is cut off.

    Raises NoPicture, also for one that is too large.
    """
    if not data:
        raise NoPicture("The stored picture is empty: it has 0 bytes.")
    _check_webp(data)
    with _complaints(data):
        picture = Image.open(io.BytesIO(whole_part(data)), formats=_formats(data))
        _check_size(picture.format or "", *picture.size)
    if picture.info.get("progressive"):
        _check_scans(data, *picture.size)
    return picture


def load(picture: Image.Image, fit: int | None = None) -> Image.Image:
    """The first frame decoded, turned as its EXIF says: mode L, LA, RGB, RGBA or I;16.

    With `fit` a JPEG may come out smaller, but never with both sides below `fit` pixels. Raises NoPicture.
    """
    large = picture.width * picture.height > _LARGE
    with _complaints(b"", picture.format or ""):
        if large:
            with _one_large:
                return _plain(_decode(picture, fit))
        return _plain(_decode(picture, fit))


def shown_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height as `load` gives it, before anything is decoded."""
    width, height = picture.size
    return (height, width) if _orientation(picture) >= 5 else (width, height)


def seek(picture: Image.Image, place: int) -> None:
    """Go to frame `place` of a film; `load` then gives that one. Raises NoPicture where there is no such frame."""
    try:
        with _complaints(b"", picture.format or ""):
            picture.seek(place)
    except NoPicture as error:
        raise NoPicture(f"Frame {place + 1:,} of this {picture.format} is not there or broken.") from error


def bits_per_channel(picture: Image.Image) -> int:
    """1, 8 or 16 as the file has them; Pillow's own mode hides that colours had 16."""
    if picture.mode == "1":
        return 1
    tiles = getattr(picture, "tile", None)
    raw = tiles[0].args if tiles else ""
    raw = raw[0] if isinstance(raw, tuple) else raw
    return 16 if "16" in f"{picture.mode} {raw}" else 8


def eight_bit(picture: Image.Image) -> Image.Image:
    """A loaded picture with 8 bits a channel; 16 bits are scaled as a whole, so that pictures stay comparable."""
    if picture.mode != "I;16":
        return picture
    return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))


def exact_values(picture: Image.Image, data: bytes) -> tuple[NDArray[Any], int]:
    """((height, width, channels) as stored in `data`, the value that means white). Raises NoPicture.

    Channels are grey, grey and alpha, RGB or RGBA. Palettes are looked up and CMYK is converted, since neither says
    what is seen; nothing else is changed.
    """
    bits = bits_per_channel(picture)
    if bits == 16 and picture.format == "PNG" and picture.mode != "I;16":
        values = _colors_of_16(picture, data)
        if values is not None:
            return _turned(values, _orientation(picture)), 0xFFFF
    loaded = np.asarray(load(picture))
    values = loaded if loaded.ndim == 3 else loaded[..., None]
    if bits == 1:
        return (values != 0).astype(np.uint8), 1
    return values, 0xFFFF if values.dtype == np.uint16 else 255


def _colors_of_16(picture: Image.Image, data: bytes) -> NDArray[Any] | None:
    if picture.width * picture.height > _LARGEST_16:
        raise NoPicture(f"Values of 16-bit colours are read in pictures of up to {_LARGEST_16:,} pixels.")
    with _complaints(b"", "PNG"), _one_large:
        return decode_png16(data)


def _decode(picture: Image.Image, fit: int | None) -> Image.Image:
    turn = _TURNS.get(_orientation(picture))
    if fit is not None and picture.format == "JPEG":
        picture.draft(None, (fit, fit))
    picture.load()
    return picture if turn is None else picture.transpose(turn)


def _orientation(picture: Image.Image) -> int:
    """1 to 8, of which 5 to 8 lie on their side; 1 where the header does not say."""
    if "exif" not in picture.info:  # PNG would be decoded to look behind its pixels
        return 1
    try:
        found = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # what cannot be read turns nothing
        return 1
    return found if found in _TURNS else 1


def _turned(values: NDArray[Any], orientation: int) -> NDArray[Any]:
    """(height, width, channels) as `picture.transpose` turns a picture."""
    if orientation >= 5:
        values = values.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        values = values[::-1]
    return values[:, ::-1] if orientation in (2, 3, 6, 7) else values


def _plain(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return Image.fromarray(np.clip(np.asarray(picture), 0, 0xFFFF).astype(np.uint16))
    if "transparency" in picture.info and picture.mode in ("1", "L", "P", "RGB"):
        return picture.convert("RGBA")
    if picture.mode == "PA":
        return picture.convert("RGBA")
    if picture.mode == "1":
        return picture.convert("L")
    return picture if picture.mode in ("L", "LA", "RGB", "RGBA") else picture.convert("RGB")


def _check_size(name: str, width: int, height: int) -> None:
    if width * height > _LARGEST:
        raise NoPicture(
            f"This {name} says it has {width:,} × {height:,} pixels; at most {_LARGEST:,} are decoded here. "
            "The file as stored can be downloaded."
        )
    if max(width, height) > _LONGEST_SIDE:
        raise NoPicture(
            f"This {name} says it has {width:,} × {height:,} pixels; at most {_LONGEST_SIDE:,} in a row or column are "
            "decoded here. The file as stored can be downloaded."
        )
    if width < 1 or height < 1:
        raise NoPicture(f"This {name} says it has {width:,} × {height:,} pixels: there is nothing to show.")


def _check_scans(data: bytes, width: int, height: int) -> None:
    """A progressive JPEG goes over all pixels in every scan, and an empty one takes a few bytes of the file."""
    scans = data.count(b"\xff\xda")
    if scans * width * height > _MOST_WORK:
        raise NoPicture(
            f"This JPEG goes over its {width:,} × {height:,} pixels {scans:,} times, more than is done here. "
            "The file as stored can be downloaded."
        )


def _check_webp(data: bytes) -> None:
    """Pillow takes memory for a WebP before it tells its size: read from the header here (RFC 9649, section 2)."""
    chunk = data[12:16] if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else b""
    if chunk == b"VP8X" and len(data) >= 30:
        _check_size("WEBP", 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little"))
    elif chunk == b"VP8L" and len(data) >= 25:
        sides = int.from_bytes(data[21:25], "little")
        _check_size("WEBP", 1 + (sides & 0x3FFF), 1 + (sides >> 14 & 0x3FFF))


@contextmanager
def _complaints(data: bytes, name: str = "") -> Iterator[None]:
    """Whatever the decoders raise about a bad file becomes NoPicture: they raise nearly every class there is."""
    try:
        yield
    except NoPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NoPicture(
            f"This picture says it has more pixels than the {_LARGEST:,} that are decoded here. "
            "The file as stored can be downloaded."
        ) from None
    except UnidentifiedImageError:
        raise NoPicture(_unknown(data)) from None
    except Exception as error:
        reason = str(error).rstrip(".") or type(error).__name__
        raise NoPicture(
            f"This {name or 'picture'} cannot be decoded: {reason[:200]}. The file as stored can be downloaded."
        ) from None


def _formats(data: bytes) -> tuple[str, ...]:
    """What the file may be taken for. Raises NoPicture for an AVIF where this Pillow knows none."""
    if sniff(data)[0] != "image/avif":
        return _FORMATS
    try:
        from PIL import AvifImagePlugin
    except ImportError:
        known = False
    else:
        known = AvifImagePlugin.SUPPORTED
    if not known:
        raise NoPicture("This is an AVIF, which Pillow reads from 11.3 on. The file as stored can be downloaded.")
    return ("AVIF",)


def _unknown(data: bytes) -> str:
    if b"<svg" in data[:1000].lower():
        return "This is an SVG drawing. It may hold scripts, so it is not drawn here; the file can be downloaded."
    content_type, suffix = sniff(data)
    if content_type.startswith("image/"):
        name = suffix[1:].upper()
        return f"This {name} cannot be decoded: its header is broken or cut off. The file as stored can be downloaded."
    shown = "PNG, JPEG, GIF, WebP, AVIF and BMP"
    for at, signature, name in _OTHERS:
        if data.startswith(signature, at):
            return f"This is {name}; {shown} are shown here. The file as stored can be downloaded."
    start = data[:8].hex(" ")
    return (
        f"These {len(data):,} bytes are no picture: they begin with {start}, and {shown} do not. "
        "The file as stored can be downloaded."
    )
