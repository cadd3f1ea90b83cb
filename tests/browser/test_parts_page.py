"""Train and validation runs below a session of hyperparameters, as a person meets them: one row, several lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browser_helpers import Dashboard
from playwright.sync_api import Locator, Page, expect

SWEEP = Path(__file__).parents[1] / "data" / "tensorflow" / "sweep"


@pytest.fixture(scope="module")
def swept(start: Callable[..., Dashboard]) -> Dashboard:
    return start(SWEEP)


def card(page: Page, tag: str) -> Locator:
    return page.locator(".card", has=page.get_by_text(tag, exact=True)).first


def test_parts_are_lines_of_their_row(open_page: Callable[..., Page], swept: Dashboard) -> None:
    page = open_page(f"{swept.url}#scalars?runfilter=lr%20%3E%200.05")
    expect(page.locator(".side [role=row]").filter(has_text="b/validation")).to_have_count(0)
    expect(card(page, "accuracy").locator(".notes")).to_have_text("2 runs")
    card(page, "accuracy").locator(".chart-overlay").hover()
    expect(page.locator(".tip:visible")).to_contain_text("b/validation")


def test_groups_of_rows_draw_their_parts(open_page: Callable[..., Page], swept: Dashboard) -> None:
    page = open_page(f"{swept.url}#scalars?group=hparams:lr;mean;minmax")
    expect(card(page, "accuracy").locator(".notes")).to_have_text("mean, min–max · 1 and 2 runs")
    card(page, "accuracy").locator(".chart-overlay").hover()
    expect(page.locator(".tip:visible")).to_contain_text("lr=0.1 · validation")
