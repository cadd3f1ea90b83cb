"""Files that plugins of TensorBoard keep beside event files: <run>/plugins/<plugin>/<name>."""

from __future__ import annotations

import os

__all__ = ["list_assets", "read_asset"]


def list_assets(folder: str, plugin: str) -> list[str]:
    """Names of the plugin's files; none where it has no folder."""
    try:
        return os.listdir(os.path.join(folder, "plugins", plugin))
    except OSError:
        return []


def read_asset(folder: str, plugin: str, name: str) -> str:
    """The text of a file. Raises KeyError where it cannot be read."""
    path = os.path.join(folder, "plugins", plugin, name)
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyError(f"Asset path {path} not found: {error}") from None
