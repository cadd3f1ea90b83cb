"""A running dashboard, and event files for it to show."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from stepscope.logger import SummaryWriter

DRAWN = "html[data-drawn=true]"


class Dashboard:
    """A running `dashboard` process."""

    def __init__(self, logdir: Path, *options: str, port: int = 0) -> None:
        command = [sys.executable, "-m", "stepscope.webapp", "--logdir", str(logdir), "--port", str(port), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            found = re.search(r"http://\S+", line)
            if found:
                self.url = found.group()
                return
        raise AssertionError(f"the dashboard ended before it told its address: {''.join(lines)}")

    @property
    def port(self) -> int:
        return int(re.search(r":(\d+)/", self.url).group(1))  # type: ignore[union-attr]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)
        assert self.process.stdout
        self.process.stdout.close()


def forgive(open_page: Any, part: str) -> None:
    """What the pages wrote into the console about `part` was asked for; everything else still fails the test."""
    open_page.complaints[:] = [told for told in open_page.complaints if part not in told]


def wait_for_state(file: Path, is_there: Callable[[dict[str, Any]], bool], seconds: float = 15) -> dict[str, Any]:
    """The user state once it holds what a page has changed: a click is answered before the file is written."""

    def read() -> dict[str, Any]:
        return json.loads(file.read_text("utf-8")) if file.exists() else {}  # type: ignore[no-any-return]

    return _read_until(read, is_there, seconds, f"what {file.name} holds")


def wait_in_page(page: Any, script: str, arg: Any = None, seconds: float = 15) -> None:
    """Until `script` is true in the page or frame. The page's policy forbids what wait_for_function compiles there."""
    _read_until(lambda: page.evaluate(script, arg), bool, seconds, script)


def _read_until(read: Callable[[], Any], is_right: Callable[[Any], bool], seconds: float, what: str) -> Any:
    """What is read once it is right."""
    end = time.monotonic() + seconds
    while not is_right(found := read()):
        assert time.monotonic() < end, f"after {seconds} seconds {what} is {found}"
        time.sleep(0.02)
    return found


def nameless(page: Any) -> list[str]:
    """The beginnings of what can be pressed, chosen or looked at on a page, but has no name."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => [...document.querySelectorAll("button, input, select, a, canvas[tabindex], [role]")]
          .filter((element) => element.checkVisibility() && !element.closest("[aria-hidden=true]"))
          .filter(({ role }) => !role || ["button", "img", "tree", "separator", "application"].includes(role))
          .filter((element) => !(element.ariaLabel || element.title || element.labels?.length))
          .filter((element) => !element.textContent.trim())
          .map((element) => element.outerHTML.slice(0, 120))"""
    )


def write_run(folder: Path, tags: dict[str, np.ndarray], *, every: int = 1) -> None:
    """One event file; point i of a tag has step i · every."""
    with SummaryWriter(str(folder)) as writer:
        for tag, values in tags.items():
            for i, value in enumerate(values.tolist()):
                writer.add_scalar(tag, value, i * every, walltime=1.7e9 + i)
