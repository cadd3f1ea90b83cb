"""Pictures that other tools log: AVIF, files with colour profiles, and formats that are told by their name."""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from picture_files import answer_about, encoded
from PIL import Image, ImageCms, features
from test_web_images import values_of

Ask = Callable[..., Any]
COLORS = np.random.default_rng(4).integers(0, 256, (30, 40, 3), np.uint8)
PLAIN = np.full((600, 800, 3), (200, 40, 40), np.uint8)
needs_avif = pytest.mark.skipif("avif" not in features.modules, reason="this Pillow knows no AVIF")


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """ask(data, form, **args): the answer about a picture that was logged as it is."""
    return lambda data, form, **args: answer_about(tmp_path, data, form, **args)


def wide_profile() -> bytes:
    """A profile whose red is not that of sRGB, under a name of its own."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for code in ("ascii", "utf-16-be"):
        profile = profile.replace("sRGB".encode(code), "wide".encode(code))
    (count,) = struct.unpack_from(">I", profile, 128)
    places = dict(struct.unpack_from(">4sI", profile, 132 + 12 * row) for row in range(count))
    red = places[b"rXYZ"] + 8
    return profile[:red] + struct.pack(">i", 50_000) + profile[red + 4 :]


@needs_avif
@pytest.mark.parametrize("form", ["thumbnail", "pixels"])
def test_an_avif_is_shown(ask: Ask, form: str) -> None:
    answer = ask(encoded(PLAIN, "AVIF", quality=90), form, size=100)
    assert answer.status_code == 200, answer.text
    if form == "thumbnail":
        seen = np.asarray(Image.open(io.BytesIO(answer.data)))
        assert seen.shape == (75, 100, 3)
        assert abs(seen.astype(int) - PLAIN[:75, :100]).max() < 8


@needs_avif
def test_a_small_avif_is_sent_as_what_every_browser_shows(ask: Ask) -> None:
    data = encoded(COLORS, "AVIF")
    assert ask(data, "info").json | {"mime": "image/avif", "width": 40, "height": 30} == ask(data, "info").json
    assert ask(data, "thumbnail").content_type == "image/png"
    assert ask(data, "raw").content_type == "image/avif"


@needs_avif
def test_an_avif_that_is_cut_off_is_said_to_be_broken(ask: Ask) -> None:
    answer = ask(encoded(COLORS, "AVIF")[:-200], "thumbnail")
    assert answer.status_code == 422
    assert "cannot be decoded" in answer.json["error"]


def test_an_older_pillow_says_which_one_reads_avif(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL.AvifImagePlugin", None)
    monkeypatch.delattr("PIL.AvifImagePlugin", raising=False)
    answer = ask(b"\0\0\0\x20ftypavif" + b"\0" * 40, "thumbnail")
    assert answer.status_code == 422
    assert "Pillow reads from 11.3 on" in answer.json["error"]


@pytest.mark.parametrize(
    ("data", "name"),
    [(encoded(COLORS, "TIFF"), "TIFF"), (b"MM\0*" + b"\0" * 99, "TIFF"), (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000")],
    ids=["tiff", "big endian", "jpeg 2000"],
)
def test_formats_that_browsers_do_not_show_are_told_by_their_name(ask: Ask, data: bytes, name: str) -> None:
    answer = ask(data, "thumbnail")
    assert answer.status_code == 422
    assert f"This is a {name};" in answer.json["error"]


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_thumbnail_has_the_colours_of_its_file(ask: Ask, format: str) -> None:
    profile = wide_profile()
    data = encoded(PLAIN, format, icc_profile=profile)
    assert Image.open(io.BytesIO(ask(data, "thumbnail", size=100).data)).info.get("icc_profile") == profile
    assert values_of(ask(data, "pixels"))[0]["profiled"]  # they are as stored, and the viewer says so
    assert not values_of(ask(encoded(PLAIN, format), "pixels"))[0]["profiled"]


def test_the_usual_colours_and_those_of_print_need_no_profile(ask: Ask) -> None:
    usual = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    print_profile = bytearray(wide_profile())
    print_profile[16:20] = b"CMYK"
    for data in (
        encoded(PLAIN, "JPEG", icc_profile=usual),
        encoded(Image.fromarray(PLAIN).convert("CMYK"), "JPEG", icc_profile=bytes(print_profile)),
        encoded(PLAIN, "JPEG", icc_profile=wide_profile().ljust(100_000, b"\0")),
    ):
        assert "icc_profile" not in Image.open(io.BytesIO(ask(data, "thumbnail", size=100).data)).info
