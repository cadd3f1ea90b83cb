"""The page's modules in files: what every page needs, what several do, and a chunk for what is imported on demand.

    page.js            what main.js imports, and all that imports in turn; and what several pages need, where it is less
                       than a request costs
    first.js           what chunks of several pages need, the first that main.js names among them
    shared.js          what chunks of several others need
    dashboards/…       a chunk: a module that is imported on demand, with what it alone needs. The chunk of a page also
                       holds what only chunks behind it need

A module is in one file, so that it runs once whoever asks for it. Chunks import modules of other files by their names:

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
    Read,
    add_module,
    at_hand,
    linked,
    on_demand,
    parsed_modules,
    reach_on_demand,
    relative,
    variable,
)

__all__ = ["join_in_chunks"]

_USED = re.compile(r"(?<!\.)\$\w+")  # variables of modules, among others
_FEW = 5000  # characters: a browser parses them in less time than one more request takes


def join_in_chunks(entry: str, read: Read, page: str, first: str, shared: str) -> dict[str, str]:
    """Texts by name: `page` ("page.js") is `entry` ("main.js") with all it imports; the others only where something is.

    Raises CannotJoin.
    """
    modules = parsed_modules(read)
    parts: dict[str, str] = {}
    add_module(entry, modules, parts, ())
    reach = reach_on_demand(parts, modules)
    leading = next((target for target in on_demand([entry], modules) if target in reach), "")
    homes = dict.fromkeys(parts, page) | _homes(parts, reach, modules, _Shared(page, first, shared, leading))
    last = parts.pop(entry)  # it begins, so what other files need of this one stands before it
    files: dict[str, dict[str, str]] = {page: parts}
    for needed in reach.values():
        for name in needed:  # what a module imports stands before it
            files.setdefault(homes[name], {})[name] = modules(name).part
    parts[entry] = last
    return {file: _text(_File(file, parts, page), homes, modules) for file, parts in files.items()}


@dataclass(frozen=True, slots=True)
class _Shared:
    """The files for what chunks of several pages need."""

    page: str
    first: str
    shared: str
    leading: str  # the chunk that needs all in `first`


def _homes(page: Mapping[str, str], reach: Mapping[str, list[str]], modules: Modules, files: _Shared) -> dict[str, str]:
    """The file of each module that the page lacks."""
    families = _families(page, reach, modules)
    users: dict[str, list[str]] = {}
    for target, needed in reach.items():
        for name in needed:
            users.setdefault(name, []).append(target)
    homes: dict[str, str] = {}
    together: dict[tuple[str, ...], list[str]] = {}  # what the same chunks need
    for name, targets in users.items():
        family = set[str]().union(*(families[target] for target in targets))
        if len(targets) == 1 or len(family) == 1:
            homes[name] = targets[0] if len(targets) == 1 else family.pop()
        else:
            together.setdefault(tuple(targets), []).append(name)
    leading = set(reach.get(files.leading, ()))
    for names in sorted(
        together.values(), key=lambda names: -len(users[names[0]])
    ):  # what a module imports comes first
        imports = {other for name in names for other in modules(name).imports}.difference(names)
        few = sum(len(modules(name).part) for name in names) < _FEW
        if few and all(homes.get(other, files.page) == files.page for other in imports):
            home = files.page
        else:
            home = files.shared if leading.isdisjoint(names) else files.first
        homes |= dict.fromkeys(names, home)
    return homes


def _families(page: Mapping[str, str], reach: Mapping[str, list[str]], modules: Modules) -> dict[str, set[str]]:
    """Each chunk → the chunks of the page that lead to it."""
    families: dict[str, set[str]] = {target: set() for target in reach}
    for first in dict.fromkeys(target for target in on_demand(page, modules) if target in reach):
        waiting = [first]
        while waiting:
            target = waiting.pop()
            if target in reach and first not in families[target]:
                families[target].add(first)
                waiting += on_demand(reach[target], modules)
    return families


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
