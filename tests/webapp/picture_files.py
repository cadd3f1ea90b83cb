"""Picture files for tests, honest and hostile, and logs that hold them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from stepscope.logger import open_logdir
from stepscope.logger.proto.event_pb2 import Event
from stepscope.logger.records import frame
from stepscope.webapp.app import create_app

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def encoded(pixels: Any, format: str = "PNG", **options: Any) -> bytes:
    """An array or a PIL image as a file."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, depth: int, color: int, packed: bytes) -> bytes:
    """A PNG of these very bytes: its header may say anything."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def bomb(side: int = 30_000) -> bytes:
    """A grey PNG of side × side pixels in 4 MB: zeros, which would take 900 MB."""
    packer = zlib.compressobj(1, wbits=-15)
    rows = packer.compress(b"\0" * (side + 1) * (side // 30)) + packer.flush(zlib.Z_FULL_FLUSH)
    return png(side, side, 8, 0, b"\x78\x01" + rows * 30 + b"\x03\0")  # what was flushed stands for itself


def png16(values: np.ndarray[Any, Any]) -> bytes:
    """(height, width, channels) uint16 as a PNG whose rows go through all five filters in turn."""
    height, width, channels = values.shape
    size = 2 * channels
    rows = values.astype(">u2").tobytes()
    rows = np.frombuffer(rows, np.uint8).reshape(height, width * size).astype(int)
    packed = bytearray()
    for y, row in enumerate(rows):
        above = rows[y - 1] if y else np.zeros_like(row)
        left = np.concatenate([np.zeros(size, int), row[:-size]])
        corner = np.concatenate([np.zeros(size, int), above[:-size]])
        near = left + above - corner
        far = np.stack([abs(near - left), abs(near - above), abs(near - corner)])
        paeth = np.choose(far.argmin(0), [left, above, corner])
        guess = (np.zeros_like(row), left, above, (left + above) // 2, paeth)[y % 5]
        packed += bytes([y % 5]) + ((row - guess) % 256).astype(np.uint8).tobytes()
    return png(width, height, 16, {1: 0, 2: 4, 3: 2, 4: 6}[channels], zlib.compress(bytes(packed)))


def write_pictures(folder: Path, tags: dict[str, Sequence[bytes]], start: float = 1e9) -> None:
    """One event file; file i of a tag is logged at step 10 · i, without a look at what is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    events = [Event(wall_time=start, file_version="brain.Event:2")]
    for tag, files in tags.items():
        for i, data in enumerate(files):
            event = Event(wall_time=start + i, step=10 * i)
            event.summary.value.add(tag=tag).image.encoded_image_string = data
            events.append(event)
    (folder / "events.out.tfevents.1000000000.host").write_bytes(
        b"".join(frame(event.SerializeToString()) for event in events)
    )


def answer_about(folder: Path, data: bytes, form: str, **args: Any) -> Any:
    """What /api/blob/<form> says of a picture that was logged as it is."""
    write_pictures(folder / "run", {"picture": [data]})
    log = open_logdir(folder, index_dir=False)
    name = f"0-{log.images('run', 'picture').crc[0]:08x}"
    query = {"run": "run", "kind": "images", "tag": "picture", "id": name, **args}
    return create_app(log).test_client().get(f"/api/blob/{form}", query_string=query)
