"""Groups with bands, settings of one chart, the step bar and statistics, as a person meets them on the scalars page."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import DRAWN, Dashboard, wait_for_state
from playwright.sync_api import Locator, Page, Route, expect

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]
STEPS = 50


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs of adam at 1, 2 and 3, two of sgd at 10 and 20; an epoch lasts ten steps."""
    folder = tmp_path_factory.mktemp("sweep")
    for name, level in {"adam_s0": 1.0, "adam_s1": 2.0, "adam_s2": 3.0, "sgd_s0": 10.0, "sgd_s1": 20.0}.items():
        with SummaryWriter(str(folder / name)) as writer:
            for step in range(STEPS):
                writer.add_scalar("loss", level, step, walltime=1.7e9 + step)
                writer.add_scalar("ramp", level * step, step, walltime=1.7e9 + step)
                writer.add_scalar("epoch", step / 10, step, walltime=1.7e9 + step)
    return folder


@pytest.fixture(scope="module")
def swept(start: Callable[..., Dashboard], sweep: Path) -> Dashboard:
    return start(sweep)


def card(page: Page, tag: str) -> Locator:
    return page.locator(".card", has=page.get_by_text(tag, exact=True)).first


def tip_cells(page: Page, row: int) -> list[str]:
    return page.locator(".tip tbody tr").nth(row).locator("td").all_inner_texts()


GROUPED = "#scalars?smooth=0&tip=name&group=regex:%5E(adam%7Csgd);mean;minmax"


def test_a_pattern_groups_runs_into_lines_with_bands(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(f"{swept.url}#scalars?smooth=0&tip=name")
    page.get_by_role("button", name="Groups", exact=True).click()
    page.get_by_label("Group by").select_option("regex")
    page.get_by_label("Pattern").fill("^(adam|sgd)")
    page.get_by_label("Pattern").press("Enter")
    page.get_by_label("Band").select_option("minmax")
    expect(page.get_by_role("status").filter(has_text="2 groups")).to_contain_text("adam 3 · sgd 2")
    page.keyboard.press("Escape")
    expect(card(page, "loss").locator(".notes")).to_have_text("mean, min–max · 3 and 2 runs")
    expect(page).to_have_url(re.compile("group=regex:"))
    card(page, "loss").locator(".chart-overlay").hover(position={"x": 170, "y": 60})
    expect(page.locator(".tip th")).to_have_text(["Run", "Value", "Band", "Runs", "Step"])
    assert tip_cells(page, 0)[:4] == ["adam", "2", "1 – 3", "3"]
    assert tip_cells(page, 1)[:4] == ["sgd", "15", "10 – 20", "2"]


def test_a_phone_tells_how_many_runs_are_behind_a_point(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(f"{swept.url}#scalars?smooth=0.5&group=regex:^(adam|sgd);mean;minmax", width=400, height=850)
    card(page, "loss").locator(".chart-overlay").hover(position={"x": 170, "y": 60})
    expect(page.locator(".tip th:visible")).to_have_text(["Run", "Smoothed", "Band", "Runs"])


def test_a_mistake_in_the_pattern_is_told_where_it_was_typed(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(f"{swept.url}{GROUPED}")
    page.get_by_role("button", name=re.compile("^Groups: ")).click()
    page.get_by_label("Pattern").fill("(adam")
    page.get_by_label("Pattern").press("Enter")
    expect(page.locator(".group-panel [role=alert]")).not_to_be_empty()
    page.get_by_label("Pattern").fill("_(s.)$")
    page.get_by_label("Pattern").press("Enter")
    expect(card(page, "loss").locator(".notes")).to_contain_text("2, 2 and 1 run")


def test_a_first_pattern_with_a_mistake_leaves_the_runs_drawn(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(swept.url)
    page.keyboard.press("g")
    page.get_by_label("Group by").select_option("regex")
    page.get_by_label("Pattern").fill("(adam")
    page.get_by_label("Pattern").press("Enter")
    expect(page.locator(".group-panel [role=alert]")).to_contain_text("no regular expression")
    expect(page.get_by_label("Pattern")).to_have_attribute("aria-invalid", "true")
    expect(card(page, "loss").locator(".points")).to_have_text("50 points each")
    expect(card(page, "loss").get_by_text("No points yet")).to_be_hidden()


def test_a_slow_list_of_hyperparameters_does_not_replace_what_was_chosen_meanwhile(
    open_page: OpenPage, swept: Dashboard
) -> None:
    page = open_page(swept.url)
    asked: list[Route] = []
    page.route("**/api/columns", lambda route: asked.append(route))
    page.keyboard.press("g")
    page.get_by_label("Group by").select_option("prefix")
    expect(page.get_by_label("Folders")).to_be_visible()
    with page.expect_response("**/api/columns"):
        asked[-1].continue_()
    expect(page.get_by_label("Folders")).to_be_visible()


def test_runs_selected_in_the_list_become_a_group_by_hand(
    open_page: OpenPage, start_here: Callable[..., Dashboard], sweep: Path, tmp_path: Path
) -> None:
    page = open_page(start_here(sweep, "--state_file", str(tmp_path / "state.json")).url)
    for run in ("adam_s0", "sgd_s1"):
        page.locator(".run-row .run-name", has_text=run).click(modifiers=["Control"])
    page.get_by_role("button", name="Groups", exact=True).click()
    page.get_by_label("Group by").select_option("hand")
    page.get_by_label("Name of the new group").fill("extremes")
    page.get_by_role("button", name="Group the 2 selected runs").click()
    expect(page.get_by_role("status").filter(has_text="2 groups")).to_contain_text("extremes 2 · other 3")
    state = wait_for_state(tmp_path / "state.json", lambda state: bool(state.get("groups")))
    assert state["groups"] == {"extremes": ["adam_s0", "sgd_s1"]}


def test_members_of_a_group_are_one_click_away(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(f"{swept.url}{GROUPED}")
    page.get_by_role("list", name="Groups").get_by_role("button", name="adam").click()
    expect(page).to_have_url(re.compile("members=adam"))
    page.wait_for_selector(DRAWN)
    overlay = card(page, "loss").locator(".chart-overlay")
    overlay.hover(position={"x": 170, "y": 60})
    expect(page.locator(".tip tbody tr")).to_have_count(5)
    expect(page.locator(".tip")).to_contain_text("adam_s1")
    page.get_by_role("button", name="Runs", exact=True).click()
    expect(card(page, "loss").locator(".notes")).to_have_text("5 runs")


def test_runs_that_are_not_drawn_are_not_in_a_group(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(f"{swept.url}{GROUPED}&runs=-sgd_s1")
    expect(card(page, "loss").locator(".notes")).to_have_text("mean, min–max · 3 and 1 run")


def test_any_scalar_can_be_the_horizontal_axis(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(f"{swept.url}#scalars?smooth=0")
    page.get_by_role("button", name="Other").click()
    page.get_by_label("Filter scalars").fill("epo")
    with page.expect_request("**/api/scalars") as request:
        page.get_by_role("option", name="epoch").click()
    assert json.loads(request.value.post_data or "")["x"] == {"tag": "epoch"}
    page.wait_for_selector(DRAWN)
    expect(page).to_have_url(re.compile("x=tag:epoch"))
    card(page, "ramp").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"at=0\.1"))


@pytest.mark.parametrize(("kind", "amount"), [("mean", 11), ("median", 11), ("gaussian", 5), ("time_ema", 0.6)])
def test_kinds_of_smoothing_have_amounts_of_their_own(
    open_page: OpenPage, swept: Dashboard, kind: str, amount: float
) -> None:
    page = open_page(swept.url)
    with page.expect_request("**/api/scalars") as request:
        page.get_by_label("Averaging").select_option(kind)
    assert json.loads(request.value.post_data or "")["smoothing"] == {"kind": kind, "amount": amount}
    page.wait_for_selector(DRAWN)
    expect(page).to_have_url(re.compile(f"smoothing={kind}"))


def test_a_chart_can_have_settings_of_its_own(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(f"{swept.url}#scalars?smooth=0&tip=name")
    card(page, "ramp").hover()
    card(page, "ramp").get_by_role("button", name="Chart menu").click()
    page.locator(".card-menu").get_by_role("button", name="slope").click()
    page.keyboard.press("Escape")
    expect(card(page, "ramp").locator(".card-caption")).to_have_text("slope · own settings")
    expect(card(page, "loss").locator(".card-caption")).to_have_text("")
    page.wait_for_selector(DRAWN)
    card(page, "ramp").locator(".chart-overlay").hover(position={"x": 170, "y": 60})
    assert tip_cells(page, 4)[:2] == ["sgd_s1", "20"]
    expect(page).to_have_url(re.compile("own=ramp:derivative"))
    again = open_page(page.url)
    expect(card(again, "ramp").locator(".card-caption")).to_have_text("slope · own settings")


def test_the_step_bar_moves_the_cursor_of_all_charts(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(swept.url)
    expect(page.locator(".step-bar")).to_contain_text("of 49")
    page.get_by_label("Cursor at").fill("20")
    page.get_by_label("Cursor at").press("Enter")
    expect(page.locator(".chart-cursor:visible")).to_have_count(3)
    expect(page).to_have_url(re.compile("at=20"))
    page.get_by_role("button", name="Play (Space)").click()
    expect(page.get_by_label("Cursor at")).not_to_have_value("20")
    page.get_by_role("button", name="Play (Space)").click()
    expect(page.get_by_role("button", name="Play (Space)")).to_have_attribute("aria-pressed", "false")


def test_a_click_pins_what_is_said(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(swept.url)
    card(page, "loss").locator(".chart-overlay").click(position={"x": 170, "y": 20})
    page.mouse.move(5, 5)
    expect(page.locator(".tip.pinned tbody tr")).to_have_count(5)
    page.keyboard.press("Escape")
    expect(page.locator(".tip")).to_be_hidden()


def test_statistics_of_a_chosen_range_agree_with_numpy(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(f"{swept.url}#scalars?smooth=0&runs=%2Badam_s1&stats=ramp:10,30")
    row = card(page, "ramp").locator(".statistics tbody tr")
    values = 2.0 * np.arange(10, 31)
    cells = row.locator("td")
    expect(cells.nth(0)).to_have_text("21")
    expect(cells.nth(1)).to_have_text(f"{values.min():g}")
    expect(cells.nth(2)).to_have_text(f"{values.max():g}")
    expect(cells.nth(3)).to_have_text(f"{values.mean():g}")
    expect(cells.nth(5)).to_have_text("40")
    expect(cells.nth(7)).to_have_text("2")
    expect(cells.nth(9)).to_have_text("30")


def test_an_answer_that_was_overtaken_does_not_replace_the_newer_one(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page("about:blank", drawn=False)
    waiting: list[Route] = []
    page.route("**/api/statistics", lambda route: waiting.append(route), times=1)
    with page.expect_request("**/api/statistics"):
        page.goto(f"{swept.url}#scalars?smooth=0&runs=%2Badam_s1&stats=ramp:10,30")
    card(page, "ramp").get_by_role("button", name="what is shown").click()
    points = card(page, "ramp").locator(".statistics tbody td").first
    expect(points).to_have_text("50")
    with page.expect_response("**/api/statistics"):
        waiting[0].continue_()
    page.evaluate("new Promise((done) => setTimeout(done))")
    expect(points).to_have_text("50")


def test_a_range_for_statistics_is_dragged_with_the_alt_key(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(f"{swept.url}#scalars?smooth=0&stats=ramp:")
    expect(card(page, "ramp").locator(".statistics tbody tr")).to_have_count(5)
    box = card(page, "ramp").locator(".chart-overlay").bounding_box() or {}
    page.keyboard.down("Alt")
    page.mouse.move(box["x"] + 200, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 70)
    page.mouse.move(box["x"] + 400, box["y"] + 80)
    page.mouse.up()
    page.keyboard.up("Alt")
    expect(page).to_have_url(re.compile(r"stats=ramp:\d"))
    card(page, "ramp").get_by_role("button", name="what is shown").click()
    expect(page).to_have_url(re.compile(r"stats=ramp:(&|$)"))


def test_groups_are_saved_with_their_bands(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(f"{swept.url}{GROUPED}")
    card(page, "loss").hover()
    card(page, "loss").get_by_role("button", name="Chart menu").click()
    with page.expect_download() as waiting:
        page.locator(".card-menu").get_by_role("button", name="Download what is shown as CSV").click()
    assert waiting.value.suggested_filename == "loss-groups.csv"
    rows = list(csv.DictReader(Path(waiting.value.path()).read_text("utf-8").splitlines()))
    assert [(row["group"], row["low"], row["center"], row["high"], row["runs"]) for row in rows] == [
        *[("adam", "1.0", "2.0", "3.0", "3")] * STEPS,
        *[("sgd", "10.0", "15.0", "20.0", "2")] * STEPS,
    ]


def test_fits_a_phone_with_groups(open_page: OpenPage, swept: Dashboard) -> None:
    page = open_page(f"{swept.url}{GROUPED}", width=400, height=800)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    bar = page.locator(".step-bar").bounding_box() or {}
    assert bar["x"] + bar["width"] <= 400
    assert bar["y"] + bar["height"] <= 800
