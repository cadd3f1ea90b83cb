"""What was named on a command line: profiles, and for everything else the reason why it is none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..discovery import FoundProfile, find_profiles, group_files
from ..reading.read import read_trace
from .problem_text import sentence_of

__all__ = ["Inputs", "Problem", "find_inputs"]


@dataclass(frozen=True)
class Problem:
    """A file or folder that cannot be reported. reason: a sentence that names it."""

    file: str
    reason: str


@dataclass
class Inputs:
    """shown: what each path was called by whoever named it, or its folder."""

    profiles: list[FoundProfile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)


def find_inputs(named: Sequence[str], newest: bool = False) -> Inputs:
    """Files, the profiles of folders (of each the newest alone, if `newest`). Files that are ranks of one capture are
    one profile, as in a folder.
    """
    inputs = Inputs()
    files: dict[str, str] = {}  # absolute path → as it was named
    for name in named:
        path = os.path.abspath(os.path.expanduser(name))
        if os.path.isdir(path):
            _add_folder(inputs, name, path, newest)
        elif os.path.exists(path):
            files[path] = name
        else:
            inputs.problems.append(Problem(name, f"{name}: there is no such file or folder"))
    _add_files(inputs, files)
    return inputs


def _add_folder(inputs: Inputs, name: str, path: str, newest: bool) -> None:
    found = find_profiles(path)
    if not found:
        reason = "there is no profile in this folder: no *.pt.trace.json, no other trace and no memory snapshot"
        inputs.problems.append(Problem(name, f"{name}: {reason}"))
    if newest and found:
        found = [max(found, key=lambda profile: profile.wall_time)]
    inputs.profiles += found
    for file in (file for profile in found for file in profile.paths):
        inputs.shown[file] = os.path.join(name, os.path.relpath(file, path))


def _add_files(inputs: Inputs, files: dict[str, str]) -> None:
    inputs.shown |= files
    for folder in dict.fromkeys(map(os.path.dirname, files)):
        together = [path for path in files if os.path.dirname(path) == folder]
        found = group_files(together)
        inputs.profiles += [_in_order(profile, together) for profile in found]
        known = {path for profile in found for path in profile.paths}
        inputs.problems += _reasons(inputs, (path for path in together if path not in known))


def _in_order(profile: FoundProfile, named: list[str]) -> FoundProfile:
    """Files without ranks stay in the order in which they were named."""
    if any(rank is not None for rank in profile.ranks):
        return profile
    return replace(profile, paths=tuple(sorted(profile.paths, key=named.index)))


def _reasons(inputs: Inputs, paths: Iterable[str]) -> Iterator[Problem]:
    """Why files are no profiles: their reader says it."""
    for path in paths:
        shown = inputs.shown[path]
        try:
            read_trace(path)
        except (OSError, ValueError) as error:
            yield Problem(shown, sentence_of(error, shown))
        else:
            yield Problem(shown, f"{shown}: this is no profile")
