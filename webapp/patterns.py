"""Patterns among the log directories ("runs/*"): expanded again and again, so that new folders come in."""

from __future__ import annotations

import glob
from typing import TYPE_CHECKING

from .logdirs import UnknownPlaces, expand, open_named
from .settings import Settings

if TYPE_CHECKING:
    from ..logger import LogDir
    from .log_source import LogSource

__all__ = ["follow_patterns", "open_log"]

_EVERY = 3.0  # seconds between expansions


def open_log(logdirs: dict[str, str], settings: Settings, load: bool = False) -> LogDir:
    """The log of these directories, followed; with `load` once it has been read."""
    log = open_named(logdirs, settings.index_dir, load=load)
    log.follow(settings.reload_interval)
    return log


def follow_patterns(source: LogSource, settings: Settings, every: float = _EVERY) -> None:
    """Hand the source another log whenever the patterns match other folders; returns when the source closes."""
    if not settings.reload_interval or not any(glob.has_magic(place) for place in settings.places):
        return
    known = settings.logdirs
    while not source.closing.wait(every):
        try:
            found = expand(settings.places)
        except UnknownPlaces:  # two folders want one name: as it was
            continue
        if found != known:
            known = found
            source.replace(open_log(found, settings, load=True), found)
