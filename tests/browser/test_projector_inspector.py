"""The panel "Points" of the Projector page: searched, selected, isolated, near, filtered, clustered, kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import Dashboard, nameless, wait_for_state
from playwright.sync_api import Locator, Page, expect

from stepscope.logger import SummaryWriter

EVIL = "<img src=x onerror=alert(1)>"
KINDS = ["cat", "dog", "fox", EVIL]
POINTS = 120
OpenPage = Callable[..., Page]


def log_embedding(folder: Path) -> None:
    """The run "zoo": four groups of 30 points, far from each other; sizes from 0 to 11.9, pictures in four greys."""
    random = np.random.default_rng(5)
    kinds = np.arange(POINTS) % 4
    points = 8 * np.eye(4, 6)[kinds] + 0.3 * random.standard_normal((POINTS, 6))
    metadata = [[f"animal {row}", KINDS[kind], str(row / 10)] for row, kind in enumerate(kinds)]
    pictures = np.broadcast_to(kinds[:, None, None, None] / 4, (POINTS, 3, 4, 4))
    with SummaryWriter(str(folder / "zoo")) as writer:
        writer.add_embedding(
            points.astype(np.float32), metadata=metadata, metadata_header=["name", "kind", "size"],
            label_img=pictures.astype(np.float32), tag="animals",
        )  # fmt: skip


@pytest.fixture(scope="module")
def state_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state") / "state.json"


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory, start: Callable[..., Dashboard], state_file: Path) -> Dashboard:
    folder = tmp_path_factory.mktemp("zoo")
    log_embedding(folder)
    return start(folder, "--state_file", str(state_file))


@pytest.fixture
def page(open_page: OpenPage, zoo: Dashboard) -> Page:
    return open_page(f"{zoo.url}#projector", width=1600)


def search_box(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search the points")


def selection(page: Page) -> Locator:
    return page.get_by_role("group", name="Selection")


def select(page: Page, text: str, points: int) -> None:
    """Selects every point that a text is found in, and leaves the search."""
    search_box(page).fill(text)
    expect(page.get_by_role("search")).to_contain_text(f"{points} points")
    search_box(page).press("Enter")
    expect(selection(page)).to_contain_text(f"{points} selected")
    search_box(page).fill("")


def open_tab(page: Page, name: str) -> Locator:
    page.get_by_role("tab", name=name).click()
    return page.get_by_role("tabpanel", name=name)


def test_search_goes_over_all_fields_and_enter_selects_every_hit(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("cat")
    found = page.get_by_role("listbox", name="Points found")
    expect(found.get_by_role("option").first).to_contain_text("animal 0")
    expect(page.get_by_role("search")).to_contain_text("30 points")
    page.keyboard.press("Enter")
    expect(selection(page)).to_contain_text("30 selected")
    search_box(page).fill("dog")
    expect(found.get_by_role("option").first).to_contain_text("animal 1")
    page.keyboard.press("Shift+Enter")
    expect(selection(page)).to_contain_text("60 selected")


def test_search_takes_patterns_and_chosen_fields_and_tells_what_is_wrong(page: Page) -> None:
    search_box(page).fill("1")
    expect(page.get_by_role("search")).to_contain_text(re.compile(r"\d+ points"))
    page.get_by_role("button", name="Fields that are searched").click()
    for name in ("name", "kind"):
        page.get_by_role("checkbox", name=name).uncheck()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Regular expression").click()
    search_box(page).fill("^1$")
    expect(page.get_by_role("search")).to_contain_text("1 point")
    expect(page.get_by_role("listbox", name="Points found")).to_contain_text("animal 10")


def test_a_point_shows_its_picture_and_all_its_fields_as_text(page: Page) -> None:
    search_box(page).fill("animal 7")
    found = page.get_by_role("listbox", name="Points found")
    expect(found.get_by_role("option").first).to_have_attribute("aria-setsize", "11")
    search_box(page).press("ArrowDown")
    point = page.get_by_role("region", name="Point")
    expect(point).to_contain_text(re.compile(rf"animal 7.*row 7.*kind{re.escape(EVIL)}size0\.7", re.DOTALL))
    assert point.locator("img").evaluate("async (image) => (await image.decode(), image.naturalWidth > 0)")
    point.get_by_role("button", name="Select").click()
    expect(selection(page)).to_contain_text("1 selected")
    point.get_by_role("button", name=EVIL).click()
    expect(selection(page)).to_contain_text("30 of 120 points in sight")


def test_isolation_narrows_and_each_step_is_undone(page: Page) -> None:
    select(page, "cat", 30)
    page.get_by_role("tab", name="Points").focus()
    page.keyboard.press("i")
    expect(selection(page)).to_contain_text("30 of 120 points in sight")
    select(page, "animal 1", 31)  # 1, 10 … 19, 100 … 119: seven of them are cats
    page.get_by_role("tab", name="Points").focus()
    page.keyboard.press("i")
    expect(selection(page)).to_contain_text("7 of 120 points in sight")
    page.keyboard.press("u")
    expect(selection(page)).to_contain_text("30 of 120 points in sight")
    page.keyboard.press("u")
    expect(selection(page)).to_contain_text("All points in sight")


def test_the_selection_is_listed_inverted_and_thinned_out(page: Page) -> None:
    select(page, "fox", 30)
    listed = open_tab(page, "Points").get_by_role("listbox", name="Selected points")
    expect(listed.get_by_role("option").first).to_have_attribute("aria-setsize", "30")
    listed.get_by_role("option").first.click()
    page.keyboard.press("Delete")
    expect(selection(page)).to_contain_text("29 selected")
    page.get_by_role("button", name="Invert the selection among the points in sight").click()
    expect(selection(page)).to_contain_text("91 selected")
    page.keyboard.press("Escape")
    expect(selection(page)).to_contain_text("0 selected")


def test_a_row_that_is_pointed_at_stays_under_the_pointer(page: Page) -> None:
    select(page, "fox", 30)
    listed = open_tab(page, "Points").get_by_role("listbox", name="Selected points")
    row = listed.get_by_role("option").nth(2)
    before = row.bounding_box()
    row.hover()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert row.bounding_box() == before
    row.click()
    expect(page.get_by_role("region", name="Point", exact=True)).to_contain_text("row ")


def test_neighbours_are_compared_with_those_in_the_picture(page: Page) -> None:
    search_box(page).fill("animal 8")
    expect(page.get_by_role("listbox", name="Points found").get_by_role("option").first).to_contain_text("animal 8")
    search_box(page).press("ArrowDown")
    panel = open_tab(page, "Neighbours")
    panel.get_by_label("Neighbours, exact").fill("29")
    panel.get_by_label("Neighbours, exact").press("Enter")
    expect(panel).to_contain_text("Nearest to animal 8")
    near = panel.get_by_role("listbox", name="Neighbours")
    expect(near.get_by_role("option").first).to_have_attribute("aria-setsize", "29")
    expect(panel).to_contain_text(re.compile(r"The picture keeps \d+ of 29 neighbours \(\d+ %\)"))
    kept = int(re.search(r"keeps (\d+) of", panel.inner_text()).group(1))  # type: ignore[union-attr]
    panel.get_by_role("button", name="Only there").click()
    expect(panel.get_by_role("button", name="Only there")).to_contain_text(str(29 - kept))
    panel.get_by_role("button", name="All").click()
    panel.get_by_role("button", name="Select").click()
    expect(selection(page)).to_contain_text("30 selected")  # all cats: the nearest 29, and whose they are
    panel.get_by_label("Metric").select_option("manhattan")
    expect(panel).to_contain_text("manhattan")
    assert "pmetric=manhattan" in page.url or page.wait_for_url("**pmetric=manhattan**") is None


def test_neighbours_of_the_centroid_of_a_selection(page: Page) -> None:
    select(page, "dog", 30)
    page.get_by_role("tab", name="Points").focus()
    page.keyboard.press("n")
    panel = page.get_by_role("tabpanel", name="Neighbours")
    expect(panel).to_contain_text("Nearest to the centroid of 30 points")
    expect(panel.get_by_role("listbox", name="Neighbours").get_by_role("option").first).to_be_visible()


def test_filters_cross_and_stand_in_the_address(page: Page) -> None:
    panel = open_tab(page, "Filters")
    kinds = panel.get_by_role("listbox", name="kind")
    kinds.get_by_role("option", name="cat").click()
    expect(selection(page)).to_contain_text("30 of 120 points in sight")
    panel.get_by_label("size to").fill("5.95")
    panel.get_by_label("size to").press("Enter")
    expect(selection(page)).to_contain_text("15 of 120 points in sight")
    expect(kinds.get_by_role("option", name="dog")).to_have_attribute("title", "dog: 15 of 30")  # its own filter aside
    page.wait_for_url("**pfilter=**size**")
    page.reload()
    expect(selection(page)).to_contain_text("15 of 120 points in sight")
    open_tab(page, "Filters").get_by_role("button", name="Clear filters").click()
    expect(page.get_by_text("15 of 120 points in sight")).to_be_hidden()


def test_a_range_is_dragged_over_a_histogram(page: Page) -> None:
    panel = open_tab(page, "Filters")
    plot = panel.get_by_role("region", name="size").get_by_role("img", name="Histogram of size")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 20, box["y"] + 20, steps=3)
    page.mouse.up()
    expect(panel.get_by_role("region", name="size")).to_contain_text("≥ 5.9")
    expect(selection(page)).to_contain_text("60 of 120 points in sight")


def test_clusters_have_names_and_are_selected(page: Page) -> None:
    panel = open_tab(page, "Clusters")
    panel.get_by_label("Names from").select_option("kind")
    panel.get_by_role("button", name="Find clusters").click()
    listed = panel.get_by_role("listbox", name="Clusters")
    expect(listed.get_by_role("option")).to_have_count(4, timeout=15_000)  # a process has to begin
    expect(panel.get_by_role("button", name="Names")).to_have_attribute("aria-pressed", "true")
    listed.get_by_role("option", name=re.compile("dog")).click()
    expect(selection(page)).to_contain_text("30 selected")


def test_a_selection_is_kept_by_name_and_brought_back(page: Page, state_file: Path) -> None:
    select(page, "cat", 30)
    panel = open_tab(page, "Saved")
    panel.get_by_role("button", name="Keep selection").click()
    page.get_by_role("textbox", name="Name").fill("cats")
    page.keyboard.press("Enter")
    wait_for_state(state_file, lambda state: "cats" in state.get("selections", {}).get("zoo:animals", {}))
    page.get_by_role("button", name=re.compile("Clear the selection")).click()
    panel.get_by_role("button", name="cats", exact=True).click()
    expect(selection(page)).to_contain_text("30 selected")
    panel.get_by_role("button", name='More to do with "cats"').click()
    page.get_by_role("button", name="Delete").click()
    wait_for_state(state_file, lambda state: not state.get("selections", {}).get("zoo:animals"))


def test_a_bookmark_brings_filters_isolation_and_selection_back_by_its_link(
    page: Page, zoo: Dashboard, open_page: OpenPage, state_file: Path
) -> None:
    select(page, "cat", 30)
    selection(page).get_by_role("button", name="Isolate").click()
    panel = open_tab(page, "Saved")
    panel.get_by_role("button", name="Keep view").click()
    page.get_by_role("textbox", name="Name").fill("only cats")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="only cats", exact=True)).to_be_visible()
    wait_for_state(state_file, lambda state: "only cats" in state.get("bookmarks", {}))
    with page.expect_download() as kept:
        panel.get_by_role("button", name="Export all").click()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel.get_by_role("button", name='More to do with "only cats"').click()
    page.get_by_role("button", name="Copy the link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{zoo.url}#projector?pmark=only%20cats"
    other = open_page(link, width=1600)
    expect(selection(other)).to_contain_text("30 of 120 points in sight")
    expect(selection(other)).to_contain_text("30 selected")
    file = json.loads(kept.value.path().read_text("utf-8"))
    assert file["bookmarks"]["only cats"]["address"].startswith("#projector")
    panel = open_tab(other, "Saved")
    more = {"name": "cats.json", "mimeType": "application/json"}
    file["bookmarks"] = {"from a file": file["bookmarks"]["only cats"]}
    other.get_by_label("Bookmarks file").set_input_files([{**more, "buffer": json.dumps(file).encode()}])
    expect(panel.get_by_role("button", name="from a file", exact=True)).to_be_visible()


def test_metadata_of_the_selection_is_saved_as_a_table(page: Page) -> None:
    select(page, "animal 11", 11)
    page.get_by_role("button", name="More to do with the selection").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Metadata of 11 as TSV").click()
    lines = saved.value.path().read_text("utf-8").splitlines()
    assert lines[0].split("\t")[:4] == ["row", "name", "kind", "size"]
    assert [line.split("\t")[1] for line in lines[1:3]] == ["animal 11", "animal 110"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_control_has_a_name_and_fits_a_phone(open_page: OpenPage, zoo: Dashboard, theme: str) -> None:
    page = open_page(f"{zoo.url}#projector", width=400, height=800, theme=theme)
    page.keyboard.press("/")
    select(page, "cat", 30)
    for name in ("Points", "Neighbours", "Filters", "Clusters", "Saved"):
        open_tab(page, name)
        assert nameless(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 400
