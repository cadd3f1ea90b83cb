"""Which embeddings a log has, without reading any."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..logger.embedding_files import CONFIG_NAME
from .checkpoints import embeddings_in_checkpoints
from .config_files import ASSETS, ConfigError, ConfigFile, folders_of_runs, read_config
from .configured import files_of, is_raw, open_configured
from .found import FoundEmbedding, tag_and_step

if TYPE_CHECKING:
    from ..logger import LogDir
    from ..logger.proto.plugins_pb2 import ProjectorConfig

__all__ = ["embeddings_in_folder", "find_embeddings"]

_COUNTED = 32 << 20  # bytes of text whose lines are counted for the list


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
    """What the configuration in the folder lists and what checkpoints hold; a broken one for what cannot be read."""
    found: list[FoundEmbedding] = []
    for place in (folder, folder / ASSETS):
        config = None
        try:
            config = read_config(place)
        except ConfigError as error:
            path = place / CONFIG_NAME
            found.append(FoundEmbedding(run, path.name, path.name, 0, path, broken=f"{error}"))
        if config is not None:
            found += [_found(run, config, entry) for entry in config.config.embeddings if entry.tensor_path]
        if config is not None or place == folder:
            found += embeddings_in_checkpoints(place, run, config)
    return found


def _found(run: str, config: ConfigFile, entry: ProjectorConfig.Embedding) -> FoundEmbedding:
    tag, step = tag_and_step(entry.tensor_name)
    shape, broken = None, ""
    try:
        shape = _shape(config, entry)
    except (ConfigError, OSError) as error:
        broken = f"{entry.tensor_name!r} cannot be opened: {error}."
    has = (bool(entry.metadata_path), bool(entry.sprite.image_path))
    opening = functools.partial(open_configured, config, entry)
    return FoundEmbedding(
        run, entry.tensor_name, tag, step, config.path, shape, *has, broken, files_of(config, entry), opening
    )


def _shape(config: ConfigFile, entry: ProjectorConfig.Embedding) -> tuple[int, int] | None:
    """Raises ConfigError where there is no tensor."""
    path = config.file(entry.tensor_path)
    if len(entry.tensor_shape) == 2:
        return entry.tensor_shape[0], entry.tensor_shape[1]
    status = path.stat()
    if status.st_size > _COUNTED:
        return None
    return _counted(path, (status.st_ino, status.st_size, status.st_mtime_ns))


@functools.lru_cache(maxsize=4096)
def _counted(path: Path, stamp: tuple[int, ...]) -> tuple[int, int] | None:
    """Lines, and cells of the first one. `stamp` tells one content of the file from the next."""
    if is_raw(path):
        return None
    lines = [line for line in path.read_bytes().split(b"\n") if line.strip()]
    return (len(lines), lines[0].count(b"\t") + 1) if lines else None
