"""Videos: (batch, time, channel, height, width) → an animated WebP, which browsers and TensorBoard play as a picture.

Measured on 24 frames of 256 × 256, for each frame of a photograph that is panned, and of smooth colours:

    this WebP    8 ms, 23 kB, mean error 3 of 255     25 ms, 1.5 kB, exact
    GIF        200 ms, 50 kB, mean error 3           590 ms, 14 kB, mean error 5
    APNG        30 ms, 124 kB, exact                   8 ms, 4 kB, exact
    AVIF        17 ms, 2 kB, mean error 3             31 ms, 1 kB, mean error 1

AVIF would be the smallest, but Pillow writes it only since 11.3, it takes several cores, and text and other sharp edges
in colour are never exact. Frames of a GIF last tens of milliseconds: 30 a second are not to be had.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from ..proto.event_pb2 import Summary
from .animated_webp import LARGEST_SIDE, LONGEST_FRAME, animated_webp, can_write_webp
from .image import eight_bit

_LONGEST_GIF_FRAME = 655_350  # milliseconds: hundredths of a second in 16 bits
_SHORTEST_FRAME = 11  # milliseconds: browsers show a shorter one for 100


def check_video(call: str, shape: tuple[int, ...], fps: float, dataformats: str) -> None:
    """Raises ValueError unless the array is five-dimensional in the order of `dataformats` and `fps` is positive."""
    letters = dataformats.upper() if isinstance(dataformats, str) else ""
    if sorted(letters) != sorted("NTCHW"):
        raise ValueError(f"{call}: dataformats must hold each of N, T, C, H and W once, got {dataformats!r}")
    if len(shape) != 5 or 0 in shape:
        raise ValueError(f"{call}: expected 5 dimensions ({letters}), got an array of shape {shape}")
    channels = shape[letters.index("C")]
    if channels not in (1, 3):
        raise ValueError(f"{call}: expected 1 or 3 channels, got {channels} (shape {shape})")
    if not fps > 0:
        raise ValueError(f"{call}: fps must be positive, got {fps}")


def video_summary(tag: str, array: Any, fps: float, dataformats: str) -> Summary:
    """The videos of a batch side by side, in a grid of a power of two."""
    letters = dataformats.upper()
    frames = _grid_frames(np.transpose(np.asarray(array), [letters.index(letter) for letter in "NTHWC"]))
    _, height, width, channels = frames.shape
    image = Summary.Image(height=height, width=width, colorspace=channels, encoded_image_string=encoded(frames, fps))
    return Summary(value=[Summary.Value(tag=tag, image=image)])


def encoded(frames: Any, fps: float) -> bytes:
    """(time, height, width, 1 or 3) of uint8 → an endless animated WebP; a GIF where that cannot be."""
    if not can_write_webp() or max(frames.shape[1:3]) > LARGEST_SIDE:
        return gif(frames, fps)
    colored = frames if frames.shape[-1] == 3 else np.repeat(frames, 3, axis=-1)
    return animated_webp(colored, durations(len(frames), fps))


def durations(count: int, fps: float) -> list[int]:
    """Whole milliseconds for each frame, which add up to count / fps seconds."""
    if not _SHORTEST_FRAME <= 1000 / fps <= LONGEST_FRAME:
        return [_SHORTEST_FRAME if fps > 1 else LONGEST_FRAME] * count
    ends = [round(1000 * (i + 1) / fps) for i in range(count)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def gif(frames: Any, fps: float) -> bytes:
    """(time, height, width, 1 or 3) of uint8 → an endless GIF, each frame with a palette of its own."""
    from PIL import Image

    if frames.shape[-1] == 1:
        images = [Image.fromarray(frame[..., 0]) for frame in frames]
    else:
        images = [Image.fromarray(frame).quantize(256) for frame in frames]
    file = io.BytesIO()
    # Identical neighbours are kept (optimize off, disposal set): the number of frames is the user's.
    duration = min(max(_SHORTEST_FRAME, round(1000 / fps)), _LONGEST_GIF_FRAME)
    images[0].save(file, "GIF", save_all=True, append_images=images[1:], duration=duration, loop=0, disposal=2)
    return file.getvalue()


def _grid_frames(videos: Any) -> Any:
    """(batch, time, height, width, channels) → (time, rows × height, columns × width, channels) of uint8."""
    batch, time, height, width, channels = videos.shape
    cells = 1 << (batch - 1).bit_length()
    rows = 1 << (cells.bit_length() - 1) // 2
    padded = np.zeros((cells, time, height, width, channels), np.uint8)
    padded[:batch] = eight_bit(np.ascontiguousarray(videos))
    arranged = padded.reshape(rows, cells // rows, time, height, width, channels).transpose(2, 0, 3, 1, 4, 5)
    return np.ascontiguousarray(arranged).reshape(time, rows * height, cells // rows * width, channels)
