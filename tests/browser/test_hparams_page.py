"""The page of hyperparameters in a real browser: what is drawn, brushed, said and kept in the URL."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import DRAWN, Dashboard, write_run
from playwright.sync_api import Locator, Page, expect

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]
RUNS = 40


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty runs: lr rules the accuracy, adam is a boolean, every fourth run has no dropout."""
    folder = tmp_path_factory.mktemp("sweep")
    random = np.random.default_rng(4)
    for run in range(RUNS):
        lr = float(10 ** random.uniform(-5, -1))
        values: dict[str, object] = {"lr": lr, "adam": run % 2 == 0, "optimizer": ["sgd", "lion"][run % 2], "epochs": 3}
        if run % 4:
            values["dropout"] = float(random.uniform(0, 0.5))
        with SummaryWriter(str(folder / f"run{run:02d}")) as writer:
            for step in range(3):
                writer.add_scalar("val/acc", 0.9 - 0.1 * abs(np.log10(lr) + 3) - 0.1 / (1 + step), step)
            writer.add_hparams(values, {"val/acc": 0.9 - 0.1 * abs(np.log10(lr) + 3) - 0.1 / 3})
    return folder


@pytest.fixture(scope="module")
def sweep_dashboard(start: Callable[..., Dashboard], sweep: Path) -> Dashboard:
    return start(sweep)


@pytest.fixture
def page(sweep_dashboard: Dashboard, open_page: OpenPage) -> Page:
    return open_page(f"{sweep_dashboard.url}#hparams", width=1600, height=1000)


def plot(page: Page) -> Locator:
    return page.get_by_label("Parallel coordinates of")


def axis_names(page: Page) -> list[str]:
    return page.locator(".hp-head .hp-name").all_inner_texts()


def passing(page: Page) -> int:
    """How many runs the brushes let through."""
    return int(page.locator(".hp-chips [role=status]").inner_text().split(" ")[0])


def settled_box(locator: Locator) -> dict[str, float]:
    """Where an element lies; heads are made anew when an axis changes, so the one asked may be gone by the answer."""
    while not (box := locator.bounding_box()):
        expect(locator).to_be_visible()
    return dict(box)


def drag_axis(page: Page, name: str, low: float, high: float) -> None:
    """Drag along an axis between two places, 0 (bottom) to 1 (top)."""
    head = settled_box(page.locator(".hp-head", has=page.get_by_role("button", name=name, exact=True)))
    box = settled_box(plot(page))
    x, bottom, top = head["x"] + head["width"] / 2, box["y"] + box["height"] - 40, box["y"] + 54
    page.mouse.move(x, bottom - low * (bottom - top))
    page.mouse.down()
    page.mouse.move(x, bottom - (low + high) / 2 * (bottom - top))
    page.mouse.move(x, bottom - high * (bottom - top))
    page.mouse.up()


def test_differing_hyperparameters_are_axes_and_the_metric_is_the_last(page: Page) -> None:
    assert axis_names(page) == ["adam", "dropout", "lr", "optimizer", "val/acc.max"]
    expect(page.get_by_label("Scale of lr")).to_have_value("log")
    expect(page.locator(".tag-count").last).to_contain_text("5 hyperparameters · 40 runs")


def test_a_brush_filters_runs_everywhere_and_is_in_the_url(page: Page) -> None:
    drag_axis(page, "lr", 0.5, 1.05)
    chip = page.locator(".hp-chip")
    expect(chip).to_contain_text("lr ≥ 0.00")
    expect(page).to_have_url(re.compile("brush=lr:"))
    shown = page.locator(".hp-chips [role=status]")
    expect(shown).not_to_have_text("40 of 40 runs")
    left = passing(page)
    assert 0 < left < RUNS
    again = page.context.new_page()
    again.goto(page.url)
    again.wait_for_selector(DRAWN)
    expect(again.locator(".hp-chips [role=status]")).to_have_text(f"{left} of 40 runs")
    again.goto(page.url.replace("#hparams", "#scalars"))
    again.wait_for_selector(DRAWN)
    expect(again.locator(".card").filter(has_text="val/acc").locator(".notes").first).to_contain_text(f"{left} runs")
    chip.get_by_role("button").click()
    expect(chip).to_have_count(0)


def test_a_click_chooses_a_category_and_another_frees_it(page: Page) -> None:
    drag_axis(page, "adam", 0.75, 0.75)
    expect(page.locator(".hp-chip")).to_have_text("adam true")
    expect(page.locator(".hp-chips [role=status]")).to_have_text("20 of 40 runs")
    drag_axis(page, "adam", 0.75, 0.75)
    expect(page.locator(".hp-chip")).to_have_count(0)


def test_missing_values_are_drawn_and_can_be_brushed(page: Page) -> None:
    expect(page.locator(".hp-help")).to_contain_text("Runs without a value lie below the axis")
    drag_axis(page, "dropout", -0.08, -0.08)  # a click on the rail below the axis
    expect(page.locator(".hp-chip")).to_have_text("dropout missing")
    expect(page.locator(".hp-chips [role=status]")).to_have_text("10 of 40 runs")


def test_boxes_brush_without_a_mouse(page: Page) -> None:
    page.get_by_text("Limits by hand").click()
    page.get_by_label("lr: at most").fill("0.001")
    page.get_by_label("lr: at most").press("Enter")
    expect(page.locator(".hp-chip")).to_have_text("lr ≤ 0.001")
    page.get_by_label("optimizer: sgd").uncheck()
    expect(page.locator(".hp-chip").last).to_have_text("optimizer lion")


def test_axes_move_by_drag_and_by_key(page: Page) -> None:
    page.locator(".hp-name", has_text="lr").press("ArrowLeft")
    expect(page.locator(".hp-name").nth(1)).to_have_text("lr")
    page.locator(".hp-name").first.hover()  # waits until it lies still
    page.mouse.down()
    expect(page.locator(".hp-head.dragged")).to_have_count(1)
    last = settled_box(page.locator(".hp-name").last)
    page.mouse.move(last["x"] + last["width"] / 2, last["y"] + 8, steps=4)
    page.mouse.up()
    expect(page.locator(".hp-name")).to_have_text(["lr", "dropout", "optimizer", "val/acc.max", "adam"])
    expect(page).to_have_url(re.compile("axes=lr,dropout"))


def test_importance_names_what_rules_the_metric(page: Page) -> None:
    card = page.get_by_role("region", name="Importance")
    expect(card.locator("tbody tr").first.locator("th")).to_have_text("lr", timeout=60_000)
    expect(card.locator("p").first).to_contain_text("val/acc.max of 40 runs. A random forest explains")
    expect(card.get_by_text("1 hyperparameter left out")).to_be_visible()
    card.get_by_role("button", name="optimizer").click()
    expect(page.locator(".hp-legend .hp-entry")).to_have_text(["lion", "sgd"])


def test_a_box_in_the_matrix_brushes_both_columns(page: Page) -> None:
    # The answer of the forest, above the matrix, may take another height than its empty rows.
    expect(page.locator(".hp-importance .hp-bar i").first).to_be_visible(timeout=60_000)
    matrix = page.get_by_label("Scatter matrix of")
    matrix.scroll_into_view_if_needed()
    box = matrix.bounding_box()
    assert box
    cell = (box["width"] - 70) / 5
    page.mouse.move(box["x"] + 70 + cell * 1.2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 70 + cell * 1.7, box["y"] + 90, steps=3)
    page.mouse.up()
    expect(page.locator(".hp-chip")).to_have_count(2)


def test_the_arrow_keys_brush_an_axis(page: Page) -> None:
    strip = page.get_by_role("slider", name="Brush of lr")
    expect(strip).to_have_attribute("aria-valuetext", "everything")
    strip.press("ArrowUp")
    expect(page.locator(".hp-chip")).to_contain_text("lr ≥")
    top = passing(page)
    strip.press("ArrowDown")
    expect(page.locator(".hp-chip")).to_contain_text("–")
    strip.press("Alt+ArrowDown")
    strip.press("Shift+ArrowUp")
    expect(page.locator(".hp-chip")).to_contain_text("lr ≥")
    assert passing(page) > top
    expect(strip).to_be_focused()
    strip.press("Delete")
    expect(page.locator(".hp-chip")).to_have_count(0)


def test_a_finger_brushes_along_an_axis(page: Page) -> None:
    strip = page.get_by_role("slider", name="Brush of lr")
    assert strip.evaluate("strip => getComputedStyle(strip).touchAction") == "pan-x"
    box = strip.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 20
    for kind, at in [("pointerdown", y), ("pointermove", y + 60), ("pointerup", y + 90)]:
        strip.evaluate(
            """(strip, [kind, x, y]) => {
                strip.setPointerCapture = () => {};
                const finger = {pointerType: "touch", pointerId: 7, clientX: x, clientY: y, bubbles: true};
                strip.dispatchEvent(new PointerEvent(kind, finger));
            }""",
            [kind, x, at],
        )
    expect(page.locator(".hp-chip")).to_contain_text("lr")
    assert 0 < passing(page) < RUNS


def test_a_flipped_axis_has_its_least_value_at_the_top_and_is_in_the_url(page: Page) -> None:
    page.get_by_role("button", name="Flip lr").click()
    expect(page).to_have_url(re.compile("flip=lr"))
    drag_axis(page, "lr", 0.6, 1.1)
    expect(page.locator(".hp-chip")).to_contain_text("lr ≤")


def test_a_click_on_a_line_selects_its_run_in_the_table(page: Page) -> None:
    page.get_by_role("slider", name="Brush of lr").press("ArrowUp")
    box = plot(page).bounding_box()
    assert box
    heads = page.locator(".hp-head").evaluate_all(
        "heads => heads.map(h => h.getBoundingClientRect()).map(b => (b.left + b.right) / 2)"
    )
    x = (heads[-2] + heads[-1]) / 2
    for y in range(int(box["y"]) + 60, int(box["y"] + box["height"]) - 40, 6):
        page.mouse.move(x, y)
        if page.locator(".hp-tip").is_visible():
            break
    run = page.locator(".hp-tip b").inner_text()
    page.mouse.click(x, y)
    expect(page.locator(".side [aria-selected=true]")).to_contain_text(run[-5:])


def test_runs_without_hyperparameters_are_left_out_and_counted(
    start_here: Callable[..., Dashboard], open_page: OpenPage, tmp_path: Path
) -> None:
    write_run(tmp_path / "plain", {"acc": np.ones(3)})
    for run in range(3):
        with SummaryWriter(str(tmp_path / f"run{run}")) as writer:
            writer.add_scalar("acc", run, 0)
            writer.add_hparams({"lr": 10.0**-run, "batch": 64}, {"acc": run})
    page = open_page(f"{start_here(tmp_path).url}#hparams")
    assert axis_names(page) == ["lr", "acc.max"]
    notes = page.locator(".hp-notes")
    expect(notes).to_contain_text("1 run without any of these hyperparameters left out")
    expect(notes).to_contain_text("Only one value: batch 64")
    expect(page.locator(".tag-count").last).to_contain_text("3 runs")
    notes.get_by_role("button", name="Show").click()
    expect(page.locator(".tag-count").last).to_contain_text("4 runs")


def test_a_log_without_hyperparameters_says_how_to_log_them(
    start_here: Callable[..., Dashboard], open_page: OpenPage, tmp_path: Path
) -> None:
    write_run(tmp_path / "plain", {"loss": np.ones(3)})
    page = open_page(f"{start_here(tmp_path).url}#hparams")
    expect(page.get_by_role("heading", name="No hyperparameters in these runs")).to_be_visible()
    expect(page.locator("pre")).to_contain_text('writer.add_hparams({"lr": 0.1, "adam": True}, {"val/acc": 0.93})')


def test_a_phone_scrolls_the_axes_not_the_page(sweep_dashboard: Dashboard, open_page: OpenPage) -> None:
    page = open_page(f"{sweep_dashboard.url}#hparams", width=400, height=800, theme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert page.evaluate("(e => e.scrollWidth > e.clientWidth)(document.querySelector('.hp-scroll'))")


def test_names_out_of_a_log_stay_text(
    start_here: Callable[..., Dashboard], open_page: OpenPage, tmp_path: Path
) -> None:
    evil = "<img src=x onerror=alert(1)>"
    for run, value in enumerate([evil, "plain"]):
        with SummaryWriter(str(tmp_path / f"run{run}")) as writer:
            writer.add_scalar("acc", run, 0)
            writer.add_hparams({evil: value, "x": run}, {"acc": run})
    page = open_page(f"{start_here(tmp_path).url}#hparams")
    assert evil in axis_names(page)
    assert page.locator("img").count() == 0
