"""Profiles in a file of their own, made by `dashboard profile --html` and opened from disk by an offline browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browser_helpers import nameless
from memory_files import write_training_snapshot
from playwright.sync_api import Page, expect
from trace_files import events_of_steps, write_trace

from stepscope.webapp.cli import main

pytestmark = pytest.mark.usefixtures("patience")
EVIL = "</script><img src=x onerror=alert(1)>"
OpenFile = Callable[..., Page]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two ranks, compared with what one process did before, and two snapshots of memory."""
    folder = tmp_path_factory.mktemp("profile-file")
    for rank in range(2):
        told = {"distributedInfo": {"rank": rank, "world_size": 2}}
        write_trace(folder / "now" / f"rank{rank}.1700000000000.pt.trace.json", events_of_steps(60, 5), **told)
    before = write_trace(folder / "before.pt.trace.json", events_of_steps(40, 5))
    output = folder / "profile.html"
    snapshots = [folder / "early.pickle", folder / "late.pickle"]
    for steps, snapshot in zip((3, 8), snapshots, strict=True):
        write_training_snapshot(snapshot, steps)
    words = ["profile", str(folder / "now"), *map(str, snapshots), "--diff", str(before), "--title", f"A {EVIL}"]
    words += ["--html", str(output), "--steps", "4-5"]
    assert main([*words, "--index_dir", ""]) == 0
    return output


def test_it_shows_its_views_without_a_network(made: Path, open_file: OpenFile) -> None:
    page = open_file(made)
    expect(page.locator("h1")).to_have_text(f"A {EVIL}")
    expect(page.get_by_text("Computation").first).to_be_visible()
    expect(page.locator(".prof-problem:visible")).to_have_count(0)
    for tab, words in (("Kernels", "onerror=alert(1)>gemm"), ("Operators", "aten::mm"), ("Distributed", "Rank 1")):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_text(words).locator("visible=true").first).to_be_visible()
        expect(page.locator(".prof-problem:visible")).to_have_count(0)
    assert nameless(page) == []


def test_ranks_and_steps_can_be_chosen_in_it(made: Path, open_file: OpenFile) -> None:
    page = open_file(made)
    page.get_by_role("tab", name="Kernels").click()
    gemm = page.get_by_role("row").filter(has_text="gemm")
    expect(gemm).to_contain_text("120.0")  # steps 4 and 5
    page.get_by_role("combobox", name="From step").select_option("All 5 steps")
    expect(gemm).to_contain_text("300.0")
    page.get_by_role("combobox", name="From step").select_option("Step 4")
    expect(gemm).to_contain_text("60.0")
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Rank", exact=True).select_option("Rank 1")
    expect(gemm).to_contain_text("300.0")


def test_the_timeline_is_in_it(made: Path, open_file: OpenFile) -> None:
    page = open_file(made)
    page.get_by_role("tab", name="Timeline").click()
    expect(page.get_by_text("stream 7", exact=True).locator("visible=true").first).to_be_visible()
    expect(page.locator(".prof-problem:visible")).to_have_count(0)


def test_tables_lead_to_slices_and_the_critical_path_is_in_it(made: Path, open_file: OpenFile) -> None:
    page = open_file(made)
    page.get_by_role("tab", name="Kernels").click()
    page.get_by_role("row").filter(has_text="gemm").get_by_role("button", name="Show in the timeline").click()
    expect(page.get_by_text("launched by").or_(page.get_by_text("Launched by")).first).to_be_visible()
    page.get_by_role("button", name="Critical path").click()
    expect(page.get_by_role("button", name="Critical path")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".prof-problem:visible")).to_have_count(0)


def test_snapshots_are_in_it_with_their_stacks_and_changes(made: Path, open_file: OpenFile) -> None:
    page = open_file(made)
    page.get_by_role("combobox", name="Profile").select_option(label="late.pickle")
    for picture in ("Curve", "Segments", "Allocations"):
        page.get_by_role("button", name=picture, exact=True).click()
    page.get_by_role("button", name="Leak suspects").click()
    page.get_by_role("row").filter(has_text="log_loss").get_by_role("button", name="Show the call stack").click()
    expect(page.get_by_role("complementary", name="Call stack")).to_contain_text("main (/home/me/train.py:220)")
    page.get_by_role("button", name="Changes", exact=True).click()
    page.get_by_role("combobox", name="Compared with").select_option(label="early.pickle")
    expect(page.get_by_role("row").filter(has_text="log_loss")).to_contain_text("5.24")
    expect(page.locator(".prof-problem:visible")).to_have_count(0)


def test_what_it_is_compared_with_is_chosen_already(made: Path, open_file: OpenFile) -> None:
    page = open_file(made)
    page.get_by_role("tab", name="Diff").click()
    page.get_by_role("button", name="Kernels").last.click()
    expect(page.get_by_role("row").filter(has_text="gemm")).to_contain_text("▲ slower")
    expect(page.locator(".prof-problem:visible")).to_have_count(0)


def test_what_it_does_not_hold_is_said(made: Path, open_file: OpenFile) -> None:
    page = open_file(made)
    page.get_by_role("tab", name="Operators").click()
    page.get_by_role("combobox", name="From step").select_option("Step 4")
    page.get_by_role("combobox", name="To step").select_option("Step 6")
    expect(page.get_by_text("This file does not hold that").locator("visible=true").first).to_be_visible()
    expect(page.get_by_text("Open file")).to_have_count(0)
