"""Where this system keeps what stepscope would like to find again."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_dir

__all__ = ["default_folder"]


def default_folder() -> Path:
    """The folder of all indexes, and of the state files beside them."""
    return Path(user_cache_dir("stepscope", appauthor=False)) / "index"
