"""The scalars page as a person meets it: what is shown, chosen, zoomed, pinned, and kept in the URL."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import DRAWN, Dashboard, forgive, write_run
from playwright.sync_api import Locator, Page, expect

HERE = Path(__file__).resolve().parent
OpenPage = Callable[..., Page]


def card(page: Page, tag: str) -> Locator:
    return page.locator(".card", has=page.get_by_text(tag, exact=True)).first


def titles(page: Page) -> list[str]:
    return page.locator(".card h3").all_inner_texts()


def run_rows(page: Page) -> list[str]:
    return page.locator(".run-row:visible .run-name").all_text_contents()


def drag(page: Page, box: dict[str, float], start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drags between two points given as shares of the box."""
    (x0, y0), (x1, y1) = [(box["x"] + fx * box["width"], box["y"] + fy * box["height"]) for fx, fy in (start, end)]
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2)
    page.mouse.move(x1, y1)
    page.mouse.up()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shows_every_run_and_tag(open_page: OpenPage, dashboard: Dashboard, theme: str) -> None:
    page = open_page(dashboard.url, theme=theme, height=2600)
    assert {"adam_lr0.1", "sgd_lr0.1", "gaps", "long", "restarted"} < set(run_rows(page))
    assert titles(page) == [
        "alone",
        "lr",
        "acc/layer2",
        "acc/layer10",
        "evil/<img src=x onerror=alert(1)>",
        "long/noise",
        "loss/train",
        "loss/val",
    ]
    expect(card(page, "loss/val").locator(".points")).to_have_text("200 points each")
    expect(card(page, "loss/train").locator(".notes")).to_contain_text("3 NaN")
    expect(card(page, "loss/train").locator(".notes")).to_contain_text("2 infinite")
    expect(card(page, "alone").locator(".points")).to_have_text("1 point")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(246, 247, 249)" if theme == "light" else "rgb(14, 17, 22)")


@pytest.mark.parametrize("folder", ["sample_runs", "../shared/real_runs"])
def test_opens_committed_and_real_runs(open_page: OpenPage, start_here: Callable[..., Dashboard], folder: str) -> None:
    logdir = HERE.parents[1] / folder
    if not logdir.is_dir():
        pytest.skip(f"{folder} is not beside this checkout")
    page = open_page(start_here(logdir).url, height=1600)
    assert page.locator(".card canvas").count() > 3
    assert page.locator(".card [role=alert]").count() == 0
    page.locator(".scroll").evaluate("element => element.scrollTo(0, element.scrollHeight)")
    page.wait_for_selector(DRAWN)


def test_names_are_text(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url, height=2000)
    name = "<img src=x onerror=alert(1)>"
    assert f"evil/{name}" in titles(page)
    assert f"evil/{name}" in run_rows(page)
    evil = card(page, f"evil/{name}")
    evil.locator(".chart-overlay").hover()
    expect(page.locator(".tip")).to_contain_text(name)
    evil.hover()
    evil.get_by_role("button", name="Chart menu").click()
    page.get_by_role("button", name="Range and download").click()
    expect(page.get_by_role("dialog")).to_contain_text(f"evil/{name}")
    assert page.locator("img").count() == 0


def test_zoom_fetches_detail_and_double_click_returns(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(f"{dashboard.url}#scalars?tagfilter=noise")
    points = card(page, "long/noise").locator(".points")
    expect(points).to_have_text(re.compile(r"^[\d,]+ of 50,000 points$"))
    overlay = card(page, "long/noise").locator(".chart-overlay")
    with page.expect_response("**/api/scalars") as answer:
        drag(page, overlay.bounding_box() or {}, (0.5, 0.2), (0.6, 0.8))
    assert 'range":[' in (answer.value.request.post_data or "")
    page.wait_for_selector(DRAWN)
    expect(page).to_have_url(re.compile("zoom=long"))
    overlay.dblclick(position={"x": 150, "y": 60})
    expect(page).not_to_have_url(re.compile("zoom="))


def zoom_in_url(page: Page) -> list[float]:
    found = re.search(r"zoom=[^&]*:([-\d.]+),([-\d.]+),", page.url)
    return [float(end) for end in found.groups()] if found else []


def test_wheel_pan_and_typed_ranges(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(f"{dashboard.url}#scalars?tagfilter=noise")
    overlay = card(page, "long/noise").locator(".chart-overlay")
    overlay.hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    expect(page).to_have_url(re.compile("zoom="))
    zoomed = zoom_in_url(page)
    assert 0 < zoomed[0] < 25_000 < zoomed[1] < 50_000
    page.keyboard.down("Shift")
    drag(page, overlay.bounding_box() or {}, (0.7, 0.5), (0.5, 0.5))
    page.keyboard.up("Shift")
    expect(page).not_to_have_url(re.compile(f"noise:{zoomed[0]}"))
    panned = zoom_in_url(page)
    assert panned[1] - panned[0] == pytest.approx(zoomed[1] - zoomed[0], rel=1e-3)
    assert panned[0] > zoomed[0]
    page.keyboard.press("d")
    page.get_by_label("x from").fill("100")
    page.get_by_label("x to").fill("200")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("noise:100,200,"))
    expect(card(page, "long/noise").locator(".points")).to_have_text(re.compile(r"^10[1-3] of 50,000 points$"))
    page.keyboard.press("0")
    expect(page).not_to_have_url(re.compile("zoom="))


def test_colours_are_kept(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url)
    row = page.locator(".run-row", has=page.get_by_text("sgd_lr0.1", exact=True))
    row.hover()
    with page.expect_response("**/api/state"):
        row.locator(".run-color").fill("#ff0080")
    page.goto("about:blank")
    page.goto(dashboard.url)
    page.wait_for_selector(DRAWN)
    assert row.locator(".run-check").evaluate("check => getComputedStyle(check).backgroundColor") == "rgb(255, 0, 128)"


def test_hover_tells_every_run_at_the_cursor(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url, height=1600)
    card(page, "loss/val").locator(".chart-overlay").hover(position={"x": 160, "y": 90})
    tip = page.locator(".tip")
    expect(tip.locator("th")).to_have_text(["Run", "Smoothed", "Value", "Step", "Time", "Relative"])
    expect(tip.locator("tbody tr")).to_have_count(3)
    expect(tip.locator("tr.nearest")).to_have_count(1)
    visible_cursors = page.locator(".chart-cursor:visible")
    expect(visible_cursors).not_to_have_count(1)
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_arrow_keys_walk_from_point_to_point(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(f"{dashboard.url}#scalars?tagfilter=val")
    card(page, "loss/val").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".tip tbody tr").first.locator("td").nth(3)).to_have_text("10")
    expect(page).to_have_url(re.compile("at=10"))
    page.keyboard.press("Escape")
    expect(page.locator(".tip")).to_be_hidden()


def test_filters_say_what_is_wrong_in_place(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url)
    page.keyboard.press("/")
    page.keyboard.type("^loss/(train|val)$")
    expect(page.locator(".card")).to_have_count(2)
    page.keyboard.type("[")
    expect(page.get_by_role("alert")).to_contain_text("character class")
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.type("lr0.1 adam")
    expect(page.locator(".run-row:visible")).to_have_count(1)
    expect(page.locator(".run-count")).to_have_text("1 / 7 runs")


def test_choose_only_hide_and_all(
    open_page: OpenPage, start_here: Callable[..., Dashboard], runs: Path, tmp_path: Path
) -> None:
    # What is hidden is kept by the server: on the dashboard of all tests it could stay hidden for the next ones.
    own = start_here(runs, "--state_file", str(tmp_path / "state.json"))
    page = open_page(f"{own.url}#scalars?tagfilter=loss%2Fval")
    notes = card(page, "loss/val").locator(".notes")
    expect(notes).to_have_text("3 runs")
    row = page.locator(".run-row", has=page.get_by_text("sgd_lr0.1", exact=True))
    row.get_by_role("checkbox").uncheck()
    expect(notes).to_have_text("2 runs")
    row.locator(".run-name").dblclick()
    expect(notes).to_have_text("1 run")
    expect(page).to_have_url(re.compile(r"runs=%2Bsgd_lr0\.1"))
    page.get_by_label("All runs in the list").check()
    expect(notes).to_have_text("3 runs")
    row.hover()
    row.get_by_role("button", name="Hide this run").click()
    expect(notes).to_have_text("2 runs")
    page.get_by_role("button", name="1 hidden").click()
    expect(notes).to_have_text("3 runs")


def test_a_link_restores_the_page(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url, height=1600)
    card(page, "loss/val").hover()
    card(page, "loss/val").get_by_role("button", name="Pin").click()
    page.get_by_role("button", name="Relative").click()
    page.get_by_role("button", name="log y").click()
    page.get_by_label("Smoothing, exact").fill("0.9")
    page.get_by_label("Smoothing, exact").press("Enter")
    page.get_by_role("button", name="acc 2 charts").click()
    expect(page).to_have_url(re.compile("fold=acc"))
    for part in ("pin=loss", "x=relative", "logy=1", "smooth=0.9"):
        assert part in page.url
    again = open_page(page.url, height=1600)
    assert titles(again)[0] == "loss/val"
    assert "acc/layer2" not in titles(again)
    expect(again.get_by_role("button", name="Relative")).to_have_attribute("aria-pressed", "true")
    expect(again.get_by_label("Smoothing, exact")).to_have_value("0.90")


def test_back_and_forward(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url)
    wall = page.get_by_role("button", name="Wall")
    wall.click()
    expect(page).to_have_url(re.compile("x=wall"))
    page.go_back()
    expect(wall).to_have_attribute("aria-pressed", "false")
    page.go_forward()
    expect(wall).to_have_attribute("aria-pressed", "true")


def test_settings_are_kept_for_the_next_visit(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url)
    page.get_by_role("button", name="Clip outliers").click()
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("robust=0"))
    page.goto("about:blank")
    page.goto(dashboard.url)
    page.wait_for_selector(DRAWN)
    expect(page.get_by_role("button", name="Clip outliers")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_restarts_can_be_drawn_as_lines_of_their_own(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(f"{dashboard.url}#scalars?runs=%2Brestarted&segments=separate")
    expect(card(page, "loss/train").locator(".points")).to_have_text("100 points each")
    card(page, "loss/train").locator(".chart-overlay").hover(position={"x": 170, "y": 90})
    expect(page.locator(".tip")).to_contain_text("restarted · restart 1")


def test_downloads_every_point(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(f"{dashboard.url}#scalars?tagfilter=noise")
    card(page, "long/noise").hover()
    page.keyboard.press("d")
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("link", name="CSV").click()
    assert len(download.value.path().read_text().splitlines()) == 50_001


def test_a_card_that_fails_says_why_and_tries_again(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page("about:blank", drawn=False)
    page.route("**/api/scalars", lambda route: route.fulfill(status=500, json={"error": "the disk is on fire"}))
    page.goto(f"{dashboard.url}#scalars?tagfilter=noise")
    # A connection that has just come up tries failed cards again by itself: this test presses the button.
    expect(page.locator(".live")).to_have_attribute("data-state", "live")
    expect(card(page, "long/noise").get_by_role("alert")).to_have_text("the disk is on fire")
    page.unroute("**/api/scalars")
    card(page, "long/noise").get_by_role("button", name="Retry").click()
    expect(card(page, "long/noise").locator(".points")).to_contain_text("of 50,000 points")
    forgive(open_page, "500")


def test_help_lists_the_keys(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("logarithmic y axis")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_fits_a_phone(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url, width=400, height=800)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert card(page, "lr").bounding_box()["width"] > 360  # type: ignore[index]
    runs = page.locator(".side-open")
    expect(runs).to_have_text("Runs · 7 of 7 shown")
    runs.click()
    expect(page.get_by_label("Filter runs")).to_be_visible()


def test_nothing_of_the_toolbar_is_cut_off_on_a_phone(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url, width=400, height=800)
    controls = page.get_by_role("toolbar").locator("button:visible, input:visible")
    rights = [box["x"] + box["width"] for control in controls.all() if (box := control.bounding_box())]
    assert len(rights) >= 8
    assert max(rights) <= 400


def test_a_tap_shows_the_tooltip_until_another_place_is_tapped(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url, height=1600)
    overlay = card(page, "loss/val").locator(".chart-overlay")
    box = overlay.bounding_box() or {}
    touch = {"pointerType": "touch", "clientX": box["x"] + 150, "clientY": box["y"] + 60, "bubbles": True}
    overlay.dispatch_event("pointerdown", touch)
    expect(page.locator(".tip")).to_be_visible()
    page.locator(".brand").dispatch_event("pointerdown", {"pointerType": "touch", "bubbles": True})
    expect(page.locator(".tip")).to_be_hidden()


def test_a_logarithmic_axis_says_when_nothing_is_above_zero(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    write_run(tmp_path / "run", {"negative": np.array([-1.0, -2.0]), "positive": np.array([1.0, 2.0])})
    page = open_page(f"{start_here(tmp_path).url}#scalars?logy=1")
    expect(card(page, "negative").locator(".notes")).to_have_text("1 run · nothing above 0 to draw")
    expect(card(page, "positive").locator(".notes")).to_have_text("1 run")
