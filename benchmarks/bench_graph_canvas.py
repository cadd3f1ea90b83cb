"""A model graph being moved: frames while two thousand boxes are on the screen, drawn without a graphics card."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from .browser import chromium
from .measure import Row, Table
from .servers import running

if TYPE_CHECKING:
    from playwright.sync_api import Page

_BOXES = 2_000  # in view
_FRAME = 1 / 60  # s
_WINDOW = {"width": 1600, "height": 900}
NOTES = f"""\
Chromium without a graphics card, window 1600×900, {_BOXES:,} boxes and as many edges in view. From frame to frame while
the picture is dragged or the wheel turned; script: what a frame takes of the page's own thread."""

_SHOW = """async (scene) => {
  const files = new URL(document.querySelector("script[data-files]").dataset.files, document.baseURI);
  const { graphCanvas } = await import(new URL("dashboards/graph/graph-canvas-card.js", files).href);
  document.body.replaceChildren();
  const nothing = () => {};
  window.view = graphCanvas(document.body, { onOpen: nothing, onSelect: nothing });
  window.view.update(scene);
}"""
# Sends an event in each frame; tells the times between frames and those of the scripts in them, ms.
_FRAMES = """async ([frames, zooms]) => {
  const canvas = document.querySelector(".graph-drawing");
  canvas.setPointerCapture = () => {}; // for a pointer that is not there
  const [x, y] = [innerWidth / 2, innerHeight / 2];
  const point = (type, dx, dy) => canvas.dispatchEvent(new PointerEvent(type, { clientX: x + dx, clientY: y + dy, pointerId: 1, buttons: 1 }));
  const next = window.requestAnimationFrame.bind(window);
  const [times, scripts] = [[], []];
  window.requestAnimationFrame = (action) => next((now) => {
    const start = performance.now();
    action(now);
    scripts.push(performance.now() - start);
  });
  point("pointerdown", 0, 0);
  let last = performance.now();
  for (let frame = 1; frame <= frames; frame += 1) {
    if (zooms) canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: frame % 40 < 20 ? -20 : 20, clientX: x, clientY: y, cancelable: true }));
    else point("pointermove", 150 * Math.sin(frame / 15), 100 * Math.cos(frame / 19));
    await new Promise(next);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  point("pointerup", 0, 0);
  window.requestAnimationFrame = next;
  return [times.slice(5), scripts.slice(5)];
}"""  # noqa: E501


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    frames = 60 if quick else 300
    with _shown(_scene()) as page:
        rows = [row for what, zooms in (("pan", False), ("zoom", True)) for row in _rows(page, what, frames, zooms)]
    return [Table("Model graph in the page, moved", (), NOTES, rows)]


def _rows(page: "Page", what: str, frames: int, zooms: bool) -> Iterator[Row]:
    times, scripts = page.evaluate(_FRAMES, [frames, zooms])
    slow = sorted(times)[int(0.95 * len(times))]
    yield Row(f"{what}, frame to frame, median", median(times) / 1000, at_most=None if zooms else _FRAME * 1.05)
    yield Row(f"{what}, frame to frame, 95 of 100 below", slow / 1000)
    yield Row(f"{what}, script in a frame, median", median(scripts) / 1000, at_most=_FRAME / 2)
    page.wait_for_timeout(1000)


@contextmanager
def _shown(scene: dict[str, Any]) -> Iterator["Page"]:
    """A page that shows nothing but this scene, all of it."""
    with tempfile.TemporaryDirectory() as empty, running("stepscope", Path(empty)) as (url, _), chromium() as browser:
        page = browser.new_page(viewport=_WINDOW)
        page.goto(url)
        page.evaluate(_SHOW, scene)
        page.evaluate("window.view.fit()")
        page.wait_for_timeout(2000)
        yield page


def _scene() -> dict[str, Any]:
    """Boxes in rows as wide as the window, each with an edge to one in the next row."""
    columns, rows = 50, _BOXES // 50
    x = [170 * (place % columns) for place in range(_BOXES)]
    y = [115 * (place // columns) for place in range(_BOXES)]
    sources = range(_BOXES - columns)
    targets = [source + columns + (source % 3 - 1 if 0 < source % columns < columns - 1 else 0) for source in sources]
    points = [[x[a] + 70, y[a] + 42, x[b] + 70, y[b]] for a, b in zip(sources, targets, strict=True)]
    names = [f"linear{place}" for place in range(_BOXES)]
    kinds = ["group" if place % 7 == 0 else "op" for place in range(_BOXES)]
    boxes = {"id": names, "kind": kinds, "label": names, "sub": ["float32 32×128"] * _BOXES, "x": x, "y": y}
    return {
        "size": [170 * columns, 115 * rows],
        "boxes": {**boxes, "w": [140] * _BOXES, "h": [42] * _BOXES},
        "edges": {"from": [*sources], "to": targets, "points": points, "bytes": [16_384] * len(points)},
    }
