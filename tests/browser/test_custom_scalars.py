"""Layouts that torch and tensorboardX wrote are views: charts of several tags, bands, Python's patterns."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_helpers import Dashboard
from playwright.sync_api import Locator, Page, expect

OpenPage = Callable[..., Page]
REAL_RUNS = Path(__file__).parents[3] / "shared" / "real_runs"  # what users have; not on every machine

LAYOUT = {
    "Losses": {
        "both": ["Multiline", ["loss/.*"]],
        "any case": ["Multiline", ["(?i)acc/.*"]],
        "named": ["Multiline", ["(?P<kind>loss)/t"]],
        "hostile": ["Multiline", ["(a|a)*b"]],
    },
    "Bands": {"band": ["Margin", ["m/value", "m/low", "m/high"]]},
}


def write_layout(folder: Path, module: str) -> None:
    """Two runs with the layout, by somebody else's writer."""
    writer_of = importlib.import_module(module).SummaryWriter
    for run in ("one", "two"):
        writer = writer_of(str(folder / run))
        for step in range(20):
            for tag, value in (("loss/train", 1), ("loss/val", 2), ("Acc/top", 3), ("acc/all", 4)):
                writer.add_scalar(tag, value / (step + 1), step)
            for tag, value in (("m/value", 1), ("m/low", 0), ("m/high", 2)):
                writer.add_scalar(tag, value + step, step)
        writer.add_custom_scalars(LAYOUT)
        writer.close()


def card(page: Page, title: str) -> Locator:
    return page.locator(f'.view-grid .view-card[aria-label="{title}"]')


def test_layouts_of_other_writers_are_drawn_and_can_be_changed(
    start_here: Callable[..., Dashboard], open_page: OpenPage, tmp_path: Path
) -> None:
    for module in ("torch.utils.tensorboard", "tensorboardX"):
        pytest.importorskip(module)
        write_layout(tmp_path / "logs" / module, module)
    board = start_here(tmp_path / "logs", "--state_file", str(tmp_path / "state.json"))
    page = open_page(f"{board.url}#views?view=Custom%20scalars")  # both wrote the same
    for title in ("both", "any case", "named", "band"):
        card(page, title).scroll_into_view_if_needed()
        expect(card(page, title).locator(".points")).to_have_text("4 runs")
    expect(card(page, "both")).to_contain_text("loss/val")
    expect(card(page, "any case")).to_contain_text("acc/all")
    expect(card(page, "hostile")).to_contain_text("can take for ever")
    change_band(page)
    page.get_by_role("button", name="Save", exact=True).click()  # a copy, with a name of its own
    with page.expect_response("**/api/state"):
        page.get_by_role("dialog", name="Save view").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    (saved,) = json.loads((tmp_path / "state.json").read_text())["views"].values()
    assert [margin["value"] for margin in saved["sections"][1]["charts"][0]["margins"]] == ["m/value", "loss/val"]


def change_band(page: Page) -> None:
    """Give the chart a second band."""
    card(page, "band").hover()
    card(page, "band").get_by_role("button", name="Edit").first.click()
    dialog = page.get_by_role("dialog", name="Edit chart")
    dialog.get_by_role("button", name="Add a band").click()
    for part, tag in (("line", "loss/val"), ("lower edge", "loss/train"), ("upper edge", "acc/all")):
        dialog.get_by_label(f"Band 2, {part}").fill(tag)
        dialog.get_by_label(f"Band 2, {part}").press("Tab")
    expect(dialog).to_contain_text("loss/val")
    dialog.get_by_role("button", name="Done").click()
    expect(card(page, "band")).to_contain_text("loss/val")


def test_layouts_of_real_runs(start_here: Callable[..., Dashboard], open_page: OpenPage, tmp_path: Path) -> None:
    if not REAL_RUNS.is_dir():
        pytest.skip(f"{REAL_RUNS} is not on this machine")
    board = start_here(REAL_RUNS, "--state_file", str(tmp_path / "state.json"))
    page = open_page(f"{board.url}#views?view=Custom%20scalars")  # every run wrote the same
    for title in ("loss", "m"):
        expect(card(page, title).locator(".points")).to_have_text("5 runs")
