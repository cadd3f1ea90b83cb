"""How soon our page answers to zooming, hovering and scrolling, measured inside the page."""

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from .browser import fresh_page, open_ours

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_CHART = ".card canvas"
_SETTLE = 1500  # ms after a gesture in which all of its consequences happen
_SCROLL = 3000  # pixels at a time

# Notes for every event of one type how long after it the next frame had been painted, and when `data-drawn` came back.
_WATCH = """(type) => {
  window.answers = { painted: [], drawn: [] };
  const channel = new MessageChannel();
  const waiting = [];
  let last = 0;
  channel.port1.onmessage = () => answers.painted.push(performance.now() - waiting.shift());
  addEventListener(type, (event) => {
    last = event.timeStamp;
    requestAnimationFrame(() => { waiting.push(event.timeStamp); channel.port2.postMessage(0); });
  }, { capture: true });
  new MutationObserver(() => {
    if (document.documentElement.dataset.drawn === "true") answers.drawn.push(performance.now() - last);
  }).observe(document.documentElement, { attributeFilter: ["data-drawn"] });
}"""

_WATCH_TASKS = """() => {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) longest = Math.max(longest, task.duration);
  }).observe({ type: "longtask" });
}"""

# Scrolls what holds the cards; false at its end.
_SCROLL_ON = """(pixels) => {
  let box = document.querySelector(".card");
  while (box && box !== document.documentElement && !(box.scrollHeight > box.clientHeight + 1
    && /auto|scroll/.test(getComputedStyle(box).overflowY))) box = box.parentElement;
  box = box ?? document.scrollingElement;
  const before = box.scrollTop;
  box.scrollBy(0, pixels);
  return box.scrollTop > before;
}"""


@dataclass(frozen=True)
class ZoomFigures:
    """Seconds after the button was let go until the zoomed chart was painted, and until it showed the finer data."""

    painted: float
    detailed: float


@dataclass(frozen=True)
class ScrollFigures:
    """Scrolling through everything: the longest task in seconds, bytes of live JS objects, elements at the end."""

    longest_task: float
    heap_before: float
    heap_after: float
    elements: float


def zoom_figures(browser: "Browser", url: str, repeats: int) -> ZoomFigures:
    """Drag a box over the first chart `repeats` times, going back in between; medians."""
    painted, detailed = [], []
    with fresh_page(browser) as page:
        open_ours(page, url)
        box = page.locator(_CHART).first.bounding_box()
        page.evaluate(_WATCH, "pointerup")
        for _ in range(repeats):
            page.evaluate("() => { answers.painted = []; answers.drawn = []; }")
            page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.3 * box["height"])
            page.mouse.down()
            page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.7 * box["height"], steps=4)
            page.mouse.up()
            page.wait_for_timeout(_SETTLE)
            answers = page.evaluate("answers")
            painted.append(answers["painted"][0] / 1000)
            detailed.append(max([answers["painted"][0], *answers["drawn"]]) / 1000)
            page.mouse.dblclick(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
            page.wait_for_timeout(_SETTLE)
    return ZoomFigures(median(painted), median(detailed))


def hover_seconds(browser: "Browser", url: str, moves: int) -> float:
    """Move the pointer over the first chart; the median from the move to the painted answer."""
    with fresh_page(browser) as page:
        open_ours(page, url)
        box = page.locator(_CHART).first.bounding_box()
        page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.5 * box["height"])
        page.wait_for_timeout(_SETTLE)
        page.evaluate(_WATCH, "pointermove")
        for i in range(moves):
            page.mouse.move(
                box["x"] + box["width"] * (0.1 + 0.8 * i / moves), box["y"] + box["height"] * (0.3 + 0.4 * (i % 2))
            )
            page.wait_for_timeout(100)
        return median(page.evaluate("answers.painted")) / 1000


def scroll_figures(browser: "Browser", url: str) -> ScrollFigures:
    """Scroll from the first card to the last, waiting for what is in view to be drawn."""
    with fresh_page(browser) as page:
        open_ours(page, url)
        before = _live_heap(page)
        page.evaluate(_WATCH_TASKS)
        while page.evaluate(_SCROLL_ON, _SCROLL):
            page.wait_for_timeout(30)
            page.wait_for_selector('html[data-drawn="true"]', state="attached")
        longest = page.evaluate("longest") / 1000
        elements = page.evaluate("document.querySelectorAll('*').length")
        return ScrollFigures(longest, before, _live_heap(page), elements)


def _live_heap(page: "Page") -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return session.send("Runtime.getHeapUsage")["usedSize"]
