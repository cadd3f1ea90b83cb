"""Precision-recall curves, ROC curves and confusion matrices on the page "Distributions"."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from browser_helpers import Dashboard
from playwright.sync_api import Locator, Page, expect
from sklearn.metrics import average_precision_score, roc_auc_score

from stepscope.logger import SummaryWriter

EVIL = "<img src=x onerror=alert(1)>"
STEPS = 4


def scores(run: int, step: int) -> tuple[np.ndarray, np.ndarray]:
    """(labels, predictions), better with every step."""
    random = np.random.default_rng(100 * run + step)
    labels = random.random(2_000) < 0.3
    return labels, np.clip(random.normal(0.4 + 0.06 * (step + 1 - run / 2) * labels, 0.15), 0, 1)


@pytest.fixture(scope="module")
def classifiers(tmp_path_factory: pytest.TempPathFactory, start: Callable[..., Dashboard]) -> Dashboard:
    folder = tmp_path_factory.mktemp("classifiers")
    for run, name in enumerate(("first", "second")):
        with SummaryWriter(str(folder / name)) as writer:
            for step in range(STEPS):
                labels, predictions = scores(run, step)
                writer.add_pr_curve("quality", labels, predictions, step)
                writer.add_roc_curve("quality", labels, predictions * 8 - 4, step)
                matrix = np.array([[8 + step, 2], [1, 9]]) * (run + 1)
                writer.add_confusion_matrix(f"pets/{EVIL}", matrix, global_step=step, class_names=["cat", EVIL])
            writer.add_pr_curve("one class", np.zeros(10), np.linspace(0, 1, 10), 0)
    return start(folder)


def card(page: Page, kind: str, tag: str) -> Locator:
    """The card of a tag, in sight."""
    found = page.locator(f'.kind-card[data-kind="{kind}"][data-tag="{tag}"]')
    found.scroll_into_view_if_needed()
    return found


def row(page: Page, of: Locator, run: str) -> dict[str, str]:
    """What the table of figures says of a run, by head."""
    line = of.locator(".curve-table tbody tr", has=page.get_by_text(run, exact=True))
    expect(line.locator("td").nth(2)).to_be_visible()
    heads = of.locator(".curve-table thead th").all_inner_texts()
    return dict(zip(heads, line.locator("th, td").all_inner_texts(), strict=True))


def test_figures_are_those_of_scikit_learn_at_the_cursor(
    open_page: Callable[..., Page], classifiers: Dashboard
) -> None:
    page = open_page(f"{classifiers.url}#distributions", width=1800)
    pr = card(page, "pr_curves", "quality")
    assert float(row(page, pr, "second")["AP"][:6]) == pytest.approx(average_precision_score(*scores(1, 3)), abs=0.01)
    roc = card(page, "roc_curves", "quality")
    assert float(row(page, roc, "first")["ROC AUC"][:6]) == pytest.approx(roc_auc_score(*scores(0, 3)), abs=0.005)
    page.evaluate("location.hash = 'distributions?at=1'")
    first = roc_auc_score(*scores(0, 1))
    cell = roc.locator(".curve-table tbody tr", has_text="first").locator("td").nth(1)
    expect(cell).to_contain_text(f"{first:.2f}"[:4])


def test_ratios_are_in_sight_where_counts_may_be_cut_off(
    open_page: Callable[..., Page], classifiers: Dashboard
) -> None:
    page = open_page(f"{classifiers.url}#distributions?kinds=pr_curves", width=1440)
    pr = card(page, "pr_curves", "quality")
    row(page, pr, "first")
    table = pr.locator(".curve-table").bounding_box()
    head = pr.locator(".curve-table thead th", has_text="F1").bounding_box()
    assert table and head
    assert head["x"] + head["width"] <= table["x"] + table["width"]


def test_one_threshold_is_looked_at_in_all_runs(open_page: Callable[..., Page], classifiers: Dashboard) -> None:
    page = open_page(f"{classifiers.url}#distributions", width=1800)
    pr = card(page, "pr_curves", "quality")
    labels, predictions = scores(0, STEPS - 1)
    slider = pr.get_by_role("slider", name="Threshold")
    box = pr.get_by_role("textbox", name="Threshold, exact")
    box.fill("0.6")
    box.press("Enter")
    expect(box).to_have_value("0.6032")
    positive = predictions >= 76 / 126
    figures = row(page, pr, "first")
    assert figures["TP"] == str(int((labels & positive).sum()))
    assert figures["FP"] == str(int((~labels & positive).sum()))
    slider.focus()
    slider.press("ArrowRight")
    expect(box).to_have_value("0.6111")
    expect(page).to_have_url(re.compile("thresholds=pr_curves"))
    pr.locator(".curve-stage .chart-overlay").click(position={"x": 120, "y": 60})
    expect(box).not_to_have_value("0.6111")


def test_the_other_curve_comes_from_the_same_counts_and_earlier_steps_are_kept(
    open_page: Callable[..., Page], classifiers: Dashboard
) -> None:
    page = open_page(f"{classifiers.url}#distributions?kinds=pr_curves", width=1800)
    page.get_by_role("button", name="ROC", exact=True).click()
    pr = card(page, "pr_curves", "quality")
    expect(pr.locator("thead")).to_contain_text("ROC AUC")
    assert float(row(page, pr, "first")["ROC AUC"][:6]) == pytest.approx(roc_auc_score(*scores(0, 3)), abs=0.005)
    with page.expect_response("**/api/curves"):
        page.get_by_role("button", name="Earlier steps").click()
    expect(page).to_have_url(re.compile("curves=pr_curves%3Aroc%2Cearlier|curves=pr_curves%253Aroc,earlier"))
    expect(card(page, "pr_curves", "one class")).to_contain_text("no positives")


def test_cells_of_a_matrix_tell_their_shares_and_what_changed(
    open_page: Callable[..., Page], classifiers: Dashboard
) -> None:
    page = open_page(f"{classifiers.url}#distributions?kinds=confusion_matrices", width=1400)
    cell = page.locator('.kind-card[data-kind="confusion_matrices"] .cell[data-run="second"]')
    expect(cell.locator(".matrix-summary")).to_contain_text("accuracy 87 %")
    stage = cell.locator(".chart-overlay")
    stage.focus()
    stage.press("ArrowRight")
    stage.press("ArrowRight")
    told = cell.locator(".matrix-told")
    expect(told).to_contain_text(f"cat taken for {EVIL}: 4")
    expect(told).to_contain_text("15.4 % of true cat")
    page.get_by_label("Difference to").select_option("run:first")
    expect(told).to_contain_text("difference +2")
    cell.locator("summary").click()
    expect(cell.locator(".figures-table tbody tr").first).to_contain_text("0.846")  # recall of cat: 22 of 26
    expect(cell.locator(".matrix-pairs li").first).to_contain_text(f"cat → {EVIL}")
    assert page.locator("img").count() == 0
