"""Pictures that lie on their side until they are turned as their EXIF says: cameras and phones write such files."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from picture_files import SIGNATURE, answer_about, chunk, encoded, png16
from PIL import Image
from test_web_images import picture_of, values_of

COLORS = np.random.default_rng(6).integers(0, 256, (30, 40, 3), np.uint8)
DEEP = np.random.default_rng(7).integers(0, 65536, (6, 9, 3), np.uint16)
TURNS: dict[int, Callable[[Any], Any]] = {
    1: lambda stored: stored,
    2: lambda stored: stored[:, ::-1],
    3: lambda stored: stored[::-1, ::-1],
    4: lambda stored: stored[::-1],
    5: lambda stored: stored.swapaxes(0, 1),
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: stored[::-1, ::-1].swapaxes(0, 1),
    8: lambda stored: np.rot90(stored),
}


def exif(orientation: int) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., Any]:
    return lambda data, form, **args: answer_about(tmp_path, data, form, **args)


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
@pytest.mark.parametrize("orientation", TURNS)
def test_all_forms_show_it_upright(ask: Callable[..., Any], orientation: int, format: str) -> None:
    options = {"lossless": True} if format == "WEBP" else {}
    data = encoded(COLORS, format, exif=exif(orientation), **options)
    upright = TURNS[orientation](COLORS)
    height, width = upright.shape[:2]
    told = ask(data, "info").json
    assert (told["width"], told["height"], told["stated"]) == (width, height, None)
    header, values = values_of(ask(data, "pixels"))
    assert header["size"] == [width, height] and np.array_equal(values, upright)
    answer = ask(data, "thumbnail")
    assert np.array_equal(np.asarray(picture_of(answer).convert("RGB")), upright)
    assert (answer.headers["X-Width"], answer.headers["X-Height"]) == (str(width), str(height))


def test_a_part_below_what_the_stored_rows_reach(ask: Callable[..., Any]) -> None:
    data = encoded(COLORS, exif=exif(6))
    header, values = values_of(ask(data, "pixels", x=28, y=35, width=9, height=9))
    assert (header["x"], header["y"], header["size"]) == (28, 35, [30, 40])
    assert np.array_equal(values, TURNS[6](COLORS)[35:, 28:])


@pytest.mark.parametrize("orientation", TURNS)
def test_sixteen_bits_are_turned_too(ask: Callable[..., Any], orientation: int) -> None:
    stored = png16(DEEP)
    behind_header = len(SIGNATURE) + 25
    data = stored[:behind_header] + chunk(b"eXIf", exif(orientation)[6:]) + stored[behind_header:]
    assert np.array_equal(values_of(ask(data, "pixels"))[1], TURNS[orientation](DEEP))


def test_frames_of_a_film_keep_their_shape(ask: Callable[..., Any]) -> None:
    frames = [Image.fromarray(np.roll(COLORS, 7 * i, 1)) for i in range(3)]
    data = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=50, exif=exif(6))
    told = json.loads(ask(data, "film").data)
    assert (told["width"], told["height"]) == (30, 40)
    strip = np.asarray(Image.open(io.BytesIO(ask(data, "frames", count=3).data)).convert("RGB"))
    assert np.array_equal(strip, np.concatenate([TURNS[6](np.asarray(frame)) for frame in frames]))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize(
    "junk",
    [b"Exif\0\0", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01"],
    ids=["nothing", "too many", "cut off"],
)
def test_what_cannot_be_read_turns_nothing(ask: Callable[..., Any], junk: bytes) -> None:
    assert picture_of(ask(encoded(COLORS, "JPEG", exif=junk), "thumbnail")).size == (40, 30)


def test_a_cut_off_animation_shows_its_first_frame_in_the_grid(ask: Callable[..., Any]) -> None:
    frames = [Image.fromarray(np.roll(COLORS, 7 * i, 1)) for i in range(8)]
    film = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=50)
    assert picture_of(ask(film[: len(film) // 2], "thumbnail")).size == (40, 30)
    assert ask(film[: len(film) // 2], "info").json["frames"] in range(1, 8)
