"""The page's modules in one file: the same text, in one request instead of forty.

A browser spends several milliseconds of its own on each file; forty of them are half of the time until the first
chart. So the modules are served joined, each in a function of its own:

    const $lib_dom = (() => {
      …the text of lib/dom.js without `import` lines and the word `export`…
      return { h };
    })();

Modules import by relative path and export by name, so that three patterns are all it takes; anything else is an error.
What is imported on demand, `import("./ui/dialogs.js")`, stays a file of its own.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

__all__ = ["CannotJoin", "join"]

_IMPORT = re.compile(r'^import\s+(?:(\{[^}]*\}|\*\s+as\s+\w+)\s+from\s+)?"(\.{1,2}/[^"]+)";\n', re.M)
_EXPORT = re.compile(r"^export\s+(?=(?:async\s+)?(?:function\*?|class|const)\s+(\w+))", re.M)
_ON_DEMAND = re.compile(r'\bimport\("(\.{1,2}/[^"]+)"\)')
_RENAMED = re.compile(r"\s+as\s+")
_LEFT_OVER = re.compile(r"^(?:import|export)\b(?! \{\};).*", re.M)


class CannotJoin(Exception):
    """A module is missing, imports in a circle, or imports or exports in another way than the patterns know."""


def join(entry: str, read: Callable[[str], str]) -> str:
    """One module out of `entry` ("main.js") and all it imports; `read` gives the text of a path.

    Raises CannotJoin.
    """
    parts: dict[str, str] = {}
    _add(entry, read, parts, ())
    return "".join(_link_on_demand(name, text, parts) for name, text in parts.items())


def _add(name: str, read: Callable[[str], str], parts: dict[str, str], importers: tuple[str, ...]) -> None:
    """Put a module behind those it imports."""
    if name in importers:
        raise CannotJoin(f"modules import each other: {' → '.join([*importers, name])}")
    if name in parts:
        return
    text = read(name)
    for _, path in _IMPORT.findall(text):
        _add(_resolve(name, path), read, parts, (*importers, name))
    exported = _EXPORT.findall(text)
    body = _EXPORT.sub("", _IMPORT.sub(lambda found: _constant(name, found), text))
    if odd := _LEFT_OVER.search(body):
        raise CannotJoin(f"{name}: neither a named export nor an import by relative path: {odd[0]}")
    body = body.replace("export {};\n", "")
    parts[name] = f"const {_variable(name)} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();\n"


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


def _link_on_demand(name: str, text: str, parts: dict[str, str]) -> str:
    def link(found: re.Match[str]) -> str:
        target = _resolve(name, found[1])
        return f"Promise.resolve({_variable(target)})" if target in parts else f'import("./{target}")'

    return f"// --- {name}\n{_ON_DEMAND.sub(link, text)}"


def _resolve(importer: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), path))


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
