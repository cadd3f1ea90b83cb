"""The embeddings that lie beside event files, as TensorBoard's projector lists them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...projector.config_files import ASSETS, ConfigError, ConfigFile, folders_of_runs, read_config
from ...projector.configured import read_tensor_file
from ..queries import Refused

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.proto.plugins_pb2 import ProjectorConfig
    from ...projector.reading.table import Points

__all__ = ["Embeddings", "all_embeddings", "embeddings_of", "first_lines"]


@dataclass(frozen=True)
class Embeddings:
    """The embeddings of one run."""

    found: ConfigFile

    @property
    def config(self) -> ProjectorConfig:
        return self.found.config

    def find(self, name: str) -> ProjectorConfig.Embedding | None:
        """The embedding of this name; ":0" at its end does not count."""
        return self.found.find(name)

    def file(self, name: str) -> Path:
        """The file that the configuration calls `name`. Raises Refused where it leads out of the folder, or nowhere."""
        try:
            return self.found.file(name)
        except ConfigError as error:
            raise Refused(str(error)) from None

    def tensor(self, entry: ProjectorConfig.Embedding) -> Points:
        """(points, dimensions) float32. Raises Refused."""
        path = self.file(entry.tensor_path)
        try:
            return read_tensor_file(path, tuple(entry.tensor_shape)).points.astype("float32", copy=False)
        except ValueError as error:
            raise Refused(str(error)) from None


def all_embeddings(log: LogDir) -> dict[str, Embeddings]:
    """The runs that have embeddings, in order of their names."""
    found: dict[str, Embeddings] = {}
    for run, folder in folders_of_runs(log):
        for place in (folder, folder / ASSETS):
            embeddings = _read(place)
            if embeddings is not None:
                found[run] = embeddings
    return found


def embeddings_of(log: LogDir, run: str) -> Embeddings:
    """Raises Refused."""
    found = all_embeddings(log).get(run)
    if found is None:
        raise Refused(f"there is no run {run[:200]!r} with embeddings")
    return found


def first_lines(path: Path, rows: int | None) -> str:
    """The text of a table: `rows` lines behind its header, which only tables of several columns have."""
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.readline()
        if rows is None:
            return head + file.read()
        more = rows if "\t" in head else rows - 1
        return head + "".join(line for line, _ in zip(file, range(more), strict=False))


def _read(folder: Path) -> Embeddings | None:
    """None where there is no configuration, none that can be read, or nothing in it that can be shown."""
    try:
        config = read_config(folder)
    except ConfigError:
        return None
    if config is None or not config.config.embeddings:
        return None
    with_files = any(entry.tensor_path for entry in config.config.embeddings)
    if not with_files and not config.config.model_checkpoint_path:
        return None
    found = Embeddings(config)
    for entry in config.config.embeddings:
        if entry.tensor_path and not entry.tensor_shape:
            _add_shape(found, entry)
    return found


def _add_shape(found: Embeddings, entry: ProjectorConfig.Embedding) -> None:
    try:
        entry.tensor_shape.extend(found.tensor(entry).shape)
    except Refused:  # said when the tensor is asked for
        return
