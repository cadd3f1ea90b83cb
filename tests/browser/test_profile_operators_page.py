"""Operators, kernels, modules and flame graphs as a person sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from browser_helpers import Dashboard
from made_traces import trained_block
from playwright.sync_api import Page, expect
from trace_files import events_of_steps, write_trace

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def dashboard(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    """A run with a trace of a small model, and one without a GPU."""
    folder = tmp_path_factory.mktemp("traces")
    write_trace(folder / "run" / "rank0.pt.trace.json", [*trained_block(), *events_of_steps()])
    host = [event for event in trained_block() if event["cat"] != "kernel"]
    write_trace(folder / "host" / "rank0.pt.trace.json", host)
    return start(folder)


def address(dashboard: Dashboard, view: str, run: str = "run", more: str = "") -> str:
    return f"{dashboard.url}#profile?trace={run}/rank0.pt.trace.json&tview={view}{more}"


def cells(page: Page, label: str) -> Any:
    return page.get_by_role("grid", name=label).get_by_role("row")


def test_operators_by_name_shape_and_stack_lead_to_the_timeline(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "operators"))
    expect(cells(page, "Operators").first).to_contain_text("aten::mm")
    page.get_by_role("button", name="Call stacks").click()
    expect(cells(page, "Operators").filter(has_text="aten::addmm")).to_contain_text("Linear_0 ← nn.Module: Block_0 ← ")
    expect(page).to_have_url(re.compile("toperators=stack"))
    page.get_by_role("searchbox", name="Filter Operators").fill("backward")
    expect(cells(page, "Operators")).to_have_count(1)
    cells(page, "Operators").first.click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")


def test_without_a_gpu_operators_have_no_columns_of_the_device(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "operators", "host"))
    expect(cells(page, "Operators").first).to_contain_text("AddmmBackward0")
    expect(page.get_by_role("columnheader", name="Host self")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Device self")).to_have_count(0)


def test_names_of_kernels_are_texts_and_what_misses_tensor_cores_is_told(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "kernels"))
    expect(cells(page, "Kernels").filter(has_text="<img src=x")).to_contain_text("could be used")
    expect(page.locator(".prof-view img")).to_have_count(0)
    page.get_by_role("button", name="Sequences").click()
    expect(page.get_by_text("0 rows")).to_be_visible()
    page.get_by_role("button", name="Operators", exact=True).click()
    expect(cells(page, "Kernels").filter(has_text="gemm_backward")).to_contain_text("AddmmBackward0")


def test_modules_are_a_tree_for_keys_too(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "modules"))
    tree = page.get_by_role("treegrid")
    rows = tree.get_by_role("row")
    expect(rows.filter(has_text="Linear_0")).to_contain_text("30.0")  # µs, forward and backward
    expect(rows.filter(has_text="outside of modules")).to_be_visible()
    block = rows.filter(has_text="Block_0")
    block.click()
    page.keyboard.press("ArrowLeft")
    expect(block).to_have_attribute("aria-expanded", "false")
    expect(rows.filter(has_text="Linear_0")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(rows.filter(has_text="Linear_0")).to_be_visible()
    page.get_by_role("searchbox", name="Search modules").fill("linear")
    expect(rows).to_have_count(2)  # and the block it lies in


def test_a_flame_graph_is_walked_through_zoomed_and_searched(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "flame", more="&tframes=all"))
    told = page.locator(".prof-flame-told")
    expect(told).to_contain_text("of all")
    graph = page.get_by_role("group", name="Flame graph: arrow keys")
    page.get_by_role("searchbox", name="Search frames").fill("gemm_forward")
    expect(page.locator(".prof-flame-view [role=status]").first).to_contain_text("1 frame · 10.0 µs")
    graph.focus()
    trail = page.get_by_role("navigation", name="Zoomed to")
    expect(trail).to_be_hidden()
    while "main" not in told.inner_text():
        before = told.inner_text()
        page.keyboard.press("ArrowDown" if "all" in before.splitlines()[0] else "ArrowRight")
        expect(told).not_to_have_text(before)
    page.keyboard.press("Enter")
    expect(trail).to_contain_text("main")
    page.keyboard.press("ArrowDown")
    expect(told).to_contain_text("Block_0")
    page.keyboard.press("Backspace")
    expect(trail).to_be_hidden()
    page.keyboard.press("t")
    expect(page.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")


def test_a_flame_graph_of_what_is_not_there_says_so(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "flame", "host"))
    expect(page.get_by_role("button", name="Host", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Device", exact=True).click()
    expect(page.get_by_text("The device did nothing here")).to_be_visible()


@pytest.mark.parametrize("view", ["operators", "kernels", "modules", "flame"])
def test_views_fit_a_phone_in_the_dark(open_page: Open, dashboard: Dashboard, view: str) -> None:
    page = open_page(address(dashboard, view), width=400, theme="dark")
    expect(page.locator(f".prof-view-{view}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
