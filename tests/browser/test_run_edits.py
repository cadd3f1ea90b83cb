"""What is done with runs: said of them, compared, measured against a baseline, exported."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_helpers import Dashboard
from playwright.sync_api import Page, expect
from run_table_helpers import cell, select, wait_for_order

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]


def test_names_tags_and_notes_are_kept_and_seen_by_others(table: Page, open_page: OpenPage) -> None:
    other = open_page(table.url)
    table.locator(".page-runs .run-name", has_text="adam_b").hover()
    table.get_by_role("button", name=re.compile("^Name, tags")).locator("visible=true").click()
    dialog = table.get_by_role("dialog")
    expect(dialog).to_contain_text("seed 1")
    dialog.get_by_label("Name shown").fill("my favourite")
    dialog.get_by_label("Tags").fill("paper, good")
    dialog.get_by_role("button", name="Write a note").click()
    dialog.get_by_label("Note").fill("# Why\n**best** of <img src=x onerror=alert(1)>all\n\n|lr|\n|-|\n|0.1|")
    dialog.get_by_role("button", name="Save note").click()
    expect(dialog.locator(".note strong")).to_have_text("best")
    expect(dialog.locator(".note").get_by_role("cell")).to_have_text("0.1")
    expect(dialog.locator(".note img")).to_have_count(0)
    expect(other.locator(".page-runs .run-name").nth(1)).to_have_text("my favourite")
    expect(other.locator(".page-runs .run-sign.noted")).to_have_count(1)


def test_a_note_is_kept_when_the_dialog_is_closed_before_it_is_saved(table: Page) -> None:
    table.locator(".page-runs .run-name", has_text="adam_b").hover()
    table.get_by_role("button", name=re.compile("^Name, tags")).locator("visible=true").click()
    dialog = table.get_by_role("dialog")
    dialog.get_by_role("button", name="Write a note").click()
    dialog.get_by_label("Note").press_sequentially("half a thought")
    dialog.get_by_role("button", name="Close").click()
    expect(table.locator(".page-runs .run-sign.noted")).to_have_count(1)


def test_selected_runs_are_compared_with_what_differs_first(table: Page) -> None:
    table.locator(".page-runs .run-name", has_text="adam_a").click()
    table.locator(".page-runs .run-name", has_text="sgd_b").click(modifiers=["Control"])
    table.get_by_role("button", name="Compare").click()
    dialog = table.get_by_role("dialog")
    expect(dialog).to_contain_text("2 runs side by side")
    expect(dialog.get_by_role("row", name=re.compile("^lr"))).to_contain_text("0.001")
    expect(dialog.get_by_role("row", name=re.compile("^layers"))).to_have_count(0)
    expect(dialog.get_by_role("row", name="val/acc.max").locator(".best")).to_contain_text("0.8")
    text = dialog.get_by_role("row", name=re.compile("^config"))
    expect(text).to_contain_text("seed 3")
    expect(text.locator("del, ins")).to_have_text(["0", "3"])
    dialog.get_by_label("Only what differs").uncheck()
    expect(dialog.get_by_role("row", name=re.compile("^layers"))).to_have_count(1)


def test_a_baseline_shows_differences_and_percent(table: Page) -> None:
    table.locator(".page-runs .run-name", has_text="adam_a").click()
    table.get_by_role("button", name="Baseline").click()
    expect(table.locator(".page-runs .run-sign.baseline")).to_have_count(1)
    expect(cell(table, "sgd_b", "val/acc.max").locator(".delta.better")).to_have_text("+0.3 · +60 %")
    expect(cell(table, "sgd_b", "loss.min").locator(".delta.worse")).to_contain_text("+3")
    expect(cell(table, "adam_a", "val/acc.max").locator(".delta")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "start_of_file"), [("CSV", "name,"), ("JSON", "["), ("Markdown", "|"), ("LaTeX", "\\begin")]
)
def test_the_table_is_exported_as_it_is_shown(table: Page, name: str, start_of_file: str) -> None:
    table.locator(".page-runs").get_by_label("Filter runs").fill("adam")
    wait_for_order(table, ["adam_a", "adam_b"])
    table.get_by_role("button", name="Export").click()
    with table.expect_download() as download:
        table.get_by_role("menuitem", name=name).click()
    text = download.value.path().read_text("utf-8")
    assert text.lower().lstrip().startswith(start_of_file.lower())
    assert "adam_b" in text.replace("\\", "")
    assert "sgd_a" not in text.replace("\\", "")
    if name == "JSON":
        assert len(json.loads(text)) == 2


def test_the_table_is_exported_as_parquet(table: Page, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table.get_by_role("button", name="Export").click()
    with table.expect_download() as download:
        table.get_by_role("menuitem", name="Parquet").click()
    download.value.save_as(tmp_path / "runs.parquet")
    read = parquet.read_table(tmp_path / "runs.parquet")
    assert read.num_rows == 4
    assert {"name", "lr", "val/acc.max"} <= set(read.column_names)


def test_settings_that_are_those_of_the_baseline_step_back(table: Page) -> None:
    select(table, "adam_a")
    table.get_by_role("button", name="Baseline").click()
    expect(cell(table, "sgd_a", "lr")).to_have_class(re.compile("same"))
    expect(cell(table, "adam_b", "lr")).not_to_have_class(re.compile("same"))
    expect(cell(table, "sgd_a", "lr").locator(".delta")).to_have_count(0)


def test_a_selection_is_part_of_the_link(table: Page) -> None:
    select(table, "adam_a", "sgd_b")
    expect(table).to_have_url(re.compile("select=adam_a,sgd_b"))
    table.reload()
    expect(table.locator(".page-runs .run-row[aria-selected=true]")).to_have_count(2)
    expect(table.locator(".selection b")).to_have_text("2 selected")


def test_runs_with_very_many_tags_are_compared(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    for run, value in (("one", 1.0), ("two", 2.0)):
        with SummaryWriter(str(tmp_path / run)) as writer:
            for number in range(700):
                writer.add_scalar(f"layer{number}/loss", value, 0)
    page = open_page(f"{start_here(tmp_path).url}#runs")
    select(page, "one", "two")
    page.get_by_role("button", name="Compare").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("row", name="layer699/loss.min")).to_be_attached(timeout=30_000)
    expect(dialog.locator(".bad")).to_have_count(0)


def test_two_people_edit_the_same_run_at_once(table: Page, open_page: OpenPage) -> None:
    other = open_page(table.url, width=2000)
    select(table, "adam_a")
    table.get_by_role("button", name="Details").click()
    select(other, "adam_a", "adam_b")
    other.get_by_role("button", name="Tag", exact=True).click()
    other.get_by_label("Tag", exact=True).fill("paper")
    table.get_by_role("dialog").get_by_label("Name shown").fill("first of all")
    other.keyboard.press("Enter")
    table.keyboard.press("Enter")
    for page in (table, other):
        page.goto(f"{page.url.split('#')[0]}#runs?cols=tags,lr")
        expect(cell(page, "first of all", "Tags")).to_have_text("paper")
        expect(cell(page, "adam_b", "Tags")).to_have_text("paper")
