"""Which embeddings a log has, without reading any."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..logger.embedding_files import CONFIG_NAME
from .config_files import ASSETS, ConfigError, ConfigFile, folders_of_runs, read_config
from .configured import is_raw, open_configured
from .embedding import Embedding

if TYPE_CHECKING:
    from ..logger import LogDir
    from ..logger.proto.plugins_pb2 import ProjectorConfig

__all__ = ["FoundEmbedding", "embeddings_in_folder", "find_embeddings"]

_STEP = re.compile(r"(.*):(\d{5,})", re.DOTALL)  # how add_embedding writes tag and step
_COUNTED = 32 << 20  # bytes of text whose lines are counted for the list


@dataclass(frozen=True)
class FoundEmbedding:
    """One embedding of a run: a tag at a step."""

    run: str
    name: str  # as in the configuration: "layer:00010"
    tag: str  # "layer"
    step: int  # 10; 0 where the name has none
    path: Path  # of the configuration or the checkpoint
    shape: tuple[int, int] | None  # (points, dimensions) where they are known without reading all of it
    metadata: bool
    sprite: bool
    broken: str = ""  # a sentence that says why it cannot be opened
    source: ConfigFile | None = field(default=None, repr=False)

    def open(self, *, cache: bool = True) -> Embedding:
        """Raises ValueError with a sentence, OSError."""
        if self.broken:
            raise ValueError(self.broken)
        entry = self.source.find(self.name) if self.source else None
        if self.source is None or entry is None:
            raise ValueError(f"{self.name!r} is not in {self.path} any more")
        return open_configured(self.source, entry, cache)


def find_embeddings(log: LogDir) -> list[FoundEmbedding]:
    """All of a log: by run, the tags of a run in the order they are listed in, the steps of a tag ascending."""
    found: dict[tuple[str, str], FoundEmbedding] = {}
    for run, folder in _folders(log):
        for one in embeddings_in_folder(folder, run):
            found.setdefault((one.run, one.name), one)
    return sorted(found.values(), key=_order(list(found.values())))


def _order(found: Sequence[FoundEmbedding]) -> Callable[[FoundEmbedding], tuple[int, int]]:
    places: dict[tuple[str, str], int] = {}
    for one in found:
        places.setdefault((one.run, one.tag), len(places))
    return lambda one: (places[one.run, one.tag], one.step)


def _folders(log: LogDir) -> Iterator[tuple[str, Path]]:
    """Also the folders above runs: Keras writes its configuration beside the folders train and validation."""
    seen: set[str] = set()
    roots = {os.path.realpath(root.path): root.name for root in log.status().roots}
    above: dict[Path, str] = {}
    for run, folder in folders_of_runs(log):
        seen.add(os.path.realpath(folder))
        yield run, folder
        while os.path.realpath(folder) not in roots and folder != folder.parent:
            folder, run = folder.parent, run.rpartition("/")[0] or "."
            above.setdefault(folder, run)
    for folder, run in above.items():
        if os.path.realpath(folder) not in seen:
            yield run, folder


def embeddings_in_folder(folder: Path, run: str = ".") -> list[FoundEmbedding]:
    """What the configuration in the folder lists; one that is broken where the configuration itself is."""
    found: list[FoundEmbedding] = []
    for place in (folder, folder / ASSETS):
        try:
            config = read_config(place)
        except ConfigError as error:
            path = place / CONFIG_NAME
            found.append(FoundEmbedding(run, path.name, path.name, 0, path, None, False, False, f"{error}"))
            continue
        if config is not None:
            found += [_found(run, config, entry) for entry in config.config.embeddings]
    return found


def _found(run: str, config: ConfigFile, entry: ProjectorConfig.Embedding) -> FoundEmbedding:
    match = _STEP.fullmatch(entry.tensor_name)
    tag, step = (match[1], int(match[2])) if match else (entry.tensor_name, 0)
    shape, broken = None, ""
    try:
        shape = _shape(config, entry)
    except (ConfigError, OSError) as error:
        broken = f"{entry.tensor_name!r} cannot be opened: {error}."
    has_sprite = bool(entry.sprite.image_path)
    return FoundEmbedding(
        run, entry.tensor_name, tag, step, config.path, shape, bool(entry.metadata_path), has_sprite, broken, config
    )


def _shape(config: ConfigFile, entry: ProjectorConfig.Embedding) -> tuple[int, int] | None:
    """Raises ConfigError where there is no tensor."""
    if not entry.tensor_path:
        raise ConfigError(f"{config.path.name} names neither a file of it nor a checkpoint that can be read")
    path = config.file(entry.tensor_path)
    if len(entry.tensor_shape) == 2:
        return entry.tensor_shape[0], entry.tensor_shape[1]
    status = path.stat()
    if status.st_size > _COUNTED:
        return None
    return _counted(path, (status.st_ino, status.st_size, status.st_mtime_ns))


@lru_cache(maxsize=4096)
def _counted(path: Path, stamp: tuple[int, ...]) -> tuple[int, int] | None:
    """Lines, and cells of the first one. `stamp` tells one content of the file from the next."""
    if is_raw(path):
        return None
    lines = [line for line in path.read_bytes().split(b"\n") if line.strip()]
    return (len(lines), lines[0].count(b"\t") + 1) if lines else None
