"""The run table of a small sweep, and what can be read off it."""

from __future__ import annotations

import re
from pathlib import Path

from browser_helpers import wait_in_page
from playwright.sync_api import Locator, Page

from stepscope.logger import SummaryWriter

RATES = {"adam_a": 0.1, "adam_b": 0.01, "sgd_a": 0.1, "sgd_b": 0.001}


def write_sweep(folder: Path) -> None:
    """Four runs with hyperparameters, an accuracy that rises to a known best and falls again, and a loss."""
    for number, (name, rate) in enumerate(RATES.items()):
        with SummaryWriter(str(folder / name)) as writer:
            writer.add_hparams({"lr": rate, "optimizer": name.split("_")[0], "layers": 3}, {}, run_name=".")
            for step in range(20):
                writer.add_scalar("val/acc", 0.5 + 0.1 * number - 0.01 * abs(step - 10), step)
                writer.add_scalar("loss", 2.0 - 0.1 * step + number, step)
            writer.add_text("config", f"seed {number}", 0)


def names(page: Page) -> list[str]:
    rows = page.locator(".page-runs .run-row:visible")
    order = rows.evaluate_all(
        "rows => rows.sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex'))"
        ".map((row) => row.querySelector('.run-name').textContent)"
    )
    return list(order)


def head(page: Page, title: str) -> Locator:
    return page.locator(".page-runs .grid-headcell", has=page.get_by_text(title, exact=True))


def titles(page: Page) -> list[str]:
    return page.locator(".page-runs .grid-title").all_inner_texts()


def cell(page: Page, run: str, title: str) -> Locator:
    """The cell of a run below a column's title."""
    column = head(page, title).get_attribute("aria-colindex")
    row = page.locator(".page-runs .run-row", has=page.locator(".run-name", has_text=re.compile(f"^{re.escape(run)}$")))
    return row.locator(f"[aria-colindex='{column}']")


def wait_for_order(page: Page, order: list[str]) -> None:
    row = ".page-runs .run-row:not([hidden])"
    wait_in_page(
        page,
        "([row, order]) => [...document.querySelectorAll(row)]"
        ".sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex'))"
        ".map((found) => found.querySelector('.run-name').textContent).join() === order",
        arg=[row, ",".join(order)],
    )


def select(page: Page, *runs: str) -> None:
    """Selects these runs and no others."""
    for number, run in enumerate(runs):
        row = page.locator(".page-runs .run-name", has_text=re.compile(f"^{re.escape(run)}$"))
        row.click(modifiers=["Control"] if number else [])
