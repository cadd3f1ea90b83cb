"""The page's modules in one file: the same text, in one request instead of forty.

A browser spends several milliseconds of its own on each file; forty of them are half of the time until the first
chart. So the modules are served joined, each in a function of its own:

    const $lib_dom = (() => {
      …the text of lib/dom.js without `import` lines, the word `export` and documentation…
      return { h };
    })();

Modules import by relative path and export by name, so that three patterns are all it takes; anything else is an error.

What is imported on demand, `import("./ui/dialogs.js")`, is a chunk: one more file, with those of its modules that the
page lacks. It imports the others from the page, so that a module runs once whoever asks for it:

    import { $lib_dom } from "../page.js";
    const $ui_dialogs = (() => { … })();
    export const { showHelp } = $ui_dialogs;

A module that two chunks need is the page's.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache

__all__ = ["CannotJoin", "join", "join_in_chunks"]

Read = Callable[[str], str]  # the text of a path

_IMPORT = re.compile(r'^import\s+(?:(\{[^}]*\}|\*\s+as\s+\w+)\s+from\s+)?"(\.{1,2}/[^"]+)";\n', re.M)
_EXPORT = re.compile(r"^export\s+(?=(?:async\s+)?(?:function\*?|class|const)\s+(\w+))", re.M)
_ON_DEMAND = re.compile(r'\bimport\("(\.{1,2}/[^"]+)"\)')
_DOCUMENTATION = re.compile(r"/\*\*.*?\*/", re.S)  # where import("…") names a type
# Lines of nothing but documentation, a quarter of the text: for readers of the source.
_DOCUMENTED_LINES = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n", re.M | re.S)
_RENAMED = re.compile(r"\s+as\s+")
_LEFT_OVER = re.compile(r"^(?:import|export)\b(?! \{\};).*", re.M)


class CannotJoin(Exception):
    """A module is missing, imports in a circle, or imports or exports in another way than the patterns know."""


def join(entry: str, read: Read) -> str:
    """One module out of `entry` ("report.js") and all it imports; `read` gives the text of a path.

    Raises CannotJoin.
    """
    parts: dict[str, str] = {}
    _add(entry, read, parts, ())
    return _linked(parts, parts, ".")


def join_in_chunks(entry: str, read: Read, page: str) -> dict[str, str]:
    """`page` ("page.js"): `entry` with all it imports; and a chunk for each module that is imported on demand.

    Raises CannotJoin.
    """
    read = cache(read)
    parts: dict[str, str] = {}
    _add(entry, read, parts, ())
    reach = _reach_on_demand(parts, read)
    users = Counter(module for modules in reach.values() for module in modules)
    for module, count in users.items():
        if count > 1:
            _add(module, read, parts, ())
    exports = f"export {{ {', '.join(map(_variable, parts))} }};\n"
    return {page: _linked(parts, parts, ".") + exports} | {
        target: _chunk(target, read, parts, page) for target in reach if target not in parts
    }


def _reach_on_demand(page: Mapping[str, str], read: Read) -> dict[str, list[str]]:
    """What is imported on demand, by the page or by what it imports so → the modules it needs beside the page's."""
    reach: dict[str, list[str]] = {}
    waiting = [target for name in page for target in _on_demand(name, read(name))]
    while waiting:
        target = waiting.pop()
        if target in page or target in reach:
            continue
        own = dict.fromkeys(page, "")
        _add(target, read, own, ())
        reach[target] = [name for name in own if name not in page]
        waiting += [other for name in reach[target] for other in _on_demand(name, read(name))]
    return reach


def _on_demand(name: str, text: str) -> list[str]:
    return [_resolve(name, path) for path in _ON_DEMAND.findall(_DOCUMENTATION.sub("", text))]


def _chunk(target: str, read: Read, page_parts: Mapping[str, str], page: str) -> str:
    """A module imported on demand with what the page lacks."""
    own = dict.fromkeys(page_parts, "")
    _add(target, read, own, ())
    parts = {name: text for name, text in own.items() if name not in page_parts}
    folder = posixpath.dirname(target) or "."
    body = _linked(parts, own, folder)
    needed = [variable for variable in map(_variable, page_parts) if re.search(rf"{re.escape(variable)}\b", body)]
    head = f'import {{ {", ".join(needed)} }} from "{_relative(page, folder)}";\n' if needed else ""
    return head + body + f"export const {{ {', '.join(_exported(read(target)))} }} = {_variable(target)};\n"


def _add(name: str, read: Read, parts: dict[str, str], importers: tuple[str, ...]) -> None:
    """Put a module behind those it imports."""
    if name in importers:
        raise CannotJoin(f"modules import each other: {' → '.join([*importers, name])}")
    if name in parts:
        return
    text = read(name)
    for _, path in _IMPORT.findall(text):
        _add(_resolve(name, path), read, parts, (*importers, name))
    body = _EXPORT.sub("", _IMPORT.sub(lambda found: _constant(name, found), text))
    if odd := _LEFT_OVER.search(body):
        raise CannotJoin(f"{name}: neither a named export nor an import by relative path: {odd[0]}")
    body = _DOCUMENTED_LINES.sub("", body.replace("export {};\n", ""))
    parts[name] = f"const {_variable(name)} = (() => {{\n{body}return {{ {', '.join(_exported(text))} }};\n}})();\n"


def _constant(importer: str, found: re.Match[str]) -> str:
    """The constants that stand for an import: `import { a as b } from "./x.js"` → `const { a: b } = $x`."""
    what, path = found.groups()
    if what is None:
        return ""
    source = _variable(_resolve(importer, path))
    if what.startswith("*"):
        return f"const {what.split()[-1]} = {source};\n"
    names = _RENAMED.sub(": ", what)
    return f"const {names} = {source};\n"


def _exported(text: str) -> list[str]:
    return _EXPORT.findall(text)


def _linked(parts: Mapping[str, str], at_hand: Iterable[str], folder: str) -> str:
    """The parts one behind the other, for a file in `folder`: what they import on demand is at hand, or a chunk."""
    known = set(at_hand)

    def linked(name: str, text: str) -> str:
        def link(found: re.Match[str]) -> str:
            target = _resolve(name, found[1])
            if target in known:
                return f"Promise.resolve({_variable(target)})"
            return f'import("{_relative(target, folder)}")'

        return f"// --- {name}\n{_ON_DEMAND.sub(link, text)}"

    return "".join(linked(name, text) for name, text in parts.items())


def _relative(name: str, folder: str) -> str:
    path = posixpath.relpath(name, folder)
    return path if path.startswith("../") else f"./{path}"


def _resolve(importer: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), path))


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
