"""Names, colours and so on: seen on every open page at once, kept over restarts, taken back when not saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser_helpers import Dashboard, forgive, wait_for_state, write_run
from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    for name in ("first", "second"):
        write_run(tmp_path / "logs" / name, {"loss": np.ones(3)})
    return tmp_path / "logs"


def change(page: Page, dashboard: Dashboard, *changes: tuple[list[str], Any]) -> None:
    """What another page would send."""
    body = {"changes": [{"path": path, "value": value} for path, value in changes]}
    answer = page.request.post(f"{dashboard.url}api/state", data=body)
    assert answer.ok, answer.text()


def test_an_edit_is_seen_on_other_pages_and_after_a_restart(
    open_page: OpenPage, start_here: Callable[..., Dashboard], logs: Path
) -> None:
    dashboard = start_here(logs)
    page = open_page(dashboard.url)
    change(page, dashboard, (["runs", "first", "name"], "the best <b>one</b>"))
    expect(page.locator(".side")).to_contain_text("the best <b>one</b>")
    dashboard.stop()
    again = open_page(start_here(logs).url)
    expect(again.locator(".side")).to_contain_text("the best <b>one</b>")
    forgive(open_page, "ERR_")


# The first change comes to the server, but its answer never to the page.
UNANSWERED = """
  const asked = window.fetch;
  window.fetch = (path, how) => {
    const answer = asked(path, how);
    if (how?.method !== "POST" || path !== "api/state") return answer;
    window.fetch = asked;
    return new Promise(() => {});
  };
"""


def test_what_was_edited_last_is_kept_though_the_page_is_left_at_once(
    open_page: OpenPage, start_here: Callable[..., Dashboard], logs: Path, tmp_path: Path
) -> None:
    path = tmp_path / "team.json"
    dashboard = start_here(logs, "--state_file", str(path))
    page = open_page("about:blank", drawn=False)
    page.add_init_script(UNANSWERED)
    page.goto(dashboard.url)
    row = page.locator(".run-row", has=page.get_by_text("first", exact=True))
    row.hover()
    row.get_by_role("button", name="Hide this run").click()
    wait_for_state(path, lambda state: state.get("runs", {}).get("first") == {"hidden": True})
    page.get_by_role("button", name="1 hidden").click()  # waits for the answer to the change before it
    page.goto("about:blank")
    wait_for_state(path, lambda state: state.get("runs") == {})


def test_an_edit_of_the_file_by_hand_is_seen(
    open_page: OpenPage, start_here: Callable[..., Dashboard], logs: Path, tmp_path: Path
) -> None:
    path = tmp_path / "team.json"
    page = open_page(start_here(logs, "--state_file", str(path)).url)
    path.write_text('{"stepscope_state": 1, "runs": {"second": {"name": "by hand"}}}')
    expect(page.locator(".side")).to_contain_text("by hand")
    path.write_text("{ not JSON")
    expect(page.locator(".state-notice")).to_contain_text(re.compile("team.json.*left alone"))
    expect(page.locator(".side")).to_contain_text("by hand")
