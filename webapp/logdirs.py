"""What --logdir may say: a path, a name and a path, a pattern; several of them."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["UnknownPlaces", "expand", "nothing_under", "open_named", "parse_spec", "split_name"]

# A name before a colon: no separators, and no URL ("s3://bucket").
_NAMED = re.compile(r"([^/\\:]+):(?!//)(.+)", re.DOTALL)


class UnknownPlaces(ValueError):
    """What was given for --logdir cannot be understood; the text is the sentence for the user."""


def split_name(text: str) -> tuple[str, str]:
    """("name", "path") of "name:path"; the name is "" for a plain path, as is a path that exists with its colon."""
    if os.path.exists(os.path.expanduser(text)) or os.path.splitdrive(text)[0]:  # "C:" on Windows
        return "", text
    match = _NAMED.fullmatch(text)
    return (match[1], match[2]) if match else ("", text)


def parse_spec(text: str) -> list[str]:
    """The parts of --logdir_spec, "a:path,b:path"."""
    return [part.strip() for part in text.split(",") if part.strip()]


def expand(places: Sequence[str]) -> dict[str, str]:
    """name → path for everything the user named, with patterns expanded as they match now.

    One plain path has the name "", so that its runs keep their own names. Raises UnknownPlaces.
    """
    if not places:
        raise UnknownPlaces("no log directory: say dashboard --logdir DIR")
    found: list[tuple[str, str]] = []
    for place in places:
        if not place.strip():
            raise UnknownPlaces("--logdir: the path is empty")
        name, path = split_name(place)
        found.extend(_expand_one(name, os.path.expanduser(path)))
    if len(found) == 1 and not found[0][0]:
        return {"": found[0][1]}
    return _with_names(found)


def open_named(logdirs: Mapping[str, str], index_dir: str | None, load: bool = True) -> LogDir:
    """The log of directories as `expand` gives them. `index_dir`: None for the user's cache, "" for no index."""
    from ..logger import open_logdir  # brings the compiled reader

    import_module("..logger.compare.table", __package__)  # in this one thread: requests would do it in several

    paths: Mapping[str, str] | str = logdirs if list(logdirs) != [""] else logdirs[""]
    return open_logdir(paths, index_dir=False if index_dir == "" else index_dir, load=load)


def nothing_under(log: LogDir) -> str:
    """Why a log has no runs: a sentence."""
    said = {"missing": "{} does not exist", "unreadable": "{} cannot be read"}
    places = []
    for root in log.status().roots:
        sentence = said.get(root.state, "there are no event files under {}").format(root.path)
        detail = root.detail.removeprefix(f"{root.path}: ") if root.state == "unreadable" else ""
        places.append(f"{sentence} ({detail})" if detail else sentence)
    return "; ".join(places)


def _expand_one(name: str, path: str) -> list[tuple[str, str]]:
    """The folders a pattern matches, named by what its wildcards stood for; anything else as it is."""
    if not glob.has_magic(path) or os.path.exists(path):
        return [(name, path)]
    matches = sorted(match for match in glob.glob(path, recursive=True) if os.path.isdir(match))
    if not matches:
        return [(name, path)]  # shown as missing, and looked for again
    plain = path[: re.search(r"[*?[]", path).start()]  # type: ignore[union-attr]  # has_magic found one
    base = os.path.dirname(plain)
    parts = [os.path.relpath(match, base or ".").replace(os.sep, "/") for match in matches]
    return [("/".join(filter(None, (name, part))), match) for part, match in zip(parts, matches, strict=True)]


def _with_names(found: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Give a name to every path: its own last part, with a number where two would be alike."""
    named: dict[str, str] = {}
    for name, path in found:
        wanted = name or os.path.basename(os.path.normpath(path)) or path
        if name and name in named and named[name] != path:
            raise UnknownPlaces(f"--logdir: the name {name!r} stands for both {named[name]!r} and {path!r}")
        unique, number = wanted, 2
        while unique in named and named[unique] != path:
            unique, number = f"{wanted}_{number}", number + 1
        named[unique] = path
    return named
