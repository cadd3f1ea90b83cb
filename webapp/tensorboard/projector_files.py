"""The embeddings that lie beside event files: projector_config.pbtxt, and the files it names.

A name may lead nowhere but into the folder of the configuration: a log may come from anybody.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from google.protobuf import text_format

from ...logger.embedding_files import CONFIG_NAME
from ...logger.errors import LogError
from ...logger.proto.plugins_pb2 import ProjectorConfig
from ..queries import Refused
from .projector_tensors import tensor_shape

if TYPE_CHECKING:
    from ...logger import LogDir

__all__ = ["Embeddings", "all_embeddings", "embeddings_of"]

_ASSETS = Path("plugins", "org_tensorflow_tensorboard_projector")  # where old writers put the configuration
_LARGEST = 16 << 20  # bytes of a configuration


@dataclass(frozen=True)
class Embeddings:
    """The embeddings of one run."""

    path: Path  # of the configuration
    config: ProjectorConfig

    def find(self, name: str) -> ProjectorConfig.Embedding | None:
        """The embedding of this name; ":0" at its end does not count."""
        wanted = name.removesuffix(":0")
        found = (entry for entry in self.config.embeddings if entry.tensor_name.removesuffix(":0") == wanted)
        return next(found, None)

    def file(self, name: str) -> Path:
        """The file that the configuration calls `name`. Raises Refused where it leads out of the folder, or nowhere."""
        folder = os.path.realpath(self.path.parent)
        place = os.path.realpath(os.path.join(folder, name)) if "\0" not in name else ""
        if not place.startswith(folder.rstrip(os.sep) + os.sep):
            raise Refused(f"{name[:200]!r} leads out of the folder of {CONFIG_NAME}; its files must lie in there")
        if not os.path.isfile(place):
            raise Refused(f"{name[:200]!r} is named in {CONFIG_NAME}, but there is no such file")
        return Path(place)


def all_embeddings(log: LogDir) -> dict[str, Embeddings]:
    """The runs that have embeddings, in order of their names."""
    found: dict[str, Embeddings] = {}
    for run, folder in _folders(log):
        for place in (folder, folder / _ASSETS):
            embeddings = _read(place / CONFIG_NAME)
            if embeddings is not None:
                found[run] = embeddings
    return found


def embeddings_of(log: LogDir, run: str) -> Embeddings:
    """Raises Refused."""
    found = all_embeddings(log).get(run)
    if found is None:
        raise Refused(f"there is no run {run[:200]!r} with embeddings")
    return found


def _folders(log: LogDir) -> Iterator[tuple[str, Path]]:
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


def _read(path: Path) -> Embeddings | None:
    """None where there is no configuration, none that can be read, or nothing in it that can be shown."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        config = ProjectorConfig()
        text_format.Parse(path.read_text("utf-8"), config, allow_unknown_field=True)
    except (OSError, UnicodeDecodeError, text_format.ParseError, RecursionError):
        return None
    with_files = any(entry.tensor_path for entry in config.embeddings)
    if not config.embeddings or not (with_files or config.model_checkpoint_path):
        return None
    found = Embeddings(path, config)
    for entry in config.embeddings:
        _complete(found, entry)
    return found


def _complete(found: Embeddings, entry: ProjectorConfig.Embedding) -> None:
    """Fill in what the writer left out: the name and the shape."""
    if entry.tensor_path and not entry.tensor_name:
        entry.tensor_name = os.path.basename(entry.tensor_path)
    entry.tensor_name = entry.tensor_name.removesuffix(":0")
    if entry.tensor_path and not entry.tensor_shape:
        try:
            entry.tensor_shape.extend(tensor_shape(found.file(entry.tensor_path)))
        except Refused:  # said when the tensor is asked for
            return
