"""A million points in the page: coloured, selected, pointed at, moved; drawn without a graphics card."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from .browser import chromium
from .measure import Row, Table
from .servers import running

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

_FLAG = "--enable-unsafe-swiftshader"  # WebGL in software
_BAR = 0.1  # s of the page's own thread
_MEMORY_BAR = 20e6  # bytes
_SMALL = 100_000  # points whose memory is told
NOTES = """\
Chromium without a graphics card, window 1440×900, {points:,} points. Time: CPU time of the page's own thread from the
call until the second frame after it, when the graphics card has what it needs; selecting a lasso includes finding the
points in it. Memory: what the page holds more for {small:,} points in space than for one, coordinates, colours and
values included."""

_SHOW = """async ([count, dims]) => {
  const files = new URL(document.querySelector("script[data-files]").dataset.files, document.baseURI);
  const [{ pointsView }, { rampStops }] = await Promise.all(["charts/points-view.js", "lib/ramp.js"].map((path) => import(new URL(path, files).href)));
  document.body.replaceChildren();
  const ink = { surface: "#ffffff", text: "#111111", muted: "#777777", line: "#cccccc", accent: "#0b5fd9", dark: false };
  window.view = pointsView(document.body, { ink: () => ink, onHover: () => {}, onSelect: (rows) => window.view.setSelected(rows) });
  const places = Float32Array.from({ length: count * dims }, () => (Math.random() + Math.random() + Math.random()) * 20);
  const codes = Uint8Array.from({ length: count }, () => 10 * Math.random());
  const values = Float32Array.from({ length: count }, () => Math.exp(3 * Math.random()));
  const palette = Array.from({ length: 10 }, (_, at) => `#${(at * 1234567 + 4000000).toString(16).slice(-6).padStart(6, "0")}`);
  const sets = [0, 1].map((first) => Uint32Array.from({ length: count / 2 }, (_, at) => 2 * at + first));
  const masks = [0, 1].map((hidden) => Uint8Array.from({ length: count }, (_, at) => (at + hidden) % 2));
  Object.assign(window, { places, codes, values, palette, sets, masks, ramp: rampStops("light") });
  window.view.setPoints(count, dims);
  window.view.setColors({ codes, palette });
  window.view.setCoordinates(places);
  const root = document.querySelector(".point-cloud");
  root.setPointerCapture = () => {}; // for a pointer that is not there
  window.point = (type, x, y) => root.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, pointerId: 1, buttons: type === "hover" ? 0 : 1 }));
}"""  # noqa: E501
_DRAWN = """() => new Promise((done) => {
  const look = () => (window.view.isDrawn ? done() : setTimeout(look, 20));
  requestAnimationFrame(() => requestAnimationFrame(look));
})"""
_TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
_LASSO = """() => {
  window.view.setMode("lasso");
  const corner = (at) => [720 + (300 + 40 * (at % 2)) * Math.cos(at / 9.5), 450 + (250 + 40 * (at % 2)) * Math.sin(at / 9.5)];
  window.point("pointerdown", ...corner(0));
  for (let at = 1; at < 60; at += 1) window.point("pointermove", ...corner(at));
  window.point("pointerup", ...corner(60));
  window.view.setMode("pan");
}"""  # noqa: E501
_PAN = """async (frames) => {
  const next = () => new Promise(requestAnimationFrame);
  const times = [];
  window.point("pointerdown", 700, 450);
  let last = performance.now();
  for (let frame = 1; frame <= frames; frame += 1) {
    window.point("pointermove", 700 + 150 * Math.sin(frame / 15), 450 + 100 * Math.cos(frame / 19));
    await next();
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  window.point("pointerup", 700, 450);
  return times.slice(10);
}"""
_ACTIONS = {
    "colours by category": "(at) => window.view.setColors({ codes: window.codes.slice(), palette: window.palette })",
    "colours by value": "(at) => window.view.setColors({ values: window.values, ramp: window.ramp })",
    "colours by logarithm": '(at) => window.view.setColors({ values: window.values, ramp: window.ramp, scale: "log" })',
    "colours by rank": '(at) => window.view.setColors({ values: window.values, ramp: window.ramp, scale: "quantile" })',
    "half of them selected": "(at) => window.view.setSelected(window.sets[at % 2])",
    "none selected": "(at) => window.view.setSelected(null)",
    "half of them hidden": "(at) => window.view.setVisible(window.masks[at % 2])",
    "lasso of 60 corners": _LASSO,
    "a point under the pointer": '(at) => window.point("pointermove", 700 + at, 450)',
}


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    points, repeats = (100_000, 2) if quick else (1_000_000, 5)
    rows = []
    for dims in (2, 3):
        with _shown(points, dims) as (page, devtools):
            rows += _rows(page, devtools, f"{dims}-D", repeats)
    held = []
    for count in (1, _SMALL):
        with _shown(count, 3) as (_, devtools):
            held.append(_memory(devtools))
    rows.append(Row(f"memory of {_SMALL:,} points", held[1] - held[0], (), "B", at_most=_MEMORY_BAR))
    return [Table("Clouds of points in the page", (), NOTES.format(points=points, small=_SMALL), rows)]


def _rows(page: "Page", devtools: "CDPSession", what: str, repeats: int) -> Iterator[Row]:
    for name, action in _ACTIONS.items():
        times = [_seconds(page, devtools, action, at) for at in range(repeats)]
        yield Row(f"{what}, {name}", median(times), at_most=_BAR)
        page.evaluate("window.view.setVisible(null)")
        page.evaluate("window.view.setSelected(null)")
        page.evaluate(_TWO_FRAMES)
    yield Row(f"{what}, dragged, frame to frame", median(page.evaluate(_PAN, 60)) / 1000)


def _seconds(page: "Page", devtools: "CDPSession", action: str, at: int) -> float:
    """CPU time of the page's thread for something and for having it drawn."""
    before = _spent(devtools)
    page.evaluate(action, at)
    page.evaluate(_TWO_FRAMES)
    return _spent(devtools) - before


def _spent(devtools: "CDPSession") -> float:
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")


def _memory(devtools: "CDPSession") -> float:
    """Bytes of objects and arrays that the page holds on to."""
    devtools.send("HeapProfiler.collectGarbage")
    usage = devtools.send("Runtime.getHeapUsage")
    return float(usage["usedSize"] + usage["backingStorageSize"])


@contextmanager
def _shown(points: int, dims: int) -> Iterator[tuple["Page", "CDPSession"]]:
    """A page that shows nothing but points."""
    with (
        tempfile.TemporaryDirectory() as empty,
        running("stepscope", Path(empty)) as (url, _),
        chromium(_FLAG) as browser,
    ):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        page.evaluate(_SHOW, [points, dims])
        page.evaluate(_DRAWN)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        yield page, devtools
