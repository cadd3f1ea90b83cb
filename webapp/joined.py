"""The page's modules in one file: the same text, in one request instead of forty; its style sheets likewise.

A browser spends several milliseconds of its own on each file; forty of them are half of the time until the first
chart. So the modules are served joined, each in a function of its own:

    const $lib_dom = (() => {
      …the text of lib/dom.js without `import` lines, the word `export` and documentation…
      return { h };
    })();

Modules import by relative path and export by name, so that three patterns are all it takes; anything else is an error.

What is imported on demand is in files of its own, see chunks.py.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

__all__ = [
    "CannotJoin",
    "Modules",
    "Read",
    "add_module",
    "at_hand",
    "join",
    "join_styles",
    "linked",
    "on_demand",
    "parsed_modules",
    "reach_on_demand",
    "relative",
    "variable",
]

Read = Callable[[str], str]  # the text of a path

# All begin with text to be found as it is, which takes a tenth of the time of "^" or "\b": the page waits for this.
_IMPORT = re.compile(r'\nimport\s+(?:(\{[^}]*\}|\*\s+as\s+\w+)\s+from\s+)?"(\.{1,2}/[^"]+)";(?=\n)')
_EXPORT = re.compile(r"\nexport\s+(?=(?:async\s+)?(?:function\*?|class|const)\s+(\w+))")
_ON_DEMAND = re.compile(r'import\("(\.{1,2}/[^"]+)"\)')
_DOCUMENTATION = re.compile(r"/\*\*[^*]*\*+(?:[^/*][^*]*\*+)*/")  # where import("…") names a type
# Lines of nothing but documentation, a quarter of the text: for readers of the source.
_DOCUMENTED_LINES = re.compile(rf"\n[ \t]*{_DOCUMENTATION.pattern}[ \t]*(?=\n)")
_RENAMED = re.compile(r"\s+as\s+")
_LEFT_OVER = re.compile(r"\n((?:import|export)\b(?! \{\};).*)")
_STYLES = re.compile(r'^@import "([^"]+)";\n', re.M)
_STYLE_COMMENT = re.compile(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/\n?")


class CannotJoin(Exception):
    """A module is missing, imports in a circle, or imports or exports in another way than the patterns know."""


@dataclass(frozen=True, slots=True)
class _Module:
    """A module as it is joined; names of others as the page knows them."""

    imports: list[str]
    on_demand: list[str]
    exported: list[str]
    part: str


Modules = Callable[[str], _Module]


def join_styles(entry: str, read: Read) -> str:
    """One style sheet: `entry` ("page.css") with the text of each sheet that a line `@import "css/base.css";` names."""
    return _STYLES.sub(lambda found: _STYLE_COMMENT.sub("", read(found[1])), read(entry))


def join(entry: str, read: Read, *, with_on_demand: bool = False) -> str:
    """One module out of `entry` ("report.js") and all it imports; `read` gives the text of a path.

    with_on_demand: also what is imported on demand, in front of who asks for it. Raises CannotJoin.
    """
    modules = parsed_modules(read)
    parts: dict[str, str] = {}
    if with_on_demand:
        own: dict[str, str] = {}
        add_module(entry, modules, own, ())
        for target in reach_on_demand(own, modules):
            add_module(target, modules, parts, ())
    add_module(entry, modules, parts, ())

    def demanded(target: str) -> str:
        return at_hand(target) if target in parts else f'import("{relative(target, ".")}")'

    return linked(parts, demanded)


def reach_on_demand(page: Mapping[str, str], modules: Modules) -> dict[str, list[str]]:
    """What is imported on demand, by the page or by what it imports so → the modules it needs beside the page's."""
    reach: dict[str, list[str]] = {}
    waiting = on_demand(page, modules)
    while waiting:
        target = waiting.pop()
        if target in page or target in reach:
            continue
        own = dict.fromkeys(page, "")
        add_module(target, modules, own, ())
        reach[target] = [name for name in own if name not in page]
        waiting += on_demand(reach[target], modules)
    return reach


def on_demand(names: Iterable[str], modules: Modules) -> list[str]:
    """What these modules import on demand."""
    return [target for name in names for target in modules(name).on_demand]


def parsed_modules(read: Read) -> Modules:
    """Modules by name; each is read once."""
    return cache(lambda name: _parse(name, read(name)))


def _parse(name: str, text: str) -> _Module:
    text = "\n" + text
    exported = _EXPORT.findall(text)
    body = _EXPORT.sub("\n", _IMPORT.sub(lambda found: "\n" + _constant(name, found), text))
    if odd := _LEFT_OVER.search(body):
        raise CannotJoin(f"{name}: neither a named export nor an import by relative path: {odd[1]}")
    body = _DOCUMENTED_LINES.sub("", body.replace("\nexport {};", ""))
    return _Module(
        imports=[_resolve(name, path) for _, path in _IMPORT.findall(text)],
        on_demand=[_resolve(name, path) for path in _ON_DEMAND.findall(_DOCUMENTATION.sub("", body))],
        exported=exported,
        part=f"const {variable(name)} = (() => {{{body}return {{ {', '.join(exported)} }};\n}})();\n",
    )


def add_module(name: str, modules: Modules, parts: dict[str, str], importers: tuple[str, ...]) -> None:
    """Put a module behind those it imports."""
    if name in importers:
        raise CannotJoin(f"modules import each other: {' → '.join([*importers, name])}")
    if name in parts:
        return
    module = modules(name)
    for other in module.imports:
        add_module(other, modules, parts, (*importers, name))
    parts[name] = module.part


def _constant(importer: str, found: re.Match[str]) -> str:
    """The constants that stand for an import: `import { a as b } from "./x.js"` → `const { a: b } = $x`."""
    what, path = found.groups()
    if what is None:
        return ""
    source = variable(_resolve(importer, path))
    if what.startswith("*"):
        return f"const {what.split()[-1]} = {source};"
    names = _RENAMED.sub(": ", what)
    return f"const {names} = {source};"


def linked(parts: Mapping[str, str], demanded: Callable[[str], str]) -> str:
    """The parts one behind the other; `demanded`: what stands for `import("./x.js")` of a module."""

    def with_links(name: str, text: str) -> str:
        return f"// --- {name}\n{_ON_DEMAND.sub(lambda found: demanded(_resolve(name, found[1])), text)}"

    return "".join(with_links(name, text) for name, text in parts.items())


def at_hand(name: str) -> str:
    """What stands for `import("…")` of a module whose variable is known."""
    return f"Promise.resolve({variable(name)})"


def relative(name: str, folder: str) -> str:
    """How a file in `folder` imports the one called `name`."""
    path = posixpath.relpath(name, folder)
    return path if path.startswith("../") else f"./{path}"


@cache
def _resolve(importer: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), path))


@cache
def variable(name: str) -> str:
    """What a joined module is called."""
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
