"""A trace that is shown is handed to another tool's page: asked for, answered, and downloaded where that fails."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browser_helpers import Dashboard
from playwright.sync_api import Page, expect
from trace_files import events_of_steps, write_trace

OpenPage = Callable[..., Page]
NAME = "worker0.1700000000000.pt.trace.json"


@pytest.fixture(scope="module")
def profiles(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    folder = tmp_path_factory.mktemp("handed")
    write_trace(folder / NAME, events_of_steps())
    return start(folder)


MADE_UP_PERFETTO = """<!doctype html><title>Waits</title><script>
onmessage = ({data, source, origin}) => {
  if (data === "PING") return source.postMessage("PONG", origin);
  const {buffer, title} = data.perfetto;
  document.title = `${title}: ${buffer.byteLength} bytes`;
};
</script>"""


def test_a_trace_is_handed_to_perfetto_after_a_word_about_it(open_page: OpenPage, profiles: Dashboard) -> None:
    page = open_page(f"{profiles.url}#profile")
    page.context.route(
        "https://ui.perfetto.dev/**", lambda route: route.fulfill(body=MADE_UP_PERFETTO, content_type="text/html")
    )
    page.get_by_role("button", name="The trace file").click()
    page.get_by_role("button", name="Open in Perfetto").click()
    expect(page.get_by_role("dialog", name="Open in Perfetto")).to_contain_text("a page of somebody else")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Hand it over").click()
    expect(opened.value).to_have_title(re.compile(rf"{re.escape(NAME)}: [1-9]\d+ bytes"))
    expect(page.get_by_text("Handing")).to_be_hidden()


def test_the_file_is_downloaded_where_perfetto_cannot_be_opened(open_page: OpenPage, profiles: Dashboard) -> None:
    page = open_page(f"{profiles.url}#profile")
    page.evaluate("window.open = () => null")  # as browsers answer that block a tab
    page.get_by_role("button", name="The trace file").click()
    page.get_by_role("button", name="Open in Perfetto").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Hand it over").click()
    assert download.value.suggested_filename == NAME
    expect(page.get_by_text("being downloaded instead")).to_be_visible()
