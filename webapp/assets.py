"""The files of the page: an index of what may be served, and a version that changes when one of them does."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import importlib.metadata
import importlib.util
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from .chunks import join_in_chunks
from .joined import CannotJoin, Modules, join, join_styles, on_demand, parsed_modules

__all__ = ["Asset", "Assets"]

# Spelled out because Windows takes these from the registry, where ".js" is often "text/plain": modules then do not run.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_PLOTLY = "plotly.min.js"
_ENTRY, _JOINED, _SHARED = "main.js", "page.js", "shared.js"  # the latter two and chunks are made here, see chunks.py
_USUAL = "scalars"  # the page of an address that names none
_PAGE = re.compile(r"dashboards/(\w+)(?:/page)?\.js")
_FIRST = {"theme.js"}  # the page waits for it; it is never joined
_STYLES = "page.css"  # a list of the style sheets; served, all of them
_NOT_SERVED = {"package.json", "jsconfig.json"}


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    content_type: str

    @classmethod
    def of(cls, body: bytes, path: Path) -> Asset:
        """`body` with the type that the name of `path` stands for."""
        return cls(body, _TYPES.get(path.suffix, "application/octet-stream"))

    @cached_property
    def zipped(self) -> bytes | None:
        """The same in gzip, where that is smaller: made when it is first asked for."""
        zipped = gzip.compress(self.body, 5, mtime=0)
        return zipped if len(zipped) < 0.9 * len(self.body) else None


@dataclass(slots=True)
class _Made:
    """What was joined of one version of the files."""

    version: str
    modules: Modules
    files: dict[str, Asset] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)  # whose files are there

    def join_folder(self, folder: str) -> None:
        """The files of the page "graph": those of `chunks`. Raises CannotJoin."""
        opened = self._pages().get(folder)
        if opened is None or folder in self.folders:
            return
        texts = join_in_chunks(_ENTRY, opened, self.modules, _JOINED, _SHARED)
        self.files |= {f"{folder}/{name}": Asset.of(text.encode(), Path(name)) for name, text in texts.items()}
        self.folders.add(folder)

    def _pages(self) -> dict[str, str]:
        """What main.js imports on demand as a page: "graph" → "dashboards/graph/page.js"."""
        found = (_PAGE.fullmatch(target) for target in on_demand([_ENTRY], self.modules))
        return {page[1]: page[0] for page in found if page}


@dataclass(slots=True)
class Assets:
    """The files under one folder, and plotly.min.js out of the installed plotly package.

    Only names found in the folder are ever opened: a request cannot name a path.
    """

    folder: Path
    _signature: tuple[tuple[str, int, int], ...] = ()
    _files: dict[str, Path] = field(default_factory=dict)
    _version: str = ""
    _read: dict[str, tuple[int, Asset]] = field(default_factory=dict)
    _made: _Made | None = None
    _joining: threading.Lock = field(default_factory=threading.Lock)  # a page asks for several of them at once

    def look(self) -> str:
        """Look at the folder; the version, part of every static address: another one once any file changes."""
        signature = tuple(sorted(_walk(str(self.folder))))
        if signature != self._signature or not self._version:
            self._files = {name: self.folder / name for name, _, _ in signature if name not in _NOT_SERVED}
            digest = hashlib.sha256()
            for name, path in sorted(self._files.items()):
                digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
            self._signature = signature
            self._version = f"{package_version()}-{digest.hexdigest()[:10]}"
        return self._version

    def version(self) -> str:
        """The version as the page was last told it, so that answers under it may be kept for ever."""
        return self._version or self.look()

    def get(self, name: str) -> Asset | None:
        """The file called `name` ("charts/line.js"), None when there is none. Raises CannotJoin for modules."""
        if name.endswith((".js", ".css")) and name not in _FIRST and (made := self._joined_file(name)):
            return made
        path = _plotly_path() if name == _PLOTLY else self._files.get(name)
        if path is None:
            return None
        try:
            changed = path.stat().st_mtime_ns
            known = self._read.get(name)
            if known is None or known[0] != changed:
                known = self._read[name] = (changed, Asset.of(path.read_bytes(), path))
        except OSError:  # deleted since
            return None
        return known[1]

    def _joined_file(self, name: str) -> Asset | None:
        """page.css, or a file of one of the folders of `chunks`."""
        if (made := self._made) is not None and made.version == self.version() and name in made.files:
            return made.files[name]  # however long others are joined meanwhile
        with self._joining:
            version = self.version()
            if self._made is None or self._made.version != version:
                self._made = _Made(version, parsed_modules(self._module))
            if name == _STYLES and name in self._files and name not in self._made.files:
                self._made.files[name] = Asset.of(join_styles(name, self._module).encode(), Path(name))
            elif _ENTRY in self._files:
                self._made.join_folder(name.partition("/")[0])
            return self._made.files.get(name)

    def prepare(self) -> None:
        """Make what every page asks for first. Where it cannot be joined, that is said when it is asked for."""
        with contextlib.suppress(CannotJoin):
            for name in (f"{_USUAL}/{_JOINED}", _STYLES):
                if asset := self.get(name):
                    _ = asset.zipped

    def joined(self, entry: str, *, with_on_demand: bool = False) -> str:
        """`entry` ("report.js") and all it imports as one module, see `join`. Raises CannotJoin."""
        self.version()
        return join(entry, self._module, with_on_demand=with_on_demand)

    def styles(self, name: str) -> str:
        """A style sheet ("css/report.css"), or all sheets that one lists ("page.css"). Raises CannotJoin."""
        self.version()
        return join_styles(name, self._module)

    def text(self, name: str) -> str:
        """The text of a file of the page, "" where it is missing."""
        asset = self.get(name)
        return _with_line_feeds(asset.body) if asset is not None else ""

    def _module(self, name: str) -> str:
        path = self._files.get(name)
        if path is None:
            raise CannotJoin(f"{name} is imported but missing from {self.folder}")
        return _with_line_feeds(path.read_bytes())


def _with_line_feeds(body: bytes) -> str:
    """Text as a browser takes it out of an HTML file: hashes of a policy are of that."""
    return body.decode("utf-8").replace("\r\n", "\n")


def _walk(folder: str, prefix: str = "") -> Iterator[tuple[str, int, int]]:
    """(name, size, time of change) of every file below `folder`, names with forward slashes."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                stat = entry.stat()
                yield prefix + entry.name, stat.st_size, stat.st_mtime_ns
            elif not entry.name.startswith((".", "_", "node_modules")):
                yield from _walk(entry.path, f"{prefix}{entry.name}/")


@cache
def package_version() -> str:
    """The installed version of the distribution."""
    try:
        return importlib.metadata.version("stepscope")
    except importlib.metadata.PackageNotFoundError:
        return "0"


@cache
def _plotly_path() -> Path | None:
    """plotly.min.js of the installed package, found without importing it (0.5 s)."""
    spec = importlib.util.find_spec("plotly")
    for location in (spec.submodule_search_locations or []) if spec else []:
        path = Path(location, "package_data", _PLOTLY)
        if path.is_file():
            return path
    return None
