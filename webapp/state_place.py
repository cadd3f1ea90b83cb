"""Where the user state of the served log directories is kept."""

from __future__ import annotations

from pathlib import Path

from ..logger.user_state import StateFile, default_state_file
from .alerts.rules import DEFAULT_SECTION, check_rules
from .settings import Settings
from .view_format import check_views

__all__ = ["open_state"]

_CHECKS = {"alerts": check_rules, "views": check_views}
_SEEDS = {"alerts": DEFAULT_SECTION}


def open_state(settings: Settings) -> StateFile:
    """The state file that the user named, else the one in the index folder; never one inside a log directory."""
    if settings.state_file:
        return StateFile(settings.state_file, _CHECKS, seeds=_SEEDS)
    if settings.index_dir == "":
        return _in_memory("--index_dir '' keeps nothing on disk; give --state_file FILE to keep them")
    if not settings.logdirs:  # an app around a log that somebody else opened
        return _in_memory("no state file was named")
    path = default_state_file(settings.index_dir, settings.logdirs.values())
    for folder in settings.logdirs.values():
        if path.resolve().is_relative_to(Path(folder).expanduser().resolve()):
            return _in_memory(
                f"nothing is written inside the log directory {folder}; give --state_file FILE to keep them"
            )
    return StateFile(path, _CHECKS, seeds=_SEEDS)


def _in_memory(reason: str) -> StateFile:
    return StateFile(None, _CHECKS, f"names, notes and views last until the dashboard ends: {reason}", _SEEDS)
