"""The canvas of model graphs, mounted by itself: what is pointed at, opened, walked to, moved, coloured and saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser_helpers import Dashboard, wait_in_page
from playwright.sync_api import Page

EVIL = "<img src=x onerror=alert(1)>"
SIZE = (1000, 700)
MOUNT = """async scene => {
  const files = new URL(document.querySelector("script[data-files]").dataset.files, document.baseURI);
  const { graphCanvas } = await import(new URL("dashboards/graph/graph-canvas-card.js", files).href);
  const stage = document.createElement("div");
  stage.style.cssText = "position: fixed; inset: 0; z-index: 999";
  document.body.append(stage);
  window.costs = [];
  const nextFrame = requestAnimationFrame;
  window.requestAnimationFrame = (action) => nextFrame((now) => {
    const start = performance.now();
    action(now);
    window.costs.push(performance.now() - start);
  });
  window.told = [];
  const tell = (what) => (...values) => window.told.push([what, ...values]);
  const events = { onOpen: tell("open"), onSelect: tell("select"), onHover: tell("hover") };
  window.view = graphCanvas(stage, { label: "Test model", ...events });
  window.view.update(scene);
}"""
DRAWN = """() => {
  const canvas = document.querySelector(".graph-drawing");
  return canvas.width > 0 && window.costs.length > 0;
}"""
PIXEL = """([x, y]) => {
  const canvas = document.querySelector(".graph-drawing");
  const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, -x, -y);
  return [...copy.getImageData(0, 0, 1, 1).data];
}"""
AT_REST = """() => {
  const [now, before] = [JSON.stringify(window.view.view()), window.seen];
  window.seen = now;
  return now === before;
}"""


def scene(rows: list[tuple[Any, ...]], lines: list[tuple[Any, ...]] = ()) -> dict[str, Any]:  # type: ignore[assignment]
    """Rows are (id, kind, x, y, width, height, parent), lines (from, to, points)."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    boxes = dict(zip(("id", "kind", "x", "y", "w", "h", "parent"), columns, strict=True))
    labels = [name.strip("/").split("/")[-1] for name in boxes["id"]]
    right = max(row[2] + row[4] for row in rows)
    bottom = max(row[3] + row[5] for row in rows)
    return {
        "size": [right + 20, bottom + 20],
        "boxes": {**boxes, "label": labels, "sub": [""] * len(rows)},
        "edges": {"from": [a for a, _, _ in lines], "to": [b for _, b, _ in lines], "points": [p for _, _, p in lines]},
    }


CLOSED = scene(
    [
        ("x", "input", 120, 20, 100, 40, -1),
        ("a/", "group", 120, 120, 100, 40, -1),
        ("y", "output", 120, 220, 100, 40, -1),
    ],
    [(0, 1, [170, 60, 170, 120]), (1, 2, [170, 160, 170, 220])],
)
OPENED = scene(
    [
        ("x", "input", 220, 20, 100, 40, -1),
        ("a/", "open", 120, 120, 300, 220, -1),
        ("a/f", "op", 140, 160, 110, 40, 1),
        ("a/g", "op", 290, 160, 110, 40, 1),
        ("a/h", "op", 210, 270, 110, 40, 1),
        ("y", "output", 220, 400, 100, 40, -1),
    ],
    [
        (0, 1, [270, 60, 270, 120]),
        (2, 4, [195, 200, 240, 270]),
        (3, 4, [345, 200, 290, 270]),
        (1, 5, [270, 340, 270, 400]),
    ],
)


def many(count: int) -> dict[str, Any]:
    """Boxes in a square, each with an edge to the one below it."""
    side = int(count**0.5) + 1
    rows = [(f"n{i}", "op", i % side * 140, i // side * 80, 120, 40, -1) for i in range(count)]
    lines = []
    for i in range(count - side):
        (_, _, x, y, *_), (_, _, x2, y2, *_) = rows[i], rows[i + side]
        lines.append((i, i + side, [x + 60, y + 40, x2 + 60, y2]))
    return scene(rows, lines)


@pytest.fixture
def mount(open_page: Callable[..., Page], dashboard: Dashboard) -> Callable[..., Page]:
    """Opens a page and shows a scene that fills it."""

    def show(shown: dict[str, Any], **how: Any) -> Page:
        page = open_page(dashboard.url, **{"width": SIZE[0], "height": SIZE[1], **how})
        page.evaluate(MOUNT, shown)
        wait_in_page(page, DRAWN)
        return page

    return show


def place(page: Page, shown: dict[str, Any], name: str) -> tuple[float, float]:
    """The middle of a box on the screen."""
    boxes, view = shown["boxes"], page.evaluate("window.view.view()")
    at = boxes["id"].index(name)
    x, y = boxes["x"][at] + boxes["w"][at] / 2, boxes["y"][at] + boxes["h"][at] / 2
    return SIZE[0] / 2 + (x - view["x"]) * view["k"], SIZE[1] / 2 + (y - view["y"]) * view["k"]


def told(page: Page, what: str) -> list[Any]:
    return page.evaluate("what => window.told.filter(([kind]) => kind === what).map(([, ...rest]) => rest)", what)


def test_what_is_pointed_at_is_told(mount: Callable[..., Page]) -> None:
    page = mount(CLOSED)
    page.mouse.click(*place(page, CLOSED, "x"))
    (x, above), (_, below) = place(page, CLOSED, "x"), place(page, CLOSED, "a/")
    page.mouse.click(x + 2, (above + below) / 2)
    page.mouse.click(20, 300)
    assert told(page, "select") == [["x", {}], [None, {"edge": 0}], [None, {}]]
    assert told(page, "hover") == [["x"], [None]]
    page.mouse.move(*place(page, CLOSED, "a/"))
    tip = page.locator(".graph-tip")
    tip.wait_for()
    assert "closed group" in tip.inner_text()


def test_a_group_opens_where_the_pointer_is(mount: Callable[..., Page]) -> None:
    page = mount(CLOSED)
    x, y = place(page, CLOSED, "a/")
    page.mouse.dblclick(x, y)
    assert told(page, "open") == [["a/", "group"]]
    page.evaluate("scene => window.view.update(scene, { selected: 'a/' })", OPENED)
    wait_in_page(page, AT_REST)
    view = page.evaluate("window.view.view()")
    under = view["x"] + (x - SIZE[0] / 2) / view["k"], view["y"] + (y - SIZE[1] / 2) / view["k"]
    assert 120 < under[0] < 420 and 120 < under[1] < 150, "the header of the frame is under the pointer"
    page.mouse.click(*place(page, OPENED, "a/g"))
    assert told(page, "select")[-1] == ["a/g", {}]


def test_what_closes_around_the_view_is_in_sight_afterwards(mount: Callable[..., Page]) -> None:
    far = scene([("a/", "open", 20, 20, 200, 9000, -1), ("a/f", "op", 40, 8000, 110, 40, 0)])
    page = mount(far)
    page.evaluate("window.view.setView({ x: 95, y: 8020, k: 1 })")
    wait_in_page(page, AT_REST)
    page.evaluate("scene => window.view.update(scene)", CLOSED)
    wait_in_page(page, AT_REST)
    x, y = place(page, CLOSED, "a/")
    assert 0 < x < SIZE[0] and 0 < y < SIZE[1]


def test_the_keys_walk_and_open_and_say_where_they_are(mount: Callable[..., Page]) -> None:
    page = mount(OPENED)
    canvas = page.locator(".graph-drawing")
    canvas.focus()
    said = page.locator("[aria-live]", has_text="input")
    page.keyboard.press("ArrowDown")
    said.wait_for(state="attached")
    for key, words in [("ArrowDown", "open group, from x, to y"), ("Enter", ""), ("ArrowDown", "operation, to h")]:
        page.keyboard.press(key)
        page.locator(".spoken [aria-live]", has_text=words).wait_for(state="attached")
    page.keyboard.press("Space")
    assert told(page, "open") == [["a/", "open"]]
    assert told(page, "select") == [["a/f", {}]]
    before = page.evaluate("window.view.view().k")
    page.keyboard.press("+")
    assert page.evaluate("window.view.view().k") > before
    page.locator(".spoken li").nth(5).wait_for(state="attached")
    assert "operation" in (page.locator(".spoken li").nth(2).text_content() or "")


def test_wheel_drag_minimap_and_buttons_move_the_view(mount: Callable[..., Page]) -> None:
    shown = many(400)
    page = mount(shown)
    start = page.evaluate("window.view.view()")
    page.mouse.move(500, 350)
    page.mouse.down()
    page.mouse.move(440, 330, steps=3)
    page.mouse.up()
    moved = page.evaluate("window.view.view()")
    assert moved["x"] == pytest.approx(start["x"] + 60 / start["k"])
    assert told(page, "select") == [], "a drag is no click"
    page.mouse.wheel(0, -300)
    wait_in_page(page, "before => window.view.view().k > before", moved["k"])
    box = page.locator(".graph-minimap").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 8, box["y"] + box["height"] - 8)
    wait_in_page(page, "before => window.view.view().x > before", shown["size"][0] * 0.8)
    page.get_by_role("button", name="Show all of it").click()
    wait_in_page(page, "([x]) => Math.abs(window.view.view().x - x / 2) < 1", shown["size"])
    page.locator(".graph-minimap").wait_for(state="hidden")


def test_the_minimap_makes_room_for_the_selected_box(mount: Callable[..., Page]) -> None:
    far = scene([("x", "input", 0, 0, 100, 40, -1), ("y", "output", 5000, 5000, 100, 40, -1)])
    page = mount(far)
    page.evaluate("scene => window.view.update(scene, { selected: 'y' })", far)
    page.evaluate("window.view.setView({ x: 4600, y: 4700, k: 1 })")
    wait_in_page(page, "() => document.querySelector('.graph-minimap').getBoundingClientRect().top < 20")
    page.evaluate("window.view.setView({ x: 5000, y: 5000, k: 1 })")
    wait_in_page(page, "() => document.querySelector('.graph-minimap').getBoundingClientRect().top > 300")


def test_colours_follow_what_is_measured_and_the_theme(mount: Callable[..., Page]) -> None:
    page = mount(CLOSED)
    x, y = place(page, CLOSED, "a/")
    spot = [x - 40, y + 12]
    plain = page.evaluate(PIXEL, spot)
    page.evaluate("scene => window.view.update(scene, { colors: new Map([['a/', '#ff0000']]) })", CLOSED)
    wait_in_page(page, f"([at, red]) => ({PIXEL})(at)[1] < red - 20", [spot, plain[1]])
    page.evaluate("scene => window.view.update(scene, { marked: new Set(['x']), dimmed: true })", CLOSED)
    wait_in_page(page, f"([at, before]) => ({PIXEL})(at)[1] > before", [spot, plain[1]])
    light = page.evaluate(PIXEL, [5, 5])
    page.emulate_media(color_scheme="dark")
    wait_in_page(page, f"([at, before]) => ({PIXEL})(at)[0] < before - 100", [[5, 5], light[0]])


def test_pictures_hold_all_of_the_scene(mount: Callable[..., Page]) -> None:
    evil = scene([("a", "op", 0, 0, 400, 40, -1), (EVIL.replace("/", ""), "op", 0, 9000, 400, 40, -1)])
    page = mount(evil)
    svg = page.evaluate("window.view.picture('svg', { title: 'Whole' }).then((blob) => blob.text())")
    assert "Whole" in svg and "&lt;img" in svg and "<img" not in svg
    seen = page.evaluate("window.view.picture('svg', { part: 'view' }).then((blob) => blob.text())")
    assert "&lt;img" not in seen, "what is out of sight is left out"
    width, height = page.evaluate("""async () => {
      const bitmap = await createImageBitmap(await window.view.picture("png"));
      return [bitmap.width, bitmap.height];
    }""")
    assert width > 420 and height > 9060


def test_moving_two_thousand_boxes_costs_next_to_nothing(mount: Callable[..., Page]) -> None:
    shown = many(2000)
    page = mount(shown)
    page.evaluate("([x, y]) => window.view.setView({ x: x / 2, y: y / 2, k: 0.15 })", shown["size"])
    wait_in_page(page, AT_REST)
    page.mouse.move(500, 350)
    page.mouse.down()
    page.evaluate("window.costs.length = 0")
    page.mouse.move(300, 300, steps=60)
    page.mouse.up()
    costs = sorted(page.evaluate("window.costs"))
    assert len(costs) > 10
    assert costs[len(costs) // 2] < 8, "milliseconds of a frame, of the 16 there are"


def test_rest_is_kept_for_those_who_asked_for_it(mount: Callable[..., Page]) -> None:
    page = mount(CLOSED, width=400, height=700)
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("window.view.setView({ x: 0, y: 0, k: 3 })")
    page.evaluate("window.costs.length = 0; window.view.fit()")
    wait_in_page(page, "() => window.view.view().k < 3")
    fitted = page.evaluate("window.view.view()")
    assert (fitted["x"], fitted["y"]) == (CLOSED["size"][0] / 2, CLOSED["size"][1] / 2), "there with the first frame"
