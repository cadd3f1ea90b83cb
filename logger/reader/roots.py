"""The directories that a log is opened from, and the names that their runs begin with."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from .loader import RootPath

__all__ = ["PathLike", "Paths", "absolute", "root_paths"]

PathLike: TypeAlias = str | os.PathLike[str]
Paths: TypeAlias = PathLike | Sequence[PathLike] | Mapping[str, PathLike]


def root_paths(path: Paths) -> list[RootPath]:
    """The directories that were asked for. Raises ValueError for an empty list."""
    if isinstance(path, Mapping):
        return [RootPath(str(name), absolute(folder)) for name, folder in path.items()]
    if isinstance(path, (str, os.PathLike)):
        return [RootPath("", absolute(path))]
    folders = [absolute(folder) for folder in path]
    if not folders:
        raise ValueError("open_logdir: expected at least one path, got an empty list")
    if len(folders) == 1:
        return [RootPath("", folders[0])]
    roots: list[RootPath] = []
    taken: set[str] = set()
    for folder in folders:
        name = base = os.path.basename(folder) or folder
        number = 2
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name)
        roots.append(RootPath(name, folder))
    return roots


def absolute(path: PathLike) -> str:
    """The path as it is from any working directory; "~" is the user's folder."""
    return os.path.abspath(os.path.expanduser(os.fspath(path)))
