"""From a training's scalars and graph to what was captured of it: the sample run that waits for a batch."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_helpers import Dashboard, forgive
from playwright.sync_api import Page, expect

SAMPLE = Path(__file__).resolve().parents[2] / "sample_runs" / "logs" / "profiled"
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def profiled(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    """A dashboard over that run alone."""
    folder = tmp_path_factory.mktemp("profiled")
    shutil.copytree(SAMPLE, folder / "profiled")
    return start(folder)


def point_at(page: Page, step: int) -> None:
    """Moves the pointer over the chart of step times to a step of the 150."""
    overlay = page.locator(".card[aria-label='perf/step_ms'] .chart-overlay")
    overlay.scroll_into_view_if_needed()
    box = overlay.bounding_box()
    assert box
    # The plot begins behind the numbers of its axis: the tooltip tells where the pointer is.
    for x in range(int(box["width"] * (step / 150)), int(box["width"])):
        page.mouse.move(box["x"] + x, box["y"] + box["height"] / 2)
        if page.locator(".tip tbody tr").count() and re.search(rf"\b{step}\b", page.locator(".tip tbody").inner_text()):
            return
    raise AssertionError(f"the pointer does not get to step {step}")


def test_a_spike_of_the_step_time_leads_to_the_captured_step(open_page: OpenPage, profiled: Dashboard) -> None:
    page = open_page(f"{profiled.url}#scalars?tagfilter=perf/step_ms")
    point_at(page, 100)
    page.mouse.down()
    page.mouse.up()
    page.get_by_role("button", name="nearest captured step").click()
    expect(page).to_have_url(re.compile(r"#profile\?.*trace=profiled/trainer.*twindow=\d+,\d+"))
    expect(page.get_by_text("Training waits for data")).to_be_visible(timeout=30_000)


def test_a_key_leads_there_as_well(open_page: OpenPage, profiled: Dashboard) -> None:
    page = open_page(f"{profiled.url}#scalars?tagfilter=perf/step_ms")
    point_at(page, 50)
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile(r"#profile\?.*twindow="), timeout=30_000)
    told = page.get_by_role("status").filter(has_text="No step was captured at that point")
    expect(told).to_contain_text(re.compile(r"The nearest one began \d.* after it"))
    page.get_by_role("combobox", name="From step").select_option("")
    expect(told).to_be_hidden()


def test_the_graph_is_coloured_by_what_its_modules_took(open_page: OpenPage, profiled: Dashboard) -> None:
    page = open_page(f"{profiled.url}#graph")
    page.get_by_label("Colour by").select_option(label="host time")
    legend = page.locator(".graph-legend")
    expect(legend.locator(".legend-bar")).to_be_visible(timeout=30_000)
    expect(legend).to_contain_text(re.compile(r"\d (µs|ms)"))
    expect(page).to_have_url(re.compile(r"gcolor=profile:host:profiled/trainer"))
    page.get_by_label("Colour by").select_option(label="device time")
    expect(legend.get_by_role("alert")).to_contain_text("colour by host time instead")
    forgive(open_page, "422")
