"""The menu of a card: settings of this chart alone, and its points as a file."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_helpers import Dashboard
from playwright.sync_api import Locator, Page, expect

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]
STEPS = 60


@pytest.fixture(scope="module")
def board(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    """Two runs: a loss, and the tokens seen, a hundred a step; twenty more scalars."""
    folder = tmp_path_factory.mktemp("menu")
    for run in ("a", "b"):
        with SummaryWriter(str(folder / run)) as writer:
            for step in range(STEPS):
                writer.add_scalar("loss", 1 / (1 + step), step, walltime=1.7e9 + step)
                writer.add_scalar("seen/tokens", 100.0 * step, step, walltime=1.7e9 + step)
            for number in range(20):
                writer.add_scalar(f"more/{number}", 1.0, 0)
    return start(folder)


def open_menu(page: Page, tag: str) -> Locator:
    card = page.locator(".card", has=page.get_by_text(tag, exact=True)).first
    card.hover()
    card.get_by_role("button", name="Chart menu").click()
    return page.locator(".card-menu")


def test_any_scalar_can_be_found_as_the_axis_of_one_chart(open_page: OpenPage, board: Dashboard) -> None:
    page = open_page(board.url)
    menu = open_menu(page, "loss")
    menu.get_by_label("Horizontal axis").select_option(label="another scalar …")
    expect(menu.get_by_role("option", name="seen/tokens")).to_be_visible()
    menu.get_by_label("Filter scalars").fill("more/1")
    expect(menu.get_by_role("option").filter(has_text="more/")).to_have_count(11)
    menu.get_by_label("Filter scalars").fill("tok")
    with page.expect_request("**/api/scalars") as request:
        menu.get_by_role("option", name="seen/tokens").click()
    assert json.loads(request.value.post_data or "")["x"] == {"tag": "seen/tokens"}
    expect(menu.get_by_label("Horizontal axis")).to_have_value("tag:seen/tokens")
    expect(page).to_have_url(re.compile("own=loss:axis=tag"))
    menu.get_by_role("button", name="as the page").click()
    expect(menu.get_by_label("Horizontal axis")).to_have_value("step")


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_points_of_a_chart_are_saved_over_the_part_it_shows(
    open_page: OpenPage, board: Dashboard, kind: str
) -> None:
    page = open_page(f"{board.url}#scalars?zoom=loss:10,19,,&runs=-b&smooth=0.5")
    menu = open_menu(page, "loss")
    with page.expect_download() as waiting:
        menu.get_by_role("button", name=f"Download what is shown as {kind.upper()}").click()
    assert waiting.value.suggested_filename == f"loss.{kind}"
    text = Path(waiting.value.path()).read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines())) if kind == "csv" else json.loads(text)
    assert [int(row["step"]) for row in rows] == list(range(10, 20))
    assert {row["run"] for row in rows} == {"a"}
    assert [float(row["value"]) for row in rows] == pytest.approx([1 / (1 + step) for step in range(10, 20)], rel=1e-6)
    assert all(float(row["smoothed"]) > float(row["value"]) for row in rows)


def test_keys_smooth_in_the_unit_of_the_kind(open_page: OpenPage, board: Dashboard) -> None:
    page = open_page(f"{board.url}#scalars?smoothing=mean&smooth=11")
    amount = page.get_by_label("Smoothing, exact")
    for key, expected in (("+", "15"), ("+", "19"), ("-", "15"), ("-", "13")):
        page.keyboard.press(key)
        expect(amount).to_have_value(expected)
