"""Ranks, the critical path, and two profiles beside each other, on the page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browser_helpers import Dashboard, nameless
from playwright.sync_api import Page, expect
from rank_files import write_ranks

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def ranks(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    """Three ranks in "many" and, with a longer kernel, in "later"; and one slower in "slower"."""
    folder = tmp_path_factory.mktemp("ranks")
    write_ranks(folder / "many", kernel="<b>gemm</b>")
    write_ranks(folder / "later", gemm_us=40, kernel="<b>gemm</b>")
    write_ranks(folder / "slower", ranks=1, gemm_us=60, kernel="<b>other</b>")
    return start(folder)


def view(dashboard: Dashboard, run: str, tab: str, more: str = "") -> str:
    return f"{dashboard.url}#profile?trace={run}/rank0.1700000000000.pt.trace.json&tview={tab}{more}"


def test_ranks_say_who_is_waited_for_and_lead_to_the_timeline(open_page: OpenPage, ranks: Dashboard) -> None:
    page = open_page(view(ranks, "many", "distributed"))
    expect(page.get_by_text(re.compile("Rank 2 comes late: it made others wait"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Rank 2: Computation"))).to_be_visible()
    assert nameless(page) == []
    page.get_by_role("button", name="Rank 2").click()
    expect(page).to_have_url(re.compile("trank=2"))
    expect(page.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")


def test_the_heat_map_goes_by_keys_and_opens_a_step(open_page: OpenPage, ranks: Dashboard) -> None:
    page = open_page(view(ranks, "many", "distributed", "&tranks=rank_steps"), width=400, height=800, theme="dark")
    heat = page.get_by_role("img", name="Ranks and steps")
    box = page.get_by_label("Ranks and steps", exact=True)
    page.get_by_label("Colour").select_option(label="communication")
    expect(box).to_contain_text("20.0 µs to 50.0 µs")
    heat.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(box).to_contain_text("Rank 1, ProfilerStep#2: 50.0 µs")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("trank=1"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_every_collective_has_its_figures(open_page: OpenPage, ranks: Dashboard) -> None:
    page = open_page(view(ranks, "many", "distributed", "&tranks=collectives"))
    row = page.get_by_role("row", name=re.compile("^all_reduce")).first
    expect(row).to_contain_text("30.0")  # the longest wait, µs
    expect(row).to_contain_text("20.0")  # the transfer
    page.get_by_role("button", name="Message sizes").click()
    expect(page.get_by_role("row", name=re.compile("^all_reduce"))).to_have_count(1)


def test_the_critical_path_tells_what_could_be_won(open_page: OpenPage, ranks: Dashboard) -> None:
    page = open_page(view(ranks, "many", "path"))
    path = page.get_by_label("Critical path", exact=True).first
    expect(path).to_contain_text("from the first slice to the end of its work")
    expect(page.get_by_role("img", name=re.compile("^Path: host"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("ProfilerStep#5"))).to_be_visible()
    page.get_by_role("button", name="Categories").click()
    expect(page.get_by_role("row", name=re.compile("^host: outside of operators"))).to_be_visible()
    path.get_by_role("button", name="Show in the timeline").first.click()
    expect(page.get_by_role("button", name="Critical path")).to_have_attribute("aria-pressed", "true")


def test_two_profiles_beside_each_other(open_page: OpenPage, ranks: Dashboard) -> None:
    page = open_page(view(ranks, "slower", "diff"))
    expect(page.get_by_text("Choose the profile that the shown one is compared with")).to_be_visible()
    page.get_by_label("Profile before").select_option("many/rank0.1700000000000.pt.trace.json")
    expect(page.get_by_text(re.compile(r"A step: 200 µs → 200 µs"))).to_be_visible()
    page.get_by_role("button", name="Kernels").last.click()
    row = page.get_by_role("row", name=re.compile("other"))
    expect(row).to_contain_text("renamed")
    expect(row).to_contain_text("▲ slower")
    expect(row).to_contain_text("<b>gemm</b>")
    page.get_by_role("button", name="Flame graph").last.click()
    expect(page.get_by_label("Search frames")).to_be_visible()
    expect(page).to_have_url(re.compile("tdiff=flame.*tother=many|tother=many.*tdiff=flame"))
    assert nameless(page) == []


def test_all_ranks_of_two_profiles_beside_each_other(open_page: OpenPage, ranks: Dashboard) -> None:
    page = open_page(view(ranks, "later", "diff"))
    page.get_by_label("Profile before").select_option("many/rank0.1700000000000.pt.trace.json")
    expect(page.get_by_text(re.compile("A step:"))).to_be_visible()
    expect(page.get_by_role("button", name="Ranks", exact=True)).to_be_hidden()
    page.get_by_label("Rank before").select_option(label="all ranks")
    expect(page.get_by_text("Figures are means over 3 ranks: 0-2.")).to_be_visible()
    page.get_by_role("button", name="Ranks", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("^Rank 2"))).to_be_visible()
    expect(page).to_have_url(re.compile("totherrank=-1"))
    page.get_by_role("button", name="Flame graph").last.click()
    expect(page.get_by_label("Search frames")).to_be_visible()
