"""Pictures over HTTP: small ones for the grid, exact values, and files that are not what they say."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from picture_files import answer_about, bomb, encoded, png, png16
from PIL import Image

from stepscope.logger import open_logdir
from stepscope.logger.proto.event_pb2 import Event
from stepscope.logger.records import frame
from stepscope.webapp.app import create_app

Ask = Callable[..., Any]
RANDOM = np.random.default_rng(4)
COLORS = RANDOM.integers(0, 256, (30, 40, 3), np.uint8)
CLEAR = RANDOM.integers(0, 256, (30, 40, 4), np.uint8)
GREY16 = RANDOM.integers(0, 65536, (20, 24), np.uint16)


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """ask(data, form, **args): the answer about a picture that was logged as it is."""

    def answer(data: bytes, form: str, **args: Any) -> Any:
        return answer_about(tmp_path, data, form, **args)

    return answer


def picture_of(answer: Any) -> Image.Image:
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.data))


def values_of(answer: Any) -> tuple[dict[str, Any], np.ndarray[Any, Any]]:
    assert answer.status_code == 200, answer.text
    (length,) = struct.unpack_from("<I", answer.data, 4)
    header = json.loads(answer.data[8 : 8 + length])
    shape = header["height"], header["width"], header["channels"]
    place = header["values"]
    values = np.frombuffer(answer.data, place["dtype"], int(np.prod(shape)), 8 + length + place["at"])
    return header, values.reshape(shape)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (encoded(COLORS), {"mime": "image/png", "mode": "RGB", "bits": 8, "frames": 1}),
        (encoded(COLORS, "JPEG"), {"mime": "image/jpeg", "mode": "RGB", "bits": 8, "frames": 1}),
        (encoded(COLORS, "WEBP", lossless=True), {"mime": "image/webp", "mode": "RGB", "bits": 8, "frames": 1}),
        (encoded(COLORS, "BMP"), {"mime": "image/bmp", "mode": "RGB", "bits": 8, "frames": 1}),
        (
            encoded(Image.fromarray(COLORS), "GIF", save_all=True, append_images=[Image.fromarray(COLORS[::-1])]),
            {"mime": "image/gif", "mode": "P", "bits": 8, "frames": 2},
        ),
    ],
)
def test_what_a_picture_is(ask: Ask, data: bytes, expected: dict[str, Any]) -> None:
    answer = ask(data, "info").json
    expected = {"width": 40, "height": 30, "bytes": len(data), "samples": 1, "stated": None, **expected}
    assert answer == expected


def test_sixteen_bits_are_told(ask: Ask) -> None:
    assert ask(encoded(GREY16), "info").json["bits"] == 16
    assert ask(png16(GREY16[..., None].repeat(3, 2)), "info").json["bits"] == 16
    assert ask(encoded(Image.fromarray(GREY16 > 9)), "info").json["bits"] == 1


@pytest.mark.parametrize("data", [encoded(COLORS), encoded(COLORS, "JPEG"), encoded(CLEAR, "WEBP", lossless=True)])
def test_a_small_file_is_its_own_thumbnail(ask: Ask, data: bytes) -> None:
    assert ask(data, "thumbnail", size=64).data == data


def test_a_thumbnail_fits_and_keeps_its_shape(ask: Ask) -> None:
    large = Image.fromarray(COLORS).resize((1200, 900))
    for format in ("PNG", "JPEG", "WEBP", "BMP"):
        answer = ask(encoded(large, format), "thumbnail", size=256)
        small = picture_of(answer)
        assert small.size == (256, 192)
        assert np.abs(np.asarray(small.convert("RGB"), int) - np.asarray(large.resize((256, 192)), int)).mean() < 6
        assert (answer.headers["X-Width"], answer.headers["X-Height"]) == ("1200", "900")
    assert picture_of(ask(encoded(Image.new("RGB", (3000, 2))), "thumbnail", size=256)).size == (256, 1)


def test_thumbnails_of_sixteen_bits_are_scaled_as_a_whole(ask: Ask) -> None:
    small = picture_of(ask(encoded(GREY16), "thumbnail"))
    assert small.mode == "L"
    assert np.array_equal(np.asarray(small), GREY16 >> 8)


def test_levels_are_put_on_all_bits_of_a_thumbnail(ask: Ask) -> None:
    deep = np.arange(30 * 40, dtype=np.uint16).reshape(30, 40)  # all of them are black in 8 bits
    told = ask(encoded(deep), "info").json
    assert told["light"] == [0, 1199 / 65535]
    contrast = 65535 / 1199
    small = np.asarray(picture_of(ask(encoded(deep), "thumbnail", levels=f"{0.5 - 0.5 / contrast},{contrast},1")))
    assert np.abs(small - deep / 1199 * 255).max() <= 0.51
    clear = np.dstack([deep, np.full_like(deep, 65535)])
    dark = picture_of(ask(png16(clear), "thumbnail", levels="-1,1,1")).convert("RGBA")
    assert dark.getextrema() == ((0, 0), (0, 0), (0, 0), (255, 255))
    assert ask(encoded(COLORS), "thumbnail", levels="0,1,0.5").content_type == "image/png"  # 8 bits likewise
    for wrong in ("a", "1,2", "nan,1,1"):
        assert ask(encoded(deep), "thumbnail", levels=wrong).status_code == 400


def test_of_sixteen_bits_that_cannot_be_read_the_upper_eight_are(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = png16(GREY16[..., None].repeat(3, 2))
    assert ask(deep[:900], "info").json["bits"] == 16, "a broken one is one"
    monkeypatch.setattr("stepscope.webapp.media.pictures._LARGEST_16", 10)
    low, high = ask(deep, "info").json["light"]
    assert 255 * low == GREY16.min() >> 8 and 255 * high == GREY16.max() >> 8
    small = np.asarray(picture_of(ask(deep, "thumbnail", levels="0,1,1")))
    assert np.array_equal(small[..., 0], GREY16 >> 8)


def test_thumbnails_keep_what_is_clear_and_have_no_cmyk_and_no_exif(ask: Ask) -> None:
    clear = np.zeros((600, 600, 4), np.uint8)
    clear[:300] = 255
    assert picture_of(ask(encoded(clear), "thumbnail", size=64)).convert("RGBA").getpixel((5, 60))[3] == 0
    palette = Image.fromarray(clear[..., 0]).convert("P")
    palette.info["transparency"] = 0
    assert picture_of(ask(encoded(palette), "thumbnail", size=64)).mode == "RGBA"
    inks = Image.new("CMYK", (40, 30), (0, 255, 255, 0))
    red, green, blue = picture_of(ask(encoded(inks, "JPEG"), "thumbnail")).convert("RGB").getpixel((5, 5))
    assert red > 200 and green < 60 and blue < 60
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "where I live"  # orientation, description
    turned = ask(encoded(COLORS, "JPEG", exif=exif), "thumbnail")
    assert picture_of(turned).size == (30, 40) and b"where I live" not in turned.data


@pytest.mark.parametrize("format", ["PNG", "WEBP", "BMP", "GIF"])
def test_values_of_eight_bits_are_exact(ask: Ask, format: str) -> None:
    grey = COLORS[..., 0]
    options = {"lossless": True} if format == "WEBP" else {}
    header, values = values_of(ask(encoded(grey if format == "GIF" else COLORS, format, **options), "pixels"))
    expected = grey[..., None] if format == "GIF" else COLORS
    assert header["white"] == 255 and header["size"] == [40, 30]
    assert np.array_equal(values, np.broadcast_to(expected, values.shape))


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_values_of_sixteen_bits_are_exact_through_every_filter(ask: Ask, channels: int) -> None:
    deep = RANDOM.integers(0, 65536, (23, 17, channels), np.uint16)
    header, values = values_of(ask(png16(deep), "pixels"))
    assert header["white"] == 65535 and values.dtype == np.uint16
    assert np.array_equal(values, deep)


def test_values_of_a_part(ask: Ask) -> None:
    header, values = values_of(ask(encoded(CLEAR), "pixels", x=7, y=5, width=3, height=100))
    assert (header["x"], header["y"]) == (7, 5)
    assert np.array_equal(values, CLEAR[5:, 7:10])
    assert np.array_equal(values_of(ask(encoded(Image.fromarray(GREY16 > 9)), "pixels"))[1][..., 0], GREY16 > 9)


def test_values_of_a_large_picture_are_reduced_unless_a_part_is_asked_for(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stepscope.webapp.media.images._MOST_PIXELS", 1000)
    monkeypatch.setattr("stepscope.webapp.media.images._REDUCED", 20)
    header, values = values_of(ask(encoded(COLORS), "pixels"))
    assert header["size"] == [40, 30] and values.shape == (15, 20, 3)
    header, values = values_of(ask(encoded(COLORS), "pixels", x=38, y=7, width=2, height=1))
    assert np.array_equal(values, COLORS[7:8, 38:])
    assert ask(encoded(COLORS), "pixels", x=0).status_code == 413


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize("form", ["thumbnail", "info", "pixels"])
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"hello, world" * 9, "are no picture: they begin with 68 65"),
        (SVG, "SVG drawing"),
        (png(30_000, 30_000, 8, 2, b""), "has more pixels"),
        (png(11_000, 9_000, 8, 2, b""), "pixels"),  # above our limit, below Pillow's own
        (b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff\x3f\0" * 2, "16,384 × 16,384 pixels"),
    ],
)
def test_what_is_no_picture_is_said_in_a_sentence(ask: Ask, data: bytes, sentence: str, form: str) -> None:
    answer = ask(data, form)
    assert answer.status_code == 422
    assert sentence in answer.json["error"]


@pytest.mark.parametrize("form", ["thumbnail", "pixels"])
@pytest.mark.parametrize(
    "data",
    [
        encoded(COLORS)[:-900],
        encoded(COLORS, "GIF")[:300],
        encoded(COLORS, "JPEG")[:500],
        encoded(COLORS, "WEBP", lossless=True)[:700],
        png16(GREY16[..., None].repeat(3, 2))[:900],
        png(40, 30, 8, 2, b"not zlib at all"),  # the header is right and the rest is a lie
        png(400, 400, 16, 6, b"x\x9c\x03\0\0\0\0\x01"),  # no rows at all
    ],
)
def test_broken_files_are_said_to_be_broken(ask: Ask, data: bytes, form: str) -> None:
    answer = ask(data, form)
    assert answer.status_code == 422, answer.data[:100]
    assert "cannot be decoded" in answer.json["error"]


def test_a_bomb_takes_no_memory(ask: Ask) -> None:
    data = bomb()
    ask(encoded(COLORS), "thumbnail")  # what is imported counts as well
    tracemalloc.start()
    try:
        for form in ("thumbnail", "info", "pixels"):
            assert ask(data, form).status_code == 422
        assert tracemalloc.get_traced_memory()[1] < 40 << 20
    finally:
        tracemalloc.stop()


def test_drawings_are_never_sent_as_markup(ask: Ask) -> None:
    answer = ask(SVG, "raw")
    assert answer.data == SVG
    assert answer.content_type == "application/octet-stream"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_gif_with_a_frame_beyond_its_screen(ask: Ask) -> None:
    data = bytearray(encoded(COLORS[..., 0], "GIF"))
    frame_at = data.index(b"\x2c\0\0\0\0")
    data[frame_at + 5 : frame_at + 9] = struct.pack("<HH", 60_000, 60_000)
    answer = ask(bytes(data), "thumbnail")
    assert answer.status_code == 422 and "pixels" in answer.json["error"]


def test_a_gif_that_ends_in_its_second_frame(ask: Ask) -> None:
    film = encoded(Image.fromarray(COLORS), "GIF", save_all=True, append_images=[Image.fromarray(COLORS[::-1])])
    second = film.rindex(b"\x21\xf9\x04")
    for end in range(second, second + 24):
        assert picture_of(ask(film[:end], "thumbnail")).size == (40, 30)


def test_a_row_for_every_byte(ask: Ask) -> None:
    answer = ask(png(1, 30_000_000, 8, 0, b""), "thumbnail")
    assert answer.status_code == 422
    assert "1 × 30,000,000 pixels; at most 1,048,576 in a row or column" in answer.json["error"]


def test_a_jpeg_that_is_drawn_over_and_over(ask: Ask) -> None:
    """An empty scan takes a few bytes of the file and as long as any other to decode."""
    film = encoded(Image.new("L", (4096, 2048)), "JPEG", progressive=True)
    scan = film[film.rindex(b"\xff\xda") : -2]
    assert picture_of(ask(film, "thumbnail")).size == (384, 192)
    answer = ask(film[:-2] + scan * 1_000 + film[-2:], "thumbnail")
    assert answer.status_code == 422
    assert "pixels 1,006 times, more than is done here" in answer.json["error"]


def test_a_size_that_is_no_number_hides_no_picture(tmp_path: Path) -> None:
    event = Event(wall_time=1e9, step=1)
    value = event.summary.value.add(tag="picture")
    value.metadata.plugin_data.plugin_name = "images"
    value.tensor.dtype = 7
    value.tensor.string_val.extend([b"wide", b"9" * 5000, encoded(COLORS), encoded(COLORS[:5])])
    value.tensor.tensor_shape.dim.add(size=4)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "events.out.tfevents.1.host").write_bytes(frame(event.SerializeToString()))
    log = open_logdir(tmp_path, index_dir=False)
    query = {"run": "run", "kind": "images", "tag": "picture", "id": f"1-{log.images('run', 'picture').crc[0]:08x}"}
    client = create_app(log).test_client()
    told = client.get("/api/blob/info", query_string={**query, "sample": 1}).json
    assert (told["width"], told["height"], told["samples"], told["stated"]) == (40, 5, 2, None)
