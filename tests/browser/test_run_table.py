"""The run table: its rows, also while runs go on, in little room, and by the thousand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import Dashboard, write_run
from playwright.sync_api import Page, expect
from run_table_helpers import RATES, cell, head, names, titles, wait_for_order, write_sweep

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]


def test_shows_a_row_a_run_with_hyperparameters_and_best_values(table: Page) -> None:
    expect(table.locator(".run-count:visible")).to_have_text("4 runs")
    assert names(table) == list(RATES)
    assert {"lr", "optimizer", "val/acc.max", "loss.min"} < set(titles(table))
    assert "layers" not in titles(table), "what is the same everywhere is left out at first"
    expect(cell(table, "sgd_b", "lr")).to_have_text("0.001")
    expect(cell(table, "sgd_b", "val/acc.max")).to_have_class(re.compile("best"))
    expect(cell(table, "adam_a", "loss.min")).to_have_class(re.compile("best"))
    expect(cell(table, "adam_a", "val/acc.max")).to_have_attribute("title", "0.5")


def test_runs_are_listed_in_groups_that_fold(table: Page) -> None:
    table.goto(f"{table.url.split('#')[0]}#runs?group=hparams:optimizer;mean;ci95")
    table.reload()
    groups = table.locator(".page-runs .run-group:visible")
    expect(groups).to_have_count(2)
    expect(groups.first).to_contain_text("· 2 runs")
    groups.first.get_by_role("button").click()
    expect(table.locator(".page-runs .run-row:visible")).to_have_count(2)
    groups.last.get_by_role("checkbox").uncheck()
    expect(table).to_have_url(re.compile("runs="))


def test_an_alert_is_shown_on_its_run(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    write_sweep(tmp_path)
    with SummaryWriter(str(tmp_path / "broken")) as writer:
        for step in range(5):
            writer.add_scalar("loss", float("nan"), step)
    page = open_page(f"{start_here(tmp_path).url}#runs")
    expect(page.locator(".page-runs .run-sign.alert")).to_have_count(1)


def test_new_points_and_new_runs_come_by_themselves(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    write_sweep(tmp_path)
    page = open_page(f"{start_here(tmp_path).url}#runs?cols=lr,last_step")
    page.locator(".page-runs .run-name", has_text="adam_b").click()
    with SummaryWriter(str(tmp_path / "adam_a")) as writer:
        writer.add_scalar("loss", 0.1, 12345)
    expect(cell(page, "adam_a", "Last step")).to_have_text("12,345")
    with SummaryWriter(str(tmp_path / "later")) as writer:
        writer.add_scalar("loss", 0.1, 1)
    expect(page.locator(".run-count:visible")).to_have_text("5 runs")
    expect(page.locator(".page-runs .run-row[aria-selected=true] .run-name")).to_have_text("adam_b")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_fits_a_phone(open_page: OpenPage, start_here: Callable[..., Dashboard], sweep: Path, theme: str) -> None:
    page = open_page(f"{start_here(sweep).url}#runs", width=400, height=800, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    expect(page.locator(".page-runs .run-name").first).to_be_visible()
    expect(head(page, "lr")).to_be_visible()


def test_only_cells_in_sight_exist(open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path) -> None:
    for number in range(400):
        with SummaryWriter(str(tmp_path / f"run{number}")) as writer:
            writer.add_scalar("loss", float(number), number)
    page = open_page(f"{start_here(tmp_path).url}#runs")
    expect(page.locator(".run-count:visible")).to_have_text("400 runs")
    assert page.locator(".page-runs .grid-row").count() < 60
    page.locator(".page-runs").get_by_role("grid").focus()
    page.keyboard.press("Control+End")
    expect(page.locator(".page-runs .run-name", has_text="run399")).to_be_visible()


def test_names_keep_what_tells_them_apart(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    long = [f"experiments/of_this_year/adamw_cosine_warmup_batch512_seed{seed}" for seed in (1, 2)]
    for name in long:
        write_run(tmp_path / name, {"accuracy/val": np.ones(3)})
    page = open_page(start_here(tmp_path).url, width=1000)
    ends = page.locator(".side .run-end:visible")
    expect(ends).to_have_text([re.compile("seed1$"), re.compile("seed2$")])
    for end in ends.all():
        box, panel = end.bounding_box() or {}, page.locator(".side .grid").bounding_box() or {}
        assert box["x"] + box["width"] < panel["x"] + panel["width"], "the end of the name is in sight"
    assert page.locator(".side .run-name:visible").all_text_contents() == long
    heading = page.locator(".side .grid-title").first
    assert heading.evaluate("title => title.scrollWidth <= title.clientWidth"), "titles break, they are not cut"


def test_rows_stay_below_the_pointer_while_values_come_in(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    write_sweep(tmp_path)
    page = open_page(f"{start_here(tmp_path).url}#runs?cols=last_step&sort=-last_step,name")
    wait_for_order(page, list(RATES))
    page.locator(".page-runs .run-name", has_text="adam_b").hover()
    with SummaryWriter(str(tmp_path / "sgd_b")) as writer:
        writer.add_scalar("loss", 0.1, 500)
    expect(cell(page, "sgd_b", "Last step")).to_have_text("500")
    assert names(page) == list(RATES)
    page.mouse.move(5, 5)
    wait_for_order(page, ["sgd_b", "adam_a", "adam_b", "sgd_a"])


def test_a_finger_selects_several_runs_and_opens_their_details(
    open_page: OpenPage, start_here: Callable[..., Dashboard], sweep: Path, tmp_path: Path
) -> None:
    url = start_here(sweep, "--state_file", str(tmp_path / "state.json")).url
    page = open_page(f"{url}#runs", width=400, height=800, touch=True)
    for run in ("adam_a", "sgd_b"):
        page.locator(".page-runs .run-name", has_text=run).tap()
    expect(page.locator(".selection b")).to_have_text("2 selected")
    page.get_by_role("button", name="Compare").tap()
    expect(page.get_by_role("dialog")).to_contain_text("2 runs side by side")
    page.get_by_role("button", name="Close").tap()
    row = page.locator(".page-runs .run-row:visible").first
    row.get_by_role("button", name=re.compile("^Name, tags")).tap()
    page.get_by_role("dialog").get_by_label("Name shown").fill("by finger")
    page.get_by_role("button", name="Close").tap()
    expect(page.locator(".page-runs .run-name").first).to_have_text("by finger")
    head(page, "lr").get_by_role("button", name="Column menu").tap()
    page.get_by_role("menuitem", name="Sort descending").tap()
    expect(head(page, "lr")).to_have_attribute("aria-sort", "descending")
