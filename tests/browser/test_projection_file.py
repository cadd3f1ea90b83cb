"""An embedding in a file of its own, made by `dashboard project` and opened from disk by a browser that is offline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import nameless, wait_in_page
from playwright.sync_api import Page, expect

from stepscope.logger import SummaryWriter
from stepscope.webapp.cli import main

EVIL = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three clusters of 40 points with thumbnails, laid out twice."""
    folder = tmp_path_factory.mktemp("projection")
    random = np.random.default_rng(0)
    groups = np.repeat(np.arange(3), 40)
    points = 8 * np.eye(3, 6)[groups] + random.normal(size=(120, 6))
    rows = [[f"point {row}", str(group), row / 120] for row, group in enumerate(groups.tolist())]
    rows[5][0] = EVIL
    pictures = np.tile(groups[:, None, None, None] / 2, (1, 3, 8, 8))
    with SummaryWriter(folder / "log") as writer:
        writer.add_embedding(points, rows, pictures, 7, "layer", ["name", "group", "share"])
    output = folder / "layer.html"
    words = ["project", str(folder / "log"), "-o", str(output), "--set", "iterations=260", "--color", "group"]
    assert main([*words, "--title", f"A {EVIL}"]) == 0
    return output


def test_it_opens_from_disk_without_network(made: Path, open_file: Callable[..., Page]) -> None:
    page = open_file(made)
    expect(page.locator("h1")).to_have_text(f"A {EVIL}")
    expect(page.locator(".points-card h2")).to_have_text(["PCA", "t-SNE"])
    expect(page.locator(".legend-entry")).to_have_text(["040", "140", "240"])
    expect(page.get_by_text("Trustworthiness")).to_be_visible()
    expect(page.get_by_text("Measured on all 120 points.")).to_be_visible()
    assert nameless(page) == []
    page.locator(".legend-entry").first.click()
    expect(page.locator(".selection-bar")).to_contain_text("80 of 120")


def test_points_are_searched_selected_and_compared_with_their_neighbours(
    made: Path, open_file: Callable[..., Page]
) -> None:
    page = open_file(made)
    page.keyboard.press("/")
    page.keyboard.type("point 11")
    expect(page.get_by_text("11 points", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("11 selected")).to_be_visible()
    page.get_by_role("searchbox").fill("onerror")
    page.locator(".point-row").first.click()
    expect(page.locator(".point-row").first.locator("bdi")).to_have_text(EVIL)
    wait_in_page(page, "() => document.querySelector('.point-row img').src.startsWith('data:image/png')")
    page.get_by_role("tab", name="Neighbours").click()
    names = page.locator("[role=tabpanel]:visible .point-row bdi")
    expect(names.first).to_contain_text("point ")
    near = [int(name.split()[1]) for name in names.all_inner_texts()[:8]]
    assert max(near) < 40, "all in its cluster"


def test_clusters_are_named(made: Path, open_file: Callable[..., Page]) -> None:
    page = open_file(made)
    page.get_by_role("tab", name="Clusters").click()
    page.get_by_role("button", name="Find clusters").click()
    expect(page.locator(".cluster-row")).to_have_count(3)
    page.get_by_label("Least size of a cluster").fill("50")
    page.get_by_label("Least size of a cluster").press("Enter")
    page.get_by_role("button", name="Find clusters").click()
    expect(page.get_by_text("This file holds the clusters of the usual size")).to_be_visible()


def test_a_table_out_of_the_file(made: Path, open_file: Callable[..., Page]) -> None:
    page = open_file(made, width=400)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Coordinates and metadata as CSV").click()
    lines = Path(saved.value.path()).read_text("utf-8").splitlines()
    assert lines[0] == "row,name,group,share,x,y,z" and len(lines) == 121
    assert lines[2].startswith("1,point 1,0,0.008333") and len(lines[2].split(",")) == 7
