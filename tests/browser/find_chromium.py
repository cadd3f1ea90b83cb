"""Finds the Chromium that the browser tests drive, or gets one: apt, else Playwright's download, else a clear failure.

python tests/browser/find_chromium.py     prints its path; exit status 1 and what to do where none can be had
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HELP = """no Chromium for the browser tests: looked for {names} on the PATH, tried apt-get and Playwright's download.
Install one and run again:
    Debian, Ubuntu   sudo apt-get install chromium
    macOS            brew install --cask chromium
    anywhere         python -m playwright install chromium
or name one: STEPSCOPE_CHROMIUM=/path/to/chromium make test"""


def installed() -> str | None:
    """The path of a Chromium that is already here: named by the environment, on the PATH, or Playwright's own."""
    named = os.environ.get("STEPSCOPE_CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _of_playwright()


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


def _by_apt() -> None:
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet = {"stdout": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"], check=False, **quiet)


def _by_playwright() -> None:
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def find() -> str | None:
    """An installed Chromium, after trying to install one where there is none."""
    for get in (lambda: None, _by_apt, _by_playwright):
        get()
        if path := installed():
            return path
    return None


if __name__ == "__main__":
    chromium = find()
    print(chromium or HELP.format(names=", ".join(NAMES)))
    sys.exit(0 if chromium else 1)
