"""What the user chose on the command line, after checking."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the web app needs to know besides the log itself."""

    logdirs: dict[str, str] = field(default_factory=dict)  # name → path; a single directory has the name ""
    places: tuple[str, ...] = ()  # what `logdirs` was expanded from; patterns are expanded again as folders appear
    logdir_text: str = ""  # as the user typed it, for the page and for /data/logdir
    host: str | None = None  # None: loopback
    port: int | None = None  # None: 6006, or the next free one
    bind_all: bool = False
    path_prefix: str = ""  # "" or "/prefix", without a slash at the end
    reload_interval: float = 0.25  # seconds between looks at growing files; 0: load once
    window_title: str = ""
    index_dir: str | None = None  # None: the user's cache directory; "": no index on disk
    state_file: str | None = None  # None: in the index folder
    alert_command: tuple[str, ...] = ()  # told of each new alert; empty: nothing is run
    alert_webhook: str = ""  # "": nothing is posted
    allowed_hosts: frozenset[str] = frozenset()  # further names this server may be addressed by
    max_streams: int = 20  # pages that may be followed by push; further ones poll
    max_body: int = 4_000_000  # bytes of a request body
