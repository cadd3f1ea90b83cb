"""Where this system keeps what stepscope would like to find again."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_dir

__all__ = ["cache_folder", "default_folder"]


def cache_folder(subject: str) -> Path:
    """The folder of what is kept of one subject; it may not exist yet."""
    return Path(user_cache_dir("stepscope", appauthor=False)) / subject


def default_folder() -> Path:
    """The folder of all indexes, and of the state files beside them."""
    return cache_folder("index")
