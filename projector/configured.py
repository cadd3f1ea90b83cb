"""An embedding that projector_config.pbtxt lists: its tensor, metadata and sprite, where the configuration says."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .assembling import Extras, assemble
from .config_files import ConfigError, ConfigFile
from .embedding import Embedding
from .reading.array_files import read_raw
from .reading.kept_tables import text_table
from .reading.points_file import Wanted, read_points
from .reading.table import Table

if TYPE_CHECKING:
    from ..logger.proto.plugins_pb2 import ProjectorConfig

__all__ = ["files_of", "is_raw", "open_configured", "read_tensor_file", "with_metadata"]

_HEAD = 4096  # bytes that tell text from numbers
_ARRAYS = frozenset((".npy", ".npz", ".parquet", ".safetensors"))


def open_configured(found: ConfigFile, entry: ProjectorConfig.Embedding, cache: bool | Path = True) -> Embedding:
    """Metadata and sprites that are missing are told in its notes. Raises ValueError where there are no points."""
    path = found.file(entry.tensor_path)
    table = read_tensor_file(path, tuple(entry.tensor_shape), cache)
    return with_metadata(found, entry, table, path, entry.tensor_name)


def with_metadata(
    found: ConfigFile | None,
    entry: ProjectorConfig.Embedding | None,
    table: Table,
    source: Path,
    name: str,
) -> Embedding:
    """The points of `table` with what the configuration names beside them."""
    if found is None or entry is None:
        return assemble(name, table, Extras(), source)
    missing: list[str] = []
    metadata = _named(found, entry.metadata_path, "metadata", missing)
    sprite = _named(found, entry.sprite.image_path, "thumbnails", missing)
    size = tuple(entry.sprite.single_image_dim) or None
    table = replace(table, notes=(*table.notes, *missing))
    embedding = assemble(name, table, Extras(metadata, sprite, size), source)
    names = {path.name: path for path in (source, metadata, sprite) if path is not None}
    notes = tuple(_with_folder(note, names, found.path.parent) for note in embedding.notes)
    return replace(embedding, notes=notes, source=_with_folder(embedding.source, names, found.path.parent))


def _with_folder(note: str, paths: Mapping[str, Path], folder: Path) -> str:
    """The note with the file it begins with as the configuration names it: every step has a "tensors.tsv"."""
    for name, path in paths.items():
        if note.startswith(name):
            return os.path.relpath(path, os.path.realpath(folder)).replace(os.sep, "/") + note[len(name) :]
    return note


def files_of(found: ConfigFile | None, entry: ProjectorConfig.Embedding | None) -> tuple[Path, ...]:
    """Those that the configuration names and that are there: tensor, metadata, sprite."""
    files: list[Path] = []
    if found is not None and entry is not None:
        for name in (entry.tensor_path, entry.metadata_path, entry.sprite.image_path):
            with contextlib.suppress(ConfigError):
                files += [found.file(name)] if name else []
    return tuple(files)


def _named(found: ConfigFile, name: str, what: str, missing: list[str]) -> Path | None:
    if not name:
        return None
    try:
        return found.file(name)
    except ConfigError as error:
        missing.append(f"The points have no {what}: {error}.")
        return None


def read_tensor_file(path: Path, shape: tuple[int, ...], cache: bool | Path = True) -> Table:
    """Lines of numbers between tabs; else float32 of this shape without a header; else what the file's name says.

    Raises ValueError where it is none of these.
    """
    if path.suffix.lower() in _ARRAYS:
        return read_points(path, Wanted())
    if is_raw(path):
        return Table(read_raw(path, shape))
    return text_table(path, True, None, cache)


def is_raw(path: Path) -> bool:
    """Whether the file holds bytes that no text has."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if b"\0" in head:
        return True
    try:
        head[: head.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.end < len(head) - 4  # a character may be cut in two by the end of what was read
    return False
