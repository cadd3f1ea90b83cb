"""Where the user state of the served log directories is kept."""

from __future__ import annotations

from pathlib import Path

from ..logger.user_state import StateFile, default_state_file
from .settings import Settings

__all__ = ["open_state"]


def open_state(settings: Settings) -> StateFile:
    """The state file that the user named, else the one in the index folder; never one inside a log directory."""
    if settings.state_file:
        return StateFile(settings.state_file)
    if settings.index_dir == "":
        return StateFile(
            None, note="names, notes and views last until the dashboard ends: --index_dir '' keeps nothing on disk; "
            "give --state_file FILE to keep them",
        )  # fmt: skip
    if not settings.logdirs:  # an app around a log that somebody else opened
        return StateFile(None, note="names, notes and views last until the dashboard ends: no state file was named")
    path = default_state_file(settings.index_dir, settings.logdirs.values())
    for folder in settings.logdirs.values():
        if path.resolve().is_relative_to(Path(folder).expanduser().resolve()):
            return StateFile(
                None, note=f"names, notes and views last until the dashboard ends: nothing is written inside the log "
                f"directory {folder}; give --state_file FILE to keep them",
            )  # fmt: skip
    return StateFile(path)
