"""The view of a cloud of points, mounted by itself: what is drawn, pointed at, selected, coloured, moved and saved."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from browser_helpers import Dashboard, wait_in_page
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
EVIL = "<img src=x onerror=alert(1)>"
SIZE = (600, 400)
RED, GREEN = (255, 0, 0), (0, 160, 0)
MOUNT = """async ({ places, dims, codes }) => {
  window.view?.destroy();
  document.querySelector(".test-stage")?.remove();
  const files = new URL(document.querySelector("script[data-files]").dataset.files, document.baseURI);
  const { pointsView } = await import(new URL("charts/points-view.js", files).href);
  const stage = document.createElement("div");
  stage.className = "test-stage";
  stage.style.cssText = "position: fixed; inset: 0; z-index: 999; background: #ffffff";
  document.body.append(stage);
  const ink = { surface: "#ffffff", text: "#000000", muted: "#808080", line: "#d0d0d0", accent: "#0000ff", dark: false };
  window.told = [];
  const tell = (what) => (...values) => window.told.push([what, ...values.map((value) => (ArrayBuffer.isView(value) ? [...value] : value))]);
  window.view = pointsView(stage, {
    ink: () => ink, label: "Test", describe: (row) => `number ${row}`,
    onHover: tell("hover"), onPick: (row) => tell("pick")(row), onSelect: tell("select"),
  });
  window.view.setPoints(places.length, dims);
  window.view.setColors({ codes: Uint8Array.from(codes ?? places.map(() => 0)), palette: ["#ff0000", "#00a000"] });
  window.view.setCoordinates(Float32Array.from(places.flat(), (value) => value ?? NaN));
}"""  # noqa: E501
DRAWN = "() => window.view.isDrawn"
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
PINCH = """() => {
  const root = document.querySelector(".point-cloud");
  const finger = (type, pointerId, clientX) => root.dispatchEvent(new PointerEvent(type, { pointerId, pointerType: "touch", clientX, clientY: 200, buttons: 1, bubbles: true }));
  root.setPointerCapture = () => {};
  finger("pointerdown", 1, 290);
  finger("pointerdown", 2, 310);
  finger("pointermove", 1, 200);
  finger("pointermove", 2, 400);
  finger("pointerup", 1, 200);
  finger("pointerup", 2, 400);
}"""  # noqa: E501
# A square, its middle twice, and a point that is nowhere. Its sides are 360 / 1.08 pixels, as the window allows.
SQUARE = [[-1, -1], [1, -1], [1, 1], [-1, 1], [0, 0], [0, 0], [None, 0]]
HALF = 200 / 1.08


def corner(x: float, y: float) -> tuple[float, float]:
    """Where a place of SQUARE is on the screen."""
    return SIZE[0] / 2 + x * HALF, SIZE[1] / 2 - y * HALF


@pytest.fixture(scope="module")
def with_webgl(playwright: Playwright) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--enable-unsafe-swiftshader"])
    yield started
    started.close()


@pytest.fixture(scope="module")
def webgl_page(with_webgl: Browser, dashboard: Dashboard) -> Iterator[Page]:
    with opened(with_webgl, dashboard) as page:
        yield page


@contextmanager
def opened(browser: Browser, dashboard: Dashboard) -> Iterator[Page]:
    """A page to show points in; what it complains about fails the test."""
    complaints: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type == "error":
            complaints.append(said.text)

    context = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
    page = context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(dashboard.url)
    yield page
    context.close()
    assert complaints == []


def show(page: Page, places: list[list[Any]], codes: list[int] | None = None) -> Page:
    page.evaluate(MOUNT, {"places": places, "dims": len(places[0]), "codes": codes})
    wait_in_page(page, DRAWN)
    return page


@pytest.fixture
def mount(webgl_page: Page) -> Iterator[Callable[..., Page]]:
    """Shows points in a page."""
    yield lambda places, codes=None: show(webgl_page, places, codes)
    webgl_page.emulate_media(reduced_motion="no-preference")


def told(page: Page, what: str) -> list[Any]:
    return page.evaluate("what => window.told.filter(([kind]) => kind === what).map(([, ...rest]) => rest)", what)


def pixel(page: Page, x: float, y: float) -> tuple[int, int, int]:
    """The colour on the screen."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return picture.getpixel((round(x), round(y)))  # type: ignore[return-value]


def is_like(color: tuple[int, int, int], other: tuple[int, int, int], far: int = 60) -> bool:
    return all(abs(a - b) <= far for a, b in zip(color, other, strict=True))


def change(page: Page, script: str, arg: Any = None) -> None:
    """Does something and waits until it is on the screen."""
    page.evaluate(script, arg)
    wait_in_page(page, DRAWN)


def test_points_are_drawn_where_they_are_and_picked_there(mount: Callable[..., Page]) -> None:
    page = mount(SQUARE)
    for x, y in SQUARE[:5]:
        assert is_like(pixel(page, *corner(x, y)), RED)
    assert pixel(page, 200, 100) == (255, 255, 255)
    page.mouse.click(*corner(1, 1))
    page.mouse.click(*corner(0, 0))
    page.mouse.click(200, 100)
    assert told(page, "pick") == [[2], [5], [None]], "of two at one place the one painted last; nothing beside them"
    page.mouse.move(*corner(-1, 1))
    wait_in_page(page, "() => window.told.some(([what, row]) => what === 'hover' && row === 3)")


def test_a_box_and_a_lasso_select_what_is_seen_in_them(mount: Callable[..., Page]) -> None:
    page = mount(SQUARE)
    change(page, "window.view.setVisible(Uint8Array.of(1, 1, 1, 1, 0, 1, 1))")
    page.keyboard.down("Shift")
    page.mouse.move(*corner(-0.5, 1.05))
    page.mouse.down()
    page.mouse.move(*corner(1.05, -0.5), steps=3)
    page.mouse.up()
    page.keyboard.up("Shift")
    page.evaluate("window.view.setMode('lasso')")
    page.mouse.move(*corner(-1.05, -1.05))
    page.mouse.down()
    for x, y in ((-1.05, 1.05), (-0.5, 1.05), (-0.5, -0.8), (1.05, -0.8), (1.05, -1.05)):
        page.mouse.move(*corner(x, y), steps=4)
    page.mouse.up()
    assert told(page, "select") == [[[2, 5], "add"], [[0, 1, 3], "replace"]]
    page.mouse.down()
    page.mouse.move(300, 200, steps=3)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert len(told(page, "select")) == 2, "what was given up selects nothing"


def test_colours_hidden_points_and_selected_ones(mount: Callable[..., Page]) -> None:
    page = mount(SQUARE)
    change(
        page, "window.view.setColors({ codes: Uint16Array.of(1, 0, 0, 0, 0, 0, 0), palette: ['#00a000', '#ff0000'] })"
    )
    assert is_like(pixel(page, *corner(-1, -1)), RED) and is_like(pixel(page, *corner(1, 1)), GREEN)
    values = "{ values: Float32Array.of(1, 10, 100, NaN, 1, 1, 1), ramp: ['#ff0000', '#00a000'], scale: 'log' }"
    change(page, f"window.view.setColors({values})")
    assert is_like(pixel(page, *corner(-1, -1)), RED) and is_like(pixel(page, *corner(1, 1)), GREEN)
    assert is_like(pixel(page, *corner(-1, 1)), (128, 128, 128), 40), "no value, no colour"
    change(page, "window.view.setVisible(Uint8Array.of(0, 1, 1, 1, 1, 1, 1))")
    assert pixel(page, *corner(-1, -1)) == (255, 255, 255)
    change(page, "window.view.setVisible(null); window.view.setSelected(Uint32Array.of(2))")
    assert is_like(pixel(page, *corner(1, 1)), GREEN)
    assert min(pixel(page, *corner(-1, -1))) > 150, "what is not selected steps back"


def test_one_point_none_and_only_bad_ones(mount: Callable[..., Page]) -> None:
    page = mount([[5, 5]])
    assert is_like(pixel(page, SIZE[0] / 2, SIZE[1] / 2), RED)
    page = mount([[None, 1], [None, None]])
    assert pixel(page, SIZE[0] / 2, SIZE[1] / 2) == (255, 255, 255)
    change(page, "window.view.setPoints(0, 3); window.view.setCoordinates(new Float32Array(0))")
    complaint = "try { window.view.setCoordinates(new Float32Array(4)) } catch (error) { error.message }"
    assert "4 numbers are no coordinates of 0 points" in page.evaluate(complaint)


def test_space_is_turned_and_the_nearest_point_is_picked(mount: Callable[..., Page]) -> None:
    corners = [[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    page = mount([*corners, [0, 0, 0.9], [0, 0, -0.9]], codes=[0] * 8 + [1, 0])
    straight = "window.view.setCamera({ ...window.view.camera(), yaw: %s, pitch: 0, target: [0, 0, 0] })"
    change(page, straight % 0)
    assert is_like(pixel(page, 300, 200), GREEN)
    page.mouse.click(300, 200)
    change(page, straight % "Math.PI")
    assert is_like(pixel(page, 300, 200), RED)
    page.mouse.click(300, 200)
    assert told(page, "pick") == [[8], [9]]
    before = page.evaluate("window.view.camera().yaw")
    page.mouse.move(100, 100)
    page.mouse.down()
    page.mouse.move(160, 100, steps=4)
    page.mouse.up()
    assert abs(page.evaluate("window.view.camera().yaw") - before) > 0.3
    page.evaluate("window.view.autoRotate = true")
    wait_in_page(page, "before => Math.abs(window.view.camera().yaw - before) > 0.6", before)


def test_layouts_follow_each_other_smoothly(mount: Callable[..., Page]) -> None:
    page = mount(SQUARE)
    moved = [1, 1, -1, 1, -1, -1, 1, -1, 0, 0, 0, 0, 0, 0]
    page.evaluate("places => window.view.setCoordinates(Float32Array.from(places), { animate: 2000 })", moved)
    page.mouse.move(10, 10)
    assert not page.evaluate(DRAWN), "on their way"
    page.evaluate("places => window.view.setCoordinates(Float32Array.from(places), { animate: 100 })", moved)
    wait_in_page(page, DRAWN)
    page.mouse.click(*corner(1, 1))
    assert told(page, "pick") == [[0]]
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("places => window.view.setCoordinates(Float32Array.from(places), { animate: 60_000 })", moved[::-1])
    wait_in_page(page, DRAWN)


def test_zoom_by_wheel_fingers_and_keys(mount: Callable[..., Page]) -> None:
    page = mount(SQUARE)
    page.mouse.move(*corner(1, 1))
    page.mouse.wheel(0, -400)
    wait_in_page(page, DRAWN)
    page.mouse.click(*corner(1, 1))
    assert told(page, "pick") == [[2]], "what was under the pointer still is"
    distance = page.evaluate("window.view.camera().distance")
    page.evaluate(PINCH)
    assert 8 < distance / page.evaluate("window.view.camera().distance") < 12
    page.locator(".point-cloud").press("0")
    wait_in_page(page, DRAWN)
    page.mouse.click(*corner(-1, -1))
    assert told(page, "pick")[-1] == [0]


def test_all_of_it_works_with_keys(mount: Callable[..., Page]) -> None:
    page = mount(SQUARE)
    root = page.get_by_role("application", name="Test: 7 points in 2 dimensions")
    root.focus()
    root.press("ArrowRight")
    wait_in_page(page, DRAWN)
    expect(page.locator(".point-cloud .spoken")).to_have_text("number 5")
    root.press("Enter")
    root.press("a")
    assert told(page, "pick") == [[5]]
    assert told(page, "select") == [[[0, 1, 2, 3, 4, 5], "replace"]]
    root.press("f")
    assert told(page, "select")[1:] == [], "other keys are the page's"


def test_a_lost_graphics_card_comes_back(mount: Callable[..., Page]) -> None:
    page = mount(SQUARE)
    page.evaluate("""() => {
      window.card = document.querySelector(".points-drawing").getContext("webgl2").getExtension("WEBGL_lose_context");
      window.card.loseContext();
    }""")
    expect(page.locator(".points-note")).to_contain_text("taken the graphics card away")
    page.evaluate("window.card.restoreContext()")
    expect(page.locator(".points-note")).to_be_hidden()
    wait_in_page(page, DRAWN)
    assert is_like(pixel(page, *corner(1, 1)), RED)


def test_without_webgl_points_are_drawn_and_said_so(playwright: Playwright, dashboard: Dashboard) -> None:
    plain = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-3d-apis"])
    with opened(plain, dashboard) as page:
        show(page, SQUARE)
        expect(page.locator(".points-note")).to_contain_text("This browser has no WebGL2")
        assert is_like(pixel(page, *corner(1, 1)), RED)
        page.mouse.click(*corner(0, 0))
        assert told(page, "pick") == [[5]]
    plain.close()


def test_pictures_hold_points_names_and_lines(mount: Callable[..., Page]) -> None:
    page = mount(SQUARE)
    page.evaluate("name => window.view.setLabels([{ row: 2, text: name }])", EVIL)
    change(page, "window.view.setLines(Uint32Array.of(0, 2))")
    x, y = corner(-0.5, -0.5)
    assert any(is_like(pixel(page, x, y + off), RED, 140) for off in (-1, 0, 1)), "the line from corner to corner"
    svg = page.evaluate("window.view.picture('svg', { title: 'Square' }).then((blob) => blob.text())")
    assert "Square" in svg and "&lt;img" in svg and "<img" not in svg and "<image" not in svg
    width, height = page.evaluate("""async () => {
      const bitmap = await createImageBitmap(await window.view.picture("png", { title: "Square" }));
      return [bitmap.width, bitmap.height];
    }""")
    assert width >= 2 * SIZE[0] and height >= 2 * SIZE[1]
    wait_in_page(page, DRAWN)
    change(
        page,
        """() => {
      const count = 30_000;
      window.view.setPoints(count, 2);
      window.view.setCoordinates(Float32Array.from({ length: 2 * count }, (_, at) => Math.sin(at)));
    }""",
    )
    assert "<image" in page.evaluate("window.view.picture('svg').then((blob) => blob.text())"), "too many for vectors"


def test_thumbnails_are_drawn_and_picked(mount: Callable[..., Page]) -> None:
    page = mount(SQUARE)
    change(
        page,
        """() => {
      const url = Object.assign(document.createElement("canvas"), { width: 8 * 7, height: 8 });
      const context = url.getContext("2d");
      for (let at = 0; at < 7; at += 1) {
        context.fillStyle = at % 2 ? "#0000ff" : "#ffff00";
        context.fillRect(8 * at, 0, 8, 8);
      }
      window.view.setSprites({ pages: [{ url, columns: 7, rows: 1, first: 0, count: 7 }], width: 8, height: 8 }, 40);
    }""",
    )
    x, y = corner(0, 0)
    wait_in_page(
        page, "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )
    assert is_like(pixel(page, x + 12, y + 12), (255, 255, 0)), "of two at one place one thumbnail"
    page.mouse.click(x + 12, y + 12)
    assert told(page, "pick") == [[4]]
