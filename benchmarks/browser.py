"""Chromium for the benchmarks, and when a page counts as drawn."""

import io
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WINDOW = {"width": 1440, "height": 900}
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_TIMEOUT = 240_000  # ms
_COLOURED_PIXELS = 300  # in the plot of a card; one line alone covers more

# The plot areas of the visible scalar cards as [x, y, width, height], null while one of them still loads.
_TENSORBOARD_PLOTS = """() => {
  const cards = [...document.querySelectorAll("scalar-card")].filter((card) => {
    const box = card.getBoundingClientRect();
    return box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  });
  const loading = (card) => card.querySelector("mat-spinner") || !card.querySelector("canvas");
  if (!cards.length || cards.some(loading)) return null;
  return cards
    .map((card) => card.querySelector("canvas").getBoundingClientRect())
    .filter((box) => box.top + box.height / 2 < innerHeight)
    .map((box) => [box.x, box.y, box.width, box.height]);
}"""

# Does something and tells, in ms, when the first frame was painted in which the page shows what `shows` asks for.
_UNTIL = """([action, shows]) => new Promise((done) => {
  const act = new Function(action);
  const shown = new Function(shows);
  const channel = new MessageChannel();
  const start = performance.now();
  channel.port1.onmessage = () => done(performance.now() - start);
  const look = () => (shown() ? channel.port2.postMessage(0) : requestAnimationFrame(look));
  act();
  requestAnimationFrame(look);
})"""


@contextmanager
def chromium(*flags: str) -> Iterator["Browser"]:
    """A headless Chromium: the system's, or Playwright's own; `flags` beside the usual ones."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def fresh_page(browser: "Browser") -> Iterator["Page"]:
    """A page in a context of its own, nothing cached or stored."""
    context = browser.new_context(viewport=WINDOW)
    context.set_default_timeout(_TIMEOUT)
    try:
        yield context.new_page()
    finally:
        context.close()


def open_ours(page: "Page", url: str) -> None:
    """Navigate to the dashboard and wait until every visible chart shows its data."""
    page.goto(url, wait_until="commit")
    page.wait_for_selector('html[data-drawn="true"]', state="attached")


def seconds_until(page: "Page", action: str, shows: str) -> float:
    """Run JavaScript in the page → the frame painted in which the function body `shows` returns true."""
    return float(page.evaluate(_UNTIL, [action, shows])) / 1000


def seconds_until_drawn(browser: "Browser", server: str, url: str) -> float:
    """Navigation → visible charts drawn, in a fresh page of one of the servers."""
    with fresh_page(browser) as page:
        start = time.perf_counter()
        if server == "stepscope":
            open_ours(page, url)
            return time.perf_counter() - start
        page.goto(f"{url}#timeseries", wait_until="commit")
        while True:
            plots = page.wait_for_function(_TENSORBOARD_PLOTS).json_value()
            asked = time.perf_counter()
            if _all_have_lines(page.screenshot(), plots):
                return asked - start


def _all_have_lines(png: bytes, plots: list[list[float]]) -> bool:
    """Whether each of the plot areas holds coloured pixels: grid and axes are grey."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    for x, y, width, height in plots:
        area = pixels[int(y) : int(y + height), int(x) : int(x + width)]
        if (np.ptp(area, axis=2) > 40).sum() < _COLOURED_PIXELS:
            return False
    return True
