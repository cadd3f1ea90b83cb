"""What every route can reach: the log, the settings, the static files."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from flask import current_app

from ..logger.user_state import StateFile
from .alerts.monitor import AlertMonitor
from .assets import Assets
from .graph.sources import GraphStore
from .log_source import LogSource
from .media.blob_cache import AnswerCache
from .media.moving import MovingTags
from .media.series_lookup import SeriesLookup
from .profile.store import ProfileStore
from .projector.store import ProjectorStore
from .settings import Settings
from .view_files import ViewFiles

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["Site", "get_log", "get_site"]

EXTENSION = "stepscope"


@dataclass(frozen=True, slots=True)
class Site:
    """One web app's own objects, kept in `app.extensions`."""

    settings: Settings
    source: LogSource
    assets: Assets
    state: StateFile
    view_files: ViewFiles
    alerts: AlertMonitor
    streams: threading.BoundedSemaphore = field(default_factory=threading.BoundedSemaphore)
    answers: AnswerCache = field(default_factory=AnswerCache)
    series: SeriesLookup = field(default_factory=SeriesLookup)
    moving: MovingTags = field(default_factory=MovingTags)
    graphs: GraphStore = field(default_factory=GraphStore)
    projector: ProjectorStore = field(default_factory=ProjectorStore)
    profiles: ProfileStore = field(default_factory=ProfileStore)


def get_site() -> Site:
    """The site of the current request."""
    return cast(Site, current_app.extensions[EXTENSION])


def get_log() -> LogDir:
    """The log of the current request; waits until it is open. Raises LogNotOpen."""
    return get_site().source.get()
