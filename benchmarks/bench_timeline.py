"""The timeline of a trace with millions of events: answers of the server, and frames while the view moves."""

from __future__ import annotations

import json
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from .browser import chromium
from .make_trace import make_trace
from .measure import Row, Table
from .servers import running

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

_SOURCE = (
    Path(__file__).parents[2] / "shared/traces/tracelens/h100/google_owlv2-large-patch14-ensemble__1016001.json.gz"
)
_FRAME = 1 / 60  # s
_ANSWER = 0.03  # s
_CELLS = 512
NOTES = """\
A real trace repeated: {events:,} events. Chromium without a graphics card, window 1440×900, all rows open. Answers: the
request of a view of 1,440 pixels with a tile on either side, all rows, over HTTP. Frames: time between frames, and what
the page's own thread works in each, while keys move the view."""

# Frames between a key's press and its release: ms from each to the next.
_FRAMES = """async ([key, count]) => {
  const press = (type) => document.body.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true }));
  const next = () => new Promise(requestAnimationFrame);
  press("keydown");
  const times = [];
  let last = await next();
  for (let frame = 0; frame < count; frame += 1) {
    const now = await next();
    times.push(now - last);
    last = now;
  }
  press("keyup");
  return times;
}"""
_OPEN = """async () => {
  for (const fold of document.querySelectorAll(".prof-tl-fold[aria-expanded=false]")) fold.click();
}"""


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject; none without the real trace that the large one is made of."""
    if not _SOURCE.exists():
        print(f"timeline: {_SOURCE} is not there")
        return []
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "run" / "big.1.pt.trace.json"
        trace.parent.mkdir()
        events = make_trace(_SOURCE, 2 if quick else 36, trace)
        with running("stepscope", Path(folder)) as (url, _):
            rows = [*_answers(url), *_frames(url, 60 if quick else 180)]
    return [Table("Timeline", (), NOTES.format(events=events), rows)]


def measure(url: str) -> list[Row]:
    """The same rows of a dashboard that runs already and whose newest profile is the one to look at."""
    return [*_answers(url), *_frames(url, 180)]


def _answers(url: str) -> Iterator[Row]:
    p = _json(url, "api/profiles")["profiles"][0]["id"]
    while "end" not in (info := _json(url, f"api/profile/timeline?{urllib.parse.urlencode({'p': p})}")):
        time.sleep(0.2)
    for words, share in (("all of it", 1.0), ("a tenth", 0.1), ("a thousandth", 1e-3), ("a millionth", 1e-6)):
        questions = [_question(info, share, place / 10) for place in range(1, 10)]
        times = [_seconds(url, p, question) for question in questions]
        yield Row(f"tiles of {words}", median(times), at_most=_ANSWER)


def _question(info: dict[str, Any], share: float, place: float) -> str:
    span = info["end"] * share
    level = max(0, int(span / 1440).bit_length() - 1)
    tile = _CELLS << level
    begin = place * (info["end"] - span)
    last = min(int((begin + span) / tile) + 2, info["end"] // tile + 1)
    bands, curves = (f"0-{len(info[name]) - 1}" for name in ("bands", "curves"))
    return f"{info['rank']}:{level}:{max(0, int(begin / tile) - 1)}:{last}:{bands}:{curves}"


def _seconds(url: str, p: str, ask: str) -> float:
    begin = time.perf_counter()
    with urllib.request.urlopen(
        f"{url}api/profile/timeline/tiles?{urllib.parse.urlencode({'p': p, 'ask': ask})}"
    ) as of:
        of.read()
    return time.perf_counter() - begin


def _json(url: str, path: str) -> Any:
    with urllib.request.urlopen(url + path) as answer:
        return json.load(answer)


def _frames(url: str, count: int) -> Iterator[Row]:
    with _page(url) as (page, session):
        for words, keys in (("panning", "da"), ("zooming in", "w"), ("panning, zoomed in", "ad"), ("zooming out", "s")):
            before = _work(session)
            times = [each for key in keys for each in page.evaluate(_FRAMES, [key, count // len(keys)])]
            worked = (_work(session) - before) / len(times)
            ordered = sorted(times)
            yield Row(f"{words}, frame to frame", median(times) / 1000, at_most=_FRAME * 1.05)
            yield Row(f"{words}, frame to frame, 95th of 100", ordered[int(0.95 * len(ordered))] / 1000)
            yield Row(f"{words}, work in a frame", worked, at_most=_FRAME)


def _work(session: CDPSession) -> float:
    """Seconds that the page's own thread has worked."""
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


@contextmanager
def _page(url: str) -> Iterator[tuple[Page, CDPSession]]:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}#profile?tview=timeline")
        page.wait_for_selector("html[data-drawn=true]", timeout=240_000)
        page.evaluate(_OPEN)
        page.wait_for_timeout(2000)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})  # its own time: others may be at work, too
        yield page, session
