"""Events on the axis of every chart: those of the files, notes written in the page, and which kinds are drawn."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_helpers import DRAWN, Dashboard, wait_for_state
from playwright.sync_api import Locator, Page, expect

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]
STEPS = 101
BEGIN = 1.7e9
# Whether something is painted in the lane of events, so far above a chart's lower edge, near two shares of its width.
PAINTED_NEAR = """(canvas, [above, ...shares]) => {
  const ratio = devicePixelRatio;
  const {data, width} = canvas.getContext("2d").getImageData(0, canvas.height - above * ratio, canvas.width, 7 * ratio);
  const painted = new Set();
  data.forEach((value, at) => at % 4 === 3 && value > 0 && painted.add((at >> 2) % width));
  return shares.map((share) => [...painted].some((x) => Math.abs(x - share * width) < 20 * ratio));
}"""


@pytest.fixture
def logged(tmp_path: Path) -> Path:
    """Two runs with a loss and its double; a checkpoint and a text in the middle of the first, an epoch a ten steps."""
    for name in ("first", "second"):
        with SummaryWriter(str(tmp_path / "runs" / name)) as writer:
            for step in range(STEPS):
                writer.add_scalar("loss", 1 / (1 + step), step, walltime=BEGIN + step)
                writer.add_scalar("double", 2 / (1 + step), step, walltime=BEGIN + step)
                writer.add_scalar("epoch", step / 10, step, walltime=BEGIN + step)
            if name == "first":
                writer.add_event("best.pt", 50, kind="checkpoint", wall_time=BEGIN + 50)
                writer.add_event("decay begins", 50, kind="text", wall_time=BEGIN + 50)
    return tmp_path / "runs"


@pytest.fixture
def board(logged: Path, tmp_path: Path, start_here: Callable[..., Dashboard]) -> Dashboard:
    return start_here(logged, "--state_file", str(tmp_path / "state.json"))


def card(page: Page, tag: str) -> Locator:
    return page.locator(".card", has=page.get_by_text(tag, exact=True)).first


def hover_middle(page: Page, tag: str) -> Locator:
    """The tooltip at the middle of a chart's axis."""
    overlay = card(page, tag).locator(".chart-overlay")
    box = overlay.bounding_box() or {}
    overlay.hover(position={"x": middle(box["width"]) * box["width"], "y": 40})
    return page.locator(".tip")


def middle(width: float) -> float:
    """Where step 50 lies, as a share of the width: some 30 pixels at the left are labels, 8 at the right are free."""
    return (30 + (width - 38) / 2) / width


@pytest.mark.parametrize("axis", ["step", "relative", "wall", "tag:epoch"])
def test_events_are_drawn_on_every_chart_and_along_every_axis(open_page: OpenPage, board: Dashboard, axis: str) -> None:
    page = open_page(f"{board.url}#scalars?x={axis}", height=1200)
    for tag in ("double", "loss"):
        canvas = card(page, tag).locator(".chart-lines")
        width = (canvas.bounding_box() or {})["width"]
        above = 43 if axis.startswith("tag") else 28  # the title of the axis lies below
        assert canvas.evaluate(PAINTED_NEAR, [above, middle(width), 0.75]) == [True, False], tag
        tip = hover_middle(page, tag)
        expect(tip.locator(".tip-marks li")).to_have_count(2)
        expect(tip).to_contain_text("checkpoint best.pt first")
        expect(tip).to_contain_text("text decay begins first")


def test_kinds_that_are_switched_off_are_not_drawn(open_page: OpenPage, board: Dashboard) -> None:
    page = open_page(board.url)
    expect(hover_middle(page, "loss").locator(".tip-marks li")).to_have_count(2)
    page.get_by_role("button", name="More settings").click()
    page.get_by_role("button", name="checkpoint", exact=True).click()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("unmarked=checkpoint"))
    expect(hover_middle(page, "loss").locator(".tip-marks li")).to_have_text(["text decay begins first"])


def test_runs_that_are_not_drawn_have_no_events(open_page: OpenPage, board: Dashboard) -> None:
    page = open_page(f"{board.url}#scalars?runs=-first")
    expect(hover_middle(page, "loss").locator("tbody tr")).to_have_count(1)
    assert page.locator(".tip-marks li").count() == 0


def test_a_chart_of_a_view_marks_events_of_its_own_runs_only(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    with SummaryWriter(str(tmp_path / "runs" / "marked")) as writer:
        for step in range(STEPS):
            writer.add_scalar("loss", step, step)
        writer.add_event("decay begins", 50, kind="text")
    with SummaryWriter(str(tmp_path / "runs" / "other")) as writer:
        for step in range(STEPS):
            writer.add_scalar("reward", step, step)
    charts = [{"type": "line", "title": tag, "series": [{"tag": tag}]} for tag in ("loss", "reward")]
    view = {"stepscope_view": 1, "title": "Both", "sections": [{"title": "", "charts": charts}]}
    (tmp_path / "runs" / "both.view.json").write_text(json.dumps(view))
    page = open_page(f"{start_here(tmp_path / 'runs').url}#views?view=Both")
    expect(hover_middle(page, "loss").locator(".tip-marks li")).to_have_text(["text decay begins marked"])
    expect(hover_middle(page, "reward")).to_contain_text("other")
    assert page.locator(".tip-marks li").count() == 0


def test_the_same_event_of_many_runs_is_told_once(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    for run in range(60):
        with SummaryWriter(str(tmp_path / f"run{run}")) as writer:
            for step in (0, 50, 100):
                writer.add_scalar("loss", run, step, walltime=BEGIN + step)
            writer.add_event("saved", 50, kind="checkpoint", wall_time=BEGIN + 50)
    page = open_page(start_here(tmp_path).url)
    expect(hover_middle(page, "loss").locator(".tip-marks li")).to_have_text(["checkpoint saved 60 times"])


def test_a_note_is_written_at_a_pinned_point_and_deleted_again(
    open_page: OpenPage, board: Dashboard, tmp_path: Path
) -> None:
    page = open_page(f"{board.url}#scalars?smooth=0&tip=name", height=1200)
    overlay = card(page, "loss").locator(".chart-overlay")
    overlay.click(position={"x": 200, "y": 60})
    page.locator(".tip").get_by_role("button", name="note here").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"Note at step \d+"))
    step = int(re.sub(r"\D", "", dialog.locator("h2").inner_text()))
    dialog.get_by_label("Note").fill("<b>lowered</b>")
    dialog.get_by_label("On the charts of").select_option("second")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    page.locator(".tip").get_by_role("button", name="Close").click()
    state = wait_for_state(tmp_path / "state.json", lambda state: bool(state.get("annotations")))
    (kept,) = state["annotations"].values()
    assert (kept["text"], kept["step"], kept["run"]) == ("<b>lowered</b>", step, "second")
    card(page, "double").locator(".chart-overlay").click(position={"x": 200, "y": 60})
    told = page.locator(".tip-marks li")
    expect(told).to_contain_text("note <b>lowered</b> second")
    told.get_by_role("button", name="delete").click()
    overlay.hover(position={"x": 200, "y": 60})
    expect(told).to_have_count(0)
    wait_for_state(tmp_path / "state.json", lambda state: not state.get("annotations"))


def test_a_note_at_the_step_cursor_by_keyboard_is_seen_by_other_pages(open_page: OpenPage, board: Dashboard) -> None:
    other = open_page(f"{board.url}#scalars?tagfilter=loss")
    page = open_page(f"{board.url}#scalars?at=50")
    page.get_by_role("button", name="Write a note at this step (n)").wait_for()
    page.keyboard.press("n")
    page.keyboard.type("here it broke")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(hover_middle(other, "loss")).to_contain_text("note here it broke")


def test_without_a_cursor_the_bar_offers_no_note(open_page: OpenPage, board: Dashboard) -> None:
    page = open_page(board.url)
    expect(page.get_by_role("button", name="Write a note at this step (n)")).to_be_hidden()
    page.get_by_label("Cursor at").fill("50")
    page.get_by_label("Cursor at").press("Enter")
    page.get_by_role("button", name="Write a note at this step (n)").click()
    expect(page.get_by_role("dialog")).to_contain_text("Note at step 50")


def test_one_run_that_counts_in_nanoseconds_does_not_stretch_the_slider(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    far = 2**60
    for name, last in {"a": 100, "b": 200, "c": 300, "odd": far}.items():
        with SummaryWriter(str(tmp_path / name)) as writer:
            writer.add_scalar("odd" if name == "odd" else "loss", 1.0, 0)
            writer.add_scalar("odd" if name == "odd" else "loss", 1.0, last)
    page = open_page(start_here(tmp_path).url)
    text = page.locator(".step-text")
    expect(text).to_contain_text("of 300 +")
    expect(page.get_by_title("1 run goes on to step 1,152,921,504,606,846,976")).to_be_visible()
    page.get_by_label("Cursor at").fill("1e18")
    page.get_by_label("Cursor at").press("Enter")
    expect(page).to_have_url(re.compile(r"at=1000000000000000000"))
    page.get_by_label("Filter tags").fill("odd")
    expect(text).to_contain_text("of 1.15e+18")
    page.wait_for_selector(DRAWN)
