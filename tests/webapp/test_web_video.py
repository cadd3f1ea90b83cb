"""Films over HTTP: what they are, their frames as pictures, and files that are not what they say."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from picture_files import answer_about, bomb, chunk, encoded
from PIL import Image

from stepscope.logger.summaries.video import encoded as encoded_film
from stepscope.webapp.media.animation import is_animated, is_whole, read_animation

FRAMES = np.zeros((6, 20, 30, 3), np.uint8)
FRAMES[:, :, :, 0] = np.arange(0, 240, 40, dtype=np.uint8)[:, None, None]
FRAMES[:, 4:9, 4:9, 1] = 255
DURATIONS = [30, 40, 50, 60, 70, 80]


def _film(format: str, **options: Any) -> bytes:
    first, *others = map(Image.fromarray, FRAMES)
    return encoded(first, format, save_all=True, append_images=others, duration=DURATIONS, loop=0, **options)


FILMS = {"GIF": _film("GIF"), "WEBP": _film("WEBP", lossless=True), "PNG": _film("PNG")}


def _strip(answer: Any) -> np.ndarray:
    """(count, height, width, 3)."""
    assert answer.status_code == 200, answer.text
    pixels = np.asarray(Image.open(io.BytesIO(answer.data)).convert("RGB"))
    return pixels.reshape(int(answer.headers["X-Count"]), -1, *pixels.shape[1:])


@pytest.mark.parametrize("format", FILMS)
def test_what_a_film_is_and_its_frames(tmp_path: Path, format: str) -> None:
    found = answer_about(tmp_path, FILMS[format], "film").json
    assert (found["format"], found["width"], found["height"], found["whole"]) == (format, 30, 20, True)
    assert found["durations"] == DURATIONS
    assert np.array_equal(_strip(answer_about(tmp_path, FILMS[format], "frames", count=32)), FRAMES)
    assert np.array_equal(_strip(answer_about(tmp_path, FILMS[format], "frames", first=4)), FRAMES[4:5])
    assert _strip(answer_about(tmp_path, FILMS[format], "frames", size=16)).shape == (1, 11, 16, 3)


def test_our_own_films(tmp_path: Path) -> None:
    data = encoded_film(FRAMES, 30)
    assert answer_about(tmp_path, data, "film").json["durations"] == [33, 34, 33, 33, 34, 33]
    assert np.array_equal(_strip(answer_about(tmp_path, data, "frames", count=6)), FRAMES)


def test_a_still_picture_is_a_film_of_one_frame(tmp_path: Path) -> None:
    data = encoded(FRAMES[3], "JPEG", quality=95)
    found = answer_about(tmp_path, data, "film").json
    assert (found["format"], found["durations"], found["mime"]) == ("JPEG", [0], "image/jpeg")
    assert _strip(answer_about(tmp_path, data, "frames", count=5)).shape == (1, 20, 30, 3)


@pytest.mark.parametrize("format", FILMS)
def test_a_film_that_is_cut_off_says_so_wherever_it_ends(tmp_path: Path, format: str) -> None:
    data = FILMS[format]
    whole = [read_animation(data[:end]) for end in range(len(data))]
    counts = [len(found.durations) for found in whole if found]
    assert counts == sorted(counts) and counts[-1] in (5, 6)
    assert not any(is_whole(data[:end]) for end in range(16, len(data) - 8))
    cut = data[: int(0.7 * len(data))]
    found = answer_about(tmp_path, cut, "film").json
    assert found["whole"] is False and 1 < len(found["durations"]) < 6
    shown = _strip(answer_about(tmp_path, cut, "frames", count=2))
    assert np.array_equal(shown, FRAMES[:2])


def test_frames_that_are_not_there(tmp_path: Path) -> None:
    answer = answer_about(tmp_path, FILMS["GIF"], "frames", first=6)
    assert (answer.status_code, answer.json["error"]) == (422, "Frame 7 of this GIF is not there or broken.")
    answer = answer_about(tmp_path, FILMS["GIF"], "frames", first=0, sample=1)
    assert answer.status_code == 404 and "there is no sample 1" in answer.json["error"]


def test_bombs_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    for form in ("film", "frames"):
        answer = answer_about(tmp_path, bomb(), form)
        assert answer.status_code == 422 and "more pixels than the 33,554,432" in answer.json["error"]
    large = encoded(Image.new("L", (4000, 4000)), "GIF")
    answer = answer_about(tmp_path, large, "frames", first=5000)
    assert answer.status_code == 422 and "more pixels than the 2,147,483,648" in answer.json["error"]


def test_a_film_of_countless_frames_is_counted_up_to_a_bound() -> None:
    frames = b"".join(chunk(b"fcTL", bytes(20) + b"\0\1\0\x64" + bytes(2)) for _ in range(120_000))
    header = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(3) + b"\1" + bytes(3) + b"\1\x08\0\0\0\0")
    data = header + chunk(b"acTL", bytes(8)) + frames
    found = read_animation(data)
    assert is_animated(data) and found is not None and len(found.durations) == 100_000
