"""Meshes and point clouds on the Media page, with WebGL and without."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import DRAWN, Dashboard, wait_in_page
from playwright.sync_api import ConsoleMessage, Locator, Page, Playwright, expect

from stepscope.logger import SummaryWriter

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
EVIL = "<img src=x onerror=alert(1)>"
# The sum of a picture's opaque pixels, and another number when one of them moves.
PRINT = """stage => {
  const canvas = stage.querySelector("canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  let [seen, print] = [0, 0];
  for (let at = 3; at < data.length; at += 4) {
    if (data[at] > 0) [seen, print] = [seen + 1, (print * 31 + at + data[at - 1]) % 1e9];
  }
  return { seen, print };
}"""


@pytest.fixture(scope="module")
def meshes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs "a" and "b" with a tetrahedron at two steps; "a" with a large cloud, a broken mesh and an evil name."""
    folder = tmp_path_factory.mktemp("meshes")
    corners = np.array([[1, 1, 1], [-1, -1, 1], [-1, 1, -1], [1, -1, -1]], np.float32)
    faces = np.array([[0, 1, 2], [0, 2, 3], [0, 3, 1], [1, 3, 2]])
    colors = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]])
    for run, size in (("a", 1.0), ("b", 0.5)):
        with SummaryWriter(str(folder / run)) as writer:
            for step in (0, 10):
                placed = (size * corners + [step / 10, 0, 0])[None]
                writer.add_mesh("tetrahedron", placed, colors[None], faces[None], global_step=step)
    with SummaryWriter(str(folder / "a")) as writer:
        writer.add_mesh("cloud", np.random.default_rng(0).normal(size=(1, 300_000, 3)).astype(np.float32))
        broken = corners.copy()
        broken[0, 0] = np.nan
        writer.add_mesh(f"evil/{EVIL}", broken[None], faces=(faces + [[9, 0, 0]] * 4)[None])
    return folder


@pytest.fixture
def open_mesh_page(
    playwright: Playwright, start_here: Callable[..., Dashboard], meshes: Path
) -> Iterator[Callable[[str], Page]]:
    """Opens the page in a browser of its own, with a flag that decides about WebGL."""
    problems: list[str] = []
    browsers = []

    def note(told: ConsoleMessage) -> None:
        if told.type == "error":
            problems.append(told.text)

    def open_one(flag: str) -> Page:
        browsers.append(playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", flag]))
        page = browsers[-1].new_page(viewport={"width": 1400, "height": 1200})
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", note)
        page.goto(f"{start_here(meshes).url}#media")
        page.wait_for_selector(".mesh-facts:not(:empty)")
        page.wait_for_selector(DRAWN, timeout=60_000)
        return page

    yield open_one
    for browser in browsers:
        browser.close()
    assert problems == []


@pytest.fixture
def webgl_page(open_mesh_page: Callable[[str], Page]) -> Page:
    """The page drawn with WebGL, in software."""
    return open_mesh_page("--enable-unsafe-swiftshader")


def stages(page: Page, name: str) -> Locator:
    card = page.locator(".kind-card", has=page.get_by_role("heading", name=name, exact=True))
    return card.locator(".mesh-stage")


def wait_for_change(page: Page, stage: Locator, before: dict[str, int]) -> dict[str, int]:
    """What the picture is once it is another one and at rest."""
    wait_in_page(
        page, f"([stage, before]) => ({PRINT})(stage).print !== before", arg=[stage.element_handle(), before["print"]]
    )
    page.wait_for_selector(DRAWN, timeout=60_000)
    found: dict[str, int] = stage.evaluate(PRINT)
    return found


def test_one_camera_for_all_runs_of_a_card(webgl_page: Page) -> None:
    first, second = stages(webgl_page, "tetrahedron").all()
    before = [stage.evaluate(PRINT) for stage in (first, second)]
    assert before[0]["seen"] > before[1]["seen"] > 500  # in one frame the larger one is larger
    first.focus()
    webgl_page.keyboard.press("ArrowLeft")
    after = [wait_for_change(webgl_page, stage, old) for stage, old in zip((first, second), before, strict=True)]
    assert "at=" not in webgl_page.evaluate("location.hash")  # the step stayed
    webgl_page.keyboard.press("+")
    assert wait_for_change(webgl_page, second, after[1])["seen"] > after[1]["seen"]
    webgl_page.keyboard.press("0")
    wait_for_change(webgl_page, second, after[1])
    assert second.evaluate(PRINT) == before[1]


def test_the_step_moves_and_the_camera_stays(webgl_page: Page) -> None:
    first = stages(webgl_page, "tetrahedron").first
    latest = first.evaluate(PRINT)
    first.hover()
    webgl_page.locator("body").press("ArrowLeft")
    expect(webgl_page.locator(".cell-step").last).to_contain_text("step 0")
    wait_for_change(webgl_page, first, latest)
    webgl_page.locator("body").press("ArrowRight")
    wait_in_page(
        webgl_page,
        f"([stage, before]) => ({PRINT})(stage).print === before",
        arg=[first.element_handle(), latest["print"]],
    )


def test_shadings_and_what_was_left_out(webgl_page: Page) -> None:
    first = stages(webgl_page, "tetrahedron").first
    smooth = first.evaluate(PRINT)
    webgl_page.get_by_label("Faces").select_option("wireframe")
    assert wait_for_change(webgl_page, first, smooth)["seen"] < smooth["seen"] / 2
    expect(webgl_page.get_by_text("262,144 of 300,000 points")).to_be_visible()
    evil = webgl_page.locator(".kind-card", has=webgl_page.get_by_role("heading", name=f"evil/{EVIL}", exact=True))
    expect(evil).to_contain_text("1 point with a coordinate that is no number left out")
    expect(evil).to_contain_text("4 faces with a corner that is no point left out")
    assert webgl_page.locator("img").count() == 0


def test_without_webgl_points_are_drawn_and_the_card_says_so(open_mesh_page: Callable[[str], Page]) -> None:
    page = open_mesh_page("--disable-3d-apis")
    expect(page.get_by_text("WebGL is off in this browser").first).to_be_visible()
    assert stages(page, "tetrahedron").first.evaluate(PRINT)["seen"] > 50
