"""The filter of the runs: words, regular expressions and queries, on every page."""

from __future__ import annotations

import re

from browser_helpers import DRAWN
from playwright.sync_api import Page, expect
from run_table_helpers import RATES, names, wait_for_order


def test_filters_by_words_regex_and_query_on_every_page(table: Page) -> None:
    table.keyboard.press("/")
    table.keyboard.type('lr < 0.05 and val/acc.max > 0.65 and name ~ "b$"')
    wait_for_order(table, ["sgd_b"])
    table.get_by_role("link", name="Scalars").click()
    table.wait_for_selector(DRAWN)
    expect(table.locator(".card .notes").first).to_have_text("1 run")
    table.get_by_role("link", name="Runs").click()
    table.get_by_label("Filter runs").last.fill("^sgd_(a|b)")
    wait_for_order(table, ["sgd_a", "sgd_b"])


def test_a_query_with_a_mistake_says_where(table: Page) -> None:
    box = table.locator(".page-runs").get_by_label("Filter runs")
    box.fill("learn < 0.05")
    alert = table.locator(".page-runs .filter-error")
    expect(alert.locator("mark")).to_have_text("learn")
    assert names(table) == list(RATES)
    box.fill("lr < 0.05")
    expect(alert).to_be_hidden()
    wait_for_order(table, ["adam_b", "sgd_b"])


def test_completes_names_of_columns(table: Page) -> None:
    box = table.locator(".page-runs").get_by_label("Filter runs")
    box.focus()
    table.keyboard.type("opti")
    expect(table.get_by_role("option")).to_have_text(["optimizer"])
    table.keyboard.press("Tab")
    expect(box).to_have_value("optimizer")
    table.keyboard.type(" = 'adam'")
    wait_for_order(table, ["adam_a", "adam_b"])


def test_completes_the_values_of_a_column(table: Page) -> None:
    box = table.locator(".page-runs").get_by_label("Filter runs")
    box.press_sequentially("optimizer = s")
    expect(table.get_by_role("option")).to_have_text(["sgd"])
    table.keyboard.press("Tab")
    expect(box).to_have_value('optimizer = "sgd"')
    wait_for_order(table, ["sgd_a", "sgd_b"])


def test_a_filter_that_finds_nothing_says_so_and_is_cleared_by_a_button(table: Page) -> None:
    table.locator(".page-runs").get_by_label("Filter runs").fill("nobody")
    expect(table.locator(".page-runs .start")).to_contain_text("No run matches")
    table.get_by_role("button", name="Clear the filter").click()
    wait_for_order(table, list(RATES))


def test_a_broken_regular_expression_is_told_and_searched_for_as_text(table: Page) -> None:
    table.locator(".page-runs").get_by_label("Filter runs").fill("adam(")
    expect(table.locator(".page-runs .filter-error")).to_contain_text(
        re.compile("regular expression|Searching for the text", re.I)
    )


def test_hidden_runs_come_back(table: Page) -> None:
    table.locator(".page-runs .run-name", has_text="adam_b").click()
    table.get_by_role("button", name="Hide", exact=True).click()
    wait_for_order(table, ["adam_a", "sgd_a", "sgd_b"])
    table.locator(".page-runs").get_by_role("button", name="1 hidden").click()
    wait_for_order(table, list(RATES))
    expect(table.locator(".page-runs").get_by_role("button", name=re.compile("hidden"))).to_have_count(0)
