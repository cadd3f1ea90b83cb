"""Embeddings that lie in checkpoints: the variables with two axes, at every step that was saved.

Keras's callback writes keras_embedding.ckpt-<epoch>.weights.h5 and a configuration that calls every embedding layer by
the same name; the names of the layers are in the files. TensorFlow writes <prefix>-<step>.index and .data files.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .config_files import ConfigError, ConfigFile
from .configured import files_of, with_metadata
from .embedding import Embedding
from .found import FoundEmbedding
from .reading.hdf5 import Hdf5
from .reading.naming import as_points
from .reading.table import Table
from .reading.tensor_bundle import TensorBundle

if TYPE_CHECKING:
    from ..logger.proto.plugins_pb2 import ProjectorConfig

    Entry = ProjectorConfig.Embedding

__all__ = ["embeddings_in_checkpoints"]

_KERAS_FILE = re.compile(r"keras_embedding\.ckpt-(\d+)\.weights\.h5")
_KERAS_NAME = re.compile(r"layer_with_weights-\d+/embeddings/\.ATTRIBUTES/VARIABLE_VALUE")
_EMBEDDING_LAYER = re.compile(r"(^|/)\w*embedding\w*/vars/0$", re.IGNORECASE)
_STEP = re.compile(r"-(\d+)$")
_SLOTS = re.compile(r"\.OPTIMIZER_SLOT|^optimizer/|^_CHECKPOINTABLE_OBJECT_GRAPH")
_MOST_STEPS = 1_000  # of a folder, the newest
_NONE = (
    "{name!r} cannot be opened: {config} names a variable of a checkpoint, but there is none beside it. "
    "Copy the checkpoint there; Keras writes one with TensorBoard(embeddings_freq=1)."
)


@dataclass(frozen=True)
class _Variable:
    """path: of the file or the prefix of a checkpoint. key: its name there, title: for people."""

    path: Path
    key: str
    title: str
    shape: tuple[int, int]
    step: int


def embeddings_in_checkpoints(folder: Path, run: str, config: ConfigFile | None) -> list[FoundEmbedding]:
    """Of the checkpoints in a folder and those that its configuration names, those of layers called embedding first.

    What the configuration names and no checkpoint has is broken.
    """
    entries = [entry for entry in config.config.embeddings if not entry.tensor_path] if config else []
    try:
        variables = [*(_keras_variables(folder) if config else ()), *_tensorflow_variables(folder, config)]
    except (ConfigError, ValueError, OSError) as error:
        where = config.path if config else folder
        return [
            FoundEmbedding(run, "checkpoint", "checkpoint", 0, where, broken=f"No checkpoint can be read: {error}.")
        ]
    owners = _owners(variables, entries)
    found = [_found(run, variable, owners.get(variable.key), config) for variable in variables]
    keras = any(variable.path.suffix == ".h5" for variable in variables)
    if config is not None:
        for entry in entries:
            there = entry.tensor_name in owners or (keras and _KERAS_NAME.fullmatch(entry.tensor_name))
            if entry.tensor_name and not there:
                sentence = _NONE.format(name=entry.tensor_name, config=config.path.name)
                found.append(FoundEmbedding(run, entry.tensor_name, entry.tensor_name, 0, config.path, broken=sentence))
    return found


def _found(run: str, variable: _Variable, entry: Entry | None, config: ConfigFile | None) -> FoundEmbedding:
    name = f"{variable.title}:{variable.step:05d}"
    opening = functools.partial(_open, variable, entry, config)
    metadata = bool(entry and entry.metadata_path)
    sprite = bool(entry and entry.sprite.image_path)
    where = (run, name, variable.title, variable.step, variable.path, variable.shape)
    files = (_source(variable), *files_of(config, entry))
    return FoundEmbedding(*where, metadata, sprite, files=files, opening=opening)


def _open(variable: _Variable, entry: Entry | None, config: ConfigFile | None, cache: bool | Path) -> Embedding:
    """Raises ValueError, OSError."""
    where = f"{variable.key!r} of {variable.path.name}"
    is_keras = variable.path.suffix == ".h5"
    numbers = Hdf5(variable.path).read(variable.key) if is_keras else TensorBundle(variable.path).read(variable.key)
    points, notes = as_points(where, numbers)
    table = Table(points, notes=tuple(notes), part=variable.key)
    return with_metadata(config, entry, table, _source(variable), f"{variable.title}:{variable.step:05d}")


def _source(variable: _Variable) -> Path:
    """The file that changes with the variable."""
    path = variable.path
    return path if path.suffix == ".h5" else path.with_name(path.name + ".index")


def _owners(variables: Sequence[_Variable], entries: Sequence[Entry]) -> dict[str, Entry]:
    """Which entry of the configuration is about which variable.

    Entries of Keras are all called the same: the first one is about the first layer called embedding, and so on. An
    entry without a name is about every variable that has none of its own.
    """
    titles = {variable.key: variable.title for variable in variables}
    keys = list(titles)
    named = {entry.tensor_name: entry for entry in entries if entry.tensor_name}
    keras = [entry for entry in entries if _KERAS_NAME.fullmatch(entry.tensor_name)]
    layers = [key for key, title in titles.items() if _is_embedding(key, title)]
    owners = dict(zip(layers, keras, strict=False))
    owners.update({key: named[key] for key in keys if key in named})
    rest = next((entry for entry in entries if not entry.tensor_name), None)
    return {**({key: rest for key in keys} if rest is not None else {}), **owners}


def _is_embedding(key: str, layer: str) -> bool:
    return _EMBEDDING_LAYER.search(key) is not None or "embedding" in layer.lower()


def _keras_variables(folder: Path) -> Iterator[_Variable]:
    files = [
        path for place in (folder, folder / "train") for path in _listed(place) if _KERAS_FILE.fullmatch(path.name)
    ]
    for path in files[-_MOST_STEPS:]:
        match = _KERAS_FILE.fullmatch(path.name)
        arrays = _arrays(path, path.stat().st_mtime_ns)
        tables = {key: found for key, found in arrays.items() if _is_table(key, found[0])}
        owners = [owner for _, owner in tables.values()]
        for key, (shape, owner) in sorted(tables.items(), key=lambda one: not _is_embedding(one[0], one[1][1])):
            title = owner if owner and owners.count(owner) == 1 else key
            yield _Variable(path, key, title, (shape[0], shape[1]), int(match[1]) if match else 0)


@lru_cache(maxsize=256)
def _arrays(path: Path, modified: int) -> Mapping[str, tuple[tuple[int, ...], str]]:
    return {key: (found.shape, found.owner) for key, found in Hdf5(path).datasets.items()}


def _tensorflow_variables(folder: Path, config: ConfigFile | None) -> Iterator[_Variable]:
    newest = _prefix(folder, config)
    if newest is None:
        return
    base = _STEP.sub("", newest.name)
    files = _listed(newest.parent)
    with_numbers = {path.name.rpartition(".data-")[0] for path in files}
    prefixes = [path.with_suffix("") for path in files if path.suffix == ".index" and path.stem in with_numbers]
    steps = {path: int(match[1]) if (match := _STEP.search(path.name)) else 0 for path in prefixes}
    same = [path for path in prefixes if _STEP.sub("", path.name) == base]
    for prefix in sorted(same, key=lambda one: steps[one])[-_MOST_STEPS:]:
        shapes = _shapes(prefix, prefix.with_name(prefix.name + ".index").stat().st_mtime_ns)
        for key, shape in shapes.items():
            if _is_table(key, shape) and key.rpartition("/")[0] not in shapes:
                title = key.removesuffix("/.ATTRIBUTES/VARIABLE_VALUE")
                yield _Variable(prefix, key, title, (shape[0], shape[1]), steps[prefix])


@lru_cache(maxsize=256)
def _shapes(prefix: Path, modified: int) -> Mapping[str, tuple[int, ...]]:
    return TensorBundle(prefix).shapes()


def _is_table(key: str, shape: Sequence[int]) -> bool:
    return len(shape) == 2 and min(shape) > 0 and not _SLOTS.search(key)


def _listed(folder: Path) -> list[Path]:
    """Files in natural order: epoch 10 behind epoch 9. A link that leads out of the folder is none."""
    try:
        paths = [Path(entry.path) for entry in os.scandir(folder) if entry.is_file()]
    except OSError:
        return []
    inside = os.path.realpath(folder) + os.sep
    paths = [path for path in paths if os.path.realpath(path).startswith(inside)]
    return sorted(paths, key=lambda path: [(len(part), part) for part in re.split(r"(\d+)", path.name)])


def _prefix(folder: Path, config: ConfigFile | None) -> Path | None:
    """The newest checkpoint, as the configuration names it or the file "checkpoint" does. Raises ConfigError.

    Both hold absolute paths where it was trained on another machine: then the file of that name in the folder is taken.
    """
    named = config.config.model_checkpoint_path if config else ""
    if not named:
        try:
            text = (folder / "checkpoint").read_text("utf-8", "replace")[:65_536]
        except OSError:
            return None
        match = re.search(r'^model_checkpoint_path:\s*"((?:[^"\\]|\\.)*)"', text, re.MULTILINE)
        named = match[1] if match else ""
    if not named or "\0" in named:
        return None
    inside = os.path.realpath(folder)
    for place in (os.path.join(folder, named), os.path.join(folder, os.path.basename(named))):
        prefix = os.path.realpath(place)
        if prefix.startswith(inside + os.sep) and os.path.isfile(prefix + ".index"):
            return Path(prefix)
    if config is None or not config.config.model_checkpoint_path:
        return None
    raise ConfigError(f"{named[:200]!r} is named in {config.path.name}, but {folder.name} holds no such checkpoint")
