"""All views there are: saved in the user state, files beside the runs, layouts in the log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .layout_views import layout_views
from .view_files import SUFFIX, ViewFiles
from .view_format import read_view, view_problems

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["all_views", "find_view"]


def all_views(saved: dict[str, Any], files: ViewFiles, log: LogDir | None) -> list[dict[str, Any]]:
    """[{name, source: "state" | "file" | "log", path? | run?, view? | error?, problems?}]; each name is there once.

    A name stands for what was saved in the page first, then for a file, then for a layout of the log; the others
    get a longer one.
    """
    listed: list[dict[str, Any]] = [
        {"name": name, "source": "state", "view": view} for name, view in sorted(saved.items())
    ]
    taken = set(saved)
    for file in files.read():
        name = _free(taken, file.path.name.removesuffix(SUFFIX), file.path.name, str(file.path))
        content = {"view": file.view} if file.view is not None else {"error": file.error}
        listed.append({"name": name, "source": "file", "path": str(file.path), **content})
    for name, run, view in layout_views(log) if log is not None else ():
        free = _free(taken, name, f"{name} (log)", f"{name} (log of {run})")
        listed.append({"name": free, "source": "log", "run": run, "view": view})
    for entry in listed:
        if "view" in entry and (problems := view_problems(entry["view"])):
            entry["problems"] = problems
    return listed


def _free(taken: set[str], *wanted: str) -> str:
    """The first name that is not taken, which it is then."""
    name = next((name for name in wanted if name not in taken), wanted[-1])
    number = 2
    while name in taken:
        name, number = f"{wanted[-1]} {number}", number + 1
    taken.add(name)
    return name


def find_view(wanted: str, saved: dict[str, Any], files: ViewFiles, log: LogDir) -> dict[str, Any]:
    """The view with a name, or in the file of that path. Raises ValueError with a sentence that names the others."""
    listed = all_views(saved, files, log)
    for entry in listed:
        if entry["name"] == wanted:
            if "error" in entry:
                raise ValueError(entry["error"])
            return dict(entry["view"])
    path = Path(wanted).expanduser()
    if path.is_file():
        try:
            return read_view(path.read_bytes())
        except (OSError, ValueError) as error:
            raise ValueError(f"the view file {path} cannot be opened: {error}") from None
    names = ", ".join(repr(entry["name"]) for entry in listed) or "none"
    raise ValueError(f"there is no view {wanted!r}, neither saved nor as a file; there are: {names}")
