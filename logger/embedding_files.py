"""The embedding folder that projectors read: tensors, labels, a sprite of thumbnails, and the list of embeddings.

projector_config.pbtxt                     which embeddings there are
<step, 5 digits>/<tag>/tensors.tsv         one point a line
                      /metadata.tsv        one label a line, with a header when there are several columns
                      /sprite.png          thumbnails row by row
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import time
import urllib.parse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .proto.plugins_pb2 import ProjectorConfig

CONFIG_NAME = "projector_config.pbtxt"

_SPRITE_SIDE = 8192  # the largest texture a browser is sure to take
_STALE_LOCK_SECONDS = 10.0
_LONGEST_NAME = 200  # characters; file systems take 255 bytes


@dataclass(frozen=True)
class Embedding:
    """Points with their labels and thumbnails, as they were at the call.

    points: (n, dimensions). metadata: n rows. header: names of the columns. images: (n, channels, height, width).
    """

    tag: str
    step: int
    points: Any
    metadata: list[list[str]] | None = None
    header: list[str] | None = None
    images: Any = None

    @property
    def folder(self) -> str:
        """Relative to the log directory; every character that some file system minds is escaped."""
        tag = urllib.parse.quote(self.tag, safe="").replace(".", "%2E")
        if len(tag) > _LONGEST_NAME:
            tag = tag[:_LONGEST_NAME] + hashlib.blake2b(tag.encode(), digest_size=8).hexdigest()
        return f"{self.step:05d}/{tag}"

    @property
    def name(self) -> str:
        return f"{self.tag}:{self.step:05d}"


def check_embedding(
    call: str,
    points: tuple[int, ...],
    rows: list[list[str]] | None,
    header: list[str],
    images: tuple[int, ...] | None,
) -> None:
    """Raises ValueError when points, labels, header and thumbnails do not fit together."""
    if len(points) != 2 or 0 in points:
        raise ValueError(f"{call}: expected points of shape (n, dimensions), got {points}")
    if rows is not None and len(rows) != points[0]:
        raise ValueError(f"{call}: expected a label for each of {points[0]} points, got {len(rows)}")
    columns = {len(row) for row in rows or []}
    if len(columns) > 1:
        raise ValueError(f"{call}: expected labels with one number of columns, got {sorted(columns)}")
    if header and columns and columns != {len(header)}:
        raise ValueError(f"{call}: metadata_header names {len(header)} columns, the labels have {max(columns)}")
    if images is not None and (len(images) != 4 or images[0] != points[0] or images[1] not in (1, 3, 4)):
        raise ValueError(f"{call}: expected thumbnails of shape ({points[0]}, 1 or 3, height, width), got {images}")


def metadata_rows(call: str, metadata: Any) -> list[list[str]]:
    """Labels as rows of strings, one column when they are no lists or tuples. Arrays and tensors are taken as lists.

    Raises TypeError when `metadata` is no sequence.
    """
    listed = _plain(metadata)
    if not isinstance(listed, Iterable):
        raise TypeError(f"{call}: expected metadata with a label for each point, got {type(metadata).__name__}")
    rows = []
    for given in listed:
        row = _plain(given)
        cells = row if isinstance(row, (list, tuple)) else [row]
        rows.append([_cell(cell) for cell in cells])
    return rows


def write_embedding(logdir: str, embedding: Embedding) -> None:
    """Write the files, then add the embedding to the list, where it replaces one of the same name.

    What other processes and earlier runs have listed stays.
    """
    folder = os.path.join(logdir, embedding.folder)
    os.makedirs(folder, exist_ok=True)
    entry = ProjectorConfig.Embedding(tensor_name=embedding.name, tensor_path=f"{embedding.folder}/tensors.tsv")
    _write(os.path.join(folder, "tensors.tsv"), _points_text(np.asarray(embedding.points)))
    if embedding.metadata is not None:
        lines = ["\t".join(row) for row in _with_header(embedding.metadata, embedding.header)]
        _write(os.path.join(folder, "metadata.tsv"), "\n".join(lines) + "\n")
        entry.metadata_path = f"{embedding.folder}/metadata.tsv"
    if embedding.images is not None:
        sprite, width, height = sprite_sheet(np.asarray(embedding.images))
        with open(os.path.join(folder, "sprite.png"), "wb") as file:
            file.write(sprite)
        entry.sprite.image_path = f"{embedding.folder}/sprite.png"
        entry.sprite.single_image_dim.extend([width, height])
    with _locked(os.path.join(logdir, CONFIG_NAME)) as path:
        _merge_into_config(path, entry)


def _merge_into_config(path: str, entry: ProjectorConfig.Embedding) -> None:
    from google.protobuf import text_format

    config = ProjectorConfig()
    try:
        with open(path, encoding="utf-8") as file:
            text_format.Parse(file.read(), config, allow_unknown_field=True)
    except FileNotFoundError:
        pass
    except (text_format.ParseError, UnicodeDecodeError):
        os.replace(path, f"{path}.unreadable")  # by somebody else's hand; kept for them
        config = ProjectorConfig()
    others = [one for one in config.embeddings if one.tensor_name != entry.tensor_name]
    del config.embeddings[:]
    config.embeddings.extend([*others, entry])
    _write(path, text_format.MessageToString(config, as_utf8=True))


@contextlib.contextmanager
def _locked(path: str) -> Iterator[str]:
    """Reading, changing and replacing the file at `path` as one, among processes."""
    lock = f"{path}.lock"
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            with contextlib.suppress(FileNotFoundError):
                if time.time() - os.stat(lock).st_mtime > _STALE_LOCK_SECONDS:  # its owner died
                    os.unlink(lock)
            time.sleep(0.01)
    try:
        yield path
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(lock)


def _write(path: str, text: str) -> None:
    """Replace the file in one step: a reader sees the old or the new one."""
    draft = f"{path}.{os.getpid()}.tmp"
    with open(draft, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    os.replace(draft, path)


def _points_text(points: Any) -> str:
    line = "\t".join(["%.9g"] * points.shape[1])  # nine digits bring back every float32
    return "\n".join(line % tuple(row) for row in points.astype(np.float64).tolist()) + "\n"


def _with_header(rows: list[list[str]], header: Sequence[str] | None) -> list[list[str]]:
    """Readers take the first line for a header when there are two columns or more, and only then."""
    columns = len(rows[0]) if rows else 1
    if columns == 1:
        return rows
    names = [_cell(name) for name in header] if header else [f"column {index + 1}" for index in range(columns)]
    return [names, *rows]


def _plain(value: Any) -> Any:
    """An array or tensor as lists and numbers."""
    return value.tolist() if hasattr(value, "tolist") else value


def _cell(value: object) -> str:
    return str(_plain(value)).replace("\t", " ").replace("\r", " ").replace("\n", " ")


def sprite_sheet(images: Any) -> tuple[bytes, int, int]:
    """Thumbnails (n, channels, height, width) → one PNG with as many columns as rows; width and height of one there.

    They are shrunk where the PNG would be larger than 8,192 pixels a side.
    """
    from PIL import Image

    from .summaries.image import eight_bit, grid, png

    pictures = eight_bit(np.ascontiguousarray(images.transpose(0, 2, 3, 1)))
    if pictures.shape[-1] == 1:
        pictures = np.repeat(pictures, 3, axis=-1)
    count, height, width = pictures.shape[:3]
    side = math.ceil(math.sqrt(count))
    shrink = min(1.0, _SPRITE_SIDE / (side * width), _SPRITE_SIDE / (side * height))
    if shrink < 1:
        width, height = max(1, int(width * shrink)), max(1, int(height * shrink))
        pictures = np.stack([np.asarray(Image.fromarray(picture).resize((width, height))) for picture in pictures])
    square = np.zeros((side * side, height, width, pictures.shape[-1]), np.uint8)
    square[:count] = pictures
    return png(np.ascontiguousarray(grid(square, side))), width, height
