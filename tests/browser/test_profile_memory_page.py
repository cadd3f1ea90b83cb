"""Memory as a person sees it: the curve, allocations over time, segments, tables, call stacks."""

from __future__ import annotations

import json
import os
import pickle
import re
from collections.abc import Callable
from typing import Any

import pytest
from browser_helpers import Dashboard, forgive, nameless
from memory_files import write_memory_trace, write_training_snapshot
from playwright.sync_api import Page, expect

Open = Callable[..., Page]


class Attack:
    def __reduce__(self) -> Any:
        return os.system, ("echo owned",)


@pytest.fixture(scope="module")
def dashboard(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    """A trace with memory events, two snapshots, a memory timeline, and a snapshot that would execute something."""
    folder = tmp_path_factory.mktemp("memory")
    write_memory_trace(folder / "rank0.pt.trace.json")
    write_memory_trace(folder / "old" / "rank0.pt.trace.json", totals=False)
    write_training_snapshot(folder / "first.pickle", steps=2)
    write_training_snapshot(folder / "later.pickle", steps=8)
    (folder / "memory.raw.json").write_text(json.dumps([[-1, 1, 100, 0], [5000, 2, 40, 4], [7000, 4, -40, 4]]))
    (folder / "evil.pickle").write_bytes(pickle.dumps({"segments": [Attack()]}))
    return start(folder)


def address(dashboard: Dashboard, file: str, more: str = "") -> str:
    return f"{dashboard.url}#profile?trace={file}&tview=memory{more}"


def stage(page: Page) -> Any:
    return page.get_by_role("img", name="Memory over time")


def test_a_trace_shows_its_peak_and_leads_to_the_timeline(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "rank0.pt.trace.json"))
    expect(page.get_by_text("Peak 1.5 kB of 8.19 kB")).to_be_visible()
    rows = page.get_by_role("grid", name="Peak").get_by_role("row")
    expect(rows.first).to_contain_text("aten::addmm")
    page.get_by_label("By").select_option("category")
    expect(rows.filter(has_text="allocated before the trace")).to_be_visible()
    page.get_by_role("button", name="Up to capacity").click()
    page.get_by_role("button", name="Largest").click()
    allocations = page.get_by_role("grid", name="Largest").get_by_role("row")
    allocations.filter(has_text="temporary").click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")


def test_what_is_said_of_the_curve_is_not_said_of_its_tables_again(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "old/rank0.pt.trace.json"))
    expect(page.get_by_role("grid", name="Peak")).to_be_visible()
    expect(page.get_by_text("tells no totals")).to_have_count(1)


def test_a_snapshot_is_walked_through_with_keys_down_to_a_call_stack(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "later.pickle"))
    expect(page.get_by_text("17 allocations, coloured by call stack")).to_be_visible()
    stage(page).focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("from before the first event")).to_be_visible()
    page.keyboard.press("Enter")
    stack = page.get_by_role("complementary", name="Call stack")
    expect(stack.get_by_text("build (/home/me/train.py:30)")).to_be_visible()
    stack.get_by_role("button", name="Close the call stack").click()
    expect(stack).to_be_hidden()


def test_a_stretch_of_time_is_drawn_out_and_given_back(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "later.pickle"))
    box = stage(page).bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 60, steps=3)
    page.mouse.up()
    whole = page.get_by_role("button", name="All time")
    expect(whole).to_be_visible()
    expect(page).to_have_url(re.compile("twindow="))
    whole.click()
    expect(whole).to_be_hidden()


def test_segments_leaks_and_changes_of_a_snapshot(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "later.pickle"))
    page.get_by_role("button", name="Segments").click()
    expect(page.get_by_text("1 segments")).to_be_visible()
    page.get_by_role("img", name="Segments and what is allocated").press("ArrowRight")
    expect(page.get_by_text("allocated by build (/home/me/train.py:30)")).to_be_visible()
    page.get_by_role("button", name="Leak suspects").click()
    expect(page.get_by_role("grid", name="Leak suspects").get_by_role("row").first).to_contain_text("log_loss")
    page.get_by_role("button", name="Changes").click()
    page.get_by_label("Compared with").select_option("first.pickle")
    expect(page.get_by_role("grid", name="Changes").get_by_role("row").first).to_contain_text("log_loss")
    assert nameless(page) == []


def test_a_finger_points_at_an_allocation(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "later.pickle"), width=400)
    box = stage(page).bounding_box()
    assert box
    finger = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 0.7 * box["height"]}
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.get_by_role("status").filter(has_text="by build (/home/me/train.py:30)")).to_be_visible()
    expect(page.get_by_role("complementary", name="Call stack")).to_contain_text("main (/home/me/train.py:220)")


def test_a_memory_timeline_is_drawn_by_category(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "memory.raw.json"))
    expect(page.get_by_text("Peak 140 B")).to_be_visible()
    expect(page.get_by_role("grid", name="Peak").get_by_role("row").first).to_contain_text("parameter")


def test_a_snapshot_that_would_execute_something_says_so(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "evil.pickle"))
    expect(page.get_by_text("evil.pickle: at byte 43 the pickle wants to import posix.system")).to_be_visible()
    chosen = page.get_by_role("combobox", name="Profile", exact=True).locator("option:checked")
    expect(chosen).to_have_text("⚠ evil.pickle")
    forgive(open_page, "422")


def test_figures_of_another_snapshot_do_not_stand_below_an_error(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "first.pickle"))
    expect(page.locator(".prof-headline")).to_contain_text("Peak")
    page.get_by_role("combobox", name="Profile", exact=True).select_option("evil.pickle")
    expect(page.get_by_text("wants to import")).to_have_count(1)
    expect(page.locator(".prof-headline")).to_be_hidden()
    expect(page.get_by_text("Drag over")).to_be_hidden()
    page.get_by_role("combobox", name="Profile", exact=True).select_option("later.pickle")
    expect(stage(page)).to_be_visible()
    forgive(open_page, "422")


def test_on_a_phone_nothing_reaches_beyond_the_page(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "later.pickle"), width=400)
    expect(stage(page)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
