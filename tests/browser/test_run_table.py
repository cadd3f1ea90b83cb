"""The run table as a person meets it: order, columns, filter, what is said of runs, comparison, baseline, export."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_helpers import DRAWN, Dashboard
from playwright.sync_api import Locator, Page, expect

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]
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


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    write_sweep(folder)
    return folder


@pytest.fixture
def table(open_page: OpenPage, start: Callable[..., Dashboard], sweep: Path, tmp_path: Path) -> Page:
    """The page "Runs" of a dashboard that nobody has edited anything in."""
    return open_page(f"{start(sweep, '--state_file', str(tmp_path / 'state.json')).url}#runs", width=2000)


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
    page.wait_for_function(
        "([row, order]) => [...document.querySelectorAll(row)]"
        ".sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex'))"
        ".map((found) => found.querySelector('.run-name').textContent).join() === order",
        arg=[row, ",".join(order)],
    )


def test_shows_a_row_a_run_with_hyperparameters_and_best_values(table: Page) -> None:
    expect(table.locator(".run-count:visible")).to_have_text("4 runs")
    assert names(table) == list(RATES)
    assert {"lr", "optimizer", "val/acc.max", "loss.min"} < set(titles(table))
    assert "layers" not in titles(table), "what is the same everywhere is left out at first"
    expect(cell(table, "sgd_b", "lr")).to_have_text("0.001")
    expect(cell(table, "sgd_b", "val/acc.max")).to_have_class(re.compile("best"))
    expect(cell(table, "adam_a", "loss.min")).to_have_class(re.compile("best"))
    expect(cell(table, "adam_a", "val/acc.max")).to_have_attribute("title", "0.5")


def test_sorts_by_click_and_by_a_second_column_with_shift(table: Page) -> None:
    head(table, "val/acc.max").click()
    wait_for_order(table, ["sgd_b", "sgd_a", "adam_b", "adam_a"])
    head(table, "lr").click()
    wait_for_order(table, ["sgd_b", "adam_b", "adam_a", "sgd_a"])
    head(table, "val/acc.max").click(modifiers=["Shift"])
    wait_for_order(table, ["sgd_b", "adam_b", "sgd_a", "adam_a"])
    expect(head(table, "lr")).to_have_attribute("aria-sort", "ascending")
    expect(table).to_have_url(re.compile(r"sort=lr,-val/acc\.max|sort=lr,-val%2Facc\.max"))


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


def test_names_tags_and_notes_are_kept_and_seen_by_others(table: Page, open_page: OpenPage) -> None:
    other = open_page(table.url)
    table.locator(".page-runs .run-name", has_text="adam_b").hover()
    table.get_by_role("button", name=re.compile("^Name, tags")).locator("visible=true").click()
    dialog = table.get_by_role("dialog")
    expect(dialog).to_contain_text("seed 1")
    dialog.get_by_label("Name shown").fill("my favourite")
    dialog.get_by_label("Tags").fill("paper, good")
    dialog.get_by_role("button", name="Write a note").click()
    dialog.get_by_label("Note").fill("# Why\n**best** of <b>all</b>")
    dialog.get_by_role("button", name="Save note").click()
    expect(dialog.locator(".note strong")).to_have_text("best")
    expect(dialog.locator(".note b")).to_have_count(0)
    expect(other.locator(".page-runs .run-name").nth(1)).to_have_text("my favourite")
    expect(other.locator(".page-runs .run-sign.noted")).to_have_count(1)


def test_selected_runs_are_compared_with_what_differs_first(table: Page) -> None:
    table.locator(".page-runs .run-name", has_text="adam_a").click()
    table.locator(".page-runs .run-name", has_text="sgd_b").click(modifiers=["Control"])
    table.get_by_role("button", name="Compare").click()
    dialog = table.get_by_role("dialog")
    expect(dialog).to_contain_text("2 runs side by side")
    expect(dialog.get_by_role("row", name=re.compile("^lr"))).to_contain_text("0.001")
    expect(dialog.get_by_role("row", name=re.compile("^layers"))).to_have_count(0)
    expect(dialog.get_by_role("row", name="val/acc.max").locator(".best")).to_contain_text("0.8")
    expect(dialog.get_by_role("row", name=re.compile("^config"))).to_contain_text("seed 3")
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


def test_an_alert_is_shown_on_its_run(open_page: OpenPage, start: Callable[..., Dashboard], tmp_path: Path) -> None:
    write_sweep(tmp_path)
    with SummaryWriter(str(tmp_path / "broken")) as writer:
        for step in range(5):
            writer.add_scalar("loss", float("nan"), step)
    page = open_page(f"{start(tmp_path).url}#runs")
    expect(page.locator(".page-runs .run-sign.alert")).to_have_count(1)


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


def test_new_points_and_new_runs_come_by_themselves(
    open_page: OpenPage, start: Callable[..., Dashboard], tmp_path: Path
) -> None:
    write_sweep(tmp_path)
    page = open_page(f"{start(tmp_path).url}#runs?cols=lr,last_step")
    page.locator(".page-runs .run-name", has_text="adam_b").click()
    with SummaryWriter(str(tmp_path / "adam_a")) as writer:
        writer.add_scalar("loss", 0.1, 12345)
    expect(cell(page, "adam_a", "Last step")).to_have_text("12,345")
    with SummaryWriter(str(tmp_path / "later")) as writer:
        writer.add_scalar("loss", 0.1, 1)
    expect(page.locator(".run-count:visible")).to_have_text("5 runs")
    expect(page.locator(".page-runs .run-row[aria-selected=true] .run-name")).to_have_text("adam_b")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_fits_a_phone(open_page: OpenPage, start: Callable[..., Dashboard], sweep: Path, theme: str) -> None:
    page = open_page(f"{start(sweep).url}#runs", width=400, height=800, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    expect(page.locator(".page-runs .run-name").first).to_be_visible()
    expect(head(page, "lr")).to_be_visible()


def test_only_cells_in_sight_exist(open_page: OpenPage, start: Callable[..., Dashboard], tmp_path: Path) -> None:
    for number in range(400):
        with SummaryWriter(str(tmp_path / f"run{number}")) as writer:
            writer.add_scalar("loss", float(number), number)
    page = open_page(f"{start(tmp_path).url}#runs")
    expect(page.locator(".run-count:visible")).to_have_text("400 runs")
    assert page.locator(".page-runs .grid-row").count() < 60
    page.locator(".page-runs").get_by_role("grid").focus()
    page.keyboard.press("Control+End")
    expect(page.locator(".page-runs .run-name", has_text="run399")).to_be_visible()
