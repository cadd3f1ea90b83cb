"""Logged tables and Plotly figures on the page "Media"."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser_helpers import Dashboard, forgive, wait_in_page
from playwright.sync_api import FrameLocator, Page, Route, expect

from stepscope.logger import SummaryWriter

EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory, start: Callable[..., Dashboard]) -> Dashboard:
    folder = tmp_path_factory.mktemp("documents")
    random = np.random.default_rng(0)
    with SummaryWriter(str(folder / "run")) as writer:
        for step in range(2):
            rows = [
                {
                    "id": f"row {i}",
                    "score": (i * 37 % 50) / 8 + (step if i == 3 else 0),
                    EVIL: EVIL,
                    "picture": random.integers(0, 255, (8, 8, 3), dtype=np.uint8) if i == 3 else None,
                }
                for i in range(50)
            ]
            writer.add_table("small", rows, step)
        writer.add_table("large", {"i": np.arange(100_000), "x": random.random(100_000)}, 0)
        for step in range(2):
            writer.add_plotly("bars", {"data": [{"type": "bar", "y": [1, 2 + step]}], "layout": {}}, step)
        writer.add_plotly("hostile", hostile(), 0)
        writer.add_plotly("broken", '{"data": 3}', 0)
    return start(folder)


def hostile() -> dict[str, Any]:
    """Scripts, links that are scripts, pictures from elsewhere, a trace nobody knows, a size that is none."""
    link = "<a href='javascript:parent.document.title=1'>link</a>"
    return {
        "data": [{"type": "nonesuch"}, {"type": "scatter", "x": [0, 1], "y": [0, 1], "text": [EVIL, EVIL]}],
        "layout": {
            "title": {"text": f"{EVIL}<script>parent.document.title='broken'</script>{link}"},
            "images": [{"source": "https://example.invalid/x.png", "sizex": 1, "sizey": 1}],
            "width": -5,
            "height": 1e9,
        },
    }


def figure(page: Page, tag: str) -> FrameLocator:
    return page.frame_locator(f'.kind-card[data-tag="{tag}"] iframe')


def test_rows_are_ordered_filtered_and_compared(open_page: Callable[..., Page], documents: Dashboard) -> None:
    page = open_page(f"{documents.url}#media?kinds=tables&tagfilter=small", width=1600)
    card = page.locator('.kind-card[data-tag="small"]')
    told = card.locator(".table-told")
    expect(told).to_have_text("50 rows · 4 columns")
    card.get_by_role("columnheader", name="score").click()
    card.get_by_role("columnheader", name="score").click()
    first = card.locator(".grid-row").first
    expect(card.get_by_role("columnheader", name="score")).to_have_attribute("aria-sort", "descending")
    expect(first).to_contain_text("row 27")  # 27 · 37 mod 50 is 49
    card.get_by_label("Filter rows").fill("ROW 3")
    expect(told).to_have_text("11 of 50 rows · 4 columns")
    card.get_by_label("Compare with").select_option("previous")
    card.get_by_label("Rows belong together by").select_option("id")
    expect(told).to_contain_text("2 cells changed")  # the score and the picture
    card.get_by_label("Filter rows").fill("row 3")
    expect(card.locator(".grid-cell.changed").first).to_have_attribute("title", re.compile(r"was .* \(\+1\)"))
    assert page.evaluate("document.querySelectorAll('.table-stage img').length") == 1
    expect(page).to_have_url(re.compile("tables=tables"))


def test_a_picture_in_a_cell_is_enlarged(open_page: Callable[..., Page], documents: Dashboard) -> None:
    page = open_page(f"{documents.url}#media?kinds=tables&tagfilter=small", width=1600)
    page.locator(".table-stage img").click()
    expect(page.locator("dialog img")).to_be_visible()
    expect(page.locator("dialog")).to_contain_text("picture, row 3")


def test_only_rows_in_sight_of_a_large_table_exist(open_page: Callable[..., Page], documents: Dashboard) -> None:
    page = open_page(f"{documents.url}#media?kinds=tables&tagfilter=large", width=1600)
    grid = page.get_by_role("grid", name="Table large of run")
    expect(grid).to_have_attribute("aria-rowcount", "100001")
    assert grid.locator(".grid-row").count() < 60
    grid.focus()
    grid.press("Control+End")
    expect(grid.locator(".grid-row", has_text="99999").first).to_be_visible()


def test_a_figure_is_live_and_follows_the_cursor(open_page: Callable[..., Page], documents: Dashboard) -> None:
    page = open_page(f"{documents.url}#media?tagfilter=bars", drawn=False)
    bars = figure(page, "bars").locator(".bars .point")
    expect(bars).to_have_count(2, timeout=60_000)
    element = page.locator("iframe")
    assert element.get_attribute("sandbox") == "allow-scripts"
    frame = page.frames[-1]
    assert frame.evaluate("origin") == "null"
    assert frame.evaluate("try { parent.document.title } catch (error) { error.name }") == "SecurityError"
    assert frame.evaluate("fetch('../api/runs').then(() => 'came', (error) => error.name)") == "TypeError"
    before = frame.evaluate("JSON.stringify(document.getElementById('figure').data[0].y)")
    assert json.loads(before) == [1, 3]
    script = (Path(__file__).parents[2] / "webapp/static/sandbox/figure.js").read_text()
    (usual,) = re.findall(r'new Set\(\s*"([a-z0-9 ]+)"\.split', script)
    assert set(usual.split()) <= set(frame.evaluate("Object.keys(Plotly.PlotSchema.get().traces)"))
    frame.evaluate("Plotly.relayout('figure', {'xaxis.range': [0.5, 1.5]})")
    page.evaluate("location.hash = 'media?tagfilter=bars&at=0'")
    wait_in_page(frame, "document.getElementById('figure').data[0].y[1] === 2")
    assert frame.evaluate("document.getElementById('figure').layout.xaxis.range") == [0.5, 1.5]  # the zoom stays
    forgive(open_page, "Content Security Policy")  # our own try to reach the network


def test_a_figure_without_its_frame_does_not_hold_up_the_others(
    open_page: Callable[..., Page], documents: Dashboard
) -> None:
    page = open_page("about:blank", drawn=False)
    frames: list[Route] = []

    def abort_first(route: Route) -> None:
        frames.append(route)
        route.abort() if len(frames) == 1 else route.continue_()

    page.route("**/figures/frame", abort_first)
    page.goto(f"{documents.url}#media?kinds=plotly&tagfilter=bars|hostile")
    expect(page.locator(".figure-notes", has_text="Pictures from the network")).to_be_visible(timeout=60_000)
    assert len(frames) == 2
    forgive(open_page, "ERR_FAILED")


def test_hostile_figures_stay_harmless_and_say_so(open_page: Callable[..., Page], documents: Dashboard) -> None:
    page = open_page(f"{documents.url}#media?kinds=plotly&tagfilter=hostile|broken", drawn=False)
    card = page.locator('.kind-card[data-tag="hostile"]')
    notes = card.locator(".figure-notes")
    expect(notes).to_contain_text("Traces of type “nonesuch” are unknown", timeout=60_000)
    expect(notes).to_contain_text("Pictures from the network are left out")
    expect(figure(page, "hostile").locator(".scatterlayer .trace")).to_have_count(1)
    assert figure(page, "hostile").locator("img, script:not([nonce]), a[href^=javascript]").count() == 0
    assert page.locator(".figure-stage").first.evaluate("(stage) => stage.clientHeight") <= 2_000
    expect(page.locator('.kind-card[data-tag="broken"]')).to_contain_text('an object with "data", a list of traces')
    assert page.title() == "stepscope"
    forgive(open_page, "422")
