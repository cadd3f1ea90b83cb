"""The page "Profile" around its views: which profile, rank and steps, files by hand, what is broken, keys, links."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_helpers import Dashboard, forgive, nameless
from playwright.sync_api import Page, expect
from trace_files import events_of_steps, write_trace

from stepscope.profiler.capture.listening import Announcement

pytestmark = pytest.mark.usefixtures("patience")

OpenPage = Callable[..., Page]
NAME = "worker0.1700000000000.pt.trace.json"


def write_ranks(folder: Path) -> None:
    for rank in range(3):
        told = {"distributedInfo": {"rank": rank, "world_size": 3}}
        write_trace(folder / f"rank{rank}.1600000000000.pt.trace.json", events_of_steps(40 + rank, 3), **told)


@pytest.fixture(scope="module")
def profiles(tmp_path_factory: pytest.TempPathFactory, start: Callable[..., Dashboard]) -> Dashboard:
    """The newest capture in "single", one of three ranks in "many" of which the first is broken."""
    folder = tmp_path_factory.mktemp("profiles")
    write_trace(folder / "single" / NAME, events_of_steps())
    write_ranks(folder / "many")
    (folder / "many" / "rank0.1600000000000.pt.trace.json").write_text('{"traceEvents": [')
    return start(folder)


def test_the_newest_profile_is_shown_and_a_link_shows_the_same(open_page: OpenPage, profiles: Dashboard) -> None:
    page = open_page(f"{profiles.url}#profile")
    expect(page.get_by_role("combobox", name="Profile", exact=True).locator("option:checked")).to_have_text(
        f"single · {NAME}"
    )
    expect(page.get_by_role("tab", selected=True)).to_have_text("Overview")
    expect(page.get_by_text("Computation").first).to_be_visible()
    page.get_by_role("tab", name="Kernels").click()
    page.get_by_role("combobox", name="From step").select_option("Step 4")
    expect(page).to_have_url(re.compile("tview=kernels.*twindow=100000(,|%2C)200000"))
    again = open_page(page.url)
    expect(again.get_by_role("tab", selected=True)).to_have_text("Kernels")
    expect(again.get_by_role("combobox", name="From step").locator("option:checked")).to_have_text("Step 4")
    expect(again.get_by_text("<img src=x onerror=alert(1)>gemm")).to_be_visible()
    assert nameless(again) == []


def test_a_broken_rank_is_named_and_another_is_chosen(open_page: OpenPage, profiles: Dashboard) -> None:
    page = open_page(f"{profiles.url}#profile?trace=many/rank0.1600000000000.pt.trace.json")
    broken = page.get_by_label("Files that cannot be read").get_by_role("listitem")
    expect(broken).to_have_text(re.compile(r"^rank0\.1600000000000\.pt\.trace\.json: no events"))
    expect(page.get_by_role("combobox", name="Rank", exact=True).locator("option:checked")).to_have_text("Rank 1")
    page.get_by_role("combobox", name="Rank", exact=True).select_option("Rank 2")
    expect(page).to_have_url(re.compile("trank=2"))
    expect(page.get_by_role("combobox", name="Rank", exact=True).locator("option:checked")).to_have_text("Rank 2")


def test_keys_lead_through_views_and_steps(open_page: OpenPage, profiles: Dashboard) -> None:
    page = open_page(f"{profiles.url}#profile?tview=operators")
    page.keyboard.press("]")
    expect(page.get_by_role("tab", selected=True)).to_have_text("Kernels")
    page.keyboard.press("1")
    expect(page.get_by_role("tab", selected=True)).to_have_text("Overview")
    page.keyboard.press(".")
    expect(page.get_by_role("combobox", name="From step").locator("option:checked")).to_have_text("Step 3")
    page.keyboard.press(".")
    expect(page.get_by_role("combobox", name="From step").locator("option:checked")).to_have_text("Step 4")
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="From step").locator("option:checked")).to_have_text("All 2 steps")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("look at the step before, the step after")


def test_files_are_opened_by_hand_ranks_together(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    (tmp_path / "log").mkdir()
    write_ranks(tmp_path / "elsewhere")
    page = open_page(f"{start_here(tmp_path / 'log').url}#profile")
    expect(page.get_by_role("heading", name="No profiles in this log")).to_be_visible()
    expect(page.get_by_text("from stepscope.profiler import Profiler")).to_be_visible()
    files = sorted((tmp_path / "elsewhere").iterdir())
    page.get_by_label("Profile file").set_input_files(files)
    chosen = page.get_by_role("combobox", name="Profile", exact=True).locator("option:checked")
    expect(chosen).to_have_text("rank0.1600000000000 · 3 ranks")
    expect(page.get_by_role("combobox", name="Rank", exact=True).locator("option")).to_have_text(
        ["Rank 0", "Rank 1", "Rank 2"]
    )
    (tmp_path / "notes.txt").write_text("no profile\n")
    page.get_by_label("Profile file").set_input_files(tmp_path / "notes.txt")
    expect(page.get_by_role("status").filter(has_text="notes.txt is no profile")).to_be_visible()
    expect(chosen).to_have_text("rank0.1600000000000 · 3 ranks")
    forgive(open_page, "422")


def test_a_capture_of_a_running_job_appears_by_itself(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    (tmp_path / "run").mkdir()
    page = open_page(f"{start_here(tmp_path).url}#profile")
    expect(page.get_by_role("heading", name="No profiles in this log")).to_be_visible()
    write_trace(tmp_path / "run" / NAME, events_of_steps())
    expect(page.get_by_role("combobox", name="Profile", exact=True).locator("option:checked")).to_have_text(
        f"run · {NAME}"
    )
    expect(page.get_by_role("tab", selected=True)).to_have_text("Overview")


def test_a_training_that_listens_is_asked_for_a_capture(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    write_trace(tmp_path / "run" / NAME, events_of_steps())
    training = Announcement(tmp_path / "run")
    page = open_page(f"{start_here(tmp_path).url}#profile")
    button = page.get_by_role("button", name="Capture")
    expect(button).to_be_hidden()
    training.renew()
    button.click()
    expect(page.get_by_role("button", name="10 steps of run")).to_be_visible()
    page.evaluate("location.hash = 'graph'")
    expect(page.get_by_role("button", name="10 steps of run")).to_be_hidden()
    page.go_back()
    button.click()
    page.get_by_role("button", name="10 steps of run").click()
    told = page.get_by_role("status").filter(has_text="The training of run")
    expect(told).to_contain_text("is asked for a capture")
    assert (tmp_path / "run" / "PROFILE_NOW").read_text() == "10\n"
    (tmp_path / "run" / "PROFILE_NOW").unlink()
    expect(told).to_contain_text("captures its next steps")
    write_trace(tmp_path / "run" / "worker0.1700000001000.pt.trace.json", events_of_steps())
    expect(page.get_by_role("combobox", name="Profile", exact=True).locator("option:checked")).to_have_text(
        "run · worker0.1700000001000.pt.trace.json"
    )
    expect(told).to_be_hidden()
    training.close()
    expect(button).to_be_hidden()


def test_a_file_that_holds_nothing_says_so_in_its_place(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    (tmp_path / "empty.pt.trace.json").touch()
    page = open_page(f"{start_here(tmp_path).url}#profile")
    expect(page.get_by_text("empty.pt.trace.json: no events: the file is empty")).to_be_visible()
    expect(page.get_by_role("combobox", name="Profile", exact=True).locator("option")).to_have_text(
        "⚠ empty.pt.trace.json"
    )
    write_trace(tmp_path / "empty.pt.trace.json", events_of_steps())
    expect(page.get_by_role("tab", selected=True)).to_have_text("Overview")
    forgive(open_page, "422")


def test_it_fits_a_phone(open_page: OpenPage, profiles: Dashboard) -> None:
    page = open_page(f"{profiles.url}#profile?tview=kernels", width=400)
    expect(page.get_by_role("combobox", name="Profile", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".prof-row").first.bounding_box()["width"] >= 380  # type: ignore[index]
    page.get_by_role("tab", name="Timeline").click()
    drawing = page.locator(".prof-tl-body")
    expect(drawing).to_be_visible()
    box = drawing.bounding_box()
    assert box and box["height"] > 300, "rows take what is left of the height"


def test_the_chosen_tab_is_in_sight_on_a_phone(open_page: OpenPage, profiles: Dashboard) -> None:
    page = open_page(f"{profiles.url}#profile?tview=diff", width=400)
    expect(page.get_by_role("tab", name="Diff")).to_be_in_viewport(ratio=0.9)


def test_the_file_goes_to_other_tools_as_it_is(open_page: OpenPage, profiles: Dashboard) -> None:
    page = open_page(f"{profiles.url}#profile")
    page.get_by_role("button", name="The trace file").click()
    expect(page.get_by_role("button", name="Open in Perfetto")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    assert download.value.suggested_filename == NAME
