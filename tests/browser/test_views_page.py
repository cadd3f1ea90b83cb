"""The views page: charts built with real clicks, saved, opened by URL, arranged; scatter, bars, layouts of logs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import DRAWN, Dashboard, write_run
from playwright.sync_api import Locator, Page, expect

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]
FORMULA = "log(train/loss) - log(val/loss)"


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six runs with hyperparameters, a layout with a margin chart, and view files beside them."""
    folder = tmp_path_factory.mktemp("views")
    falling = np.exp(-np.linspace(0, 3, 100))
    for seed in (1, 2, 3):
        for lr in (0.1, 0.01):
            name = folder / f"lr{lr}_seed{seed}"
            scale = 1 + seed / 10
            write_run(
                name,
                {"train/loss": falling * scale, "val/loss": falling * scale * 1.2, "epoch": np.arange(100) // 10 + 1.0},
            )
            with SummaryWriter(str(name)) as writer:
                writer.add_hparams(
                    {"lr": lr, "seed": seed, "optimizer": "adam" if lr < 0.05 else "sgd"}, {"hp/best": 1 / scale}
                )
    with SummaryWriter(str(folder / "layout")) as writer:
        for step in range(20):
            for tag, value in (("m/value", 1.0), ("m/low", 0.5), ("m/high", 1.5)):
                writer.add_scalar(tag, value + step, step)
        writer.add_custom_scalars_marginchart(["m/value", "m/low", "m/high"], category="Margins", title="with a band")
    chart = {"type": "line", "title": "both losses", "series": [{"tag_regex": ".*/loss"}]}
    view = {"stepscope_view": 1, "title": "Beside", "sections": [{"title": "Kept", "charts": [chart, {"type": "pie"}]}]}
    (folder / "beside.view.json").write_text(json.dumps(view))
    return folder


@pytest.fixture
def views(start_here: Callable[..., Dashboard], logs: Path, tmp_path: Path) -> Dashboard:
    """A dashboard with a state file of its own."""
    return start_here(logs, "--state_file", str(tmp_path / "state.json"))


def card(page: Page, title: str) -> Locator:
    return page.locator(f'.view-grid .view-card[aria-label="{title}"]')


def titles(page: Page) -> list[str]:
    return [found.get_attribute("aria-label") or "" for found in page.locator(".view-grid .view-card").all()]


def new_view(page: Page, name: str) -> None:
    page.get_by_role("button", name="More", exact=True).first.click()
    page.get_by_role("menuitem", name="New view").click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("button", name="Create").click()
    expect(page.locator(".view-list")).to_have_value(name)


def add_chart(page: Page, kind: str = "Lines") -> Locator:
    page.get_by_role("button", name="Chart", exact=True).click()
    dialog = page.get_by_role("dialog", name="New chart")
    if kind != "Lines":
        dialog.get_by_role("button", name=kind, exact=True).click()
    return dialog


def finish(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Add chart").click()
    expect(dialog).to_be_hidden()


def add_tag(page: Page, tag: str) -> None:
    dialog = add_chart(page)
    dialog.get_by_label(tag, exact=True).check()
    finish(dialog)


def save(page: Page) -> None:
    with page.expect_response(re.compile("/api/state")):
        page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)


def test_a_chart_with_a_formula_and_two_axes_is_built_saved_and_opened_elsewhere(
    open_page: OpenPage, views: Dashboard
) -> None:
    page = open_page(f"{views.url}#views")
    new_view(page, "gap & loss")
    dialog = add_chart(page)
    dialog.get_by_label("Search tags").fill("val")
    dialog.get_by_label("val/loss", exact=True).check()
    formula = dialog.get_by_role("combobox", name="Formula")
    formula.fill(FORMULA)
    formula.press("Enter")
    dialog.get_by_role("button", name=f"Axis of {FORMULA}: left").click()
    dialog.get_by_label("Title", exact=True).fill("Overfitting")
    preview = dialog.locator(".preview")
    expect(preview.locator(".view-legend")).to_contain_text("right")
    expect(preview.locator(".points")).to_have_text("6 runs")
    finish(dialog)
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    save(page)
    page.reload()
    page.wait_for_selector(DRAWN)
    expect(card(page, "Overfitting").locator(".points")).to_have_text("6 runs")
    other = open_page(f"{views.url}#views?view={'gap%20%26%20loss'}")
    expect(card(other, "Overfitting").locator(".view-legend")).to_contain_text(FORMULA)


def test_a_mistake_in_a_formula_is_marked_where_it_is(open_page: OpenPage, views: Dashboard) -> None:
    page = open_page(f"{views.url}#views")
    page.on("console", lambda _: None)
    dialog = add_chart(page)
    formula = dialog.get_by_role("combobox", name="Formula")
    formula.fill("log(train/loss) + nothing(val/loss)")
    formula.press("Enter")
    expect(dialog.locator(".builder-problem mark")).to_contain_text("nothing")
    expect(dialog.locator(".builder-problem")).to_contain_text("no function nothing")
    open_page.complaints.clear()  # type: ignore[attr-defined]  # the browser logs the refused request


def test_names_of_tags_are_completed_in_a_formula(open_page: OpenPage, views: Dashboard) -> None:
    page = open_page(f"{views.url}#views")
    dialog = add_chart(page)
    formula = dialog.get_by_role("combobox", name="Formula")
    formula.press_sequentially("log(val")
    expect(dialog.locator(".builder-hints button").first).to_have_text("val/loss")
    formula.press("Tab")
    expect(formula).to_have_value("log(val/loss")


def test_charts_move_by_drag_and_by_keys_grow_and_come_back_with_undo(open_page: OpenPage, views: Dashboard) -> None:
    page = open_page(f"{views.url}#views")
    new_view(page, "moved")
    for tag in ("train/loss", "val/loss", "epoch"):
        add_tag(page, tag)
    expect(card(page, "epoch")).to_be_visible()
    grip = card(page, "epoch").get_by_role("button", name="Move chart")
    target = card(page, "train/loss").bounding_box() or {}
    card(page, "epoch").hover()
    grip.hover()
    page.mouse.down()
    page.mouse.move(target["x"] + 20, target["y"] + 60, steps=4)
    page.mouse.up()
    assert titles(page) == ["epoch", "train/loss", "val/loss"]
    grip.focus()
    page.keyboard.press("ArrowRight")
    assert titles(page) == ["train/loss", "epoch", "val/loss"]
    expect(grip).to_be_focused()
    width = (card(page, "epoch").bounding_box() or {})["width"]
    page.keyboard.press("Shift+ArrowRight")
    assert (card(page, "epoch").bounding_box() or {})["width"] > 1.8 * width
    for _ in range(3):
        page.keyboard.press("Control+z")
    assert titles(page) == ["train/loss", "val/loss", "epoch"]


def test_a_chart_grows_by_its_corner_and_undo_and_redo_follow(open_page: OpenPage, views: Dashboard) -> None:
    page = open_page(f"{views.url}#views")
    new_view(page, "corners")
    add_tag(page, "epoch")
    before = card(page, "epoch").bounding_box() or {}
    card(page, "epoch").hover()
    corner = card(page, "epoch").locator(".view-corner").bounding_box() or {}
    page.mouse.move(corner["x"] + 6, corner["y"] + 6)
    page.mouse.down()
    page.mouse.move(corner["x"] + 0.9 * before["width"], corner["y"] + 0.9 * before["height"], steps=4)
    page.mouse.up()
    grown = card(page, "epoch").bounding_box() or {}
    assert grown["width"] > 1.8 * before["width"] and grown["height"] > 1.8 * before["height"]
    page.get_by_role("button", name="Undo").click()
    assert card(page, "epoch").bounding_box() == before
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    page.get_by_role("button", name="Redo").click()
    assert card(page, "epoch").bounding_box() == grown
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+z")
    assert card(page, "epoch").bounding_box() == grown


def test_settings_of_the_view_hold_for_its_charts_and_are_saved(open_page: OpenPage, views: Dashboard) -> None:
    page = open_page(f"{views.url}#views")
    new_view(page, "settings")
    add_tag(page, "train/loss")
    page.get_by_role("button", name="Settings of the view").click()
    panel = page.locator(".view-settings")
    panel.locator("select").first.select_option("tag")
    panel.get_by_label("Scalar along x").fill("epoch")
    panel.get_by_label("Scalar along x").press("Enter")
    panel.get_by_label("Run filter of the view").fill("seed = 1")
    panel.get_by_label("Run filter of the view").press("Enter")
    panel.get_by_label("Description").fill("loss by epoch")
    panel.get_by_label("Description").press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".view-about")).to_have_text("loss by epoch")
    expect(card(page, "train/loss").locator(".card-foot")).to_contain_text("2 runs")
    save(page)
    other = open_page(f"{views.url}#views?view=settings")
    expect(other.locator(".view-about")).to_have_text("loss by epoch")
    expect(card(other, "train/loss").locator(".card-foot")).to_contain_text("2 runs")
    other.get_by_role("button", name="Settings of the view").click()
    expect(other.locator(".view-settings").get_by_label("Scalar along x")).to_have_value("epoch")


def test_an_empty_view_offers_charts_of_the_data(open_page: OpenPage, views: Dashboard) -> None:
    page = open_page(f"{views.url}#views")
    new_view(page, "ideas")
    ideas = page.locator(".view-ideas")
    expect(ideas.locator("small", has_text="Scatter")).to_have_count(1)
    ideas.get_by_role("button", name="loss", exact=False).first.click()
    assert titles(page) == ["loss"]
    expect(ideas).to_have_count(0)
    page.keyboard.press("Control+z")
    page.get_by_role("button", name="Add all of these").click()
    expect(page.locator('.view-card[data-type="scatter"]')).to_be_visible()


def test_a_scatter_chart_shows_a_run_and_a_click_chooses_it(open_page: OpenPage, views: Dashboard) -> None:
    page = open_page(f"{views.url}#views")
    new_view(page, "dots")
    dialog = add_chart(page, "Scatter")
    for label, column in (("Column across", "lr"), ("Column up", "val/loss.min"), ("Colour by", "optimizer")):
        dialog.get_by_label(label).fill(column)
        dialog.get_by_label(label).press("Tab")
    dialog.get_by_role("button", name="log").first.click()
    expect(dialog.locator(".points")).to_have_text("6 runs")
    finish(dialog)
    dots = card(page, "val/loss.min over lr").locator("canvas.chart-overlay")
    expect(card(page, "val/loss.min over lr").locator(".points")).to_have_text("6 runs")
    dots.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".dot-tip")).to_contain_text("lr0.01_seed")
    expect(page.locator(".dot-tip")).to_contain_text("adam")
    page.keyboard.press("Enter")
    expect(card(page, "val/loss.min over lr").locator(".points")).to_have_text("1 run")


def test_a_box_in_a_scatter_chart_chooses_runs(open_page: OpenPage, views: Dashboard) -> None:
    page = open_page(f"{views.url}#views")
    new_view(page, "box")
    dialog = add_chart(page, "Scatter")
    for label, column in (("Column across", "lr"), ("Column up", "val/loss.min")):
        dialog.get_by_label(label).fill(column)
        dialog.get_by_label(label).press("Tab")
    finish(dialog)
    box = card(page, "val/loss.min over lr").locator("canvas.chart-overlay").bounding_box() or {}
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 20, steps=4)
    page.mouse.up()
    expect(card(page, "val/loss.min over lr").locator(".points")).to_have_text("3 runs")


def test_bars_of_groups_have_the_server_s_centre_and_count(open_page: OpenPage, views: Dashboard) -> None:
    page = open_page(f"{views.url}#views")
    new_view(page, "bars")
    dialog = add_chart(page, "Bars")
    dialog.get_by_label("Column", exact=True).fill("train/loss.max")
    dialog.get_by_label("Column", exact=True).press("Tab")
    expect(dialog.locator(".points")).to_have_text("6 runs")
    dialog.locator(".builder-field", has_text="Groups").locator("select").first.select_option("hparams")
    dialog.get_by_label("Group by").fill("optimizer")
    dialog.get_by_label("Group by").press("Tab")
    expect(dialog.locator(".points")).to_have_text(re.compile("groups"))
    finish(dialog)
    bars = card(page, "train/loss.max").locator(".bar-scroll")
    bars.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".dot-tip")).to_contain_text("1.2")
    expect(page.locator(".dot-tip")).to_contain_text("3")


def test_layouts_of_logs_and_files_are_views_and_a_broken_chart_leaves_the_others(
    open_page: OpenPage, views: Dashboard
) -> None:
    page = open_page(f"{views.url}#views")
    expect(page.locator(".view-list option", has_text="Custom scalars")).to_have_count(1)
    names = page.locator(".view-list option").all_text_contents()
    page.locator(".view-list").select_option(next(name for name in names if "Custom" in name))
    expect(card(page, "with a band").locator(".points")).to_have_text("1 run")
    page.locator(".view-list").select_option(next(name for name in names if "eside" in name))
    expect(card(page, "both losses").locator(".points")).to_have_text("6 runs")
    expect(page.get_by_text('type "pie"')).to_be_visible()


def test_a_dropped_file_opens_and_a_damaged_one_says_why(open_page: OpenPage, views: Dashboard) -> None:
    page = open_page(f"{views.url}#views")
    before = page.locator(".view-list").input_value()
    drop = """([root, name, text]) => {
        const files = new DataTransfer();
        files.items.add(new File([text], name));
        root.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    }"""
    root = page.locator(".page-views").element_handle()
    page.evaluate(drop, [root, "bad.view.json", "{"])
    expect(page.get_by_text(re.compile("bad.view.json: This file is not JSON"))).to_be_visible()
    assert page.locator(".view-list").input_value() == before
    view = {"stepscope_view": 1, "title": "Dropped", "sections": [{"charts": [{"type": "bar", "column": "epoch"}]}]}
    page.evaluate(drop, [root, "good.view.json", json.dumps(view)])
    expect(page.locator(".view-list")).to_have_value("Dropped")
    expect(card(page, "epoch").locator(".points")).to_have_text("6 runs")


def test_nobody_starts_from_an_empty_page(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    write_run(tmp_path / "logs" / "a", {"train/loss": np.ones(5), "val/loss": np.ones(5), "lr": np.ones(5)})
    plain = start_here(tmp_path / "logs", "--state_file", str(tmp_path / "state.json"))
    page = open_page(f"{plain.url}#views")
    expect(card(page, "loss").locator(".view-legend")).to_have_text("train/lossval/loss")
    expect(page.get_by_text("Suggested from your tags")).to_be_visible()


def test_a_view_is_renamed_duplicated_and_deleted(open_page: OpenPage, views: Dashboard) -> None:
    page = open_page(f"{views.url}#views")
    new_view(page, "first")
    add_tag(page, "epoch")
    save(page)
    menu = page.get_by_role("button", name="More", exact=True).first
    menu.click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("second")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator(".view-list")).to_have_value("second")
    expect(page.locator('.view-list option[value="first"]')).to_have_count(0)
    menu.click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.locator(".view-list")).to_have_value("second copy")
    page.locator(".view-list").select_option("second")
    menu.click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator('.view-list option[value="second"]')).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_fits_a_phone(open_page: OpenPage, views: Dashboard, theme: str) -> None:
    page = open_page(f"{views.url}#views", width=400, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    boxes = [found.bounding_box() or {} for found in page.locator(".view-grid .view-card, .page-views .bar > *").all()]
    assert max(box["x"] + box["width"] for box in boxes if box) <= 400
