"""projector_config.pbtxt: which embeddings a folder has, and the files it names.

A name may lead nowhere but into the folder of the configuration: a log may come from anybody.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..logger.embedding_files import CONFIG_NAME
from ..logger.errors import LogError

if TYPE_CHECKING:
    from ..logger import LogDir
    from ..logger.proto.plugins_pb2 import ProjectorConfig

__all__ = ["ASSETS", "ConfigError", "ConfigFile", "folders_of_runs", "read_config"]

ASSETS = Path("plugins", "org_tensorflow_tensorboard_projector")  # where old writers put the configuration
_LARGEST = 16 << 20  # bytes of a configuration


class ConfigError(ValueError):
    """A configuration that cannot be read, or a file of it that cannot be opened."""


@dataclass(frozen=True)
class ConfigFile:
    """The configuration at `path`."""

    path: Path
    config: ProjectorConfig
    _places: dict[str, str] = field(default_factory=dict, repr=False)  # real paths that were looked up

    def find(self, name: str) -> ProjectorConfig.Embedding | None:
        """The embedding of this name; ":0" at its end does not count."""
        wanted = name.removesuffix(":0")
        found = (entry for entry in self.config.embeddings if entry.tensor_name.removesuffix(":0") == wanted)
        return next(found, None)

    def file(self, name: str) -> Path:
        """The file that the configuration calls `name`. Raises ConfigError where that is not in its folder."""
        folder = self._real(os.fspath(self.path.parent))
        place = self._real(os.path.join(folder, name)) if "\0" not in name else ""
        if not place.startswith(folder.rstrip(os.sep) + os.sep):
            raise ConfigError(f"{name[:200]!r} leads out of the folder of {CONFIG_NAME}; its files must lie in there")
        if not os.path.isfile(place):
            raise ConfigError(f"{name[:200]!r} is named in {CONFIG_NAME}, but there is no such file")
        return Path(place)

    def _real(self, path: str) -> str:
        if path not in self._places:
            self._places[path] = os.path.realpath(path)
        return self._places[path]


def read_config(folder: Path) -> ConfigFile | None:
    """The configuration in the folder, or None. Embeddings without a name get that of their file.

    Raises ConfigError where it cannot be read.
    """
    from google.protobuf import text_format

    from ..logger.proto.plugins_pb2 import ProjectorConfig

    path = folder / CONFIG_NAME
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > _LARGEST:
            raise ConfigError(f"{path.name} has {path.stat().st_size:,} bytes, at most {_LARGEST:,} are read")
        config = ProjectorConfig()
        text_format.Parse(path.read_text("utf-8-sig"), config, allow_unknown_field=True)
    except (OSError, UnicodeDecodeError, text_format.ParseError, RecursionError) as error:
        raise ConfigError(f"{path.name} cannot be read: {error}") from None
    for entry in config.embeddings:
        if entry.tensor_path and not entry.tensor_name:
            entry.tensor_name = os.path.basename(entry.tensor_path)
        entry.tensor_name = entry.tensor_name.removesuffix(":0")
    return ConfigFile(path, config)


def folders_of_runs(log: LogDir) -> Iterator[tuple[str, Path]]:
    """(run, folder) of every run, then the log directories themselves, where no run has their name."""
    runs = log.runs
    for run in runs:
        try:
            folders = {Path(file.path).parent for file in log.files(run)}
        except LogError:  # the run went away meanwhile
            continue
        yield from ((run, folder) for folder in sorted(folders))
    for root in log.status().roots:
        if (root.name or ".") not in runs:
            yield root.name or ".", Path(root.path)
