"""The page "Media" as a person meets it: cards of every kind over all runs, and one step for all of them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import Dashboard, forgive, wait_in_page
from playwright.sync_api import Locator, Page, expect

from stepscope.logger import SummaryWriter

ROOT = Path(__file__).parents[2]
REAL_RUNS = ROOT.parent / "shared" / "real_runs"
EVIL = "<img src=x onerror=alert(1)>"
WATCH_STEPS = """() => {
  window.seen = [];
  const look = () => window.seen.push(document.querySelector(".cell-step")?.textContent ?? "");
  new MutationObserver(look).observe(document.querySelector(".kind-scroll"), {subtree: true, childList: true});
}"""
FEW_CARDS = "document.querySelectorAll('.kind-card .card-head').length < 10"
NAMELESS = """[...document.querySelectorAll(".page-media :is(button, input, select, a, canvas)")]
  .filter(e => !(e.getAttribute("aria-label") || e.textContent.trim() || e.closest("label"))).map(e => e.outerHTML)"""


@pytest.fixture(scope="module")
def shown(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    """Runs that logged tensors and texts at different steps."""
    folder = tmp_path_factory.mktemp("shown")
    for run, steps in {"a": [0, 10, 20, 100], "b": [0, 15, 90], "late/run": [1000]}.items():
        with SummaryWriter(folder / run) as writer:
            for step in steps:
                writer.add_tensor("weights", np.arange(6).reshape(2, 3) * step, step, walltime=1.7e9 + step)
                writer.add_tensor(f"evil/{EVIL}", np.array([EVIL]), step, walltime=1.7e9 + step)
            writer.add_text("note", "**kept**", 0)
            writer.add_scalar("loss", 1.0, 0, walltime=1.7e9)
    return start(folder)


def card(page: Page, tag: str) -> Locator:
    return page.locator(f'.kind-card[data-tag="{tag}"]')


def step(page: Page, tag: str, run: str) -> Locator:
    return card(page, tag).locator(f'.cell[data-run="{run}"] .cell-step')


def move_to(page: Page, at: str) -> None:
    page.get_by_label("Cursor at").fill(at)
    page.keyboard.press("Enter")


def test_every_kind_of_the_sample_runs_has_its_section(
    open_page: Callable[..., Page], start_here: Callable[..., Dashboard]
) -> None:
    page = open_page(f"{start_here(ROOT / 'sample_runs' / 'logs').url}#media", drawn=False)
    chips = page.locator(".kind-chips button")
    expect(chips).to_have_count(9)
    kinds = ["images", "video", "audio", "text", "plotly", "html", "tables", "meshes", "other"]
    assert chips.evaluate_all("chips => chips.map(chip => chip.dataset.kind)") == kinds
    page.locator('.kind-chips [data-kind="other"]').click()
    expect(page.locator(".kind-section")).to_have_count(1)
    expect(card(page, "other/matrix")).to_contain_text("float")


@pytest.mark.skipif(not REAL_RUNS.is_dir(), reason="the real runs are not on this machine")
def test_real_runs(open_page: Callable[..., Page], start_here: Callable[..., Dashboard]) -> None:
    page = open_page(f"{start_here(REAL_RUNS).url}#media?kinds=other", height=1600)
    expect(card(page, "t").locator(".cell")).to_have_count(4)
    expect(card(page, "t").locator(".cell").first).to_contain_text("6 values")
    page.locator('.kind-chips [data-kind="video"]').click()
    expect(card(page, "vid")).to_be_visible()


def test_one_cursor_moves_all_cards_to_their_nearest_values(open_page: Callable[..., Page], shown: Dashboard) -> None:
    page = open_page(f"{shown.url}#media?kinds=other")
    for run, last in (("a", "100"), ("b", "90"), ("late/run", "1,000")):
        expect(step(page, "weights", run)).to_contain_text(f"step {last} ·")
    move_to(page, "17")
    for run, nearest in (("a", "20"), ("b", "15"), ("late/run", "1,000")):
        expect(step(page, "weights", run)).to_contain_text(f"step {nearest} ·")
        expect(step(page, f"evil/{EVIL}".replace('"', '\\"'), run)).to_contain_text(f"step {nearest} ·")
    expect(page).to_have_url(re.compile("at=17"))
    page.locator(".page-media .step-bar input[type=range]").focus()
    page.keyboard.press("Home")
    expect(step(page, "weights", "a")).to_contain_text("step 0 ·")


def test_steps_before_the_first_are_reached(
    open_page: Callable[..., Page], start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    with SummaryWriter(tmp_path / "r") as writer:
        for at in (-20, -1, 0, 50):
            writer.add_tensor("t", np.arange(3) + at, at)
    page = open_page(f"{start_here(tmp_path).url}#media")
    for typed, nearest in (("-1", "−1"), ("-18", "−20"), ("0", "0")):
        move_to(page, typed)
        expect(step(page, "t", "r")).to_contain_text(f"step {nearest} ·")


def test_arrow_keys_go_to_the_next_value_of_the_card_under_the_pointer(
    open_page: Callable[..., Page], shown: Dashboard
) -> None:
    page = open_page(f"{shown.url}#media?kinds=other&at=0&runfilter=name%20%3D%20%22b%22")
    card(page, "weights").locator("h3").hover()
    box = page.get_by_label("Cursor at")
    for key, at in (
        ("ArrowRight", "15"),
        ("ArrowRight", "90"),
        ("ArrowRight", "90"),
        ("ArrowLeft", "15"),
        ("Shift+ArrowRight", "90"),
    ):
        page.keyboard.press(key)
        expect(box).to_have_value(at)
    page.keyboard.press("Escape")
    expect(box).to_have_value("latest")


def test_play_goes_from_value_to_value_and_stops_at_the_last(open_page: Callable[..., Page], shown: Dashboard) -> None:
    page = open_page(f"{shown.url}#media?kinds=other&runfilter=name%20%3D%20%22b%22")
    expect(page.locator(".cell-step")).to_have_text([re.compile("^step 90 ")] * 2)
    page.evaluate(WATCH_STEPS)
    page.keyboard.press("Space")
    expect(page.locator('.page-media .step-bar [aria-pressed="true"]')).to_have_count(1)
    expect(page.locator('.page-media .step-bar [aria-pressed="true"]')).to_have_count(0)
    expect(page.locator(".cell-step")).to_have_text([re.compile("^step 90 ")] * 2)
    seen = page.evaluate("window.seen.filter(Boolean).map(text => text.split(' · ')[0])")
    assert [step for step, _ in groupby(seen)][-3:] == ["step 0", "step 15", "step 90"]


def test_reloading_and_new_values_do_not_move_a_cursor(
    open_page: Callable[..., Page], start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    with SummaryWriter(tmp_path / "r", flush_secs=1) as writer:
        for at in (0, 50):
            writer.add_tensor("t", np.arange(3) + at, at)
        writer.flush()
        page = open_page(f"{start_here(tmp_path).url}#media?at=48")
        expect(step(page, "t", "r")).to_contain_text("step 50 ·")
        expect(card(page, "t").locator(".notes")).to_have_text("1 run · 2 values")
        writer.add_tensor("t", np.arange(3), 49)
        writer.add_tensor("new", np.arange(3), 100)
        writer.flush()
        expect(card(page, "new")).to_be_visible()
        expect(step(page, "t", "r")).to_contain_text("step 49 ·")
        expect(page.get_by_label("Cursor at")).to_have_value("48")
        page.reload()
        expect(page.get_by_label("Cursor at")).to_have_value("48")
        page.keyboard.press("Escape")
        writer.add_tensor("t", np.arange(3), 200)
        writer.flush()
        expect(step(page, "t", "r")).to_contain_text("step 200 ·")  # without a cursor the latest


def test_a_card_can_have_a_step_of_its_own(open_page: Callable[..., Page], shown: Dashboard) -> None:
    page = open_page(f"{shown.url}#media?kinds=other&at=0&tagfilter=weights%7Cevil")
    weights = card(page, "weights")
    weights.hover()
    weights.get_by_role("button", name="A step of its own (u)").click()
    own = weights.get_by_label("Step of weights")
    own.focus()
    page.keyboard.press("End")
    expect(step(page, "weights", "late/run")).to_contain_text("step 1,000 ·")
    expect(step(page, "weights", "a")).to_contain_text("step 100 ·")
    move_to(page, "11")
    expect(step(page, f"evil/{EVIL}", "a")).to_contain_text("step 10 ·")
    expect(step(page, "weights", "a")).to_contain_text("step 100 ·")
    expect(page).to_have_url(re.compile("(?=.*free=)(?=.*at=11)"))
    page.reload()
    expect(step(page, "weights", "a")).to_contain_text("step 100 ·")
    weights.hover()
    page.keyboard.press("u")
    expect(step(page, "weights", "a")).to_contain_text("step 10 ·")
    expect(own).to_be_hidden()


def test_time_axes(open_page: Callable[..., Page], shown: Dashboard) -> None:
    page = open_page(f"{shown.url}#media?kinds=other&x=relative&at=14")
    expect(step(page, "weights", "a")).to_contain_text("step 10 · 10 s")
    expect(step(page, "weights", "b")).to_contain_text("step 15 · 15 s")
    page.get_by_role("button", name="Wall", exact=True).click()
    expect(step(page, "weights", "a")).to_contain_text("step 100 · 2023-11-1")


def test_filter_fold_pin_and_width(open_page: Callable[..., Page], shown: Dashboard) -> None:
    page = open_page(f"{shown.url}#media")
    page.get_by_placeholder("Filter tags").fill("weig")
    expect(page.locator(".kind-card")).to_have_count(1)
    expect(page.locator(".page-media .tag-count")).to_have_text("1 of 3 tags")
    card(page, "weights").hover()
    card(page, "weights").get_by_role("button", name="Pin to the top (p)").click()
    expect(page.locator(".kind-section").first).to_contain_text("Pinned")
    page.get_by_placeholder("Filter tags").fill("nothing like it")
    page.get_by_role("button", name="Clear the filter").click()
    expect(page.locator(".kind-card")).to_have_count(3)
    page.locator(".section-head button", has_text="Text").click()
    expect(page.locator(".kind-card")).to_have_count(2)
    card(page, "weights").hover()
    page.keyboard.press("f")
    expect(card(page, "weights").get_by_role("button", name="Full width (f)")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("mwide=other?|mwide=tensors"))


def test_runs_that_are_not_drawn_have_no_cells(open_page: Callable[..., Page], shown: Dashboard) -> None:
    page = open_page(f"{shown.url}#media?kinds=other")
    expect(card(page, "weights").locator(".cell")).to_have_count(3)
    page.locator(".side").get_by_label("b", exact=True).uncheck()
    expect(card(page, "weights").locator(".cell")).to_have_count(2)
    page.get_by_placeholder("lr < 0.01").fill("no such run")
    page.get_by_role("button", name="Show all runs").click()
    expect(card(page, "weights").locator(".cell")).to_have_count(3)


def test_nothing_logged_tells_the_line_that_logs_each_kind(
    open_page: Callable[..., Page], dashboard: Dashboard
) -> None:
    page = open_page(f"{dashboard.url}#media")
    for code in ("writer.add_image(", "writer.add_audio(", "writer.add_table(", "writer.add_tensor("):
        expect(page.locator(".kind-codes")).to_contain_text(code)


def test_a_tensor_in_figures_and_as_a_file(open_page: Callable[..., Page], shown: Dashboard) -> None:
    page = open_page(f"{shown.url}#media?kinds=other&at=10")
    cell = card(page, "weights").locator('.cell[data-run="a"]')
    expect(cell).to_contain_text("int64 · 2 × 3")
    expect(cell.locator(".generic-figures")).to_contain_text(re.compile("min0max50mean25std17.078NaN0infinite0"))
    with page.expect_download() as found:
        cell.get_by_role("link", name="Download weights of a as .npy").click()
    np.testing.assert_array_equal(
        np.load(io.BytesIO(Path(found.value.path()).read_bytes())), np.arange(6).reshape(2, 3) * 10
    )
    expect(card(page, f"evil/{EVIL}").locator(".cell").first.locator("code")).to_have_text(EVIL)


def test_what_fails_says_so_where_it_is_and_can_be_tried_again(
    open_page: Callable[..., Page], shown: Dashboard
) -> None:
    page = open_page(f"{shown.url}#runs")
    page.route(
        "**/api/blob/summary?run=a&*", lambda route: route.fulfill(status=422, json={"error": "the value is gone"})
    )
    page.evaluate("location.hash = '#media?kinds=other&tagfilter=weights'")
    cells = card(page, "weights").locator(".cell")
    expect(cells.nth(0)).to_contain_text("the value is gone")
    expect(cells.nth(1)).to_contain_text("int64")
    page.unroute("**/api/blob/summary?run=a&*")
    cells.nth(0).get_by_role("button", name="Retry").click()
    expect(cells.nth(0)).to_contain_text("int64")
    forgive(open_page, "422")


def test_many_runs_wait_behind_a_button(
    open_page: Callable[..., Page], start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    for run in range(30):
        with SummaryWriter(tmp_path / f"run{run}") as writer:
            for tag in range(20):
                writer.add_tensor(f"t{tag}", np.arange(3), 0)
    page = open_page(f"{start_here(tmp_path).url}#media")
    cells = card(page, "t0").locator(".cell")
    expect(cells).to_have_count(24)
    expect(page.locator(".kind-card")).to_have_count(20)
    wait_in_page(page, FEW_CARDS)  # what is far out of sight does not exist
    card(page, "t0").get_by_role("button", name="Show 6 more of 30 runs").click()
    expect(cells).to_have_count(30)


def test_a_phone(open_page: Callable[..., Page], shown: Dashboard) -> None:
    page = open_page(f"{shown.url}#media", width=400, height=800, touch=True)
    assert page.evaluate(
        "document.querySelector('.kind-scroll').scrollWidth <= document.querySelector('.kind-scroll').clientWidth"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 400


def test_every_control_has_a_name(open_page: Callable[..., Page], shown: Dashboard) -> None:
    page = open_page(f"{shown.url}#media")
    assert page.evaluate(NAMELESS) == []


def test_the_files_of_a_run(open_page: Callable[..., Page], start_here: Callable[..., Dashboard]) -> None:
    page = open_page(f"{start_here(ROOT / 'sample_runs' / 'logs').url}#runs?runfilter=troubles/damaged")
    page.get_by_role("button", name="Damaged files").click()
    panel = page.get_by_role("dialog", name="Files of troubles/damaged")
    expect(panel).to_contain_text("1 with trouble")
    expect(panel.locator(".file-kinds")).to_have_text("scalars 497")
    expect(panel.locator(".file-damage tbody tr")).to_have_count(2)
    expect(panel.locator(".file-damage tbody tr").first).to_contain_text("8,61652checksum of the data is wrong")
