"""Brightness, contrast and gamma put on a picture with all the bits it has: a page can only change the 8 it is sent."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..queries import Refused
from .pictures import NoPicture, exact_values, load

__all__ = ["light_range", "parse_levels", "with_levels"]

Levels = tuple[float, float, float]  # brightness, contrast, gamma: see static/lib/levels.js

_ENDS = ((-1.0, 1.0), (0.05, 1000.0), (0.1, 10.0))  # the least and the most of each


def parse_levels(text: str) -> Levels:
    """ "0.1,2,1" → the three numbers within their limits. Raises Refused."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != len(_ENDS) or not all(map(math.isfinite, numbers)):
        raise Refused(f"levels: expected brightness,contrast,gamma, got {text[:80]!r}")
    brightness, contrast, gamma = (
        min(most, max(least, number)) for number, (least, most) in zip(numbers, _ENDS, strict=True)
    )
    return brightness, contrast, gamma


def with_levels(picture: Image.Image, data: bytes, levels: Levels) -> Image.Image:
    """The picture with 8 bits a channel, each value as static/lib/levels.js draws it; alpha stays. Raises NoPicture."""
    brightness, contrast, gamma = levels
    values, white = _values(picture, data)
    light = _channels_of_light(values)
    straight = np.clip(contrast * (np.arange(white + 1) / white + brightness - 0.5) + 0.5, 0, 1)
    table = np.rint(255 * straight ** (1 / gamma)).astype(np.uint8)
    drawn: NDArray[Any] = np.empty(values.shape, np.uint8)
    drawn[..., :light] = table[values[..., :light]]
    drawn[..., light:] = np.rint(values[..., light:] * (255 / white))
    return Image.fromarray(drawn[..., 0] if drawn.shape[2] == 1 else drawn)


def light_range(picture: Image.Image, data: bytes) -> list[float]:
    """The least and the greatest value over the channels of light, as shares of white. Raises NoPicture."""
    values, white = _values(picture, data)
    light = values[..., : _channels_of_light(values)]
    return [float(light.min()) / white, float(light.max()) / white]


def _values(picture: Image.Image, data: bytes) -> tuple[NDArray[Any], int]:
    """As `exact_values`; of a picture whose 16 bits are too many to be read the upper 8."""
    try:
        return exact_values(picture, data)
    except NoPicture:
        loaded = np.asarray(load(picture))
        return loaded if loaded.ndim == 3 else loaded[..., None], 255


def _channels_of_light(values: NDArray[Any]) -> int:
    """All but alpha."""
    return 3 if values.shape[2] >= 3 else 1
