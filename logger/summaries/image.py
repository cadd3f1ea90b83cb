"""Pictures: arrays of any axis order → PNG."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..proto.event_pb2 import Summary
from .deep_png import deep_png

Pixels = npt.NDArray[np.uint8]  # (height, width, channels), 3 or 4 channels

GRID_COLUMNS = 8
# Nearly as small as zlib's default level and several times as fast.
_PNG_COMPRESSION = 4


def check_layout(call: str, shape: tuple[int, ...], dataformats: str) -> None:
    """Raises ValueError unless `dataformats` names each axis of `shape` once: HW, HWC, NHWC in any order."""
    letters = dataformats.upper() if isinstance(dataformats, str) else ""
    if sorted(letters) not in (["H", "W"], ["C", "H", "W"], ["C", "H", "N", "W"]):
        raise ValueError(f"{call}: dataformats must be HW, HWC or NHWC in some order, got {dataformats!r}")
    if len(shape) != len(letters):
        raise ValueError(f"{call}: expected {len(letters)} dimensions ({letters}), got an array of shape {shape}")
    if 0 in shape:
        raise ValueError(f"{call}: expected at least one pixel, got an array of shape {shape}")
    channels = shape[letters.index("C")] if "C" in letters else 1
    if channels not in (1, 3, 4):
        raise ValueError(f"{call}: expected 1, 3 or 4 channels, got {channels} (shape {shape}, axes {letters})")


def pixels(array: npt.NDArray[Any], dataformats: str) -> Pixels:
    """The picture as 8-bit RGB or RGBA; a batch becomes a grid of up to 8 columns.

    Values become 8-bit as `eight_bit` says.
    """
    picture = eight_bit(_arranged(array, dataformats))
    return np.repeat(picture, 3, axis=-1) if picture.shape[-1] == 1 else picture


def _arranged(array: npt.NDArray[Any], dataformats: str) -> npt.NDArray[Any]:
    """(height, width, channels) of the same type; a batch as a grid."""
    letters = dataformats.upper()
    batch = np.transpose(array, [letters.index(letter) for letter in "NHWC" if letter in letters])
    if "C" not in letters:
        batch = batch[..., None]
    return grid(batch, GRID_COLUMNS) if "N" in letters else batch


def eight_bit(array: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Values 0 … 1 → 0 … 255, clipped, NaN is black; of uint16 the upper 8 bits.

    Other whole numbers that reach beyond 1 count to 255 as uint8 does: `torch.randint(0, 256, …)` gives int64, a mask
    of 0 and 1 likewise, and both are seen.
    """
    if array.dtype == np.uint8:
        return array
    if _is_deep(array):
        return (array >> 8).astype(np.uint8)
    if array.dtype.kind in "iu" and array.size and array.max() > 1:
        return array.clip(0, 255).astype(np.uint8)
    scaled = np.nan_to_num(array.astype(np.float32) * 255, copy=False, nan=0.0, posinf=255, neginf=0)
    clipped: npt.NDArray[np.uint8] = scaled.clip(0, 255).astype(np.uint8)
    return clipped


def _is_deep(array: npt.NDArray[Any]) -> bool:
    """Whether it is of uint16, in any order of bytes."""
    return array.dtype.kind == "u" and array.dtype.itemsize == 2


def grid(batch: npt.NDArray[Any], columns: int) -> npt.NDArray[Any]:
    """(n, height, width, channels) → one picture of at most `columns` columns, filled row by row, black at the end."""
    count, height, width, channels = batch.shape
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    cells = np.zeros((rows * columns, height, width, channels), batch.dtype)
    cells[:count] = batch
    arranged = cells.reshape(rows, columns, height, width, channels).transpose(0, 2, 1, 3, 4)
    picture: npt.NDArray[Any] = arranged.reshape(rows * height, columns * width, channels)
    return picture


def png(picture: Pixels) -> bytes:
    """The picture as a PNG file."""
    from PIL import Image

    return _encoded(Image.fromarray(picture))


def png_summary(tag: str, picture: Pixels) -> Summary:
    """One picture, already in 8-bit pixels."""
    return _summary(tag, picture.shape, png(picture))


def image_summary(tag: str, array: Any, dataformats: str) -> Summary:
    """One picture, or a batch as a grid; uint16 as a PNG of 16 bits a channel."""
    array = np.asarray(array)
    if _is_deep(array):
        picture = _arranged(array, dataformats)
        return _summary(tag, picture.shape, deep_png(picture, _PNG_COMPRESSION))
    return png_summary(tag, np.ascontiguousarray(pixels(array, dataformats)))


def check_boxes(call: str, shape: tuple[int, ...], labels: Sequence[str] | None) -> None:
    """Raises ValueError unless the boxes are (n, 4) and there are as many labels."""
    if shape != (0,) and (len(shape) != 2 or shape[1] != 4):  # [] says that nothing was found
        raise ValueError(f"{call}: expected boxes of shape (n, 4): left, top, right, bottom; got {shape}")
    if labels is not None and len(labels) != shape[0]:
        raise ValueError(f"{call}: expected a label for each of {shape[0]} boxes, got {len(labels)}")


def boxes_summary(
    tag: str, array: Any, boxes: Any, dataformats: str, rescale: float = 1, labels: Sequence[str] | None = None
) -> Summary:
    """A picture with rectangles (left, top, right, bottom in pixels) and their labels, scaled by `rescale`."""
    from PIL import Image, ImageDraw

    image = Image.fromarray(np.ascontiguousarray(pixels(np.asarray(array), dataformats)))
    draw = ImageDraw.Draw(image)
    for index, (left, top, right, bottom) in enumerate(np.asarray(boxes, np.float64).reshape(-1, 4).tolist()):
        corners = (min(left, right), min(top, bottom), max(left, right), max(top, bottom))
        draw.rectangle(corners, outline="red", width=2)
        if labels is not None:
            text = str(labels[index])
            place = draw.textbbox((corners[0] + 2, corners[1] + 2), text)
            draw.rectangle(place, fill="red")
            draw.text(place[:2], text, fill="black")
    if rescale != 1:
        size = max(1, round(image.width * rescale)), max(1, round(image.height * rescale))
        image = image.resize(size, Image.Resampling.LANCZOS)
    return _summary(tag, (image.height, image.width, len(image.getbands())), _encoded(image))


def _encoded(image: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format="PNG", compress_level=_PNG_COMPRESSION)
    return file.getvalue()


def _summary(tag: str, shape: tuple[int, ...], encoded: bytes) -> Summary:
    height, width, channels = shape
    image = Summary.Image(height=height, width=width, colorspace=channels, encoded_image_string=encoded)
    return Summary(value=[Summary.Value(tag=tag, image=image)])
