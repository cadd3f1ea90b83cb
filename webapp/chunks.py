"""The page's modules in files: all that is needed where one page is opened, and a chunk for what is imported on demand.

A file costs a browser as much as some 100 kB of script do. So each page that somebody may open first has files of its
own, in a folder called after it ("graph/"):

    page.js            what main.js and that page import, and all that imports in turn
    shared.js          what chunks of several other pages need and page.js lacks
    dashboards/…       a chunk: a module that is imported on demand, with what it alone needs. The chunk of a page also
                       holds what only chunks behind it need

Of one folder, a module is in one file, so that it runs once whoever asks for it. Chunks import modules of other files
by their names:

    import { $lib_dom } from "../page.js";
    const $ui_dialogs = (() => { … })();
    export const { showHelp } = $ui_dialogs;
    export { $ui_dialogs };
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .joined import (
    Modules,
    add_module,
    at_hand,
    linked,
    on_demand,
    reach_on_demand,
    relative,
    variable,
)

__all__ = ["join_in_chunks"]

_USED = re.compile(r"(?<!\.)\$\w+")  # variables of modules, among others


def join_in_chunks(entry: str, opened: str, modules: Modules, page: str, shared: str) -> dict[str, str]:
    """Texts by name: `page` ("page.js") is `entry` ("main.js") and `opened` ("dashboards/graph/page.js") with all they
    import; `shared` only if something is.

    Raises CannotJoin.
    """
    parts: dict[str, str] = {}
    add_module(opened, modules, parts, ())
    add_module(entry, modules, parts, ())  # it begins when all else is there
    reach = reach_on_demand(parts, modules)
    homes = dict.fromkeys(parts, page) | _homes(parts, reach, modules, shared)
    files: dict[str, dict[str, str]] = {page: parts}
    for needed in reach.values():
        for name in needed:  # what a module imports stands before it
            files.setdefault(homes[name], {})[name] = modules(name).part
    return {file: _text(_File(file, parts, page), homes, modules) for file, parts in files.items()}


def _homes(page: Mapping[str, str], reach: Mapping[str, list[str]], modules: Modules, shared: str) -> dict[str, str]:
    """The file of each module that the page lacks."""
    families: dict[str, set[str]] = {target: set() for target in reach}  # chunks of the page that lead to it
    for first in dict.fromkeys(target for target in on_demand(page, modules) if target in reach):
        waiting = [first]
        while waiting:
            target = waiting.pop()
            if target in reach and first not in families[target]:
                families[target].add(first)
                waiting += on_demand(reach[target], modules)
    users: dict[str, list[str]] = {}
    for target, needed in reach.items():
        for name in needed:
            users.setdefault(name, []).append(target)
    homes = {}
    for name, targets in users.items():
        family = set[str]().union(*(families[target] for target in targets))
        homes[name] = targets[0] if len(targets) == 1 else family.pop() if len(family) == 1 else shared
    return homes


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    parts: Mapping[str, str]
    page: str


def _text(file: _File, homes: Mapping[str, str], modules: Modules) -> str:
    folder = posixpath.dirname(file.name) or "."

    def demanded(target: str) -> str:
        home = homes.get(target, target)  # documentation names types of modules that nobody imports
        if home in (file.name, file.page):
            return at_hand(target)
        then = "" if home == target else f".then((its) => its.{variable(target)})"
        return f'import("{relative(home, folder)}"){then}'

    body = linked(file.parts, demanded)
    used = set(_USED.findall(body))
    wanted: dict[str, list[str]] = {}
    for name, home in homes.items():
        if home != file.name and variable(name) in used:
            wanted.setdefault(home, []).append(variable(name))
    if file.name == file.page:
        wanted = {}  # it imports on demand alone
    head = "".join(
        f'import {{ {", ".join(names)} }} from "{relative(home, folder)}";\n' for home, names in wanted.items()
    )
    names = f"export {{ {', '.join(map(variable, file.parts))} }};\n"
    if file.name in file.parts:
        names += f"export const {{ {', '.join(modules(file.name).exported)} }} = {variable(file.name)};\n"
    return head + body + names
