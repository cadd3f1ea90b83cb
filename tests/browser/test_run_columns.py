"""The columns of the run table: which, in what order, and what they order."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_helpers import Dashboard
from playwright.sync_api import Page, expect
from run_table_helpers import cell, head, wait_for_order

OpenPage = Callable[..., Page]


def test_sorts_by_click_and_by_a_second_column_with_shift(table: Page) -> None:
    head(table, "val/acc.max").click()
    wait_for_order(table, ["sgd_b", "sgd_a", "adam_b", "adam_a"])
    head(table, "lr").click()
    wait_for_order(table, ["sgd_b", "adam_b", "adam_a", "sgd_a"])
    head(table, "val/acc.max").click(modifiers=["Shift"])
    wait_for_order(table, ["sgd_b", "adam_b", "sgd_a", "adam_a"])
    expect(head(table, "lr")).to_have_attribute("aria-sort", "ascending")
    expect(table).to_have_url(re.compile(r"sort=lr,-val/acc\.max|sort=lr,-val%2Facc\.max"))


def test_chooses_columns_without_code(table: Page) -> None:
    table.get_by_role("button", name="Columns", exact=True).click()
    dialog = table.get_by_role("dialog")
    dialog.get_by_label("Search columns").fill("layers")
    dialog.get_by_label("layers").check()
    dialog.get_by_label("Search columns").fill("val/acc")
    dialog.get_by_label("mean").check()
    dialog.get_by_label("Value of").select_option("loss")
    dialog.get_by_label("where is best").select_option("val/acc")
    dialog.get_by_role("button", name="Add").click()
    table.keyboard.press("Escape")
    expect(cell(table, "sgd_b", "layers")).to_have_text("3")
    expect(cell(table, "adam_a", "val/acc.mean")).to_have_text("0.45")
    expect(cell(table, "adam_a", "loss.at(val/acc.max)")).to_have_text("1")
    expect(table).to_have_url(re.compile(r"cols=.*loss\.at"))
    again = table.context.new_page()
    again.goto(table.url)
    expect(cell(again, "sgd_b", "layers")).to_have_text("3")


def test_columns_are_moved_pinned_widened_and_hidden(table: Page) -> None:
    lr, optimizer = head(table, "lr"), head(table, "optimizer")
    box, target = lr.bounding_box() or {}, optimizer.bounding_box() or {}
    table.mouse.move(box["x"] + 30, box["y"] + 10)
    table.mouse.down()
    table.mouse.move(box["x"] + 60, box["y"] + 10)
    table.mouse.move(target["x"] + target["width"] - 10, box["y"] + 10)
    table.mouse.up()
    expect(table).to_have_url(re.compile("cols=state,optimizer,lr"))
    edge = head(table, "lr").locator(".grid-edge").bounding_box() or {}
    width = (head(table, "lr").bounding_box() or {})["width"]
    table.mouse.move(edge["x"] + 3, edge["y"] + 10)
    table.mouse.down()
    table.mouse.move(edge["x"] + 53, edge["y"] + 10)
    table.mouse.up()
    assert (head(table, "lr").bounding_box() or {})["width"] == pytest.approx(width + 50, abs=2)
    head(table, "lr").click(button="right")
    table.get_by_role("menuitem", name="Pin at the left").click()
    expect(head(table, "lr")).to_have_attribute("aria-colindex", "2")
    head(table, "optimizer").click(button="right")
    table.get_by_role("menuitem", name="Hide column").click()
    expect(head(table, "optimizer")).to_have_count(0)


def test_keys_reach_everything(table: Page) -> None:
    grid = table.locator(".page-runs").get_by_role("grid")
    grid.focus()
    table.keyboard.press("Space")
    expect(table.locator(".page-runs .run-check").first).not_to_be_checked()
    table.keyboard.press("Shift+ArrowDown")
    table.keyboard.press("ArrowUp")
    table.keyboard.press("ArrowUp")
    table.keyboard.press("ArrowRight")
    table.keyboard.press("ArrowRight")
    table.keyboard.press("Enter")
    expect(head(table, "lr")).to_have_attribute("aria-sort", "ascending")
    table.keyboard.press("Alt+ArrowLeft")
    expect(head(table, "lr")).to_have_attribute("aria-colindex", "2")
    table.keyboard.press("ArrowDown")
    table.keyboard.press("Enter")
    expect(table.get_by_role("dialog")).to_contain_text("sgd_b")


def test_a_layout_is_saved_for_everybody(table: Page) -> None:
    head(table, "optimizer").click(button="right")
    table.get_by_role("menuitem", name="Hide column").click()
    table.get_by_role("button", name="Layouts").click()
    table.get_by_label("Name of the layout").fill("short")
    with table.expect_response("**/api/state"):
        table.keyboard.press("Enter")
    table.get_by_role("button", name="Layouts").click()
    table.get_by_role("button", name="Usual columns").click()
    expect(head(table, "optimizer")).to_have_count(1)
    table.get_by_role("button", name="Layouts").click()
    table.get_by_role("button", name="short").click()
    expect(head(table, "optimizer")).to_have_count(0)


def test_the_head_of_the_names_sorts_by_name(table: Page) -> None:
    by_name = table.locator(".page-runs .run-sort")
    by_name.click()
    by_name.click()
    wait_for_order(table, ["sgd_b", "sgd_a", "adam_b", "adam_a"])
    expect(table).to_have_url(re.compile("sort=-name"))


def test_a_column_that_was_added_is_brought_into_sight(
    open_page: OpenPage, start_here: Callable[..., Dashboard], sweep: Path
) -> None:
    page = open_page(f"{start_here(sweep).url}#runs", width=700)
    page.get_by_role("button", name="Columns", exact=True).click()
    page.get_by_role("dialog").get_by_label("val/acc mean").check()
    page.keyboard.press("Escape")
    expect(head(page, "val/acc.mean")).to_be_in_viewport(ratio=0.9)


def test_a_column_is_computed_from_others_and_a_mistake_marked(table: Page) -> None:
    table.get_by_role("button", name="Columns", exact=True).click()
    dialog = table.get_by_role("dialog")
    dialog.get_by_label("Formula").fill("loss.max - nothing")
    table.keyboard.press("Enter")
    expect(dialog.get_by_role("alert").locator("mark")).to_have_text("nothing")
    dialog.get_by_label("Formula").fill("loss.max - loss.min")
    table.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_be_empty()
    table.keyboard.press("Escape")
    expect(cell(table, "sgd_b", "loss.max - loss.min")).to_have_text("1.9")
    table.get_by_role("button", name="Columns", exact=True).click()
    table.get_by_role("button", name="Usual columns").click()
    table.keyboard.press("Escape")
    expect(head(table, "loss.max - loss.min")).to_have_count(0)
